/** Owns the mark: training steps written by hand, from a folder outside of the project. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export type WorkloadName = "W1" | "W2" | "W3" | "W4";

export interface Workload {
  /** In the order of the layers, row-major in the shapes of our layers. */
  readonly parameters: readonly { readonly data: Float32Array }[];
  readonly x: Float32Array;
  readonly y: Int32Array | Float32Array;
}

export interface Mark {
  readonly workload: Workload;
  /** One training step; gives the loss before it. */
  readonly step: () => number;
  /** The prediction of one sample, where it was written. */
  readonly infer: (() => void) | null;
  readonly reset: () => void;
}

/** Where the hand-written emitters and the workloads lie: `NNC_SHARED`, else `../shared` beside the project. */
export function sharedFolder(): string {
  return process.env["NNC_SHARED"] ?? resolve(import.meta.dirname, "../../shared");
}

interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => {
    readonly exports: {
      readonly step: () => number;
      readonly mem: { readonly buffer: ArrayBuffer };
      readonly infer?: () => void;
      readonly infer1?: () => void;
    };
  };
}

/** The gradient of the scores as the emitter writes it, whose padding lanes are denormal. */
const denormal = "`(f32x4.mul ${g(`c1_${j}`)} ${g('w')})`";
const flushed = denormal
  .replace("(f32x4.mul", "(f32x4.sub (f32x4.add (f32x4.mul")
  .replace("${g('w')})", "${g('w')}) ${vc('0x1p-80')}) ${vc('0x1p-80')})");

/**
 * A workload by hand, or null where it is not there. Its sources are copied to where they find the project's wabt.
 *
 * As written, what belongs to padded classes is denormal: nothing on the processors it was measured on, many times the
 * step on others. `flush` makes it zero.
 */
export async function handWritten(name: WorkloadName, flush: boolean): Promise<Mark | null> {
  const shared = sharedFolder();
  const emitter = `limit/${name.toLowerCase()}.mjs`;
  const needed = ["limit/lib.mjs", "limit/gen.mjs", emitter, "peers/bench/common.mjs"];
  if (!needed.every((file) => existsSync(join(shared, file)))) return null;
  const copy = mkdtempSync(join(tmpdir(), "nnc-mark-"));
  try {
    for (const file of needed) cpSync(join(shared, file), join(copy, file));
    if (flush) {
      const common = join(copy, "limit/gen.mjs");
      const text = readFileSync(common, "utf8");
      if (!text.includes(denormal)) return null;
      writeFileSync(common, text.replace(denormal, flushed));
    }
    symlinkSync(resolve(import.meta.dirname, "../node_modules"), join(copy, "node_modules"));
    const load = (file: string): Promise<Record<string, unknown>> =>
      import(pathToFileURL(join(copy, file)).href) as Promise<Record<string, unknown>>;
    const { W } = (await load("peers/bench/common.mjs")) as unknown as {
      W: Readonly<Record<WorkloadName, () => RawWorkload>>;
    };
    const make = (await load(emitter))[`make${name}`] as (raw: RawWorkload) => RawMark;
    return prepare(W[name](), make, name);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

interface RawParameter {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface RawWorkload {
  readonly params: Readonly<Record<string, RawParameter>>;
  readonly x: { readonly data: Float32Array };
  readonly y: Int32Array | Float32Array;
}

interface RawMark {
  readonly bytes: Uint8Array;
  readonly load: (memory: ArrayBuffer) => void;
}

/** Out, in, height, width becomes height, width, in, out. */
function channelsLast({ shape, data }: RawParameter): RawParameter {
  const [outputs, inputs, height, width] = shape as readonly [number, number, number, number];
  const turned = data.map((_, at) => {
    const o = at % outputs;
    const n = Math.floor(at / outputs) % inputs;
    const l = Math.floor(at / (outputs * inputs)) % width;
    const k = Math.floor(at / (outputs * inputs * width));
    return data[((o * inputs + n) * height + k) * width + l]!;
  });
  return { shape: [height, width, inputs, outputs], data: turned };
}

/** Rows by channel and place become rows by place and channel. */
function flattenedLast({ shape, data }: RawParameter, channels: number): RawParameter {
  const [rows, columns] = shape as readonly [number, number];
  const places = rows / channels;
  const turned = data.map((_, at) => {
    const row = Math.floor(at / columns);
    const from = (row % channels) * places + Math.floor(row / channels);
    return data[from * columns + (at % columns)]!;
  });
  return { shape, data: turned };
}

/** The workload's parameters as our layers hold them. */
function parametersOf(raw: RawWorkload, name: WorkloadName): readonly RawParameter[] {
  const parameters = Object.values(raw.params);
  if (name !== "W3") return parameters;
  const channels = raw.params["cw2"]!.shape[0]!;
  return parameters.map((parameter) => {
    if (parameter.shape.length === 4) return channelsLast(parameter);
    return parameter.shape.length === 2 ? flattenedLast(parameter, channels) : parameter;
  });
}

function prepare(raw: RawWorkload, make: (raw: RawWorkload) => RawMark, name: WorkloadName): Mark {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
  const made = make(raw);
  const { step, mem, infer, infer1 } = new Instance(new Module(made.bytes), {
    env: { log: Math.log },
  }).exports;
  const reset = (): void => {
    new Uint8Array(mem.buffer).fill(0);
    made.load(mem.buffer);
  };
  reset();
  return {
    workload: { parameters: parametersOf(raw, name), x: raw.x.data, y: raw.y },
    step,
    infer: infer ?? infer1 ?? null,
    reset,
  };
}
