/** Owns subscripts: places and slices of tensors and lists, and rows chosen by an index tensor. */
import { type Dimension, addDimensions, isLiteral, leastValue, literal } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { printType } from "../../ir/type.ts";
import {
  notWhole,
  noSubscripts,
  outOfRange,
  tooManySubscripts,
  notStatic,
} from "../../report/catalogue/check.ts";
import type { Expression, Subscript, Subscripted } from "../../syntax/ast.ts";
import { type Span, textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate, wholeNumber } from "./expression.ts";
import {
  type ListMeaning,
  type Meaning,
  describe,
  dimensionOf,
  tensor,
  unknown,
} from "../statics/meaning.ts";
import { applyOperation, asTensor } from "./operations.ts";
import { stepOf } from "./recurrence.ts";

export function subscript(elaboration: Elaboration, scope: Scope, expression: Subscripted): Meaning {
  const object = evaluate(elaboration, scope, expression.object);
  if (object.kind === "unknown") return unknown;
  if (object.kind === "list") {
    const [only] = expression.subscripts;
    const fixed =
      expression.subscripts.length === 1 && only !== undefined
        ? ofList(elaboration, scope, object, only)
        : null;
    if (fixed !== null) return fixed;
  }
  const value = asTensor(elaboration, scope, object);
  if (value === null || (object.kind !== "tensor" && object.kind !== "list")) {
    complain(
      elaboration,
      scope,
      noSubscripts.build({ span: expression.object.span, found: describe(object) }),
    );
    return unknown;
  }
  const rank = value.type.shape.length;
  if (expression.subscripts.length > rank) {
    const extra = expression.subscripts[rank]!;
    complain(
      elaboration,
      scope,
      tooManySubscripts.build({ span: extra.span, tensor: printType(value.type), rank }),
    );
    return unknown;
  }
  let current: Value = value;
  let axis = 0;
  for (const part of expression.subscripts) {
    const applied = applySubscript(elaboration, scope, current, axis, part, expression.span);
    if (applied === null) return unknown;
    axis += applied.advanced;
    current = applied.value;
  }
  return tensor(current);
}

/** A place or part of a list known at compile time; null where a tensor chooses. */
function ofList(elaboration: Elaboration, scope: Scope, list: ListMeaning, part: Subscript): Meaning | null {
  const { length } = list.items;
  if (part.kind === "slice") {
    const from = part.from === null ? 0 : wholeNumber(elaboration, scope, part.from);
    const to = part.to === null ? length : wholeNumber(elaboration, scope, part.to);
    if (from === null || to === null) return unknown;
    return { kind: "list", items: list.items.slice(from, to) };
  }
  const meaning = evaluate(elaboration, scope, part.index);
  if (meaning.kind === "tensor") return null;
  if (meaning.kind !== "number" || !exact.isWhole(meaning.number)) {
    if (meaning.kind !== "unknown")
      complain(
        elaboration,
        scope,
        notStatic.build({ span: part.span, what: "a place in a list", found: describe(meaning) }),
      );
    return unknown;
  }
  const item = list.items.at(exact.toNumber(meaning.number));
  if (item === undefined) {
    const text = textOf(part.span);
    complain(
      elaboration,
      scope,
      outOfRange.build({ span: part.span, place: text, size: String(length), what: "a list", related: [] }),
    );
  }
  return item ?? unknown;
}

interface Applied {
  readonly value: Value;
  /** How many axes of the result this subscript covers. */
  readonly advanced: number;
}

function applySubscript(
  elaboration: Elaboration,
  scope: Scope,
  value: Value,
  axis: number,
  part: Subscript,
  span: Span,
): Applied | null {
  const size = value.type.shape[axis]!;
  if (part.kind === "slice") {
    if (part.from === null && part.to === null) return { value, advanced: 1 };
    const from = part.from === null ? literal(0) : place(elaboration, scope, part.from, size);
    const to = part.to === null ? size : place(elaboration, scope, part.to, size);
    if (from === null || to === null) return null;
    return finished(
      applyOperation(
        elaboration,
        scope,
        "slice",
        [value],
        { axis, from: [from], to: [to], at: null },
        part.span,
        [span],
      ),
      1,
    );
  }
  const meaning = evaluate(elaboration, scope, part.index);
  if (meaning.kind === "unknown") return null;
  if (meaning.kind === "tensor") {
    const stepped = stepOf(elaboration, value, axis, meaning.value);
    if (stepped !== null) return { value: stepped, advanced: 0 };
    const chosen = applyOperation(elaboration, scope, "take", [value, meaning.value], { axis }, span, [
      span,
      part.span,
    ]);
    return finished(chosen, meaning.value.type.shape.length);
  }
  const at = placeOf(elaboration, scope, meaning, part.span, size);
  if (at === null) return null;
  return finished(
    applyOperation(elaboration, scope, "slice", [value], { axis, from: 0, to: null, at: [at] }, part.span, [
      span,
    ]),
    0,
  );
}

function finished(meaning: Meaning, advanced: number): Applied | null {
  return meaning.kind === "tensor" ? { value: meaning.value, advanced } : null;
}

/** A place along an axis; negative ones count from the end. Null with a message. */
function place(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression,
  size: Dimension,
): Dimension | null {
  return placeOf(elaboration, scope, evaluate(elaboration, scope, expression), expression.span, size);
}

function placeOf(
  elaboration: Elaboration,
  scope: Scope,
  meaning: Meaning,
  span: Span,
  size: Dimension,
): Dimension | null {
  if (meaning.kind === "unknown") return null;
  if (meaning.kind === "number" && !exact.isWhole(meaning.number)) {
    const value = exact.printExact(meaning.number);
    complain(
      elaboration,
      scope,
      notWhole.build({ span, text: textOf(span), value, due: "a place along an axis" }),
    );
    return null;
  }
  const dimension = dimensionOf(meaning);
  if (dimension === null) {
    complain(
      elaboration,
      scope,
      notStatic.build({ span, what: "a place along an axis", found: describe(meaning) }),
    );
    return null;
  }
  return isLiteral(dimension) && leastValue(dimension) < 0 ? addDimensions(size, dimension) : dimension;
}
