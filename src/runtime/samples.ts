/** Owns the way in: samples as callers give them, checked and brought into the arena a chunk at a time. */
import { knownPlaces, sizeOf } from "./layout.ts";
import type { Floats, Port } from "./plan.ts";
import type { Arena } from "./session.ts";

/** Numbers in a row. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | readonly number[];

/** All samples in one row, or an array of samples, each of them a row or nested again. */
export type Samples = Numbers | readonly Samples[];

export type Batch = Readonly<Record<string, Samples>>;

/** Samples that can be brought into the arena. */
export interface Feed {
  readonly count: number;
  /** Puts samples `from` to `from + count` in the place of the first ones. */
  readonly load: (arena: Arena, from: number, count: number) => void;
}

/** Whether all samples lie in one row, in which case `size` numbers make one. */
function isFlat(samples: Samples): samples is Numbers {
  return !Array.isArray(samples) || typeof samples[0] === "number";
}

/** Reads a batch straight from the caller's arrays. */
export function feedOf(ports: readonly Port[], batch: Batch): Feed {
  const count = countSamples(ports, batch);
  return {
    count,
    load: (arena, from, length) => {
      for (const port of ports) loadPort(arena, port, batch[port.name]!, from, length);
    },
  };
}

/** How many samples a batch holds; every port must be given, and agree. */
export function countSamples(ports: readonly Port[], batch: Batch): number {
  const counts = ports.map((port) => countOf(port, batch));
  ports.forEach(({ name }, k) => {
    if (counts[k] !== counts[0])
      throw new Error(`${ports[0]!.name} holds ${counts[0]} samples, but ${name} holds ${counts[k]}`);
  });
  const count = counts[0] ?? 0;
  if (count === 0) throw new Error(`${ports[0]?.name ?? "the batch"} holds no sample`);
  return count;
}

function countOf(port: Port, batch: Batch): number {
  const samples: Samples | undefined = (batch as Partial<Batch> | null | undefined)?.[port.name];
  if (samples === undefined || samples === null || typeof samples !== "object")
    throw new Error(`${port.name} is missing: give ${describe(port)} a sample`);
  if (!isFlat(samples)) return samples.length;
  const size = sizeOf(port.shape.slice(1));
  const count = samples.length / size;
  if (Number.isInteger(count)) return count;
  throw new Error(
    `${port.name} holds ${samples.length} numbers, no multiple of ${size}: ${describe(port)} a sample`,
  );
}

function describe({ shape, size }: Port): string {
  const element = size === undefined ? "numbers" : `index(${size})`;
  return `${element} of shape [${shape.slice(1).join(", ")}]`;
}

function loadPort(arena: Arena, port: Port, samples: Samples, from: number, count: number): void {
  const target = port.size === undefined ? arena.floats : arena.indices;
  const places = knownPlaces(arena, port);
  const size = sizeOf(port.shape.slice(1));
  if (places === null) return copySamples(port, samples, from, count, target, port.at);
  const row = target.slice(0, size * count);
  copySamples(port, samples, from, count, row, 0);
  for (let i = 0; i < row.length; i += 1) target[port.at + places[i]!] = row[i]!;
}

/** Copies samples row-major to `target`, checking each number. */
export function copySamples(
  port: Port,
  samples: Samples,
  from: number,
  count: number,
  target: Floats | Int32Array,
  at: number,
): void {
  const shape = port.shape.slice(1);
  const size = sizeOf(shape);
  if (isFlat(samples)) {
    copyRow(port, samples, from * size, count * size, target, at, from);
    return;
  }
  for (let sample = 0; sample < count; sample += 1) {
    const end = copyNested(port, samples[from + sample]!, shape, target, at + sample * size, from + sample);
    if (end !== at + (sample + 1) * size) throw wrongShape(port, from + sample);
  }
}

/** Returns the place after the last number. A row may stand for all axes that are left. */
function copyNested(
  port: Port,
  part: Samples | number,
  shape: readonly number[],
  target: Floats | Int32Array,
  at: number,
  sample: number,
): number {
  if (typeof part === "number") {
    if (shape.length > 0) throw wrongShape(port, sample);
    copyRow(port, [part], 0, 1, target, at, sample);
    return at + 1;
  }
  if (part === null || typeof part !== "object") throw wrongShape(port, sample);
  if (isFlat(part)) {
    if (part.length !== sizeOf(shape)) throw wrongShape(port, sample);
    copyRow(port, part, 0, part.length, target, at, sample);
    return at + part.length;
  }
  if (shape.length === 0 || part.length !== shape[0]) throw wrongShape(port, sample);
  return part.reduce((end, inner) => copyNested(port, inner, shape.slice(1), target, end, sample), at);
}

function wrongShape(port: Port, sample: number): Error {
  return new Error(`${port.name}, sample ${sample}: this is not ${describe(port)}`);
}

/** `sample` is that of the first number; numbers of further ones may follow. */
function copyRow(
  port: Port,
  row: Numbers,
  start: number,
  length: number,
  target: Floats | Int32Array,
  at: number,
  sample: number,
): void {
  const { size } = port;
  if (size === undefined && !Array.isArray(row)) {
    const numbers = row as Float32Array;
    target.set(length === row.length ? numbers : numbers.subarray(start, start + length), at);
    if (areFinite(target, at, length)) return;
  }
  for (let i = 0; i < length; i += 1) {
    const value = row[start + i]!;
    target[at + i] = value;
    const stored = target[at + i]!;
    const right =
      typeof value === "number" &&
      (size === undefined ? stored - stored === 0 : value >= 0 && value < size && value % 1 === 0);
    if (!right) throw wrongNumber(port, value, i, sample);
  }
}

/**
 * A sum is finite where its terms are; four at a time, because this stands in every step's way. Declared one by one:
 * taken out of an array, the four sums stay boxed, and cost four times as much.
 */
function areFinite(numbers: Floats | Int32Array, at: number, length: number): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const end = at + length;
  let i = at;
  for (; i + 3 < end; i += 4) {
    a += numbers[i]!;
    b += numbers[i + 1]!;
    c += numbers[i + 2]!;
    d += numbers[i + 3]!;
  }
  for (; i < end; i += 1) a += numbers[i]!;
  const sum = a + b + c + d;
  return sum - sum === 0;
}

function wrongNumber(port: Port, value: unknown, place: number, first: number): Error {
  const shape = port.shape.slice(1);
  let rest = place % sizeOf(shape);
  const index = shape.map((_, axis) => {
    const stride = sizeOf(shape.slice(axis + 1));
    const at = Math.floor(rest / stride);
    rest %= stride;
    return at;
  });
  const sample = first + Math.floor(place / sizeOf(shape));
  const where = index.length === 0 ? "" : ` at [${index.join(", ")}]`;
  const fault =
    port.size === undefined ? "is not a finite number" : `is not an index between 0 and ${port.size - 1}`;
  return new Error(`${port.name}, sample ${sample}: ${String(value)}${where} ${fault}`);
}
