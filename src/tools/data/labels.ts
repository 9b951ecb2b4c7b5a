/** Owns labels: words in the data as indices, the same ones whenever a trained network is used again. */
import { suggest } from "../../report/suggest.ts";
import { dataProblem } from "../problem.ts";
import { type Slot, faultOf } from "./dataset.ts";

/** Where a cell stands, for messages. */
export interface Place {
  readonly row: number;
  readonly line?: number;
  readonly column: string;
}

export interface Labelled {
  readonly file: string;
  readonly slot: Slot;
  readonly cells: readonly string[];
  readonly placeOf: (cell: number) => Place;
  /** The labels that a trained network brought along. */
  readonly known: readonly string[] | undefined;
  /** Whether numbers too are names, to be numbered in their order. */
  readonly numbered: boolean;
}

/**
 * Indices for the cells of an index slot. Whole numbers are taken as they are unless they are names; names are numbered
 * in their sorted order, or as `known` has them.
 */
export function indicesOf(given: Labelled): {
  readonly values: Int32Array;
  readonly labels: readonly string[] | null;
} {
  const { file, slot, cells, placeOf, known, numbered } = given;
  const classes = slot.classes ?? 0;
  if (known === undefined && !numbered && cells.every(isNumeric)) {
    const values = Int32Array.from(cells, (cell, place) => {
      const fault = faultOf(slot, Number(cell));
      if (fault !== null) throw dataProblem(file, fault, placeOf(place));
      return Number(cell);
    });
    return { values, labels: null };
  }
  const labels = known ?? sortedNames(given);
  const indices = new Map(labels.map((label, index) => [label, index]));
  // A file may say indices where the training data said words.
  const indicesToo = !labels.some(isNumeric);
  const values = Int32Array.from(cells, (cell, place) => {
    const index = indices.get(cell) ?? (indicesToo ? numberWithin(cell, classes) : undefined);
    if (index !== undefined) return index;
    const near = suggest(cell, labels);
    throw dataProblem(file, `\`${cell}\` is no label of \`${slot.name}\``, {
      ...placeOf(place),
      help: near === null ? `its labels: ${someOf(labels)}` : `did you mean \`${near}\`?`,
    });
  });
  return { values, labels };
}

function sortedNames({ file, slot, cells, placeOf }: Labelled): readonly string[] {
  const names = new Set<string>();
  cells.forEach((cell, place) => {
    names.add(cell);
    if (names.size > slot.classes!) {
      throw dataProblem(
        file,
        `\`${cell}\` is one label too many: \`${slot.name}\` has ${slot.classes} (before it: ${someOf([...names].slice(0, -1))})`,
        placeOf(place),
      );
    }
  });
  const sorted = [...names];
  return sorted.every(isNumeric)
    ? sorted.sort((a, b) => Number(a) - Number(b))
    : sorted.sort((a, b) => (a < b ? -1 : 1));
}

function someOf(labels: readonly string[]): string {
  return labels.length <= 20 ? labels.join(", ") : `${labels.slice(0, 20).join(", ")}, …`;
}

function isNumeric(cell: string): boolean {
  return cell.trim() !== "" && Number.isFinite(Number(cell));
}

function numberWithin(cell: string, classes: number): number | undefined {
  const number = Number(cell);
  return cell !== "" && Number.isInteger(number) && number >= 0 && number < classes ? number : undefined;
}
