/** Owns index notation: `y[b, o] = sum(x[b, i] * w[i, o], over: i)` becomes one comprehension, or one for each reducer. */
import type { IndexVariable, Reducer, Scalar } from "../../ir/comprehension.ts";
import {
  type Dimension,
  isLiteral,
  literal,
  printDimension,
  sameDimension,
  variesBySample,
} from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import { apply, constant, dimensionScalar, read } from "../../ir/scalars.ts";
import { type ElementType, bool, float, sameElement } from "../../ir/type.ts";
import { indexTwice, indexUnfit, rangeConflict, rangeUnknown } from "../../report/catalogue/check.ts";
import { divideByExtents } from "../../ops/reduction.ts";
import type { Call, Equation, Expression, Name } from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { expressionsWithin } from "./children.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import { evaluate } from "./expression.ts";
import { scalarOf } from "./index-scalar.ts";
import { type Meaning, tensor, unknown } from "../statics/meaning.ts";
import { applyComprehension } from "./operations.ts";
import { dimensionFrom } from "../shapes/shape.ts";

/** What an equation's expression sees while it becomes a scalar: its indices, and the operands it has read so far. */
export interface Notation {
  readonly elaboration: Elaboration;
  readonly scope: Scope;
  readonly indices: ReadonlyMap<string, IndexVariable>;
  readonly operands: Value[];
}

/** A reducer call as `sum(…, over: i)`. */
export interface Reduction {
  readonly name: "sum" | "mean" | "product" | "max" | "min";
  readonly body: Expression;
  readonly over: readonly Expression[];
  readonly span: Span;
}

export const reducers: ReadonlySet<string> = new Set(["sum", "mean", "product", "max", "min"]);

export function equation(elaboration: Elaboration, scope: Scope, statement: Equation): Meaning {
  const outer: Notation = { elaboration, scope, indices: new Map(), operands: [] };
  const declared = declareIndices(outer, statement.indices, statement.value);
  if (declared === null) return unknown;
  const notation: Notation = {
    ...outer,
    indices: new Map(declared.map((variable) => [variable.name, variable])),
  };
  const made = nodeOf(notation, declared, statement.value);
  return made === null ? unknown : tensor(made);
}

/** The value of an expression at every place of `target`, as a node. */
function nodeOf(notation: Notation, target: readonly IndexVariable[], value: Expression): Value | null {
  const reduction = reductionOf(value);
  const inner = { ...notation, operands: [] as Value[] };
  const made = reduction === null ? plainBody(inner, value) : reducedBody(inner, reduction);
  if (made === null) return null;
  const { elaboration, scope } = notation;
  const type = { element: made.element, shape: target.map(({ extent }) => extent) };
  const comprehension = {
    domain: [...target, ...made.reduced],
    target: target.map(variableIndex),
    reducer: made.reducer,
    body: made.body,
  };
  return applyComprehension(elaboration, scope, "index", inner.operands, { type, comprehension });
}

interface Body {
  readonly body: Scalar;
  readonly reduced: readonly IndexVariable[];
  readonly reducer: Reducer | null;
  readonly element: ElementType;
}

function plainBody(notation: Notation, value: Expression): Body | null {
  const body = scalarOf(notation, value);
  if (body === null) return null;
  return { body, reduced: [], reducer: null, element: elementOf(body, notation.operands) };
}

/** Reading indices gives indices, comparing gives truth, choosing what both branches are, anything else a number. */
function elementOf(body: Scalar, operands: readonly Value[]): ElementType {
  if (body.kind === "read") return operands[body.operand]!.type.element;
  if (body.kind === "apply" && body.function === "select") {
    const [a, b] = body.arguments.slice(1).map((branch) => elementOf(branch, operands));
    return sameElement(a!, b!) ? a! : float;
  }
  const truths = new Set(["less", "less_equal", "equal", "not_equal", "and", "or", "not"]);
  return body.kind === "apply" && truths.has(body.function) ? bool : float;
}

function reducedBody(notation: Notation, reduction: Reduction): Body | null {
  const reduced = declareIndices(notation, reduction.over, reduction.body);
  if (reduced === null) return null;
  const indices = new Map([
    ...notation.indices,
    ...reduced.map((variable) => [variable.name, variable] as const),
  ]);
  const body = scalarOf({ ...notation, indices }, reduction.body);
  if (body === null) return null;
  const { name } = reduction;
  if (name !== "mean") return { body, reduced, reducer: name, element: float };
  const extents = reduced.map(({ extent }) => extent);
  const divided = extents.some(variesBySample)
    ? divideByExtents(body, extents)
    : reduced.reduce(divideByExtent, body);
  return { body: divided, reduced, reducer: "sum", element: float };
}

function divideByExtent(body: Scalar, { extent }: IndexVariable): Scalar {
  return apply("divide", body, isLiteral(extent) ? constant(extent.constant) : dimensionScalar(extent));
}

/** A reducer within a larger expression is a node of its own, read at the indices around it. */
export function readReduction(notation: Notation, value: Expression): Scalar | null {
  const around = [...notation.indices.values()].filter(({ name }) => mentions(value, name));
  const made = nodeOf(notation, around, value);
  if (made === null) return null;
  notation.operands.push(made);
  return read(notation.operands.length - 1, around.map(variableIndex));
}

