/** Owns data as the tools hand it to a network: a column of flat numbers for each input and target. */
import { type Port } from "../../ir/network.ts";
import { leastValue, literalValue, mostValue, variesBySample } from "../../ir/dimension.ts";
import { Problem, dataProblem } from "../problem.ts";

/** What a column is for: an input or a target of the network. */
export interface Slot {
  readonly name: string;
  readonly role: "input" | "target";
  /** Extents of one sample, without the first where that one varies. */
  readonly shape: readonly number[];
  /** Elements of one sample, or of one step of it. */
  readonly size: number;
  /** Where the first axis varies from sample to sample: how long it may be. */
  readonly steps: null | { readonly minimum: number; readonly maximum: number | null };
  /** Of an index: how many there are; null for floats. */
  readonly classes: number | null;
}

export type Numbers = Float32Array | Int32Array;

/** Row-major: all samples side by side, or each by itself where their lengths vary. */
export type Column = Numbers | readonly Numbers[];

/** What one file gives. */
export interface Filled {
  readonly count: number;
  readonly columns: Readonly<Record<string, Column>>;
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  readonly beside?: Readonly<Record<string, readonly string[]>>;
}

export interface DataSet {
  readonly count: number;
  /** `count` samples each, by the name of the slot. */
  readonly columns: Readonly<Record<string, Column>>;
  /** What each index of a slot stands for, where the data have words. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Further columns that a split asked for, a word for each sample. */
  readonly beside: Readonly<Record<string, readonly string[]>>;
  /** Where it came from, for messages. */
  readonly files: readonly string[];
}

/** One column as a format read it, before it meets its slot: numbers in any shape. */
export interface RawColumn {
  readonly file: string;
  readonly count: number;
  /** Extents of one sample. */
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** The slots of a network; only a first axis may vary. */
export function slotsOf(ports: { inputs: readonly Port[]; targets: readonly Port[] }): readonly Slot[] {
  const slot = (port: Port, role: "input" | "target"): Slot => {
    const [first, ...rest] = port.type.shape.slice(1);
    const varies = first !== undefined && variesBySample(first);
    const steps = varies ? { minimum: leastValue(first), maximum: mostValue(first) } : null;
    const shape = (steps === null && first !== undefined ? [first, ...rest] : rest).map((dimension) => {
      const extent = literalValue(dimension);
      if (extent !== null) return extent;
      throw new Problem(`${role} \`${port.name}\` varies along an axis that is not its first`, {
        exitCode: 1,
      });
    });
    const size = shape.reduce((product, extent) => product * extent, 1);
    const classes = port.type.element.kind === "index" ? port.type.element.size : null;
    return { name: port.name, role, shape, size, steps, classes };
  };
  return [
    ...ports.inputs.map((port) => slot(port, "input")),
    ...ports.targets.map((port) => slot(port, "target")),
  ];
}

/** Numbers for a slot, checked: shape, finite, whole and within range for an index. */
export function fillSlot(slot: Slot, raw: RawColumn): Numbers {
  if (slot.steps !== null)
    throw dataProblem(raw.file, `${slot.role} \`${slot.name}\` varies in length, which an array cannot`);
  const significant = (shape: readonly number[]) => shape.filter((extent) => extent !== 1).join(" × ");
  if (significant(raw.shape) !== significant(slot.shape)) {
    throw dataProblem(
      raw.file,
      `a sample is ${printExtents(raw.shape)}, but ${slot.role} \`${slot.name}\` is ${printExtents(slot.shape)}`,
    );
  }
  const values =
    slot.classes === null ? new Float32Array(raw.values.length) : new Int32Array(raw.values.length);
  for (let place = 0; place < raw.values.length; place += 1) {
    const value = raw.values[place]!;
    const fault = faultOf(slot, value);
    if (fault !== null)
      throw dataProblem(raw.file, fault, { row: Math.floor(place / slot.size) + 1, column: slot.name });
    values[place] = value;
  }
  return values;
}

/** What is wrong with one number in this slot; null where nothing is. */
export function faultOf(slot: Slot, value: number): string | null {
  if (Number.isNaN(value)) return "the value is NaN; every value must be a number";
  if (!Number.isFinite(value)) return `the value is ${value}; every value must be finite`;
  if (slot.classes === null) {
    return Number.isFinite(Math.fround(value)) ? null : `${value} does not fit a 32-bit float`;
  }
  if (!Number.isInteger(value))
    return `${value} is no index: a whole number from 0 to ${slot.classes - 1} was expected`;
  if (value < 0 || value >= slot.classes)
    return `index ${value} is out of range: \`${slot.name}\` goes from 0 to ${slot.classes - 1}`;
  return null;
}

/** The samples at these places, in this order. */
export function take(data: DataSet, slots: readonly Slot[], places: ArrayLike<number>): DataSet {
  const columns: Record<string, Column> = {};
  for (const { name, size } of slots) {
    const from = data.columns[name];
    if (from !== undefined) columns[name] = takeRows(from, size, places);
  }
  const words = Object.entries(data.beside).map(([name, all]) => [name, Array.from(places, (k) => all[k]!)]);
  return { ...data, count: places.length, columns, beside: Object.fromEntries(words) };
}

function takeRows(from: Column, size: number, places: ArrayLike<number>): Column {
  if (isRagged(from)) return Array.from(places, (place) => from[place]!);
  const length = places.length * size;
  const to = from instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  for (let row = 0; row < places.length; row += 1) {
    const start = places[row]! * size;
    to.set(from.subarray(start, start + size), row * size);
  }
  return to;
}

export function isRagged(column: Column): column is readonly Numbers[] {
  return Array.isArray(column);
}

export function printExtents(shape: readonly number[]): string {
  return shape.length === 0 ? "a single number" : `[${shape.join(", ")}]`;
}
