/** Owns the form of a scalar function: its value in double and its partial derivatives as formulas. */
import type { Scalar } from "../../ir/comprehension.ts";

/** One partial derivative, given the arguments and the result `y`. */
export type Partial = (operands: readonly Scalar[], y: Scalar) => Scalar;

export type Derivative =
  /**
   * One partial for each argument; null where the argument decides rather than counts (a condition).
   * `unbounded`: with these arguments a partial may be infinite, so that it is to be taken only where the cotangent
   * is not 0 (0 · ∞ = 0).
   */
  | {
      readonly kind: "partials";
      readonly of: readonly (Partial | null)[];
      readonly unbounded: (operands: readonly Scalar[]) => boolean;
    }
  /** Its result is a truth value: a path ends here without complaint. */
  | { readonly kind: "stopped" }
  /** A path from a loss to a parameter through it is an error, with this reason. */
  | { readonly kind: "none"; readonly reason: string };

export interface ScalarRule {
  readonly arity: 1 | 2 | 3;
  readonly evaluate: (a: number, b: number, c: number) => number;
  readonly derivative: Derivative;
}

export function bounded(...of: readonly (Partial | null)[]): Derivative {
  return { kind: "partials", of, unbounded: () => false };
}

export function unbounded(...of: readonly (Partial | null)[]): Derivative {
  return { kind: "partials", of, unbounded: () => true };
}

export function unboundedUnless(
  safe: (operands: readonly Scalar[]) => boolean,
  ...of: readonly (Partial | null)[]
): Derivative {
  return { kind: "partials", of, unbounded: (operands) => !safe(operands) };
}

export const stopped: Derivative = { kind: "stopped" };

export function none(reason: string): Derivative {
  return { kind: "none", reason };
}
