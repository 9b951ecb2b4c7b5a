/** Owns short ways to write instructions, with the arithmetic on constants done where they are written. */
import type { Instruction, LoadOperation, Operation, WasmLocal } from "./instructions.ts";

export const integer = (value: number): Instruction => ({ kind: "i32", value: value | 0 });
export const number = (value: number): Instruction => ({ kind: "f32", value });
/** Four times the same number. */
export const numbers = (value: number): Instruction => ({
  kind: "v128",
  shape: "f32x4",
  lanes: [value, value, value, value],
});
/** Four times the same integer. */
export const integers = (value: number): Instruction => ({
  kind: "v128",
  shape: "i32x4",
  lanes: [value, value, value, value],
});
export const get = (local: WasmLocal): Instruction => ({ kind: "get", local });
export const set = (local: WasmLocal, value: Instruction): Instruction => ({ kind: "set", local, value });
export const tee = (local: WasmLocal, value: Instruction): Instruction => ({ kind: "tee", local, value });
export const operate = (operation: Operation, ...operands: readonly Instruction[]): Instruction => ({
  kind: "operate",
  operation,
  operands,
});
export const call = (callee: string, ...passed: readonly Instruction[]): Instruction => ({
  kind: "call",
  callee,
  arguments: passed,
});
export const load = (access: LoadOperation, address: Instruction, offset = 0): Instruction => ({
  kind: "load",
  access,
  address,
  offset,
});
export const select = (
  condition: Instruction,
  whenTrue: Instruction,
  whenFalse: Instruction,
): Instruction => ({
  kind: "select",
  condition,
  whenTrue,
  whenFalse,
});

/** `a + b` of integers. */
export function plus(a: Instruction, b: Instruction): Instruction {
  if (a.kind === "i32" && b.kind === "i32") return integer(a.value + b.value);
  if (a.kind === "i32" && a.value === 0) return b;
  if (b.kind === "i32" && b.value === 0) return a;
  if (b.kind === "i32" && b.value < 0) return operate("i32.sub", a, integer(-b.value));
  return operate("i32.add", a, b);
}

/** `a · factor` of integers; shifts where the factor is a power of two. */
export function times(a: Instruction, factor: number): Instruction {
  if (a.kind === "i32") return integer(Math.imul(a.value, factor));
  if (factor === 0) return integer(0);
  if (factor === 1) return a;
  if (factor === -1) return operate("i32.sub", integer(0), a);
  const shift = exponentOf(factor);
  return shift === null ? operate("i32.mul", a, integer(factor)) : operate("i32.shl", a, integer(shift));
}

/** The exponent of a power of two, else null. */
export function exponentOf(value: number): number | null {
  const exponent = Math.log2(value);
  return value > 0 && Number.isInteger(exponent) ? exponent : null;
}
