/** Owns the signs of functions that are written between their operands, and how tightly each binds. */
import type { ScalarFunction } from "./comprehension.ts";

export interface Infix {
  readonly sign: string;
  readonly binds: number;
}

/** What binds less than where it stands goes into parentheses. */
export const loosest = 0;
export const comparing = 3;
export const adding = 4;
export const multiplying = 5;
export const tightest = 6;

export const infix: Readonly<Partial<Record<ScalarFunction, Infix>>> = {
  or: { sign: "or", binds: 1 },
  and: { sign: "and", binds: 2 },
  less: { sign: "<", binds: comparing },
  less_equal: { sign: "<=", binds: comparing },
  equal: { sign: "==", binds: comparing },
  not_equal: { sign: "!=", binds: comparing },
  add: { sign: "+", binds: adding },
  subtract: { sign: "-", binds: adding },
  multiply: { sign: "*", binds: multiplying },
  divide: { sign: "/", binds: multiplying },
  remainder: { sign: "%", binds: multiplying },
};

export function within(text: string, binds: number, outer: number): string {
  return binds < outer ? `(${text})` : text;
}

/** Operators group to the left; comparisons do not chain. `print` is given how tightly what stands around binds. */
export function printInfix<Operand>(
  { sign, binds }: Infix,
  operands: readonly Operand[],
  outer: number,
  print: (operand: Operand, outer: number) => string,
): string {
  const [left, right] = operands;
  return within(`${print(left!, binds)} ${sign} ${print(right!, binds + 1)}`, binds, outer);
}
