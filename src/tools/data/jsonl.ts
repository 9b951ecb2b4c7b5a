/** Owns JSON lines: one sample a line, an object with a member for each input and target. */
import { dataProblem } from "../problem.ts";
import { fillCells } from "./cells.ts";
import { type Column, type Filled, type Numbers, type Slot, printExtents } from "./dataset.ts";
import { type ColumnForm, ownColumns } from "./forms.ts";
import type { Place } from "./labels.ts";
import type { Filling } from "./load.ts";

interface Sample {
  readonly line: number;
  readonly members: Readonly<Record<string, unknown>>;
}

export function fillFromJsonLines(
  { file, slots, required, forms, known, beside }: Filling,
  bytes: Uint8Array,
): Filled {
  const samples = readSamples(file, bytes);
  const columns: Record<string, Column> = {};
  const labels: Record<string, readonly string[]> = {};
  for (const slot of slots) {
    const form = forms[slot.name] ?? ownColumns;
    const member = form.columns[0] ?? slot.name;
    if (slot.role === "target" && !required && samples.some(({ members }) => !(member in members))) continue;
    const whole = form.kind === "characters" || form.kind === "words";
    const taken = whole ? { ...slot, shape: [], size: 1, steps: null } : slot;
    const each = samples.map((sample, row) => cellsOf(file, taken, form, member, sample, row + 1));
    const rows = each.flatMap((cells, row) => cells.map(() => row));
    const placeOf = (cell: number): Place => {
      const row = rows[cell]!;
      return { row: row + 1, line: samples[row]!.line, column: member };
    };
    const filled = fillCells({ file, slot, form, cells: each.flat(), placeOf, known });
    columns[slot.name] = taken.steps === null ? filled.values : apart(filled.values as Numbers, each);
    if (filled.labels !== null) labels[slot.name] = filled.labels;
  }
  const words = beside.map((name) => [
    name,
    samples.map((sample, row) => wordOf(file, name, sample, row + 1)),
  ]);
  return { count: samples.length, columns, labels, beside: Object.fromEntries(words) };
}

/** The numbers of each sample by themselves. */
function apart(values: Numbers, each: readonly (readonly string[])[]): readonly Numbers[] {
  let start = 0;
  return each.map(({ length }) => values.subarray(start, (start += length)));
}

function wordOf(file: string, name: string, { line, members }: Sample, row: number): string {
  const value = members[name];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw dataProblem(file, "a word or number was expected", { row, line, column: name });
}

function readSamples(file: string, bytes: Uint8Array): readonly Sample[] {
  const text = new TextDecoder("utf-8").decode(bytes);
  const samples = text.split("\n").flatMap((content, index): readonly Sample[] => {
    if (content.trim() === "") return [];
    const line = index + 1;
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch {
      throw dataProblem(file, `line ${line} is no JSON`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw dataProblem(file, `line ${line} is no object with a member for each input`);
    }
    return [{ line, members: value as Record<string, unknown> }];
  });
  if (samples.length === 0) throw dataProblem(file, "the file holds no samples");
  return samples;
}

/** The numbers or words of one member as cells, row-major, its nesting checked against the shape. */
function cellsOf(
  file: string,
  slot: Slot,
  { missing }: ColumnForm,
  member: string,
  sample: Sample,
  row: number,
): readonly string[] {
  const at = { row, line: sample.line, column: member };
  const value = sample.members[member] ?? missing;
  if (value === null) throw dataProblem(file, "the value is missing", at);
  const flat: unknown[] = Array.isArray(value) ? value.flat(Infinity) : [value];
  const nested = Array.isArray(value) ? extentsOf(value) : [];
  const steps = slot.steps === null ? 1 : flat.length / slot.size;
  const shape = slot.steps === null ? slot.shape : [steps, ...slot.shape];
  const fits = nested.length <= 1 || nested.join() === shape.join();
  if (flat.length !== slot.size * steps || !Number.isInteger(steps) || !fits) {
    const due = slot.steps === null ? printExtents(slot.shape) : `steps of ${printExtents(slot.shape)}`;
    throw dataProblem(file, `${due} was expected, found ${printExtents(nested)}`, at);
  }
  const { minimum, maximum } = slot.steps ?? { minimum: 1, maximum: 1 };
  if (steps < minimum || steps > (maximum ?? Infinity))
    throw dataProblem(file, `it has ${steps} steps, and ${minimum} to ${maximum} are allowed`, at);
  return flat.map((element) => {
    if (typeof element === "number" || typeof element === "string") return String(element);
    throw dataProblem(file, `${JSON.stringify(element)} is neither a number nor a word`, at);
  });
}

/** Extents along the first elements: ragged arrays differ in their number of elements and are refused by that. */
function extentsOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? [value.length, ...extentsOf(value[0])] : [];
}
