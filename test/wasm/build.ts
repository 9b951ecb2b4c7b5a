/** Owns short ways to write nests and programs by hand, for the tests of backends that print them. */
import type {
  Buffer,
  Integer,
  Kernel,
  Lanes,
  Local,
  LoopVariable,
  NumericFunction,
  Numeric,
  Routine,
  Section,
  Statement,
} from "../../src/ir/loops.ts";
import type { LoweredProgram } from "../../src/lower/program.ts";

export function buffer(name: string, storage: number, element: Buffer["element"] = "float"): Buffer {
  return {
    name,
    element,
    shape: [storage],
    batched: false,
    layout: [{ axis: 0, divisor: 1, modulus: null, stride: 1 }],
    storage,
    role: { kind: "temporary" },
  };
}

export const literal = (value: number): Integer => ({ kind: "literal", value });
export const place = (variable: LoopVariable): Integer => ({ kind: "variable", variable });
export const sum = (...terms: readonly (Integer | number)[]): Integer => ({
  kind: "sum",
  terms: terms.map((term) => (typeof term === "number" ? literal(term) : term)),
});
export const scaled = (factor: number, of: Integer): Integer => ({ kind: "scaled", factor, of });
export const quotient = (of: Integer, by: number): Integer => ({ kind: "quotient", of, by });
export const remainder = (of: Integer, by: number): Integer => ({ kind: "remainder", of, by });
export const element = (from: Buffer, at: Integer): Integer => ({ kind: "element", buffer: from, at });
export const count: Integer = { kind: "count" };

export const number = (value: number, lanes: Lanes = 1): Numeric => ({ kind: "number", value, lanes });
export const load = (from: Buffer, at: Integer, lanes: Lanes = 1): Numeric => ({
  kind: "load",
  buffer: from,
  at,
  lanes,
});
export const splat = (of: Numeric): Numeric => ({ kind: "splat", of });
export const integer = (of: Integer): Numeric => ({ kind: "integer", of });
export const inside = (of: Integer, extent: Integer): Numeric => ({ kind: "inside", of, extent });
export const named = (local: Local): Numeric => ({ kind: "local", local });
export const apply = (name: NumericFunction, lanes: Lanes, ...passed: readonly Numeric[]): Numeric => ({
  kind: "apply",
  function: name,
  arguments: passed,
  lanes,
});

export function loop(
  name: string,
  from: Integer | number,
  to: Integer | number,
  step: number,
  body: (variable: Integer) => readonly Statement[],
): Statement {
  const variable: LoopVariable = { name };
  const bound = (value: Integer | number) => (typeof value === "number" ? literal(value) : value);
  return { kind: "loop", variable, from: bound(from), to: bound(to), step, body: body(place(variable)) };
}

export const store = (into: Buffer, at: Integer, value: Numeric, lanes: Lanes = 1): Statement => ({
  kind: "store",
  buffer: into,
  at,
  value,
  lanes,
});
export const define = (local: Local, value: Numeric): Statement => ({ kind: "define", local, value });
export const declare = (local: Local, value: Numeric): Statement => ({ kind: "declare", local, value });
export const assign = (local: Local, value: Numeric): Statement => ({ kind: "assign", local, value });
export const callKernel = (kernel: Kernel, ...buffers: readonly Buffer[]): Statement => ({
  kind: "call",
  kernel,
  buffers,
});

export function section(body: readonly Statement[], title = "nest", text = ""): Section {
  const span = { source: { name: "hand.nn", text: "" }, start: 0, end: 0 } as never;
  return { title, text, body, frame: { layer: "", span, path: "", statics: {}, parent: null } };
}

export function routine(name: string, ...bodies: readonly (readonly Statement[])[]): Routine {
  return { name, host: [], sections: bodies.map((body) => section(body)), draws: false };
}

/** A program of nothing but these routines; buffers lie one after the other, each at a multiple of 64 bytes. */
export function program(
  buffers: readonly Buffer[],
  routines: readonly Routine[],
  kernels: readonly Kernel[] = [],
  capacity = 8,
): LoweredProgram {
  const offsets = new Map<Buffer, number>();
  let size = 0;
  for (const each of buffers) {
    offsets.set(each, size);
    size += Math.ceil(each.storage / 16) * 16;
  }
  return {
    network: {} as LoweredProgram["network"],
    entries: [],
    machine: "simd",
    precision: "single",
    capacity,
    inputs: [],
    targets: [],
    outputs: [],
    parameters: [],
    gradients: [],
    constants: [],
    whole: [],
    states: [],
    slots: [],
    losses: [],
    metrics: [],
    gradientPrograms: [],
    updates: [],
    routines,
    kernels,
    memory: { offsets, size },
    straight: false,
    threads: null,
  };
}
