/** Owns dimensions: integers that may hold a multiple of the number of samples or of a varying length. */
import type { Span } from "../text/source.ts";

/**
 * A size that is known only when the network runs. `batch`: samples of a call; `length`: varies from sample to
 * sample; `samples`: of a whole data set; `parameters`: all elements one optimizer moves. `quotient` and `product` are
 * made of others. Compared by `sameSymbol`: what is declared by identity, what is made by what it is made of.
 */
export type DimensionSymbol = DeclaredSymbol | MadeSymbol;

interface Bounded {
  readonly name: string;
  readonly minimum: number;
  /** Null where nothing bounds it. */
  readonly maximum: number | null;
}

export interface DeclaredSymbol extends Bounded {
  readonly kind: "batch" | "length" | "samples" | "parameters";
  /** Of a length that numbers decide, in a step of a recurrence or of all: a node called `carried` says by which value. */
  readonly carried?: boolean;
}

export type MadeSymbol =
  /** `⌊of / by⌋`, as the windows with a stride along a length. */
  | (Bounded & { readonly kind: "quotient"; readonly of: Dimension; readonly by: number })
  /**
   * How many elements all factors make, as a number and never as an axis. With samples among the factors it is the sum
   * over them: of `batch` and `time`, how many steps a batch holds.
   */
  | (Bounded & { readonly kind: "product"; readonly factors: readonly Dimension[] });

/** Where a dimension came from; `via` names the operation that made it of another one. */
export interface Origin {
  readonly span: Span;
  /** As `28 × 28 = 784 by flatten`. */
  readonly via?: { readonly text: string; readonly from: Origin | null };
}

/** `constant + Σ coefficient · symbol`; terms hold no zero coefficient and no symbol twice. */
export interface Dimension {
  readonly constant: number;
  readonly terms: readonly { readonly coefficient: number; readonly symbol: DimensionSymbol }[];
  readonly origin?: Origin;
}

export function literal(constant: number, origin?: Origin): Dimension {
  return origin === undefined ? { constant, terms: [] } : { constant, terms: [], origin };
}

export function symbolic(symbol: DimensionSymbol, origin?: Origin): Dimension {
  const terms = [{ coefficient: 1, symbol }];
  return origin === undefined ? { constant: 0, terms } : { constant: 0, terms, origin };
}

export function isLiteral(dimension: Dimension): boolean {
  return dimension.terms.length === 0;
}

/** The number, or null where it is known only at run time. */
export function literalValue(dimension: Dimension): number | null {
  return dimension.terms.length === 0 ? dimension.constant : null;
}

export function sameSymbol(a: DimensionSymbol, b: DimensionSymbol): boolean {
  if (a === b) return true;
  if (a.kind === "quotient") return b.kind === "quotient" && a.by === b.by && sameDimension(a.of, b.of);
  if (a.kind !== "product" || b.kind !== "product" || a.factors.length !== b.factors.length) return false;
  return a.factors.every((factor, place) => sameDimension(factor, b.factors[place]!));
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return (
    a.constant === b.constant &&
    a.terms.length === b.terms.length &&
    a.terms.every((term) =>
      b.terms.some(
        (other) => other.coefficient === term.coefficient && sameSymbol(other.symbol, term.symbol),
      ),
    )
  );
}

/** Whether it differs from sample to sample. */
export function variesBySample(dimension: Dimension): boolean {
  return dimension.terms.some(({ symbol }) => symbolVaries(symbol));
}

function symbolVaries(symbol: DimensionSymbol): boolean {
  if (symbol.kind === "quotient") return variesBySample(symbol.of);
  if (symbol.kind === "product") return !symbol.factors.some(countsSamples);
  return symbol.kind === "length";
}

/** Whether it counts samples, of a call or of a data set. */
export function countsSamples(dimension: Dimension): boolean {
  return dimension.terms.some(({ symbol }) => symbol.kind === "batch" || symbol.kind === "samples");
}

/** Whether it is a number of elements over several axes, which no axis can have. */
export function holdsProduct(dimension: Dimension): boolean {
  return dimension.terms.some(({ symbol }) => symbol.kind === "product");
}

/** The declared symbols that it is made of. */
export function declaredSymbols(dimension: Dimension): readonly DeclaredSymbol[] {
  return dimension.terms.flatMap(({ symbol }): readonly DeclaredSymbol[] => {
    if (symbol.kind === "quotient") return declaredSymbols(symbol.of);
    return symbol.kind === "product" ? symbol.factors.flatMap(declaredSymbols) : [symbol];
  });
}

export function addDimensions(a: Dimension, b: Dimension): Dimension {
  const terms = a.terms.map((term) => ({ ...term }));
  for (const { coefficient, symbol } of b.terms) {
    const known = terms.find((term) => sameSymbol(term.symbol, symbol));
    if (known === undefined) terms.push({ coefficient, symbol });
    else known.coefficient += coefficient;
  }
  return { constant: a.constant + b.constant, terms: terms.filter(({ coefficient }) => coefficient !== 0) };
}

export function scaleDimension(dimension: Dimension, factor: number): Dimension {
  if (factor === 0) return literal(0);
  return {
    constant: dimension.constant * factor,
    terms: dimension.terms.map(({ coefficient, symbol }) => ({ coefficient: coefficient * factor, symbol })),
  };
}

