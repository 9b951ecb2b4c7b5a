/** Owns constructors of scalars, so that bodies of comprehensions read like the formulas they are. */
import type { IndexExpression, IndexVariable, Scalar, ScalarFunction } from "./comprehension.ts";
import { type Dimension, literalValue, sameDimension } from "./dimension.ts";
import { sameIndex, sameIndices, variableIndex } from "./indices.ts";

export function constant(value: number): Scalar {
  return { kind: "constant", value };
}

/** A dimension as a number; a constant where it is literal. */
export function dimensionScalar(dimension: Dimension): Scalar {
  const value = literalValue(dimension);
  return value === null ? { kind: "dimension", dimension } : constant(value);
}

export function indexScalar(of: IndexExpression): Scalar {
  return of.kind === "constant" ? constant(of.value) : { kind: "index", of };
}

export function inside(of: IndexExpression, extent: Dimension): Scalar {
  return { kind: "inside", of, extent };
}

export function read(operand: number, at: readonly IndexExpression[]): Scalar {
  return { kind: "read", operand, at };
}

/** `operand[variables]`. */
export function readAt(operand: number, variables: readonly IndexVariable[]): Scalar {
  return read(operand, variables.map(variableIndex));
}

export function apply(name: ScalarFunction, ...operands: readonly Scalar[]): Scalar {
  return { kind: "apply", function: name, arguments: operands };
}

/** `if (condition) a else b`; only the chosen one is evaluated. */
export function select(condition: Scalar, a: Scalar, b: Scalar): Scalar {
  return apply("select", condition, a, b);
}

const truthFunctions: ReadonlySet<ScalarFunction> = new Set([
  "less",
  "less_equal",
  "equal",
  "not_equal",
  "and",
  "or",
  "not",
]);

/** Whether it is 1 or 0 by its form; `holdsTruth` says so of an operand's elements. */
export function isTruth(scalar: Scalar, holdsTruth: (operand: number) => boolean = () => false): boolean {
  switch (scalar.kind) {
    case "inside":
      return true;
    case "constant":
      return scalar.value === 0 || scalar.value === 1;
    case "read":
      return holdsTruth(scalar.operand);
    case "apply":
      if (scalar.function !== "select") return truthFunctions.has(scalar.function);
      return scalar.arguments.slice(1).every((argument) => isTruth(argument, holdsTruth));
    case "dimension":
    case "index":
    case "random":
      return false;
  }
}

/** Equal in form, variables by identity. A constant -0 differs from 0, and NaN equals itself. */
export function sameScalar(a: Scalar, b: Scalar): boolean {
  switch (a.kind) {
    case "constant":
      return b.kind === "constant" && Object.is(a.value, b.value);
    case "dimension":
      return b.kind === "dimension" && sameDimension(a.dimension, b.dimension);
    case "index":
      return b.kind === "index" && sameIndex(a.of, b.of);
    case "inside":
      return b.kind === "inside" && sameIndex(a.of, b.of) && sameDimension(a.extent, b.extent);
    case "read":
      return b.kind === "read" && a.operand === b.operand && sameIndices(a.at, b.at);
    case "apply":
      return (
        b.kind === "apply" &&
        a.function === b.function &&
        a.arguments.length === b.arguments.length &&
        a.arguments.every((argument, place) => sameScalar(argument, b.arguments[place]!))
      );
    case "random":
      return (
        b.kind === "random" &&
        a.distribution === b.distribution &&
        a.stream === b.stream &&
        (a.sample === null ? b.sample === null : b.sample !== null && sameIndex(a.sample, b.sample)) &&
        sameIndex(a.element, b.element)
      );
  }
}
