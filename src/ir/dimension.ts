/** Owns dimensions: integers that may hold a multiple of the number of samples or of a varying length. */
import type { Span } from "../text/source.ts";

/**
 * A size that is known only when the network runs. `batch`: samples of a call; `length`: varies from sample to
 * sample; `samples`: of a whole data set; `parameters`: all elements one optimizer moves. Compared by identity.
 */
export interface DimensionSymbol {
  readonly kind: "batch" | "length" | "samples" | "parameters";
  readonly name: string;
  readonly minimum: number;
  /** Null where nothing bounds it. */
  readonly maximum: number | null;
}

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

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return (
    a.constant === b.constant &&
    a.terms.length === b.terms.length &&
    a.terms.every((term) =>
      b.terms.some((other) => other.symbol === term.symbol && other.coefficient === term.coefficient),
    )
  );
}

export function addDimensions(a: Dimension, b: Dimension): Dimension {
  const symbols = new Set([...a.terms, ...b.terms].map((term) => term.symbol));
  const coefficientIn = (d: Dimension, symbol: DimensionSymbol) =>
    d.terms.find((term) => term.symbol === symbol)?.coefficient ?? 0;
  const terms = [...symbols]
    .map((symbol) => ({ symbol, coefficient: coefficientIn(a, symbol) + coefficientIn(b, symbol) }))
    .filter((term) => term.coefficient !== 0);
  return { constant: a.constant + b.constant, terms };
}

export function scaleDimension(dimension: Dimension, factor: number): Dimension {
  if (factor === 0) return literal(0);
  return {
    constant: dimension.constant * factor,
    terms: dimension.terms.map(({ coefficient, symbol }) => ({ coefficient: coefficient * factor, symbol })),
  };
}

/** The product where one side is a literal, else null: no dimension is quadratic in a symbol. */
export function multiplyDimensions(a: Dimension, b: Dimension): Dimension | null {
  if (isLiteral(a)) return scaleDimension(b, a.constant);
  if (isLiteral(b)) return scaleDimension(a, b.constant);
  return null;
}

/** Its value once the symbols have theirs. Throws where a symbol was given none. */
export function resolveDimension(dimension: Dimension, sizes: ReadonlyMap<DimensionSymbol, number>): number {
  return dimension.terms.reduce((sum, { coefficient, symbol }) => {
    const size = sizes.get(symbol);
    if (size === undefined) throw new Error(`no size was given for ${symbol.name}`);
    return sum + coefficient * size;
  }, dimension.constant);
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
