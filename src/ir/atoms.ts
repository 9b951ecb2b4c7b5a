/** Owns index expressions as sums of atoms, their one canonical form, and equality. */
import type { IndexExpression } from "./comprehension.ts";
import { sameDimension, sameSymbol, symbolic } from "./dimension.ts";

/** `constant + Σ factor · atom`; an atom is a variable, one symbol of a dimension, a quotient, a remainder or a read. */
export interface AtomSum {
  readonly constant: number;
  readonly terms: readonly { readonly atom: IndexExpression; readonly factor: number }[];
}

export function atomsOf(index: IndexExpression): AtomSum {
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
    return sameSymbol(a.dimension.terms[0]!.symbol, b.dimension.terms[0]!.symbol);
  }
  return a.kind === b.kind && sameIndex(a, b);
}

function scaleAtoms({ constant, terms }: AtomSum, by: number): AtomSum {
  if (by === 0) return { constant: 0, terms: [] };
  return { constant: constant * by, terms: terms.map(({ atom, factor }) => ({ atom, factor: factor * by })) };
}

export function fromAtoms({ constant, terms }: AtomSum): IndexExpression {
  const parts: IndexExpression[] = terms.map(({ atom, factor }) =>
    factor === 1 ? atom : { kind: "scaled", factor, of: atom },
  );
  if (constant !== 0 || parts.length === 0) parts.push({ kind: "constant", value: constant });
  return parts.length === 1 ? parts[0]! : { kind: "sum", terms: parts };
}

export function sameIndex(a: IndexExpression, b: IndexExpression): boolean {
  switch (a.kind) {
    case "constant":
      return b.kind === "constant" && a.value === b.value;
    case "variable":
      return b.kind === "variable" && a.variable === b.variable;
    case "dimension":
      return b.kind === "dimension" && sameDimension(a.dimension, b.dimension);
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
