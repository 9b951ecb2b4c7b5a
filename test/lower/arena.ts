/** Owns running lowered programs by interpretation in one arena, as the memory plan has laid it out. */
import { type CompileRequest, compileStages } from "../../src/compile.ts";
import { elementCount, type Tensor } from "../../src/evaluate/index.ts";
import type { Buffer } from "../../src/ir/loops.ts";
import type { Network } from "../../src/ir/network.ts";
import type { LoweredProgram } from "../../src/lower/program.ts";
import { interpret } from "../wasm/interpret.ts";

export interface Staged {
  readonly network: Network;
  readonly lowered: LoweredProgram;
}

export type Kind = "scalar" | "simd" | "straight";

export const kinds: readonly Kind[] = ["scalar", "simd", "straight"];

const options: Readonly<Record<Kind, Pick<CompileRequest, "kernels" | "writtenOut">>> = {
  scalar: { kernels: "scalar", writtenOut: "never" },
  simd: { kernels: "simd" },
  straight: { kernels: "scalar", writtenOut: "always" },
};

/** Throws with the messages where the program has errors. */
export function stage(text: string, kind: Kind): Staged {
  const source = { name: "program.nn", text };
  const { network, lowered, diagnostics } = compileStages({
    entry: source.name,
    sources: new Map([[source.name, source]]),
    language: "javascript",
    inference: false,
    ...options[kind],
  });
  if (network === null || lowered === null)
    throw new Error(`${diagnostics.map(({ message }) => message).join("\n")}\n${text}`);
  return { network, lowered };
}

/** Where the element with this row-major place lies within the buffer. */
function placeOf({ layout, shape }: Buffer, element: number): number {
  const index: number[] = [];
  let rest = element;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return layout.reduce((at, { axis, divisor, modulus, stride }) => {
    const quotient = Math.floor(index[axis]! / divisor);
    return at + stride * (modulus === null ? quotient : quotient % modulus);
  }, 0);
}

/** The numbers of one model: every buffer is a window on the same memory, which begins full of `NaN`. */
export class Arena {
  readonly #program: LoweredProgram;
  readonly #memory = new Map<Buffer, Float64Array>();

  constructor(program: LoweredProgram) {
    this.#program = program;
    const { offsets, size } = program.memory;
    const all = new Float64Array(size).fill(Number.NaN);
    for (const [buffer, offset] of offsets) {
      this.#memory.set(buffer, all.subarray(offset, offset + buffer.storage));
    }
    // What lasts begins at zero, padding included, as in a module; what is temporary may hold anything.
    for (const buffer of [
      ...program.parameters,
      ...program.gradients,
      ...program.states,
      ...program.inputs,
      ...program.targets,
    ])
      this.#memory.get(buffer)!.fill(0);
  }

  write(buffer: Buffer, values: ArrayLike<number>): void {
    const memory = this.#memory.get(buffer)!;
    for (let i = 0; i < values.length; i += 1) memory[placeOf(buffer, i)] = Math.fround(values[i]!);
  }

  /** The first `count` elements, row-major. */
  read(buffer: Buffer, count: number): readonly number[] {
    const memory = this.#memory.get(buffer)!;
    return Array.from({ length: count }, (_, i) => memory[placeOf(buffer, i)]!);
  }

  run(name: string, call: { readonly count: number; readonly seed: number; readonly step: number }): void {
    const routine = this.#program.routines.find((each) => each.name === name);
    if (routine === undefined) throw new Error(`there is no routine ${name}`);
    for (const { body } of routine.sections) interpret(body, { memory: this.#memory, ...call, first: 0 });
  }
}

/** How far the numbers are apart, relative to the largest of those expected (at least 1). */
export function distance(actual: readonly number[], expected: Tensor): number {
  if (actual.length !== elementCount(expected.shape)) return Number.POSITIVE_INFINITY;
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  return Math.max(
    0,
    ...actual.map((value, i) => {
      const apart = Math.abs(value - expected.data[i]!);
      return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart / scale;
    }),
  );
}
