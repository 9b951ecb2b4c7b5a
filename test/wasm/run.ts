/** Owns running a program twice, as WebAssembly and interpreted, over the same memory. */
import type { Buffer } from "../../src/ir/loops.ts";
import type { LoweredProgram } from "../../src/lower/program.ts";
import { emitWasm, type WasmProgram } from "../../src/backends/wasm/emit.ts";
import { interpret, meanings } from "./interpret.ts";
import { webAssembly } from "./webassembly.ts";

export interface Call {
  readonly count: number;
  readonly seed: number;
  readonly step: number;
  readonly first: number;
}

export type Contents = ReadonlyMap<Buffer, readonly number[]>;

export interface Both {
  readonly wasm: WasmProgram;
  readonly computed: (buffer: Buffer) => readonly number[];
  readonly expected: (buffer: Buffer) => readonly number[];
}

/** The host's functions as modules get them. */
export const host = {
  sin: Math.sin,
  cos: Math.cos,
  pow: Math.pow,
  remainder: meanings.remainder,
};

/** An instance of the program's module over a memory of its own that holds these contents. */
export function instantiate(
  program: LoweredProgram,
  contents: Contents,
): {
  readonly wasm: WasmProgram;
  readonly view: (buffer: Buffer) => Float32Array | Int32Array;
  readonly call: (name: string, call: Call) => void;
} {
  const wasm = emitWasm(program);
  const memory = new webAssembly.Memory({ initial: Math.ceil((program.memory.size * 4) / 65536) + 1 });
  const module = new webAssembly.Module(wasm.bytes);
  const instance = new webAssembly.Instance(module, { env: { memory, ...host } });
  const view = (buffer: Buffer) => {
    const kind = buffer.element === "float" ? Float32Array : Int32Array;
    return new kind(memory.buffer, program.memory.offsets.get(buffer)! * 4, buffer.storage);
  };
  for (const [buffer, values] of contents) view(buffer).set(values);
  return {
    wasm,
    view,
    call: (name, { count, seed, step, first }) => {
      const exported = instance.exports[name] as (...passed: number[]) => void;
      exported(count, seed, step, first);
    },
  };
}

/** Runs the first routine both ways. */
export function runBoth(program: LoweredProgram, contents: Contents, call: Call): Both {
  const routine = program.routines[0]!;
  const instance = instantiate(program, contents);
  instance.call(routine.name, call);
  const memory = new Map(
    [...program.memory.offsets.keys()].map((buffer): [Buffer, Float64Array] => {
      const start = new Float64Array(buffer.storage);
      start.set((contents.get(buffer) ?? []).map(Math.fround));
      return [buffer, start];
    }),
  );
  for (const { body } of routine.sections) interpret(body, { memory, ...call });
  return {
    wasm: instance.wasm,
    computed: (buffer) => [...instance.view(buffer)],
    expected: (buffer) => [...memory.get(buffer)!],
  };
}
