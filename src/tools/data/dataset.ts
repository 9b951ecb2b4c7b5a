/** Owns data as the tools hand it to a network: a column of flat numbers for each input and target. */
import { type Port } from "../../ir/network.ts";
import { literalValue } from "../../ir/dimension.ts";
import { Problem, dataProblem } from "../problem.ts";

/** What a column is for: an input or a target of the network. */
export interface Slot {
  readonly name: string;
  readonly role: "input" | "target";
  /** Extents of one sample. */
  readonly shape: readonly number[];
  /** Elements of one sample. */
  readonly size: number;
  /** Of an index: how many there are; null for floats. */
  readonly classes: number | null;
}

export type Numbers = Float32Array | Int32Array;

export interface DataSet {
  readonly count: number;
  /** Row-major, `count` samples each, by the name of the slot. */
  readonly columns: Readonly<Record<string, Numbers>>;
  /** What each index of a slot stands for, where the data have words. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
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

/** The slots of a network; varying lengths are no business of flat columns. */
export function slotsOf(ports: { inputs: readonly Port[]; targets: readonly Port[] }): readonly Slot[] {
  const slot = (port: Port, role: "input" | "target"): Slot => {
    const shape = port.type.shape.slice(1).map((dimension) => {
      const extent = literalValue(dimension);
      if (extent === null) {
        throw new Problem(
          `${role} \`${port.name}\` has a varying length, which these data formats cannot hold`,
          { exitCode: 1 },
        );
      }
      return extent;
    });
    const classes = port.type.element.kind === "index" ? port.type.element.size : null;
    return {
      name: port.name,
      role,
      shape,
      size: shape.reduce((product, extent) => product * extent, 1),
      classes,
    };
  };
  return [
    ...ports.inputs.map((port) => slot(port, "input")),
    ...ports.targets.map((port) => slot(port, "target")),
  ];
}

/** Numbers for a slot, checked: shape, finite, whole and within range for an index. */
export function fillSlot(slot: Slot, raw: RawColumn): Numbers {
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
  const columns: Record<string, Numbers> = {};
  for (const { name, size } of slots) {
    const from = data.columns[name];
    if (from === undefined) continue;
    const to =
      from instanceof Int32Array
        ? new Int32Array(places.length * size)
        : new Float32Array(places.length * size);
    for (let row = 0; row < places.length; row += 1) {
      const start = places[row]! * size;
      to.set(from.subarray(start, start + size), row * size);
    }
    columns[name] = to;
  }
  return { ...data, count: places.length, columns };
}

export function printExtents(shape: readonly number[]): string {
  return shape.length === 0 ? "a single number" : `[${shape.join(", ")}]`;
}
