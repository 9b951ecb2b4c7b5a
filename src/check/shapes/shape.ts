/** Owns shapes as the source writes them: lists of dimensions, each whole and at least 1. */
import { type Dimension, holdsProduct, leastValue, printDimension } from "../../ir/dimension.ts";
import type { Frame } from "../../ir/frame.ts";
import { dimensionTooSmall, dimensionUnfit, lengthAcross, notWhole } from "../../report/catalogue/check.ts";
import type { Expression, ShapeType } from "../../syntax/ast.ts";
import { type Span, textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import { isWhole, printExact } from "../statics/exact.ts";
import { evaluate } from "../elaborate/expression.ts";
import { type Meaning, describe, dimensionOf } from "../statics/meaning.ts";
import { declareLength } from "./lengths.ts";
import { withOrigin } from "./provenance.ts";

/** The dimensions of a written shape; null with a message. `...` stands for those of the signature. */
export function evaluateShape(
  elaboration: Elaboration,
  scope: Scope,
  shape: ShapeType,
): readonly Dimension[] | null {
  const parts = shape.dimensions.map((dimension) => evaluateDimensions(elaboration, scope, dimension));
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

function evaluateDimensions(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression,
): readonly Dimension[] | null {
  if (expression.kind === "comparison") {
    const length = declareLength(elaboration, scope, expression);
    return length === null ? null : [length];
  }
  const meaning = evaluate(elaboration, scope, expression);
  if (expression.kind === "ellipsis" && meaning.kind === "list")
    return shapeOf(elaboration, scope, meaning, expression.span);
  const dimension = dimensionFrom(elaboration, scope, meaning, expression.span);
  return dimension === null ? null : [dimension];
}

/** A meaning as a shape: a list of dimensions, or a single one. */
export function shapeOf(
  elaboration: Elaboration,
  scope: Scope,
  meaning: Meaning,
  span: Span,
): readonly Dimension[] | null {
  if (meaning.kind !== "list") {
    const dimension = dimensionFrom(elaboration, scope, meaning, span);
    return dimension === null ? null : [dimension];
  }
  const parts = meaning.items.map((item) => dimensionFrom(elaboration, scope, item, span));
  return parts.every((part) => part !== null) ? parts : null;
}

/** A meaning as one dimension: whole, at least 1; null with a message. */
export function dimensionFrom(
  elaboration: Elaboration,
  scope: Scope,
  meaning: Meaning,
  span: Span,
): Dimension | null {
  if (meaning.kind === "unknown") return null;
  const text = textOf(span);
  if (meaning.kind === "number" && !isWhole(meaning.number)) {
    complain(
      elaboration,
      scope,
      notWhole.build({ span, text, value: printExact(meaning.number), due: "a dimension" }),
    );
    return null;
  }
  const dimension = dimensionOf(meaning);
  if (dimension === null) {
    complain(elaboration, scope, dimensionUnfit.build({ span, found: describe(meaning) }));
    return null;
  }
  if (holdsProduct(dimension)) {
    complain(elaboration, scope, lengthAcross.build({ span, size: printDimension(dimension) }));
    return null;
  }
  if (leastValue(dimension) < 1) {
    complain(elaboration, scope, dimensionTooSmall.build({ span, text, value: printDimension(dimension) }));
    return null;
  }
  return atTheUsersCall(elaboration, scope, withOrigin(dimension, { span }));
}

/** A size that the library computed was made, for its user, by the call: `28 × 28 = 784 by flatten`. */
function atTheUsersCall(elaboration: Elaboration, scope: Scope, dimension: Dimension): Dimension {
  const { isLibrary } = elaboration.program;
  const { origin } = dimension;
  if (origin?.via === undefined || !isLibrary(origin.span.source)) return dimension;
  const frame = usersFrame(elaboration, scope);
  let from = origin.via.from;
  while (from !== null && isLibrary(from.span.source)) from = from.via?.from ?? null;
  if (frame === null) return dimension;
  const text = `${origin.via.text} by \`${frame.layer}\``;
  return { ...dimension, origin: { span: frame.span, via: { text, from } } };
}

/** The innermost call that stands in the user's own text. */
function usersFrame(elaboration: Elaboration, scope: Scope): Frame | null {
  let frame: Frame | null = scope.frame;
  while (frame !== null && elaboration.program.isLibrary(frame.span.source)) frame = frame.parent;
  return frame;
}