/** The reducer call that an expression is, or null. */
export function reductionOf(expression: Expression): Reduction | null {
  if (expression.kind === "parenthesized") return reductionOf(expression.inner);
  if (expression.kind !== "call" || expression.callee.kind !== "name") return null;
  const name = expression.callee.name.text;
  if (!reducers.has(name) || !hasOver(expression)) return null;
  const over = expression.arguments.find(({ label }) => label?.text === "over");
  const body = expression.arguments.find(({ label }) => label === null);
  if (over === undefined || body === undefined) return null;
  const items = over.value.kind === "list" ? over.value.items : [over.value];
  return { name: name as Reduction["name"], body: body.value, over: items, span: expression.span };
}

function hasOver(expression: Call): boolean {
  return expression.arguments.some(({ label }) => label?.text === "over");
}

interface Declared {
  readonly name: Name;
  /** As `n - 2` of `i < n - 2`; null where the body says it. */
  readonly limit: Expression | null;
}

/** New indices with their ranges: given, or those of the axes where they stand alone. Null with a message. */
function declareIndices(
  notation: Notation,
  written: readonly Expression[],
  body: Expression,
): readonly IndexVariable[] | null {
  const { elaboration, scope } = notation;
  const declared: Declared[] = [];
  for (const expression of written) {
    const index = declaredIndex(expression);
    if (index === null) {
      complain(
        elaboration,
        scope,
        indexUnfit.build({
          span: expression.span,
          reason: "an index is a name, or a name with its range: `i < n`",
        }),
      );
      return null;
    }
    const before = declared.find(({ name }) => name.text === index.name.text);
    if (before !== undefined) {
      complain(
        elaboration,
        scope,
        indexTwice.build({ span: index.name.span, name: index.name.text, before: before.name.span }),
      );
      return null;
    }
    declared.push(index);
  }
  const variables = declared.map(({ name, limit }) => {
    const extent =
      limit === null ? inferredRange(notation, name, body) : givenRange(elaboration, scope, limit);
    return extent === null ? null : { name: name.text, extent };
  });
  return variables.every((variable) => variable !== null) ? variables : null;
}

function declaredIndex(expression: Expression): Declared | null {
  if (expression.kind === "name") return { name: expression.name, limit: null };
  if (
    expression.kind !== "comparison" ||
    expression.operators.length !== 1 ||
    expression.operators[0] !== "<"
  )
    return null;
  const [left, right] = expression.operands;
  return left?.kind === "name" && right !== undefined ? { name: left.name, limit: right } : null;
}

function givenRange(elaboration: Elaboration, scope: Scope, limit: Expression): Dimension | null {
  return dimensionFrom(elaboration, scope, evaluate(elaboration, scope, limit), limit.span);
}

/** The axes at which an index stands alone must have one size. */
function inferredRange(notation: Notation, name: Name, body: Expression): Dimension | null {
  const { elaboration, scope } = notation;
  const found: { readonly extent: Dimension; readonly span: Span }[] = [];
  let silent = false;
  for (const place of placesAlone(body, name.text)) {
    const object = evaluate(elaboration, scope, place.object);
    if (object.kind === "unknown") silent = true;
    const extent =
      object.kind === "tensor"
        ? object.value.type.shape[place.axis]
        : object.kind === "list"
          ? literal(object.items.length)
          : undefined;
    if (extent !== undefined) found.push({ extent, span: place.span });
  }
  const [first] = found;
  if (first === undefined) {
    if (silent) return null;
    complain(elaboration, scope, rangeUnknown.build({ span: name.span, name: name.text }));
    return null;
  }
  const other = found.find(({ extent }) => !sameDimension(extent, first.extent));
  if (other !== undefined) {
    const shown = ({ extent, span }: typeof first) => ({ extent: printDimension(extent), span });
    const facts = { name: name.text, first: shown(first), other: shown(other) };
    complain(elaboration, scope, rangeConflict.build(facts));
    return null;
  }
  return first.extent;
}

interface PlaceAlone {
  readonly object: Expression;
  readonly axis: number;
  readonly span: Span;
}

/** Where a name is a subscript by itself; an inner reducer that declares the same name hides it. */
function placesAlone(expression: Expression, name: string): readonly PlaceAlone[] {
  const reduction = reductionOf(expression);
  if (reduction !== null) {
    const hidden = reduction.over.some((index) => declaredIndex(index)?.name.text === name);
    return hidden ? [] : placesAlone(reduction.body, name);
  }
  const inside = expressionsWithin(expression).flatMap((part) => placesAlone(part, name));
  if (expression.kind !== "subscripted") return inside;
  const { object, subscripts } = expression;
  const here = subscripts.flatMap((part, axis) =>
    part.kind === "at" && part.index.kind === "name" && part.index.name.text === name
      ? [{ object, axis, span: part.span }]
      : [],
  );
  return [...here, ...inside];
}

/** Whether an expression speaks of an index, outside reducers that declare it anew. */
export function mentions(expression: Expression, name: string): boolean {
  if (expression.kind === "name") return expression.name.text === name;
  const reduction = reductionOf(expression);
  if (reduction === null) return expressionsWithin(expression).some((part) => mentions(part, name));
  const hidden = reduction.over.some((index) => declaredIndex(index)?.name.text === name);
  return !hidden && mentions(reduction.body, name);
}
