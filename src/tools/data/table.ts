/** Owns the step from a table of cells to columns of numbers: which cells, and how each becomes a number. */
import { fillCells } from "./cells.ts";
import { assignColumns, columnNamed } from "./columns.ts";
import type { Table } from "./csv.ts";
import type { Column, Filled } from "./dataset.ts";
import { ownColumns } from "./forms.ts";
import type { Place } from "./labels.ts";
import type { Filling } from "./load.ts";

export function fillFromTable(filling: Filling, table: Table): Filled {
  const columns: Record<string, Column> = {};
  const labels: Record<string, readonly string[]> = {};
  for (const [slot, places] of assignColumns(table, filling)) {
    const cells = table.rows.flatMap((row) => places.map((column) => row[column]!));
    const placeOf = (cell: number): Place => {
      const row = Math.floor(cell / places.length);
      const column = places[cell % places.length]!;
      return { row: row + 1, line: table.lines[row]!, column: table.header?.[column] ?? String(column + 1) };
    };
    const form = filling.forms[slot.name] ?? ownColumns;
    const filled = fillCells({ file: table.file, slot, form, cells, placeOf, known: filling.known });
    columns[slot.name] = filled.values;
    if (filled.labels !== null) labels[slot.name] = filled.labels;
  }
  return { count: table.rows.length, columns, labels, beside: besideColumns(table, filling.beside) };
}

/** Further columns as they stand in the table. */
export function besideColumns(
  table: Table,
  names: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const entries = names.map((name) => {
    const column = columnNamed(table, name, "what is held back");
    return [name, table.rows.map((row) => row[column]!)] as const;
  });
  return Object.fromEntries(entries);
}
