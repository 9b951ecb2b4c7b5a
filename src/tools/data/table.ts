/** Owns the step from a table of cells to columns of numbers: missing values refused, words numbered. */
import { dataProblem } from "../problem.ts";
import { assignColumns } from "./columns.ts";
import { type Table, isMissing } from "./csv.ts";
import { type Numbers, type Slot, faultOf } from "./dataset.ts";
import { type Place, indicesOf } from "./labels.ts";

export interface Filled {
  readonly count: number;
  readonly columns: Readonly<Record<string, Numbers>>;
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

export function fillFromTable(
  table: Table,
  slots: readonly Slot[],
  named: Readonly<Record<string, string>>,
  required: boolean,
  known: Readonly<Record<string, readonly string[]>>,
): Filled {
  const columns: Record<string, Numbers> = {};
  const labels: Record<string, readonly string[]> = {};
  for (const [slot, places] of assignColumns(table, slots, named, required)) {
    const cells = table.rows.flatMap((row) => places.map((column) => row[column]!));
    const placeOf = (cell: number): Place => {
      const row = Math.floor(cell / places.length);
      const column = places[cell % places.length]!;
      return { row: row + 1, line: table.lines[row]!, column: table.header?.[column] ?? String(column + 1) };
    };
    cells.forEach((cell, place) => {
      if (!isMissing(cell)) return;
      throw dataProblem(
        table.file,
        cell === "" ? "the value is missing" : `the value is missing (\`${cell}\`)`,
        {
          ...placeOf(place),
          help: "remove the row or fill the value in: a network knows no missing values",
        },
      );
    });
    if (slot.classes === null) columns[slot.name] = floatsOf(table.file, slot, cells, placeOf);
    else {
      const filled = indicesOf(table.file, slot, cells, placeOf, known[slot.name]);
      columns[slot.name] = filled.values;
      if (filled.labels !== null) labels[slot.name] = filled.labels;
    }
  }
  return { count: table.rows.length, columns, labels };
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