/** The product where one side is a literal, or a count of elements along lengths; else null. */
export function multiplyDimensions(a: Dimension, b: Dimension): Dimension | null {
  if (isLiteral(a)) return scaleDimension(b, a.constant);
  if (isLiteral(b)) return scaleDimension(a, b.constant);
  const factors = [...factorsOf(a), ...factorsOf(b)];
  if (!factors.some(variesBySample)) return null;
  const scale = productCoefficient(a) * productCoefficient(b);
  const [least, most] = [leastValue, mostValue].map((bound) =>
    factors.reduce((product, factor) => product * bound(factor), 1),
  ) as [number, number];
  const symbol: MadeSymbol = {
    kind: "product",
    factors,
    name: factors.map((factor) => printFactor(factor)).join(" * "),
    minimum: least,
    maximum: Number.isFinite(most) ? most : null,
  };
  return { constant: 0, terms: [{ coefficient: scale, symbol }] };
}

/** Of `3 * (batch * time)` the factors batch and time, of anything else itself. */
function factorsOf(dimension: Dimension): readonly Dimension[] {
  const [only] = dimension.terms;
  const alone = dimension.terms.length === 1 && dimension.constant === 0 && only!.symbol.kind === "product";
  return alone && only!.symbol.kind === "product" ? only!.symbol.factors : [dimension];
}

function productCoefficient(dimension: Dimension): number {
  return factorsOf(dimension)[0] === dimension ? 1 : dimension.terms[0]!.coefficient;
}

function printFactor(factor: Dimension): string {
  const text = printDimension(factor);
  return factor.terms.length === 1 && factor.constant === 0 ? text : `(${text})`;
}

/**
 * `⌊dimension / by⌋`, `by` positive: each coefficient is `k·by + r` with `r` in `0 … by - 1`, and all `k` are taken out,
 * so that what is left to divide is never below 0.
 */
export function divideDimension(dimension: Dimension, by: number): Dimension {
  const parts = dimension.terms.map(({ coefficient, symbol }) => {
    const blocks = Math.floor(coefficient / by);
    return { symbol, blocks, rest: coefficient - blocks * by };
  });
  const blocks = Math.floor(dimension.constant / by);
  const taken: Dimension = {
    constant: blocks,
    terms: parts.flatMap((part) =>
      part.blocks === 0 ? [] : [{ coefficient: part.blocks, symbol: part.symbol }],
    ),
  };
  const rest = parts.filter((part) => part.rest !== 0);
  if (rest.length === 0) return taken;
  const of: Dimension = {
    constant: dimension.constant - blocks * by,
    terms: rest.map((part) => ({ coefficient: part.rest, symbol: part.symbol })),
  };
  const most = Math.floor(mostValue(of) / by);
  const symbol: MadeSymbol = {
    kind: "quotient",
    of,
    by,
    name: `floor(${printFactor(of)} / ${by})`,
    minimum: Math.floor(leastValue(of) / by),
    maximum: Number.isFinite(most) ? most : null,
  };
  return addDimensions(taken, symbolic(symbol));
}

/**
 * The least that a dimension can be, given the least and the most of its symbols. A quotient is also taken apart, as
 * `of/by - (by - 1)/by <= ⌊of/by⌋ <= of/by`, so that `time - 2·⌊time/2⌋` is known to be at least 0.
 */
export function leastValue(dimension: Dimension): number {
  // Halves and thirds of whole numbers: what is left of rounding does not lift a whole bound.
  return Math.ceil(lowerBound(dimension) - 1e-9);
}

function lowerBound(dimension: Dimension): number {
  const plain = dimension.terms.reduce((sum, { coefficient, symbol }) => {
    return sum + coefficient * (coefficient > 0 ? symbol.minimum : (symbol.maximum ?? Infinity));
  }, dimension.constant);
  if (!dimension.terms.some(({ symbol }) => symbol.kind === "quotient")) return plain;
  const apart = dimension.terms.reduce((sum, { coefficient, symbol }) => {
    const alone: Dimension = { constant: 0, terms: [{ coefficient, symbol }] };
    if (symbol.kind !== "quotient") return addDimensions(sum, alone);
    const bound = coefficient > 0 ? addDimensions(symbol.of, literal(1 - symbol.by)) : symbol.of;
    return addDimensions(sum, scaleDimension(bound, coefficient / symbol.by));
  }, literal(dimension.constant));
  return Math.max(plain, lowerBound(apart));
}

/** The most that a dimension can be. */
export function mostValue(dimension: Dimension): number {
  return -leastValue(scaleDimension(dimension, -1));
}

/** Its value once the symbols have theirs. Throws where a symbol was given none. */
export function resolveDimension(dimension: Dimension, sizes: ReadonlyMap<DimensionSymbol, number>): number {
  return dimension.terms.reduce((sum, { coefficient, symbol }) => {
    return sum + coefficient * resolveSymbol(symbol, sizes);
  }, dimension.constant);
}

function resolveSymbol(symbol: DimensionSymbol, sizes: ReadonlyMap<DimensionSymbol, number>): number {
  if (symbol.kind === "quotient") return Math.floor(resolveDimension(symbol.of, sizes) / symbol.by);
  if (symbol.kind === "product")
    return symbol.factors.reduce((product, factor) => product * resolveDimension(factor, sizes), 1);
  const size = sizes.get(symbol);
  if (size === undefined) throw new Error(`no size was given for ${symbol.name}`);
  return size;
}

export function printDimension(dimension: Dimension): string {
  const terms = dimension.terms.map(({ coefficient, symbol }) =>
    coefficient === 1 ? symbol.name : `${coefficient} * ${symbol.name}`,
  );
  if (terms.length === 0) return String(dimension.constant);
  const constant = dimension.constant;
  if (constant > 0) return `${terms.join(" + ")} + ${constant}`;
  if (constant < 0) return `${terms.join(" + ")} - ${-constant}`;
  return terms.join(" + ");
}
