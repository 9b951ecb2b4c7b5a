/** Owns samples of different lengths on their way in and out: laid out at their limits, and cut where each ends. */
import { sizeOf } from "./layout.ts";
import type { Extent, Floats, Port, Result } from "./plan.ts";
import { callEntry, type DrawOptions, numberOf } from "./entry.ts";
import { type Batch, countSamples, type Numbers, type Samples } from "./samples.ts";
import type { Session } from "./session.ts";

/** Samples one after the other, or each in a row as long as the longest allowed, and how long each is. */
export interface Sequences {
  readonly values: Numbers;
  readonly lengths: ArrayLike<number>;
}

/** Of one sample, by the names of the ports that hold them. */
export type Lengths = ReadonlyMap<string, number>;

/** How far an axis goes for a sample. */
function extentOf({ constant, terms }: Extent, lengths: Lengths): number {
  return terms.reduce((sum, [coefficient, of]) => {
    const size = typeof of === "string" ? lengths.get(of)! : Math.floor(extentOf(of[0], lengths) / of[1]);
    return sum + coefficient * size;
  }, constant);
}

/** The shape of one sample. */
export function shapeOf(
  { shape, varies = [] }: Pick<Result, "shape" | "varies">,
  lengths: Lengths,
): number[] {
  const own = shape.slice(1);
  for (const [axis, extent] of varies) own[axis - 1] = extentOf(extent, lengths);
  return own;
}

function isRow(samples: Samples): samples is Numbers {
  return !Array.isArray(samples) || samples.length === 0 || typeof samples[0] === "number";
}

/** The samples that a caller gave: a row of numbers by itself is one. */
function samplesOf(port: Port, given: Samples | Sequences | null | undefined): readonly Samples[] {
  if (given === undefined || given === null || typeof given !== "object")
    throw new Error(`${port.name} is missing: give an array of samples`);
  if ("lengths" in given) return apart(port, given);
  return isRow(given) ? [given] : given;
}

function apart(port: Port, { values, lengths }: Sequences): readonly Samples[] {
  const [axis, ...more] = (port.varies ?? []).map(([place]) => place - 1);
  if (axis === undefined || more.length > 0)
    throw new Error(`${port.name}: \`lengths\` say how far one axis goes, and this has ${more.length + 1}`);
  const shape = port.shape.slice(1);
  const each = sizeOf(shape) / shape[axis]!;
  const total = Array.from(lengths).reduce((sum, length) => sum + length, 0);
  const packed = values.length === total * each;
  if (axis > 0 && packed && total !== lengths.length * shape[axis]!)
    throw new Error(`${port.name}: give nested samples, since the axis that varies is not the first`);
  const stride = packed ? null : values.length / lengths.length;
  if (stride !== null && !(Number.isInteger(stride / each) && stride >= each))
    throw new Error(
      `${port.name}: ${values.length} numbers are not ${total} times ${each}, as the lengths say`,
    );
  let start = 0;
  return Array.from(lengths, (length) => {
    const from = start;
    start += stride ?? length * each;
    return values.slice(from, from + length * each);
  });
}

/** The sizes of the axes of a sample as it was given; -1 for those that a row leaves open. */
function sizesOf(sample: Samples | number, rank: number): { sizes: number[]; row: number } {
  const sizes: number[] = [];
  let part = sample;
  while (sizes.length < rank && Array.isArray(part) && typeof part[0] === "object") {
    sizes.push(part.length);
    part = part[0] as Samples;
  }
  return { sizes, row: typeof part === "object" ? part.length : 1 };
}

/** How far each axis that varies goes; null where the sample does not say. */
function extentsOf(port: Port, sample: Samples | number): readonly (readonly [Extent, number])[] | null {
  const shape = port.shape.slice(1);
  const varies = new Map((port.varies ?? []).map(([axis, extent]) => [axis - 1, extent]));
  const { sizes, row } = sizesOf(sample, shape.length);
  const open = [...varies.keys()].filter((axis) => axis >= sizes.length);
  if (open.length > 1) return null;
  const fixed = shape.reduce(
    (size, extent, axis) => (axis < sizes.length || varies.has(axis) ? size : size * extent),
    1,
  );
  return [...varies].map(([axis, extent]) => [extent, axis < sizes.length ? sizes[axis]! : row / fixed]);
}

