/** Owns how cells become the numbers of a slot: missing ones refused or filled, words numbered, texts taken apart. */
import { dataProblem } from "../problem.ts";
import { isMissing } from "./csv.ts";
import { type Column, type Slot, faultOf } from "./dataset.ts";
import type { ColumnForm } from "./forms.ts";
import { type Place, indicesOf } from "./labels.ts";
import { sequencesOf } from "./symbols.ts";

export interface Cells {
  readonly file: string;
  readonly slot: Slot;
  readonly form: ColumnForm;
  /** One for each element of each sample, or one text a sample. */
  readonly cells: readonly string[];
  readonly placeOf: (cell: number) => Place;
  readonly known: Readonly<Record<string, readonly string[]>>;
}

export function fillCells(given: Cells): { values: Column; labels: readonly string[] | null } {
  const { file, slot, form, placeOf } = given;
  const known = given.known[slot.name];
  if (form.kind === "characters" || form.kind === "words") return sequencesOf({ ...given, known });
  const cells = given.cells.map((cell, place) => {
    if (!isMissing(cell)) return cell;
    if (form.missing !== null) return form.missing;
    throw dataProblem(file, cell === "" ? "the value is missing" : `the value is missing (\`${cell}\`)`, {
      ...placeOf(place),
      help: `remove the row, or give what stands in for it: \`${slot.name}: column("${placeOf(place).column}", missing: …)\``,
    });
  });
  if (slot.classes === null) return { values: floatsOf(file, slot, cells, placeOf), labels: null };
  return indicesOf({ file, slot, cells, placeOf, known, numbered: form.kind === "category" });
}

function floatsOf(
  file: string,
  slot: Slot,
  cells: readonly string[],
  placeOf: (cell: number) => Place,
): Float32Array {
  return Float32Array.from(cells, (cell, place) => {
    const value = Number(cell);
    const fault = Number.isNaN(value) ? `\`${cell}\` is no number` : faultOf(slot, value);
    if (fault !== null) throw dataProblem(file, fault, placeOf(place));
    return value;
  });
}
