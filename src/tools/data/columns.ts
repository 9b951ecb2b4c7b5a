/** Owns how the columns of a table meet the inputs and targets of a network: by name, by the recipe's word, or in order. */
import { suggest } from "../../report/suggest.ts";
import { type Problem, dataProblem } from "../problem.ts";
import type { Table } from "./csv.ts";
import { type Slot, printExtents } from "./dataset.ts";
import type { Filling } from "./load.ts";

/** For each slot the columns that fill it, one for each element of a sample. */
export type Assignment = ReadonlyMap<Slot, readonly number[]>;

/**
 * Columns by name: the recipe's (`user: "userId"`), the slot's own, or the slot's numbered (`pixels_0`, `pixels[1]` …).
 * What is left is taken in order, where as many columns are left as elements are wanted. Targets that are not
 * `required` may be missing.
 */
export function assignColumns(table: Table, { slots, forms, required, beside }: Filling): Assignment {
  const names = table.header ?? [];
  const assigned = new Map<Slot, readonly number[]>();
  for (const slot of slots) {
    const form = forms[slot.name];
    if (form === undefined || form.columns.length === 0) {
      const columns = ownColumns(names, slot);
      if (columns !== null) assigned.set(slot, columns);
      continue;
    }
    const optional = slot.role === "target" && !required;
    if (optional && form.columns.some((name) => !names.includes(name))) continue;
    const wanted = form.kind === "values" || form.kind === "category" ? slot.size : 1;
    if (form.columns.length !== wanted)
      throw dataProblem(
        table.file,
        `${slot.role} \`${slot.name}\` takes ${wanted} ${wanted === 1 ? "column" : "columns"}, and the recipe names ${form.columns.length}`,
      );
    assigned.set(
      slot,
      form.columns.map((name) => columnNamed(table, name, `\`${slot.name}\``)),
    );
  }
  const taken = new Set([...[...assigned.values()].flat(), ...beside.map((name) => names.indexOf(name))]);
  const left = Array.from({ length: table.width }, (_, column) => column).filter(
    (column) => !taken.has(column),
  );
  const open = slots.filter((slot) => !assigned.has(slot));
  const needed = required ? open : open.filter((slot) => slot.role === "input");
  const chosen = [open, needed].find((some) => totalSize(some) === left.length) ?? null;
  if (chosen !== null) {
    let next = 0;
    for (const slot of chosen) assigned.set(slot, left.slice(next, (next += slot.size)));
    return assigned;
  }
  if (needed.length === 0) return assigned;
  throw unmatched(table, needed, left);
}

function totalSize(slots: readonly Slot[]): number {
  return slots.reduce((sum, slot) => sum + slot.size, 0);
}

function ownColumns(names: readonly string[], slot: Slot): readonly number[] | null {
  if (slot.size === 1) {
    const column = names.indexOf(slot.name);
    return column === -1 ? null : [column];
  }
  const numbered = names
    .map((name, column) => ({
      column,
      number: name.startsWith(slot.name) ? trailingNumber(name.slice(slot.name.length)) : null,
    }))
    .filter((entry): entry is { column: number; number: number } => entry.number !== null)
    .sort((a, b) => a.number - b.number);
  return numbered.length === slot.size ? numbered.map(({ column }) => column) : null;
}

/** Of `_3`, `.3`, `[3]` and `3`: 3. */
function trailingNumber(text: string): number | null {
  const digits = /^[_.[]?(\d+)\]?$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The place of a column; `what` it is for, for messages. */
export function columnNamed(table: Table, wanted: string, what: string): number {
  const names = table.header;
  if (names === null)
    throw dataProblem(table.file, `it has no header, so it has no column \`${wanted}\` for ${what}`);
  const column = names.indexOf(wanted);
  if (column !== -1) return column;
  const near = suggest(wanted, names);
  throw dataProblem(table.file, `it has no column \`${wanted}\` for ${what}`, {
    help: near === null ? `its columns: ${names.join(", ")}` : `did you mean \`${near}\`?`,
  });
}

function unmatched(table: Table, needed: readonly Slot[], left: readonly number[]): Problem {
  const wanted = needed
    .map((slot) => `${slot.role} \`${slot.name}\` (${printExtents(slot.shape)})`)
    .join(" and ");
  const names =
    table.header === null
      ? "it has no header"
      : `free columns: ${left.map((column) => table.header![column]).join(", ") || "none"}`;
  const size = totalSize(needed);
  return dataProblem(
    table.file,
    `cannot tell the columns of ${wanted}: ${size} ${size === 1 ? "is" : "are"} wanted, ${left.length} ${left.length === 1 ? "is" : "are"} free`,
    { help: `${names}; name them in the recipe, as \`csv("…", ${needed[0]!.name}: "column")\`` },
  );
}
