/**
 * Owns the six workloads of the comparison with other libraries: their sizes, first weights and data, the same numbers
 * in every contestant. Weights of dense layers are `[in, out]`, kernels `[out, in, height, width]`, pictures
 * `[batch, channels, height, width]`, gates of the LSTM in the order input, forget, cell, output.
 */

export const workloadNames = ["W1", "W2", "W3", "W4", "W5", "W6-256", "W6-1024"] as const;
export type WorkloadName = (typeof workloadNames)[number];
export type TrainedName = Exclude<WorkloadName, "W6-256" | "W6-1024">;

export type Floats = Float32Array<ArrayBuffer>;
export type Indices = Int32Array<ArrayBuffer>;

export interface Tensor<Numbers = Floats> {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

/** A network, its batch, and what the batch is to give. */
export interface Trained {
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly batch: number;
  readonly x: Tensor<Floats | Indices>;
  readonly y: Floats | Indices;
  /** How many an index in `y` chooses among; 0 where `y` holds numbers. */
  readonly classes: number;
}

export interface Product {
  readonly size: number;
  readonly a: Tensor;
  readonly b: Tensor;
}

export const rate = 1e-3;
export const decays = [0.9, 0.999] as const;
export const epsilon = 1e-8;

/** Of the character transformer W5. */
export const transformer = { width: 64, inner: 256, symbols: 65, time: 64, depth: 2, heads: 4 } as const;

/** Numbers in [0, 1) by Tommy Ettinger's generator Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function uniform(length: number, seed: number, low: number, scale = 1): Floats {
  const next = generator(seed);
  return Float32Array.from({ length }, () => (low + next() * (1 - low)) * scale);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

function tensor(shape: readonly number[], seed: number, low: number): Tensor {
  return { shape, data: uniform(sizeOf(shape), seed, low) };
}

/** A parameter starts uniform within 1/√fan-in, or at one value. */
type Start = { readonly fan: number } | { readonly all: number };
type Declared = readonly [name: string, shape: readonly number[], start: Start];

function parametersOf(workload: number, declared: readonly Declared[]): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    declared.map(([name, shape, start], place) => {
      const size = sizeOf(shape);
      const data =
        "fan" in start
          ? uniform(size, workload * 1000 + place, -1, 1 / Math.sqrt(start.fan))
          : new Float32Array(size).fill(start.all);
      return [name, { shape, data }];
    }),
  );
}

const zero: Start = { all: 0 };
const one: Start = { all: 1 };

function dense(name: string, inputs: number, outputs: number): readonly Declared[] {
  return [
    [`w${name}`, [inputs, outputs], { fan: inputs }],
    [`b${name}`, [outputs], zero],
  ];
}

function cycled(length: number, classes: number): Indices {
  return Int32Array.from({ length }, (_, place) => place % classes);
}

function characters(): Pick<Trained, "x" | "y"> {
  const { time, symbols } = transformer;
  const next = generator(25);
  const rows = Array.from({ length: 16 }, () =>
    Int32Array.from({ length: time + 1 }, () => Math.floor(next() * symbols)),
  );
  const joined = (from: number): Indices =>
    Int32Array.from(rows.flatMap((row) => [...row.subarray(from, from + time)]));
  return { x: { shape: [16, time], data: joined(0) }, y: joined(1) };
}

function block(depth: number): readonly Declared[] {
  const { width, inner } = transformer;
  const norm = (place: number): readonly Declared[] => [
    [`g${place}`, [width], one],
    [`c${place}`, [width], zero],
  ];
  return [
    ...norm(1),
    ...dense("qkv", width, 3 * width),
    ...dense("o", width, width),
    ...norm(2),
    ...dense("f1", width, inner),
    ...dense("f2", inner, width),
  ].map(([name, shape, start]) => [`${depth}.${name}`, shape, start]);
}