/** The lengths of a sample by what its ports say, each port in agreement; `known` are the same for all samples. */
function lengthsOf(
  ports: readonly Port[],
  given: readonly (Samples | number)[],
  place: number,
  known: Lengths,
): Lengths {
  const lengths = new Map(known);
  const found = ports.flatMap((port, k) => {
    if (port.varies === undefined) return [];
    const extents = extentsOf(port, given[k]!);
    if (extents === null)
      throw new Error(`${port.name}, sample ${place}: nest its axes, since several of them vary`);
    return extents.map(([extent, size]) => ({ port, extent, size }));
  });
  for (const { port, extent, size } of found) {
    const [coefficient, name] = extent.terms[0]!;
    if (extent.terms.length !== 1 || typeof name !== "string" || lengths.has(name)) continue;
    const length = (size - extent.constant) / coefficient;
    const { length: bounds } = ports.find((other) => other.name === name)!;
    if (!(Number.isInteger(length) && length >= bounds![0] && length <= bounds![1])) {
      const allowed = `${bounds![0]} to ${bounds![1]} are allowed`;
      throw new Error(`${port.name}, sample ${place}: the ${name} is ${length}, and ${allowed}`);
    }
    lengths.set(name, length);
  }
  for (const { port, extent, size } of found) {
    const due = extentOf(extent, lengths);
    if (size !== due)
      throw new Error(
        `${port.name}, sample ${place}: it is ${size} long where ${due} are due by another port`,
      );
  }
  return lengths;
}

/** Puts a sample in its place in a row as long as the limits. */
function layOut(
  port: Port,
  sample: Samples | number,
  own: readonly number[],
  row: Float64Array,
  at: number,
  place: number,
): void {
  const shape = port.shape.slice(1);
  const wrong = (): Error =>
    new Error(`${port.name}, sample ${place}: this is not of shape [${own.join(", ")}]`);
  const put = (part: Samples | number, axis: number, start: number): void => {
    if (typeof part === "number") {
      if (axis < shape.length) throw wrong();
      row[start] = part;
      return;
    }
    if (part === null || typeof part !== "object") throw wrong();
    if (isRow(part)) {
      if (part.length !== sizeOf(own.slice(axis))) throw wrong();
      copyPart(part, own.slice(axis), shape.slice(axis), row, start);
      return;
    }
    if (axis >= shape.length || part.length !== own[axis]) throw wrong();
    const stride = sizeOf(shape.slice(axis + 1));
    part.forEach((inner, k) => put(inner, axis + 1, start + k * stride));
  };
  put(sample, 0, at);
}

/** Row-major numbers of a shape among those of a larger one. */
function copyPart(
  part: Numbers,
  own: readonly number[],
  shape: readonly number[],
  row: Float64Array,
  start: number,
): void {
  const places = placesWithin(own, shape);
  for (let i = 0; i < places.length; i += 1) row[start + places[i]!] = part[i]!;
}

/** Where the elements of a shape lie in a larger one, both row-major. */
export function placesWithin(own: readonly number[], shape: readonly number[]): Int32Array {
  const places = new Int32Array(sizeOf(own));
  const index = own.map(() => 0);
  for (let element = 0; element < places.length; element += 1) {
    places[element] = index.reduce((place, at, axis) => place * shape[axis]! + at, 0);
    for (let axis = own.length - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      if (index[axis]! < own[axis]!) break;
      index[axis] = 0;
    }
  }
  return places;
}

