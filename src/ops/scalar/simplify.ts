/**
 * Owns the algebra of scalars: what an expression is equal to for every value it may take (but for the sign of 0).
 * Nothing here assumes that a number is finite: `x * 0` stays.
 */
import type { Scalar, ScalarFunction } from "../../ir/comprehension.ts";
import { leastValue, literalValue } from "../../ir/dimension.ts";
import { provenInside, provenOutside } from "../../ir/indices.ts";
import { apply, constant, isTruth, sameScalar } from "../../ir/scalars.ts";
import { scalarRules } from "./rules.ts";

/** One law, beside the equation it is; null where it does not apply. */
interface Law {
  readonly equation: string;
  readonly rewrite: (operands: readonly Scalar[]) => Scalar | null;
}

function is(scalar: Scalar | undefined, value: number): boolean {
  return scalar?.kind === "constant" && scalar.value === value;
}

/** The argument of a call of that function of one argument, else null. */
function argumentOf(name: ScalarFunction, scalar: Scalar | undefined): Scalar | null {
  return scalar?.kind === "apply" && scalar.function === name ? scalar.arguments[0]! : null;
}

/** Whether it is a product or quotient of constants and dimensions, none of which is 0. */
function isNeverZero(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case "constant":
      return scalar.value !== 0;
    case "dimension":
      return leastValue(scalar.dimension) > 0;
    case "apply":
      return (
        ["multiply", "divide", "negate"].includes(scalar.function) && scalar.arguments.every(isNeverZero)
      );
    case "index":
    case "inside":
    case "read":
    case "random":
      return false;
  }
}

const laws: Readonly<Partial<Record<ScalarFunction, readonly Law[]>>> = {
  add: [
    { equation: "x + 0 = x", rewrite: ([a, b]) => (is(b, 0) ? a! : null) },
    { equation: "0 + x = x", rewrite: ([a, b]) => (is(a, 0) ? b! : null) },
    {
      equation: "x + (-y) = x - y",
      rewrite: ([a, b]) => {
        const y = argumentOf("negate", b);
        return y === null ? null : apply("subtract", a!, y);
      },
    },
    {
      equation: "(-x) + y = y - x",
      rewrite: ([a, b]) => {
        const x = argumentOf("negate", a);
        return x === null ? null : apply("subtract", b!, x);
      },
    },
  ],
  subtract: [
    { equation: "x - 0 = x", rewrite: ([a, b]) => (is(b, 0) ? a! : null) },
    { equation: "0 - x = -x", rewrite: ([a, b]) => (is(a, 0) ? apply("negate", b!) : null) },
    {
      equation: "x - (-y) = x + y",
      rewrite: ([a, b]) => {
        const y = argumentOf("negate", b);
        return y === null ? null : apply("add", a!, y);
      },
    },
  ],
  multiply: [
    { equation: "x * 1 = x", rewrite: ([a, b]) => (is(b, 1) ? a! : null) },
    { equation: "1 * x = x", rewrite: ([a, b]) => (is(a, 1) ? b! : null) },
    { equation: "x * -1 = -x", rewrite: ([a, b]) => (is(b, -1) ? apply("negate", a!) : null) },
    { equation: "-1 * x = -x", rewrite: ([a, b]) => (is(a, -1) ? apply("negate", b!) : null) },
    {
      equation: "x * (1 / y) = x / y",
      rewrite: ([a, b]) =>
        b?.kind === "apply" && b.function === "divide" && is(b.arguments[0], 1)
          ? apply("divide", a!, b.arguments[1]!)
          : null,
    },
  ],
  divide: [{ equation: "x / 1 = x", rewrite: ([a, b]) => (is(b, 1) ? a! : null) }],
  negate: [{ equation: "-(-x) = x", rewrite: ([a]) => argumentOf("negate", a) }],
  power: [
    { equation: "x ** 1 = x", rewrite: ([a, b]) => (is(b, 1) ? a! : null) },
    { equation: "x ** 0 = 1", rewrite: ([, b]) => (is(b, 0) ? constant(1) : null) },
    {
      equation: "x ** 2 = x * x, where x is only read",
      rewrite: ([a, b]) => (is(b, 2) && a?.kind === "read" ? apply("multiply", a, a) : null),
    },
  ],
  not_equal: [
    {
      equation: "x != 0, where x is never 0",
      rewrite: ([a, b]) => (is(b, 0) && isNeverZero(a!) ? constant(1) : null),
    },
  ],
  not: [
    {
      equation: "not not x = x, where x is a truth value",
      rewrite: ([a]) => {
        const x = argumentOf("not", a);
        return x !== null && isTruth(x) ? x : null;
      },
    },
  ],
  and: [
    { equation: "true and x = x", rewrite: ([a, b]) => (is(a, 1) && isTruth(b!) ? b! : null) },
    { equation: "x and true = x", rewrite: ([a, b]) => (is(b, 1) && isTruth(a!) ? a! : null) },
    { equation: "false and x = false", rewrite: ([a, b]) => (is(a, 0) || is(b, 0) ? constant(0) : null) },
  ],
  or: [
    { equation: "false or x = x", rewrite: ([a, b]) => (is(a, 0) && isTruth(b!) ? b! : null) },
    { equation: "x or false = x", rewrite: ([a, b]) => (is(b, 0) && isTruth(a!) ? a! : null) },
    { equation: "true or x = true", rewrite: ([a, b]) => (is(a, 1) || is(b, 1) ? constant(1) : null) },
  ],
  select: [
    {
      equation: "if true { a } else { b } = a, if false { a } else { b } = b",
      rewrite: ([c, a, b]) => (c?.kind === "constant" ? (c.value === 0 ? b! : a!) : null),
    },
    { equation: "if c { a } else { a } = a", rewrite: ([, a, b]) => (sameScalar(a!, b!) ? a! : null) },
    {
      equation: "if not c { a } else { b } = if c { b } else { a }",
      rewrite: ([c, a, b]) => {
        const x = argumentOf("not", c);
        return x === null ? null : apply("select", x, b!, a!);
      },
    },
    {
      equation: "if c { if c { a } else { b } } else { d } = if c { a } else { d }",
      rewrite: ([c, a, b]) =>
        a?.kind === "apply" && a.function === "select" && sameScalar(a.arguments[0]!, c!)
          ? apply("select", c!, a.arguments[1]!, b!)
          : null,
    },
  ],
};

