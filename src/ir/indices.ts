/**
 * Owns the arithmetic of index expressions: constructors that keep them in their canonical form, quotients and
 * remainders taken as far as the extents of variables allow.
 */
import { type AtomSum, atomsOf, fromAtoms } from "./atoms.ts";
import { boundsOf } from "./bounds.ts";
import type { IndexExpression, IndexVariable } from "./comprehension.ts";
import { type Dimension, leastValue, scaleDimension } from "./dimension.ts";

export { sameIndex, sameIndices } from "./atoms.ts";
export { type IndexBounds, boundsOf, provenInside, provenOutside } from "./bounds.ts";

export function constantIndex(value: number): IndexExpression {
  return { kind: "constant", value };
}

export function variableIndex(variable: IndexVariable): IndexExpression {
  return { kind: "variable", variable };
}

export function dimensionIndex(dimension: Dimension): IndexExpression {
  return fromAtoms(atomsOf({ kind: "dimension", dimension }));
}

export function readIndex(operand: number, at: readonly IndexExpression[]): IndexExpression {
  return { kind: "read", operand, at };
}

export function sumIndex(...terms: readonly IndexExpression[]): IndexExpression {
  return fromAtoms(atomsOf({ kind: "sum", terms }));
}

export function scaleIndex(factor: number, of: IndexExpression): IndexExpression {
  return fromAtoms(atomsOf({ kind: "scaled", factor, of }));
}

/** `a - b`. */
export function subtractIndex(a: IndexExpression, b: IndexExpression): IndexExpression {
  return sumIndex(a, scaleIndex(-1, b));
}

/**
 * `⌊of / by⌋`, `by` positive: parts that `by` divides are taken out, `⌊(by·q + r) / by⌋ = q + ⌊r / by⌋`, and where
 * the bounds of `r` lie in one block of `by` nothing is left to divide.
 */
export function quotientIndex(of: IndexExpression, by: number): IndexExpression {
  if (by === 1) return of;
  const { divided, rest } = divide(atomsOf(of), by);
  const left = fromAtoms(rest);
  const block = blockOf(left, by);
  if (block !== null) return sumIndex(fromAtoms(divided), constantIndex(block));
  const coarse = coarsen(rest, by);
  if (coarse !== null) {
    return sumIndex(fromAtoms(divided), quotientIndex(fromAtoms(coarse.high), by / coarse.step));
  }
  if (left.kind === "quotient") return sumIndex(fromAtoms(divided), quotientIndex(left.of, left.by * by));
  return sumIndex(fromAtoms(divided), { kind: "quotient", of: left, by });
}

/** `of - by · ⌊of / by⌋`, `by` positive: in `0 … by - 1` whatever the sign of `of`. */
export function remainderIndex(of: IndexExpression, by: number): IndexExpression {
  if (by === 1) return constantIndex(0);
  const { rest } = divide(atomsOf(of), by);
  const left = fromAtoms(rest);
  const block = blockOf(left, by);
  if (block !== null) return sumIndex(left, constantIndex(-by * block));
  const coarse = coarsen(rest, by);
  if (coarse !== null) {
    const high = remainderIndex(fromAtoms(coarse.high), by / coarse.step);
    return sumIndex(scaleIndex(coarse.step, high), fromAtoms(coarse.low));
  }
  if (left.kind === "remainder" && left.by % by === 0) return remainderIndex(left.of, by);
  return { kind: "remainder", of: left, by };
}

/** The canonical form of an expression that was put together by hand. */
export function canonicalIndex(index: IndexExpression): IndexExpression {
  switch (index.kind) {
    case "constant":
    case "variable":
      return index;
    case "dimension":
      return dimensionIndex(index.dimension);
    case "sum":
      return sumIndex(...index.terms.map(canonicalIndex));
    case "scaled":
      return scaleIndex(index.factor, canonicalIndex(index.of));
    case "quotient":
      return quotientIndex(canonicalIndex(index.of), index.by);
    case "remainder":
      return remainderIndex(canonicalIndex(index.of), index.by);
    case "read":
      return readIndex(index.operand, index.at.map(canonicalIndex));
  }
}

/** As `constant + Σ factor · variable`, or null where it holds a symbol, a quotient, a remainder or a read. */
export function linearize(
  index: IndexExpression,
): { readonly constant: number; readonly terms: ReadonlyMap<IndexVariable, number> } | null {
  const { constant, terms } = atomsOf(index);
  const factors = new Map<IndexVariable, number>();
  for (const { atom, factor } of terms) {
    if (atom.kind !== "variable") return null;
    factors.set(atom.variable, factor);
  }
  return { constant, terms: factors };
}

/** `sum = by · divided + rest`. */
function divide(sum: AtomSum, by: number): { readonly divided: AtomSum; readonly rest: AtomSum } {
  const blocks = Math.floor(sum.constant / by);
  return {
    divided: {
      constant: blocks,
      terms: sum.terms
        .filter(({ factor }) => factor % by === 0)
        .map(({ atom, factor }) => ({ atom, factor: factor / by })),
    },
    rest: {
      constant: sum.constant - blocks * by,
      terms: sum.terms.filter(({ factor }) => factor % by !== 0),
    },
  };
}

/**
 * `sum = step · high + low` with `low` in `0 … step - 1`, where `step > 1` divides `by`: then
 * `⌊sum / by⌋ = ⌊high / (by / step)⌋`. Null where no such step is found.
 */
function coarsen(
  sum: AtomSum,
  by: number,
): { readonly step: number; readonly high: AtomSum; readonly low: AtomSum } | null {
  const largest = sum.terms.reduce((most, { factor }) => Math.max(most, Math.abs(factor)), 0);
  const step = greatestCommonDivisor(by, largest);
  if (step <= 1 || step === by) return null;
  const { divided: high, rest: low } = divide(sum, step);
  return blockOf(fromAtoms(low), step) === 0 ? { step, high, low } : null;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The `k` with `by·k <= index < by·(k + 1)` for all values, or null. */
function blockOf(index: IndexExpression, by: number): number | null {
  const { lowest, highest } = boundsOf(index);
  if (lowest === null || highest === null) return null;
  const first = Math.floor(leastValue(lowest) / by);
  const last = Math.floor(-leastValue(scaleDimension(highest, -1)) / by);
  return Number.isFinite(first) && first === last ? first : null;
}
