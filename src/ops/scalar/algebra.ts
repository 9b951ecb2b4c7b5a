/**
 * Owns constructors of arithmetic that leave out what does nothing: `x * 1`, `x + 0`, constants among themselves.
 * `x * 0` becomes 0 only in `times`, which derivatives use, where 0 · ∞ = 0 is meant.
 */
import type { Scalar, ScalarFunction } from "../../ir/comprehension.ts";
import { apply, constant, sameScalar, select } from "../../ir/scalars.ts";

export function constantOf(scalar: Scalar): number | null {
  return scalar.kind === "constant" ? scalar.value : null;
}

function isConstant(scalar: Scalar, value: number): boolean {
  return scalar.kind === "constant" && scalar.value === value;
}

export function plus(a: Scalar, b: Scalar): Scalar {
  if (isConstant(a, 0)) return b;
  if (isConstant(b, 0)) return a;
  if (a.kind === "constant" && b.kind === "constant") return constant(a.value + b.value);
  if (b.kind === "apply" && b.function === "negate") return minus(a, b.arguments[0]!);
  return apply("add", a, b);
}

export function minus(a: Scalar, b: Scalar): Scalar {
  if (isConstant(b, 0)) return a;
  if (isConstant(a, 0)) return negated(b);
  if (a.kind === "constant" && b.kind === "constant") return constant(a.value - b.value);
  return apply("subtract", a, b);
}

export function negated(a: Scalar): Scalar {
  if (a.kind === "constant") return constant(-a.value);
  if (a.kind === "apply" && a.function === "negate") return a.arguments[0]!;
  return apply("negate", a);
}

/** `a · b`, 0 where either is the constant 0. */
export function times(a: Scalar, b: Scalar): Scalar {
  if (isConstant(a, 0) || isConstant(b, 0)) return constant(0);
  if (isConstant(a, 1)) return b;
  if (isConstant(b, 1)) return a;
  if (isConstant(a, -1)) return negated(b);
  if (isConstant(b, -1)) return negated(a);
  if (a.kind === "constant" && b.kind === "constant") return constant(a.value * b.value);
  return apply("multiply", a, b);
}

export function over(a: Scalar, b: Scalar): Scalar {
  if (isConstant(b, 1)) return a;
  if (isConstant(a, 0)) return constant(0);
  if (a.kind === "constant" && b.kind === "constant") return constant(a.value / b.value);
  return apply("divide", a, b);
}

/** `select(condition, a, b)`, decided where the condition is constant or the branches are equal. */
export function chosen(condition: Scalar, a: Scalar, b: Scalar): Scalar {
  if (condition.kind === "constant") return condition.value === 0 ? b : a;
  if (sameScalar(a, b)) return a;
  return select(condition, a, b);
}

export function call(name: ScalarFunction, ...operands: readonly Scalar[]): Scalar {
  return apply(name, ...operands);
}
