/** Owns JSON lines: one sample a line, an object with a member for each input and target. */
import { dataProblem } from "../problem.ts";
import { type Numbers, type Slot, faultOf, printExtents } from "./dataset.ts";
import { indicesOf } from "./labels.ts";
import type { Filled } from "./table.ts";

interface Sample {
  readonly line: number;
  readonly members: Readonly<Record<string, unknown>>;
}

export function fillFromJsonLines(
  file: string,
  bytes: Uint8Array,
  slots: readonly Slot[],
  required: boolean,
  known: Readonly<Record<string, readonly string[]>>,
): Filled {
  const samples = readSamples(file, bytes);
  const columns: Record<string, Numbers> = {};
  const labels: Record<string, readonly string[]> = {};
  for (const slot of slots) {
    const optional = slot.role === "target" && !required;
    if (optional && samples.some(({ members }) => !(slot.name in members))) continue;
    const elements = samples.flatMap((sample, row) => elementsOf(file, slot, sample, row + 1));
    const placeOf = (element: number) => {
      const row = Math.floor(element / slot.size);
      return { row: row + 1, line: samples[row]!.line, column: slot.name };
    };
    if (slot.classes !== null) {
      const filled = indicesOf(file, slot, elements.map(String), placeOf, known[slot.name]);
      columns[slot.name] = filled.values;
      if (filled.labels !== null) labels[slot.name] = filled.labels;
      continue;
    }
    columns[slot.name] = Float32Array.from(elements, (element, place) => {
      const value = typeof element === "number" ? element : Number.NaN;
      const fault = typeof element === "number" ? faultOf(slot, value) : `\`${element}\` is no number`;
      if (fault !== null) throw dataProblem(file, fault, placeOf(place));
      return value;
    });
  }
  return { count: samples.length, columns, labels };
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

/** The numbers or words of one member, row-major, its nesting checked against the shape. */
function elementsOf(file: string, slot: Slot, sample: Sample, row: number): readonly (number | string)[] {
  const at = { row, line: sample.line, column: slot.name };
  const value = sample.members[slot.name];
  if (value === undefined || value === null) throw dataProblem(file, "the value is missing", at);
  const flat: unknown[] = Array.isArray(value) ? value.flat(Infinity) : [value];
  const nested = Array.isArray(value) ? extentsOf(value) : [];
  const fits = nested.length <= 1 || nested.join() === slot.shape.join();
  if (flat.length !== slot.size || !fits) {
    throw dataProblem(file, `${printExtents(slot.shape)} was expected, found ${printExtents(nested)}`, at);
  }
  return flat.map((element) => {
    if (typeof element === "number" || typeof element === "string") return element;
    throw dataProblem(file, `${JSON.stringify(element)} is neither a number nor a word`, at);
  });
}

/** Extents along the first elements: ragged arrays differ in their number of elements and are refused by that. */
function extentsOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? [value.length, ...extentsOf(value[0])] : [];
}
