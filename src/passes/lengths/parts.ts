/** Owns parts of comprehensions that lengths are about: factors of products, and lengths within indices. */
import type { IndexExpression, Scalar } from "../../ir/comprehension.ts";
import {
  addDimensions,
  type Dimension,
  leastValue,
  literal,
  mostValue,
  scaleDimension,
  variesBySample,
} from "../../ir/dimension.ts";
import { scaleIndex, sumIndex } from "../../ir/indices.ts";

export function isZero(scalar: Scalar | undefined): boolean {
  return scalar?.kind === "constant" && scalar.value === 0;
}

export function isLength(index: IndexExpression): boolean {
  return index.kind === "dimension" && variesBySample(index.dimension);
}

export function replaceLengths(
  index: IndexExpression,
  by: (dimension: Dimension) => IndexExpression,
): IndexExpression {
  const go = (part: IndexExpression): IndexExpression => replaceLengths(part, by);
  switch (index.kind) {
    case "constant":
    case "variable":
      return index;
    case "dimension":
      return isLength(index) ? by(index.dimension) : index;
    case "sum": {
      const { length, rest } = lengthWithin(index);
      if (length.terms.length === 0) return sumIndex(...index.terms.map(go));
      const [least, most] = [leastValue(length), mostValue(length)];
      if (least >= 0) return sumIndex(by(length), ...rest.map(go));
      if (most <= 0) return sumIndex(scaleIndex(-1, by(scaleDimension(length, -1))), ...rest.map(go));
      return sumIndex(...index.terms.map(go));
    }
    case "scaled":
    case "quotient":
    case "remainder":
      return { ...index, of: go(index.of) };
    case "read":
      return { ...index, at: index.at.map(go) };
  }
}

/** The lengths within a sum together: their bounds as a whole are closer than those of each. */
function lengthWithin({ terms }: Extract<IndexExpression, { kind: "sum" }>): {
  readonly length: Dimension;
  readonly rest: readonly IndexExpression[];
} {
  let length: Dimension = literal(0);
  const rest = terms.filter((term) => {
    const [factor, atom] = term.kind === "scaled" ? [term.factor, term.of] : [1, term];
    if (atom.kind !== "dimension" || !isLength(atom)) return true;
    length = addDimensions(length, scaleDimension(atom.dimension, factor));
    return false;
  });
  return { length, rest };
}

/** The factors of a product, also where it is 0 unless a condition holds; null for anything else. */
export function factorsOf(body: Scalar): readonly Scalar[] | null {
  if (body.kind === "read" || body.kind === "constant") return [body];
  if (body.kind !== "apply") return null;
  if (body.function === "negate") return factorsOf(body.arguments[0]!);
  if (body.function === "select") return isZero(body.arguments[2]) ? factorsOf(body.arguments[1]!) : null;
  if (body.function !== "multiply") return null;
  const parts = body.arguments.map(factorsOf);
  return parts.every((part) => part !== null) ? parts.flat() : null;
}
