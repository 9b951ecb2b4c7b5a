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

/**
 * Indices for the cells of an index slot. Whole numbers are taken as they are; words are numbered in their sorted
 * order, or as `known` has them.
 */
export function indicesOf(
  file: string,
  slot: Slot,
  cells: readonly string[],
  placeOf: (cell: number) => Place,
  known: readonly string[] | undefined,
): { readonly values: Int32Array; readonly labels: readonly string[] | null } {
  const classes = slot.classes ?? 0;
  if (known === undefined && cells.every((cell) => Number.isFinite(Number(cell)))) {
    const values = Int32Array.from(cells, (cell, place) => {
      const fault = faultOf(slot, Number(cell));
      if (fault !== null) throw dataProblem(file, fault, placeOf(place));
      return Number(cell);
    });
    return { values, labels: null };
  }
  const labels = known ?? sortedWords(file, slot, cells, placeOf);
  const indices = new Map(labels.map((label, index) => [label, index]));
  const values = Int32Array.from(cells, (cell, place) => {
    const index = indices.get(cell) ?? numberWithin(cell, classes);
    if (index !== undefined) return index;
    const near = suggest(cell, labels);
    throw dataProblem(file, `\`${cell}\` is no label of \`${slot.name}\``, {
      ...placeOf(place),
      help: near === null ? `its labels: ${labels.join(", ")}` : `did you mean \`${near}\`?`,
    });
  });
  return { values, labels };
}

function sortedWords(
  file: string,
  slot: Slot,
  cells: readonly string[],
  placeOf: (cell: number) => Place,
): readonly string[] {
  const words = new Set<string>();
  cells.forEach((cell, place) => {
    words.add(cell);
    if (words.size > slot.classes!) {
      throw dataProblem(
        file,
        `\`${cell}\` is one label too many: \`${slot.name}\` has ${slot.classes} (before it: ${[...words].slice(0, -1).join(", ")})`,
        placeOf(place),
      );
    }
  });
  return [...words].sort((a, b) => (a < b ? -1 : 1));
}

/** A file may say indices where the training data said words. */
function numberWithin(cell: string, classes: number): number | undefined {
  const number = Number(cell);
  return cell !== "" && Number.isInteger(number) && number >= 0 && number < classes ? number : undefined;
}
