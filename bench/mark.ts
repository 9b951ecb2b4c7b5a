/** Owns the mark: training steps written by hand, from a folder outside of the project. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { trained, type TrainedName } from "./workloads.ts";

export interface Mark {
  /** One training step; gives the loss before it. */
  readonly step: () => number;
  /** The prediction of one sample, where it was written. */
  readonly infer: (() => void) | null;
}

/** Where the hand-written emitters and models for other runtimes lie: `NNC_SHARED`, else `../shared` beside the project. */
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

interface RawMark {
  readonly bytes: Uint8Array;
  readonly load: (memory: ArrayBuffer) => void;
}

/** The gradient of the scores as the emitter writes it, whose padding lanes are denormal. */
const denormal = "`(f32x4.mul ${g(`c1_${j}`)} ${g('w')})`";
const flushed = denormal
  .replace("(f32x4.mul", "(f32x4.sub (f32x4.add (f32x4.mul")
  .replace("${g('w')})", "${g('w')}) ${vc('0x1p-80')}) ${vc('0x1p-80')})");

/** The emitters' names of our parameters, where they differ. */
const renamed: Partial<Record<TrainedName, Readonly<Record<string, string>>>> = {
  W3: { k1: "cw1", b1: "cb1", k2: "cw2", b2: "cb2", w3: "w", b3: "b" },
};

/** A workload in the form that the emitters take. */
function raw(name: TrainedName): object {
  const { parameters, batch, x, y, classes } = trained(name);
  const names = renamed[name] ?? {};
  const params = Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [names[key] ?? key, value]),
  );
  const [, T, I] = x.shape;
  return { params, B: batch, x, y, classes, T, I, H: 64 };
}

/**
 * A workload by hand, or null where it is not there. Its sources are copied to where they find the project's wabt.
 *
 * As written, what belongs to padded classes is denormal: nothing on the processors it was measured on, many times the
 * step on others. `flush` makes it zero.
 */
export async function handWritten(name: TrainedName, flush: boolean): Promise<Mark | null> {
  const shared = sharedFolder();
  const emitter = `limit/${name.toLowerCase()}.mjs`;
  const needed = ["limit/lib.mjs", "limit/gen.mjs", emitter];
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
    const loaded = (await import(pathToFileURL(join(copy, emitter)).href)) as Record<string, unknown>;
    return instantiate((loaded[`make${name}`] as (workload: object) => RawMark)(raw(name)));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function instantiate({ bytes, load }: RawMark): Mark {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
  const { step, mem, infer, infer1 } = new Instance(new Module(bytes), { env: { log: Math.log } }).exports;
  load(mem.buffer);
  return { step, infer: infer ?? infer1 ?? null };
}
