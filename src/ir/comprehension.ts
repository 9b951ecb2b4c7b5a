/**
 * Owns the comprehension: `y[b, o] = sum(x[b, i] * w[i, o], over: i)` as data. Every tensor operation is one; so
 * interpreting, differentiating and lowering need one rule each.
 */
import type { Dimension } from "./dimension.ts";

/** A loop of a comprehension. Compared by identity. */
export interface IndexVariable {
  readonly name: string;
  readonly extent: Dimension;
}

/** A place along an axis, an integer. */
export type IndexExpression =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "variable"; readonly variable: IndexVariable }
  | { readonly kind: "dimension"; readonly dimension: Dimension }
  | { readonly kind: "sum"; readonly terms: readonly IndexExpression[] }
  | { readonly kind: "scaled"; readonly factor: number; readonly of: IndexExpression }
  /** Rounded down, as is the remainder's sign that of `by`, which is positive. */
  | { readonly kind: "quotient"; readonly of: IndexExpression; readonly by: number }
  | { readonly kind: "remainder"; readonly of: IndexExpression; readonly by: number }
  /** An element of an index tensor: a gather where read, a scatter where it is the target. */
  | { readonly kind: "read"; readonly operand: number; readonly at: readonly IndexExpression[] };

/** Functions of scalars. Truth is 1 and 0. Meaning and derivative of each stand in `ops/scalar`. */
export type ScalarFunction =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "negate"
  | "power"
  | "remainder"
  | "maximum"
  | "minimum"
  | "exp"
  | "log"
  | "log1p"
  | "expm1"
  | "sqrt"
  | "abs"
  | "sign"
  | "floor"
  | "ceil"
  | "round"
  | "sin"
  | "cos"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "less"
  | "less_equal"
  | "equal"
  | "not_equal"
  | "and"
  | "or"
  | "not"
  /** `select(c, a, b)`: only the chosen branch is evaluated. */
  | "select";

/** The value of one element. */
export type Scalar =
  | { readonly kind: "constant"; readonly value: number }
  /** A dimension as a number: `1 / count` in a mean over the batch. */
  | { readonly kind: "dimension"; readonly dimension: Dimension }
  /** An index as a number. */
  | { readonly kind: "index"; readonly of: IndexExpression }
  /** 1 where `0 <= of < extent`, else 0: the guard of padding, within `select`. */
  | { readonly kind: "inside"; readonly of: IndexExpression; readonly extent: Dimension }
  | { readonly kind: "read"; readonly operand: number; readonly at: readonly IndexExpression[] }
  | { readonly kind: "apply"; readonly function: ScalarFunction; readonly arguments: readonly Scalar[] }
  /**
   * A draw that depends on nothing but the run's seed, its step, `stream` (which line drew), the sample and the
   * element: the same wherever and however often it is evaluated. `sample` is null where no batch is involved.
   */
  | {
      readonly kind: "random";
      readonly distribution: "uniform" | "normal";
      readonly stream: number;
      readonly sample: IndexExpression | null;
      readonly element: IndexExpression;
    };

export type Reducer = "sum" | "product" | "max" | "min" | "argmax" | "argmin";

/**
 * For every point of `domain`: `result[target] (reducer)= body`.
 *
 * Gather form: `target` holds distinct variables; those of the domain that it lacks are reduced, in ascending order of
 * the domain, by `reducer` (null where none is reduced). The arg-reducers give the row-major place among the reduced,
 * the first among equals. Scatter form: `target` holds anything else, `reducer` is `sum` and untouched elements are 0.
 * The shape of the result is the type of the node; operands are numbered as the node lists them.
 */
export interface Comprehension {
  readonly domain: readonly IndexVariable[];
  readonly target: readonly IndexExpression[];
  readonly reducer: Reducer | null;
  readonly body: Scalar;
}

/** Whether the target is the gather form: distinct variables of the domain. */
export function isGather(comprehension: Comprehension): boolean {
  const seen = new Set<IndexVariable>();
  return comprehension.target.every((at) => {
    if (at.kind !== "variable" || seen.has(at.variable)) return false;
    seen.add(at.variable);
    return true;
  });
}

/** The variables of the domain that the target does not hold, in order. */
export function reducedVariables(comprehension: Comprehension): readonly IndexVariable[] {
  const free = new Set(comprehension.target.flatMap((at) => (at.kind === "variable" ? [at.variable] : [])));
  return comprehension.domain.filter((variable) => !free.has(variable));
}
