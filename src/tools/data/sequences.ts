/** Owns tables of sequences: rows that follow one another with the same name are one sample, as long as it is. */
import { Problem, dataProblem } from "../problem.ts";
import { fillCells } from "./cells.ts";
import { columnNamed } from "./columns.ts";
import { type Table, isNumber } from "./csv.ts";
import { type Column, type Filled, type Numbers, type Slot, isRagged } from "./dataset.ts";
import { ownColumns } from "./forms.ts";
import type { Place } from "./labels.ts";
import type { Filling } from "./load.ts";
import { rowOption } from "./options.ts";
import { besideColumns } from "./table.ts";

/** Rows `from` to `to` of the table. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * `csv("a.csv", sequence: "chorale", notes: category(["note0", "note1"]), window: 512)`: the columns of a row are steps
 * one after the other, or one step where the slot has as many elements. At most `window` steps make a sample, and what
 * is left another one. A target that no column is for holds the same steps, each one further on; one that does not vary
 * is that of the last row.
 */
export function fillFromSequences(filling: Filling, table: Table): Filled {
  const { file, slots, options, required, forms, known, beside } = filling;
  const name = options["sequence"];
  if (typeof name !== "string")
    throw new Problem("`sequence` of the recipe's data is the name of a column", { exitCode: 1 });
  const sequence = columnNamed(table, name, "`sequence`");
  const wanted = slots.filter(({ role }) => role === "input" || required);
  const resolved = new Map<Slot, readonly number[]>();
  for (const slot of wanted) {
    const places = placesFor(filling, table, slot, sequence);
    if (places !== null) resolved.set(slot, places);
  }
  const leader = wanted.find((slot) => slot.steps !== null && resolved.has(slot));
  if (leader === undefined) throw dataProblem(file, "no input varies in length, as a sequence does");
  const perRow = stepsPerRow(file, leader, resolved.get(leader)!);
  const window = rowOption(options, "window", 1);
  const spans = spansOf(
    table,
    sequence,
    window === null ? Infinity : Math.max(1, Math.floor(window / perRow)),
  );

  const columns: Record<string, Column> = {};
  const labels: Record<string, readonly string[]> = {};
  for (const [slot, places] of resolved) {
    const cells = table.rows.flatMap((row) => places.map((place) => row[place]!));
    const placeOf = (cell: number): Place => {
      const row = Math.floor(cell / places.length);
      const column = table.header![places[cell % places.length]!]!;
      return { row: row + 1, line: table.lines[row]!, column };
    };
    const form = forms[slot.name] ?? ownColumns;
    const filled = fillCells({ file, slot: { ...slot, steps: null }, form, cells, placeOf, known });
    if (isRagged(filled.values)) throw dataProblem(file, "a text within a sequence is no step of it");
    columns[slot.name] = cut(file, slot, filled.values, places.length, spans, table, sequence);
    if (filled.labels !== null) labels[slot.name] = filled.labels;
  }
  for (const slot of wanted.filter((one) => !resolved.has(one))) {
    if (slot.steps === null || slot.classes !== leader.classes || slot.size !== leader.size)
      throw dataProblem(file, `it has no column for ${slot.role} \`${slot.name}\``);
    const whole = columns[leader.name] as readonly Numbers[];
    columns[slot.name] = whole.map((row) => row.subarray(leader.size));
    if (labels[leader.name] !== undefined) labels[slot.name] = labels[leader.name]!;
  }
  // Where something follows, nothing follows the last step.
  if (resolved.size < wanted.length)
    columns[leader.name] = (columns[leader.name] as readonly Numbers[]).map((row) =>
      row.subarray(0, row.length - leader.size),
    );
  const words = Object.entries(besideColumns(table, beside)).map(([column, all]) => [
    column,
    spans.map(({ to }) => all[to - 1]!),
  ]);
  return { count: spans.length, columns, labels, beside: Object.fromEntries(words) };
}

/** The columns of a slot: the recipe's, the one of its name, or for an input all numbers; null where there are none. */
function placesFor({ forms }: Filling, table: Table, slot: Slot, sequence: number): readonly number[] | null {
  const named = forms[slot.name]?.columns ?? [];
  if (named.length > 0) return named.map((name) => columnNamed(table, name, `\`${slot.name}\``));
  const own = table.header?.indexOf(slot.name) ?? -1;
  if (own !== -1) return [own];
  if (slot.role === "target") return null;
  const taken = Object.values(forms).flatMap(({ columns }) => columns);
  return (table.header ?? []).flatMap((name, column) =>
    column !== sequence && !taken.includes(name) && isNumber(table.rows[0]![column]!) ? [column] : [],
  );
}

function stepsPerRow(file: string, { name, size }: Slot, places: readonly number[]): number {
  const steps = places.length / size;
  if (Number.isInteger(steps) && steps > 0) return steps;
  throw dataProblem(
    file,
    `a step of \`${name}\` has ${size} elements, and a row holds ${places.length} of them`,
  );
}

/** Runs of rows with one name, none longer than `most` rows. */
function spansOf({ rows }: Table, sequence: number, most: number): readonly Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (let row = 1; row <= rows.length; row += 1) {
    const ends = row === rows.length || rows[row]![sequence] !== rows[from]![sequence];
    if (!ends && row - from < most) continue;
    spans.push({ from, to: row });
    from = row;
  }
  return spans;
}

function cut(
  file: string,
  slot: Slot,
  values: Numbers,
  perRow: number,
  spans: readonly Span[],
  { rows, lines }: Table,
  sequence: number,
): Column {
  const { steps, size, name, role } = slot;
  if (steps === null) {
    if (perRow !== size) throw dataProblem(file, `${role} \`${name}\` takes ${size} columns, not ${perRow}`);
    const last = spans.map(({ to }) => values.subarray((to - 1) * size, to * size));
    const flat =
      slot.classes === null ? new Float32Array(spans.length * size) : new Int32Array(spans.length * size);
    last.forEach((row, sample) => flat.set(row, sample * size));
    return flat;
  }
  return spans.map(({ from, to }) => {
    const length = ((to - from) * perRow) / size;
    const most = steps.maximum ?? Infinity;
    if (length >= steps.minimum && length <= most) return values.subarray(from * perRow, to * perRow);
    const due = length < steps.minimum ? `at least ${steps.minimum}` : `at most ${most}`;
    throw dataProblem(
      file,
      `\`${rows[from]![sequence]}\` has ${length} steps, and ${role} \`${name}\` takes ${due}`,
      {
        row: from + 1,
        line: lines[from]!,
        ...(length > most ? { help: `cut it: \`window: ${most}\`` } : {}),
      },
    );
  });
}