/** The same samples in rows as long as the limits, with 0 beyond, and how long each of them is. */
export function padded(
  ports: readonly Port[],
  batch: Readonly<Record<string, Samples | Sequences>>,
  known: Lengths = new Map(),
  /** Samples, where no input that varies says how many. */
  otherwise = 0,
): Batch {
  const seen = ports.filter(({ length }) => length === undefined);
  const varying = seen.filter(({ varies }) => varies !== undefined);
  const samples = varying.map((port) => samplesOf(port, batch?.[port.name]));
  const count = samples[0]?.length ?? otherwise;
  varying.forEach(({ name }, k) => {
    if (samples[k]!.length !== count)
      throw new Error(`${varying[0]!.name} holds ${count} samples, but ${name} holds ${samples[k]!.length}`);
  });
  const lengths = Array.from({ length: count }, (_, place) =>
    lengthsOf(
      [...varying, ...ports.filter(({ length }) => length !== undefined)],
      samples.map((column) => column[place]!),
      place,
      known,
    ),
  );
  const rows = varying.map((port, k) => {
    const size = sizeOf(port.shape.slice(1));
    const row = new Float64Array(count * size);
    lengths.forEach((own, place) =>
      layOut(port, samples[k]![place]!, shapeOf(port, own), row, place * size, place),
    );
    return [port.name, row] as const;
  });
  const hidden = ports
    .filter(({ length }) => length !== undefined)
    .map(({ name }) => [name, Int32Array.from(lengths, (own) => own.get(name)!)] as const);
  return { ...(batch as Batch), ...Object.fromEntries([...rows, ...hidden]) };
}

/** Of what varies in length, each sample's part by itself. */
export function cut(
  results: readonly Result[],
  given: Batch,
  outputs: Readonly<Record<string, Floats | Int32Array>>,
): Record<string, Floats | Int32Array | readonly (Floats | Int32Array)[]> {
  const decided = results.flatMap(({ name, length }) =>
    length === true ? [[name, outputs[name]!] as const] : [],
  );
  const told = [...Object.entries(given), ...decided];
  const seen = results.filter(({ length }) => length !== true);
  const pieces = seen.map((result) => {
    const { name, shape, varies } = result;
    const values = outputs[name]!;
    if (varies === undefined) return [name, values] as const;
    const size = sizeOf(shape.slice(1));
    const parts = Array.from({ length: values.length / size }, (_, place) => {
      const lengths = new Map(
        told.flatMap(([key, row]) => (row instanceof Int32Array ? [[key, row[place]!] as const] : [])),
      );
      const places = placesWithin(shapeOf(result, lengths), shape.slice(1));
      const part = new (values.constructor as new (length: number) => Floats | Int32Array)(places.length);
      for (let i = 0; i < places.length; i += 1) part[i] = values[place * size + places[i]!]!;
      return part;
    });
    return [name, parts] as const;
  });
  return Object.fromEntries(pieces);
}

/** As `fit` takes them. */
export function paddedOptions(
  ports: readonly Port[],
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { validation } = options;
  if (typeof validation !== "object" || validation === null) return options;
  return { ...options, validation: padded(ports, validation as Readonly<Record<string, Samples>>) };
}

/** An entry whose inputs or outputs vary in length. */
export function callWithLengths(
  session: Session,
  name: string,
  given: Readonly<Record<string, Samples | Sequences | number | undefined>>,
  options: DrawOptions,
): ReturnType<typeof cut> {
  const { inputs, numbers = [], outputs } = session.plan.entries!.find((entry) => entry.name === name)!;
  const known = new Map(
    numbers.flatMap((number) =>
      number.length === undefined ? [] : [[number.length, numberOf(number, given[number.name])] as const],
    ),
  );
  const tensors = given as Readonly<Record<string, Samples | Sequences>>;
  const fixed = inputs.filter(({ length, varies }) => length === undefined && varies === undefined);
  const count = fixed.length === 0 ? (options.batch ?? 1) : countSamples(fixed, tensors as Batch);
  const whole = padded(inputs, tensors, known, count);
  return cut(outputs, whole, callEntry(session, name, whole, options));
}
