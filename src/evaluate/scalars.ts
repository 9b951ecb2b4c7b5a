/** Owns turning scalars and index expressions into closures over a point of the domain. */
import type { IndexExpression, IndexVariable, Scalar } from "../ir/comprehension.ts";
import { resolveDimension } from "../ir/dimension.ts";
import { normalAt, uniformAt } from "../ir/random.ts";
import { scalarRules } from "../ops/scalar/rules.ts";
import { type Sizes, type Tensor, stridesOf } from "./tensor.ts";

/** A value at a point: the current value of each variable, by its place in the domain. */
export type AtPoint = (point: Int32Array) => number;

/** What an expression may refer to. */
export interface Scope {
  readonly domain: readonly IndexVariable[];
  readonly operands: readonly Tensor[];
  readonly sizes: Sizes;
  readonly seed: number;
  readonly step: number;
  /** The place within the step of the call's first sample. */
  readonly firstSample: number;
}

export function compileIndex(index: IndexExpression, scope: Scope): AtPoint {
  switch (index.kind) {
    case "constant":
      return () => index.value;
    case "variable": {
      const slot = scope.domain.indexOf(index.variable);
      if (slot < 0) throw new Error(`the variable ${index.variable.name} is not of the domain`);
      return (point) => point[slot]!;
    }
    case "dimension": {
      const value = resolveDimension(index.dimension, scope.sizes);
      return () => value;
    }
    case "sum": {
      const terms = index.terms.map((term) => compileIndex(term, scope));
      return (point) => terms.reduce((sum, term) => sum + term(point), 0);
    }
    case "scaled": {
      const of = compileIndex(index.of, scope);
      return (point) => index.factor * of(point);
    }
    case "quotient": {
      const of = compileIndex(index.of, scope);
      return (point) => Math.floor(of(point) / index.by);
    }
    case "remainder": {
      const of = compileIndex(index.of, scope);
      return (point) => of(point) - index.by * Math.floor(of(point) / index.by);
    }
    case "read":
      return compileRead(index.operand, index.at, scope);
  }
}

export function compileScalar(scalar: Scalar, scope: Scope): AtPoint {
  switch (scalar.kind) {
    case "constant":
      return () => scalar.value;
    case "dimension": {
      const value = resolveDimension(scalar.dimension, scope.sizes);
      return () => value;
    }
    case "index":
      return compileIndex(scalar.of, scope);
    case "inside": {
      const of = compileIndex(scalar.of, scope);
      const extent = resolveDimension(scalar.extent, scope.sizes);
      return (point) => {
        const place = of(point);
        return place >= 0 && place < extent ? 1 : 0;
      };
    }
    case "read":
      return compileRead(scalar.operand, scalar.at, scope);
    case "apply":
      return compileApply(scalar, scope);
    case "random": {
      const { seed, step, firstSample } = scope;
      const { stream } = scalar;
      const sample = scalar.sample === null ? null : compileIndex(scalar.sample, scope);
      const element = compileIndex(scalar.element, scope);
      const drawAt = scalar.distribution === "uniform" ? uniformAt : normalAt;
      return (point) => {
        const place = sample === null ? 0 : firstSample + sample(point);
        return drawAt({ seed, stream, step, sample: place, element: element(point) });
      };
    }
  }
}

function compileApply(scalar: Extract<Scalar, { kind: "apply" }>, scope: Scope): AtPoint {
  const [a, b, c] = scalar.arguments.map((argument) => compileScalar(argument, scope));
  if (scalar.function === "select") {
    return (point) => (a!(point) !== 0 ? b!(point) : c!(point));
  }
  const { arity, evaluate } = scalarRules[scalar.function];
  if (arity === 1) return (point) => evaluate(a!(point), 0, 0);
  return (point) => evaluate(a!(point), b!(point), 0);
}

/** The element of a tensor; a place outside is an error of the compiler and throws. */
function compileRead(operand: number, at: readonly IndexExpression[], scope: Scope): AtPoint {
  const source = scope.operands[operand];
  if (source === undefined) throw new Error(`there is no operand ${operand}`);
  const place = compilePlace(at, source.shape, scope);
  return (point) => source.data[place(point)]!;
}

/** The row-major place of an element in a tensor of that shape. */
export function compilePlace(
  at: readonly IndexExpression[],
  shape: readonly number[],
  scope: Scope,
): AtPoint {
  if (at.length !== shape.length) throw new Error(`${at.length} places for a shape of rank ${shape.length}`);
  const strides = stridesOf(shape);
  const axes = at.map((index) => compileIndex(index, scope));
  return (point) => {
    let place = 0;
    for (let axis = 0; axis < axes.length; axis += 1) {
      const along = axes[axis]!(point);
      if (!(along >= 0 && along < shape[axis]!)) {
        throw new Error(`place ${along} is outside axis ${axis} of [${shape.join(", ")}]`);
      }
      place += along * strides[axis]!;
    }
    return place;
  };
}
