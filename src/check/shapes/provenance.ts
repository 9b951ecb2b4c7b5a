/** Owns what messages say about where a dimension came from, and how new dimensions remember it. */
import { type Dimension, type Origin, isLiteral, printDimension, sameDimension } from "../../ir/dimension.ts";
import type { TensorType } from "../../ir/type.ts";
import type { Related } from "../../report/diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** The places that explain a dimension, nearest first, at most three. */
export function explain(dimension: Dimension): readonly Related[] {
  return explainOrigin(dimension.origin ?? null, `${printDimension(dimension)} comes from here`);
}

export function explainOrigin(origin: Origin | null, lead: string): readonly Related[] {
  const related: Related[] = [];
  let text = lead;
  for (let at = origin; at !== null && related.length < 3; at = at.via?.from ?? null) {
    related.push({ span: at.span, message: at.via?.text ?? text });
    text = "from here";
  }
  return related;
}

/** The same size with an origin, where it has none yet. */
export function withOrigin(dimension: Dimension, origin: Origin): Dimension {
  return dimension.origin === undefined ? { ...dimension, origin } : dimension;
}

/**
 * The type an operation gave, its dimensions traced: what equals a dimension of an operand is that dimension, what is
 * new was made by this operation out of `from`.
 */
export function traced(
  type: TensorType,
  operands: readonly TensorType[],
  span: Span,
  operation: string,
): TensorType {
  const known = operands.flatMap((operand) => operand.shape);
  return {
    ...type,
    shape: type.shape.map((dimension, axis) => {
      if (dimension.origin !== undefined || known.includes(dimension)) return dimension;
      const aligned = operands
        .map((operand) => operand.shape.at(axis - type.shape.length))
        .find((other) => other !== undefined && sameDimension(other, dimension));
      const same = aligned ?? known.find((other) => sameDimension(other, dimension));
      if (same !== undefined) return same;
      const sources = operands.flatMap((operand) => operand.shape.at(axis - type.shape.length) ?? []);
      const from =
        [...sources, ...known.filter(isLiteral)].find((other) => other.origin !== undefined)?.origin ?? null;
      const text = `${printDimension(dimension)} by \`${operation}\``;
      return { ...dimension, origin: { span, via: { text, from } } };
    }),
  };
}
