/** Owns series: a table in order of time as samples, each a window of the past and what came after it. */
import { dataProblem } from "../problem.ts";
import { columnNamed } from "./columns.ts";
import { type Table, isMissing, isNumber } from "./csv.ts";
import { type Filled, type Numbers, type Slot, faultOf, printExtents } from "./dataset.ts";
import type { Filling } from "./load.ts";
import { rowOption } from "./options.ts";
import { besideColumns } from "./table.ts";

/**
 * Sample k is rows `from + k·stride` to `+ window` for the inputs, and the `horizon` rows behind them for the targets. A
 * slot takes the columns that the recipe names, or else an input all columns of numbers and a target the last of them.
 */
export function fillFromSeries(filling: Filling, table: Table): Filled {
  const { file, slots, options, required, beside } = filling;
  const lengthOf = (role: Slot["role"]) => slots.find((slot) => slot.role === role)?.shape[0] ?? 0;
  const window = rowOption(options, "window", 1) ?? lengthOf("input");
  const horizon = rowOption(options, "horizon", 0) ?? lengthOf("target");
  const stride = rowOption(options, "stride", 1) ?? 1;
  const from = rowOption(options, "from", 0) ?? 0;
  const to = Math.min(rowOption(options, "to", 1) ?? table.rows.length, table.rows.length);
  const wanted = slots.filter(({ role }) => role === "input" || required);
  const reach = window + (wanted.some(({ role }) => role === "target") ? horizon : 0);
  const count = Math.floor((to - from - reach) / stride) + 1;
  if (count < 1) {
    throw dataProblem(
      file,
      `it holds ${Math.max(to - from, 0)} rows to take samples of, and one takes ${reach}`,
    );
  }
  const columns: Record<string, Numbers> = {};
  for (const slot of wanted) {
    const rows = slot.role === "input" ? window : horizon;
    const series = seriesFor(filling, table, slot, rows, from, to);
    const offset = slot.role === "input" ? 0 : window;
    const values =
      slot.classes === null ? new Float32Array(count * slot.size) : new Int32Array(count * slot.size);
    const width = slot.size / rows;
    for (let sample = 0; sample < count; sample += 1) {
      const start = (sample * stride + offset) * width;
      values.set(series.subarray(start, start + slot.size), sample * slot.size);
    }
    columns[slot.name] = values;
  }
  const words = Object.entries(besideColumns(table, beside)).map(([name, all]) => [
    name,
    Array.from({ length: count }, (_, sample) => all[from + sample * stride + reach - 1]!),
  ]);
  return { count, columns, beside: Object.fromEntries(words) };
}

/** The numbers of a slot's columns, row by row, each looked at once. */
function seriesFor(
  { file, forms }: Filling,
  table: Table,
  slot: Slot,
  rows: number,
  from: number,
  to: number,
): Float64Array {
  if (slot.shape[0] !== rows || slot.shape.length > 2) {
    throw dataProblem(
      file,
      `${slot.role} \`${slot.name}\` is ${printExtents(slot.shape)}, and the series gives ${rows} rows for it`,
    );
  }
  const width = slot.shape[1] ?? 1;
  const form = forms[slot.name];
  const places =
    form === undefined || form.columns.length === 0
      ? numberColumns(table, slot, width)
      : form.columns.map((name) => columnNamed(table, name, `\`${slot.name}\``));
  if (places.length !== width) {
    const names = places.map((place) => table.header?.[place] ?? place + 1).join(", ");
    throw dataProblem(
      file,
      `${slot.role} \`${slot.name}\` takes ${width} ${width === 1 ? "column" : "columns"} of the series, and there are ${places.length}: ${names}`,
      { help: `name them: \`series("…", ${slot.name}: ["…"])\`` },
    );
  }
  const values = new Float64Array((to - from) * width);
  for (let row = from; row < to; row += 1) {
    places.forEach((place, column) => {
      const cell = table.rows[row]![place]!;
      const filled = isMissing(cell) && form !== undefined ? form.missing : cell;
      const at = {
        row: row + 1,
        line: table.lines[row]!,
        column: table.header?.[place] ?? String(place + 1),
      };
      if (filled === null || isMissing(filled)) throw dataProblem(file, "the value is missing", at);
      const value = Number(filled);
      const fault = Number.isNaN(value) ? `\`${cell}\` is no number` : faultOf(slot, value);
      if (fault !== null) throw dataProblem(file, fault, at);
      values[(row - from) * width + column] = value;
    });
  }
  return values;
}

/** Those whose first cell is a number: all of them, or the last where one is wanted. */
function numberColumns({ rows, width }: Table, slot: Slot, wanted: number): readonly number[] {
  const all = Array.from({ length: width }, (_, column) => column).filter((column) =>
    isNumber(rows[0]![column]!),
  );
  return slot.role === "target" || wanted === 1 ? all.slice(-wanted) : all;
}