export function trained(name: TrainedName): Trained {
  switch (name) {
    case "W1": {
      const parameters = parametersOf(1, [...dense("1", 4, 16), ...dense("2", 16, 16), ...dense("3", 16, 3)]);
      return { parameters, batch: 16, x: tensor([16, 4], 11, -1), y: cycled(16, 3), classes: 3 };
    }
    case "W2": {
      const parameters = parametersOf(2, [...dense("1", 784, 128), ...dense("2", 128, 10)]);
      return { parameters, batch: 64, x: tensor([64, 784], 12, 0), y: cycled(64, 10), classes: 10 };
    }
    case "W3": {
      const parameters = parametersOf(3, [
        ["k1", [8, 1, 5, 5], { fan: 25 }],
        ["b1", [8], zero],
        ["k2", [16, 8, 5, 5], { fan: 200 }],
        ["b2", [16], zero],
        ...dense("3", 256, 10),
      ]);
      return { parameters, batch: 32, x: tensor([32, 1, 28, 28], 13, 0), y: cycled(32, 10), classes: 10 };
    }
    case "W4": {
      const parameters = parametersOf(4, [
        ["wx", [32, 256], { fan: 64 }],
        ["wh", [64, 256], { fan: 64 }],
        ["b", [256], zero],
        ...dense("o", 64, 1),
      ]);
      return { parameters, batch: 32, x: tensor([32, 64, 32], 14, -1), y: uniform(32, 24, -1), classes: 0 };
    }
    case "W5": {
      const { width, time, symbols, depth } = transformer;
      const parameters = parametersOf(5, [
        ["emb", [symbols, width], { fan: width }],
        ["pos", [time, width], { fan: width }],
        ...Array.from({ length: depth }, (_, place) => block(place)).flat(),
        ["g", [width], one],
        ["c", [width], zero],
        ["head", [width, symbols], { fan: width }],
      ]);
      return { parameters, batch: 16, classes: symbols, ...characters() };
    }
  }
}

export function product(name: Exclude<WorkloadName, TrainedName>): Product {
  const size = name === "W6-256" ? 256 : 1024;
  return { size, a: tensor([size, size], 16, -1), b: tensor([size, size], 17, -1) };
}

/** The same parameter for pictures whose channels come last. */
export function channelsLast(name: TrainedName, parameters: Trained["parameters"]): Trained["parameters"] {
  if (name !== "W3") return parameters;
  const { k1, k2, w3 } = parameters as Readonly<Record<"k1" | "k2" | "w3", Tensor>>;
  return { ...parameters, k1: kernelLast(k1), k2: kernelLast(k2), w3: flattenedLast(w3, 16) };
}

/** Out, in, height, width becomes height, width, in, out. */
function kernelLast({ shape, data }: Tensor): Tensor {
  const [outputs, inputs, height, width] = shape as readonly [number, number, number, number];
  const turned = data.map((_, at) => {
    const output = at % outputs;
    const input = Math.floor(at / outputs) % inputs;
    const column = Math.floor(at / (outputs * inputs)) % width;
    const row = Math.floor(at / (outputs * inputs * width));
    return data[((output * inputs + input) * height + row) * width + column]!;
  });
  return { shape: [height, width, inputs, outputs], data: turned };
}

/** Rows by channel and place become rows by place and channel. */
function flattenedLast({ shape, data }: Tensor, channels: number): Tensor {
  const [rows, columns] = shape as readonly [number, number];
  const places = rows / channels;
  const turned = data.map((_, at) => {
    const row = Math.floor(at / columns);
    const from = (row % channels) * places + Math.floor(row / channels);
    return data[from * columns + (at % columns)]!;
  });
  return { shape, data: turned };
}

/** The first samples of the batch. */
export function first({ x: { shape, data } }: Trained, count: number): Tensor<Floats | Indices> {
  const taken = [count, ...shape.slice(1)];
  return { shape: taken, data: data.slice(0, sizeOf(taken)) };
}
