/**
 * Owns the arithmetic of index expressions: constructors that keep them in one canonical form (a constant and factors
 * of atoms, quotients and remainders taken as far as the extents of variables allow), bounds, and equality.
 */
import type { IndexExpression, IndexVariable } from "./comprehension.ts";
import { type Dimension, addDimensions, literal, scaleDimension, symbolic } from "./dimension.ts";

/** `constant + Σ factor · atom`; an atom is a variable, one symbol of a dimension, a quotient, a remainder or a read. */
interface AtomSum {
  readonly constant: number;
  readonly terms: readonly { readonly atom: IndexExpression; readonly factor: number }[];
}

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

/** Its smallest and largest value as dimensions; null where they are not known. */
export interface IndexBounds {
  readonly lowest: Dimension | null;
  readonly highest: Dimension | null;
}

/** Bounds by interval arithmetic; `sizeOf` gives the size of the index tensor with that operand number, if known. */
export function boundsOf(
  index: IndexExpression,
  sizeOf: (operand: number) => number | null = () => null,
): IndexBounds {
  const { constant, terms } = atomsOf(index);
  let lowest: Dimension | null = literal(constant);
  let highest: Dimension | null = literal(constant);
  for (const { atom, factor } of terms) {
    const bounds = atomBounds(atom, sizeOf);
    const [low, high] = factor > 0 ? [bounds.lowest, bounds.highest] : [bounds.highest, bounds.lowest];
    lowest = lowest && low && addDimensions(lowest, scaleDimension(low, factor));
    highest = highest && high && addDimensions(highest, scaleDimension(high, factor));
  }
  return { lowest, highest };
}

/** Whether `0 <= index < extent` holds whatever the sizes. */
export function provenInside(
  index: IndexExpression,
  extent: Dimension,
  sizeOf?: (operand: number) => number | null,
): boolean {
  const { lowest, highest } = boundsOf(index, sizeOf);
  if (lowest === null || highest === null) return false;
  const room = addDimensions(addDimensions(extent, literal(-1)), scaleDimension(highest, -1));
  return leastValue(lowest) >= 0 && leastValue(room) >= 0;
}

/** Whether `0 <= index < extent` fails whatever the sizes. */
export function provenOutside(index: IndexExpression, extent: Dimension): boolean {
  const { lowest, highest } = boundsOf(index);
  const below = highest !== null && leastValue(scaleDimension(highest, -1)) > 0;
  const above = lowest !== null && leastValue(addDimensions(lowest, scaleDimension(extent, -1))) >= 0;
  return below || above;
}

/** The least that a dimension can be, given the least and the most of its symbols. */
export function leastValue(dimension: Dimension): number {
  return dimension.terms.reduce((sum, { coefficient, symbol }) => {
    return sum + coefficient * (coefficient > 0 ? symbol.minimum : (symbol.maximum ?? Infinity));
  }, dimension.constant);
}

export function sameIndex(a: IndexExpression, b: IndexExpression): boolean {
  switch (a.kind) {
    case "constant":
      return b.kind === "constant" && a.value === b.value;
    case "variable":
      return b.kind === "variable" && a.variable === b.variable;
    case "dimension":
      return b.kind === "dimension" && isZero(subtractIndex(a, b));
    case "sum":
      return b.kind === "sum" && sameIndices(a.terms, b.terms);
    case "scaled":
      return b.kind === "scaled" && a.factor === b.factor && sameIndex(a.of, b.of);
    case "quotient":
    case "remainder":
      return b.kind === a.kind && a.by === b.by && sameIndex(a.of, b.of);
    case "read":
      return b.kind === "read" && a.operand === b.operand && sameIndices(a.at, b.at);
  }
}

export function sameIndices(a: readonly IndexExpression[], b: readonly IndexExpression[]): boolean {
  return a.length === b.length && a.every((index, place) => sameIndex(index, b[place]!));
}

function isZero(index: IndexExpression): boolean {
  return index.kind === "constant" && index.value === 0;
}

function atomsOf(index: IndexExpression): AtomSum {
  switch (index.kind) {
    case "constant":
      return { constant: index.value, terms: [] };
    case "dimension":
      return {
        constant: index.dimension.constant,
        terms: index.dimension.terms.map(({ coefficient, symbol }) => ({
          atom: { kind: "dimension", dimension: symbolic(symbol) },
          factor: coefficient,
        })),
      };
    case "sum":
      return addAtoms(index.terms.map(atomsOf));
    case "scaled":
      return scaleAtoms(atomsOf(index.of), index.factor);
    case "variable":
    case "quotient":
    case "remainder":
    case "read":
      return { constant: 0, terms: [{ atom: index, factor: 1 }] };
  }
}

function addAtoms(sums: readonly AtomSum[]): AtomSum {
  const terms: { atom: IndexExpression; factor: number }[] = [];
  let constant = 0;
  for (const sum of sums) {
    constant += sum.constant;
    for (const { atom, factor } of sum.terms) {
      const known = terms.find((term) => sameAtom(term.atom, atom));
      if (known === undefined) terms.push({ atom, factor });
      else known.factor += factor;
    }
  }
  return { constant, terms: terms.filter(({ factor }) => factor !== 0) };
}

function sameAtom(a: IndexExpression, b: IndexExpression): boolean {
  if (a.kind === "dimension" && b.kind === "dimension") {
    return a.dimension.terms[0]!.symbol === b.dimension.terms[0]!.symbol;
  }
  return a.kind === b.kind && sameIndex(a, b);
}

function scaleAtoms({ constant, terms }: AtomSum, by: number): AtomSum {
  if (by === 0) return { constant: 0, terms: [] };
  return { constant: constant * by, terms: terms.map(({ atom, factor }) => ({ atom, factor: factor * by })) };
}

function fromAtoms({ constant, terms }: AtomSum): IndexExpression {
  const parts: IndexExpression[] = terms.map(({ atom, factor }) =>
    factor === 1 ? atom : { kind: "scaled", factor, of: atom },
  );
  if (constant !== 0 || parts.length === 0) parts.push({ kind: "constant", value: constant });
  return parts.length === 1 ? parts[0]! : { kind: "sum", terms: parts };
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

function atomBounds(atom: IndexExpression, sizeOf: (operand: number) => number | null): IndexBounds {
  switch (atom.kind) {
    case "variable":
      return { lowest: literal(0), highest: addDimensions(atom.variable.extent, literal(-1)) };
    case "dimension":
      return { lowest: atom.dimension, highest: atom.dimension };
    case "quotient": {
      const inner = boundsOf(atom.of, sizeOf);
      return { lowest: quotientBound(inner.lowest, atom.by), highest: quotientBound(inner.highest, atom.by) };
    }
    case "remainder":
      return { lowest: literal(0), highest: literal(atom.by - 1) };
    case "read": {
      const size = sizeOf(atom.operand);
      return { lowest: literal(0), highest: size === null ? null : literal(size - 1) };
    }
    case "constant":
    case "sum":
    case "scaled":
      return boundsOf(atom, sizeOf);
  }
}

/** `⌊bound / by⌋` where every symbol in it can be divided. */
function quotientBound(bound: Dimension | null, by: number): Dimension | null {
  if (bound === null || bound.terms.some(({ coefficient }) => coefficient % by !== 0)) return null;
  return {
    constant: Math.floor(bound.constant / by),
    terms: bound.terms.map(({ coefficient, symbol }) => ({ coefficient: coefficient / by, symbol })),
  };
}