/** The simplest equal form that the laws lead to. */
export function simplifyScalar(scalar: Scalar): Scalar {
  switch (scalar.kind) {
    case "constant":
    case "read":
    case "random":
      return scalar;
    case "dimension": {
      const value = literalValue(scalar.dimension);
      return value === null ? scalar : constant(value);
    }
    case "index":
      return scalar.of.kind === "constant" ? constant(scalar.of.value) : scalar;
    case "inside":
      if (provenInside(scalar.of, scalar.extent)) return constant(1);
      return provenOutside(scalar.of, scalar.extent) ? constant(0) : scalar;
    case "apply":
      return simplifyCall(scalar);
  }
}

function simplifyCall(scalar: Extract<Scalar, { kind: "apply" }>): Scalar {
  const operands = scalar.arguments.map(simplifyScalar);
  const rewritten = rewriteCall(scalar.function, operands);
  if (rewritten !== null) return simplifyScalar(rewritten);
  const same = operands.every((operand, place) => operand === scalar.arguments[place]);
  return same ? scalar : { ...scalar, arguments: operands };
}

function rewriteCall(name: ScalarFunction, operands: readonly Scalar[]): Scalar | null {
  for (const { rewrite } of laws[name] ?? []) {
    const rewritten = rewrite(operands);
    if (rewritten !== null) return rewritten;
  }
  const values = operands.flatMap((operand) => (operand.kind === "constant" ? [operand.value] : []));
  if (values.length < operands.length) return null;
  return constant(scalarRules[name].evaluate(values[0] ?? 0, values[1] ?? 0, values[2] ?? 0));
}
