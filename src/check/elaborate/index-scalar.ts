/** Owns the expressions of index notation: elements read at computed places, and arithmetic on them. */
import type { IndexExpression, Scalar, ScalarFunction } from "../../ir/comprehension.ts";
import { type Dimension, printDimension } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import {
  boundsOf,
  dimensionIndex,
  provenInside,
  quotientIndex,
  readIndex,
  remainderIndex,
  scaleIndex,
  subtractIndex,
  sumIndex,
  variableIndex,
} from "../../ir/indices.ts";
import { apply, constant, dimensionScalar, indexScalar, read, select } from "../../ir/scalars.ts";
import { printType } from "../../ir/type.ts";
import { indexOutside, indexUnfit, overMissing, wrongSubscripts } from "../../report/catalogue/check.ts";
import type { BinaryOperator, Call, ComparisonOperator, Expression, Subscripted } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { expressionsWithin } from "./children.ts";
import { complain } from "./elaboration.ts";
import { type Notation, mentions, readReduction, reducers, reductionOf } from "./equation.ts";
import * as exact from "../statics/exact.ts";
import { evaluate, staticCondition } from "./expression.ts";
import { dimensionOf, describe } from "../statics/meaning.ts";
import { lookUp } from "../names/names.ts";
import { asTensor } from "./operations.ts";
import { explain } from "../shapes/provenance.ts";
import { stepOf } from "./recurrence.ts";

const arithmetic: Readonly<Partial<Record<BinaryOperator, ScalarFunction>>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "remainder",
  "**": "power",
  and: "and",
  or: "or",
};

const comparisons: Readonly<Record<ComparisonOperator, { function: ScalarFunction; turned: boolean }>> = {
  "==": { function: "equal", turned: false },
  "!=": { function: "not_equal", turned: false },
  "<": { function: "less", turned: false },
  "<=": { function: "less_equal", turned: false },
  ">": { function: "less", turned: true },
  ">=": { function: "less_equal", turned: true },
};

const functions = new Set<string>(
  "exp log log1p expm1 sqrt abs sign floor ceil round sin cos tanh sigmoid erf".split(" "),
);

/** The value of one element; null with a message. */
export function scalarOf(notation: Notation, expression: Expression): Scalar | null {
  if (expression.kind === "missing") return null;
  if (!mentionsAny(notation, expression)) return outward(notation, expression);
  if (reductionOf(expression) !== null) return readReduction(notation, expression);
  switch (expression.kind) {
    case "name":
      return indexScalar(variableIndex(notation.indices.get(expression.name.text)!));
    case "parenthesized":
      return scalarOf(notation, expression.inner);
    case "subscripted": {
      const element = elementOf(notation, expression);
      return element === null ? null : read(element.operand, element.at);
    }
    case "unary": {
      const operand = scalarOf(notation, expression.operand);
      if (operand === null || expression.operator === "+") return operand;
      return apply(expression.operator === "-" ? "negate" : "not", operand);
    }
    case "binary": {
      const name = arithmetic[expression.operator];
      if (name === undefined)
        return unfit(notation, expression, "`@` multiplies matrices; write the sum out");
      return applied(notation, name, [expression.left, expression.right]);
    }
    case "comparison":
      return comparison(notation, expression);
    case "conditional": {
      const condition = staticCondition(notation.elaboration, notation.scope, expression.condition);
      return condition === null
        ? null
        : scalarOf(notation, condition ? expression.then : expression.otherwise);
    }
    case "call":
      return called(notation, expression);
    default:
      return unfit(notation, expression, "index notation is made of elements, arithmetic and reducers");
  }
}

function mentionsAny(notation: Notation, expression: Expression): boolean {
  return (
    [...notation.indices.keys()].some((name) => mentions(expression, name)) || containsReduction(expression)
  );
}

/** A reducer of index notation within, which ordinary evaluation would misread. */
function containsReduction(expression: Expression): boolean {
  return reductionOf(expression) !== null || expressionsWithin(expression).some(containsReduction);
}

/** What speaks of no index means what it means outside: a number, or a scalar. */
function outward(notation: Notation, expression: Expression): Scalar | null {
  const { elaboration, scope, operands } = notation;
  const meaning = evaluate(elaboration, scope, expression);
  if (meaning.kind === "unknown") return null;
  if (meaning.kind === "number") return constant(exact.toNumber(meaning.number));
  if (meaning.kind === "dimension") return dimensionScalar(meaning.dimension);
  if (meaning.kind === "boolean") return constant(meaning.value ? 1 : 0);
  const value = asTensor(elaboration, scope, meaning);
  if (value === null || value.type.shape.length > 0)
    return unfit(notation, expression, `${describe(meaning)} stands here without indices`);
  operands.push(value);
  return read(operands.length - 1, []);
}

function applied(notation: Notation, name: ScalarFunction, parts: readonly Expression[]): Scalar | null {
  const scalars = parts.map((part) => scalarOf(notation, part));
  return scalars.every((scalar) => scalar !== null) ? apply(name, ...scalars) : null;
}

function comparison(
  notation: Notation,
  expression: Expression & { readonly kind: "comparison" },
): Scalar | null {
  const operands = expression.operands.map((operand) => scalarOf(notation, operand));
  if (!operands.every((operand) => operand !== null)) return null;
  const links = expression.operators.map((operator, place) => {
    const { function: name, turned } = comparisons[operator];
    const [left, right] = [operands[place]!, operands[place + 1]!];
    return turned ? apply(name, right, left) : apply(name, left, right);
  });
  return links.reduce((all, link) => apply("and", all, link));
}

function called(notation: Notation, expression: Call): Scalar | null {
  const name = expression.callee.kind === "name" ? expression.callee.name.text : "";
  const parts = expression.arguments.map((argument) => argument.value);
  if (name === "where" && parts.length === 3) {
    const [condition, a, b] = parts.map((part) => scalarOf(notation, part));
    return !condition || !a || !b ? null : select(condition, a, b);
  }
  if ((name === "max" || name === "min") && parts.length === 2)
    return applied(notation, name === "max" ? "maximum" : "minimum", parts);
  if (functions.has(name) && parts.length === 1) return applied(notation, name as ScalarFunction, parts);
  if (reducers.has(name)) {
    complain(
      notation.elaboration,
      notation.scope,
      overMissing.build({ span: expression.span, reducer: name }),
    );
    return null;
  }
  return unfit(
    notation,
    expression,
    `\`${textOf(expression.callee.span)}\` takes whole tensors; call it outside the equation`,
  );
}

/** Which operand is read, and where. */
function elementOf(
  notation: Notation,
  expression: Subscripted,
): { readonly operand: number; readonly at: readonly IndexExpression[]; readonly value: Value } | null {
  const { elaboration, scope, operands } = notation;
  const meaning = evaluate(elaboration, scope, expression.object);
  if (meaning.kind === "unknown") return null;
  const whole = asTensor(elaboration, scope, meaning);
  if (whole === null) return unfit(notation, expression, `${describe(meaning)} has no elements`);
  const { shape } = whole.type;
  let value = whole;
  if (shape.length !== expression.subscripts.length) {
    const given = expression.subscripts.length;
    complain(
      elaboration,
      scope,
      wrongSubscripts.build({
        span: expression.span,
        tensor: printType(whole.type),
        given,
        rank: shape.length,
      }),
    );
    return null;
  }
  const at: IndexExpression[] = [];
  for (const [axis, part] of expression.subscripts.entries()) {
    if (part.kind === "slice")
      return unfit(notation, expression, "index notation reads single elements, not slices");
    const scalar = scalarIndex(notation, part.index);
    const stepped = scalar === null ? null : stepOf(elaboration, value, at.length, scalar);
    if (stepped !== null) {
      value = stepped;
      continue;
    }
    const index = indexOf(notation, part.index);
    if (index === null || !proven(notation, index, shape[axis]!, part.index)) return null;
    at.push(index);
  }
  const known = operands.indexOf(value);
  if (known < 0) operands.push(value);
  return { operand: known < 0 ? operands.length - 1 : known, at, value };
}

/** Whether an index certainly lies within its axis; complains where it might not. */
function proven(
  notation: Notation,
  index: IndexExpression,
  extent: Dimension,
  expression: Expression,
): boolean {
  const sizeOf = (operand: number): number | null => {
    const element = notation.operands[operand]?.type.element;
    return element?.kind === "index" ? element.size : null;
  };
  if (provenInside(index, extent, sizeOf)) return true;
  const { lowest, highest } = boundsOf(index, sizeOf);
  complain(
    notation.elaboration,
    notation.scope,
    indexOutside.build({
      span: expression.span,
      text: textOf(expression.span),
      lowest: lowest === null ? null : printDimension(lowest),
      highest: highest === null ? null : printDimension(highest),
      extent: printDimension(extent),
      related: explain(extent),
    }),
  );
  return false;
}

/** A place along an axis: indices with whole factors and offsets, `floor(i / n)`, `i % n`, elements of index tensors. */
function indexOf(notation: Notation, expression: Expression): IndexExpression | null {
  const { elaboration, scope, indices, operands } = notation;
  const scalar = scalarIndex(notation, expression);
  if (scalar !== null) {
    operands.push(scalar);
    return readIndex(operands.length - 1, []);
  }
  if (!speaksOfIndices(notation, expression)) {
    const meaning = evaluate(elaboration, scope, expression);
    if (meaning.kind === "unknown") return null;
    const dimension = dimensionOf(meaning);
    if (dimension !== null) return dimensionIndex(dimension);
    return unfit(notation, expression, `${describe(meaning)} is no place along an axis`);
  }
  switch (expression.kind) {
    case "name":
      return variableIndex(indices.get(expression.name.text)!);
    case "parenthesized":
      return indexOf(notation, expression.inner);
    case "subscripted": {
      const element = elementOf(notation, expression);
      if (element === null) return null;
      if (element.value.type.element.kind !== "index")
        return unfit(notation, expression, `${printType(element.value.type)} holds numbers, not indices`);
      return readIndex(element.operand, element.at);
    }
    case "unary": {
      const operand = indexOf(notation, expression.operand);
      return operand === null || expression.operator === "+" ? operand : scaleIndex(-1, operand);
    }
    case "binary":
      return computedIndex(notation, expression);
    case "call":
      return flooredIndex(notation, expression);
    default:
      return unfit(notation, expression, "an index is made of indices with whole factors and offsets");
  }
}

/** The single index that a name outside of the notation stands for, as the step of a scan; null for anything else. */
function scalarIndex({ elaboration, scope, indices }: Notation, expression: Expression): Value | null {
  if (expression.kind !== "name" || indices.has(expression.name.text)) return null;
  const meaning = lookUp(elaboration, scope, expression.name.text);
  if (meaning?.kind !== "tensor") return null;
  const { element, shape } = meaning.value.type;
  return element.kind === "index" && shape.length === 0 ? meaning.value : null;
}

function speaksOfIndices(notation: Notation, expression: Expression): boolean {
  return (
    scalarIndex(notation, expression) !== null ||
    [...notation.indices.keys()].some((name) => mentions(expression, name)) ||
    expressionsWithin(expression).some((part) => speaksOfIndices(notation, part))
  );
}

function computedIndex(
  notation: Notation,
  expression: Expression & { readonly kind: "binary" },
): IndexExpression | null {
  const { operator } = expression;
  if (operator === "+" || operator === "-") {
    const [left, right] = [indexOf(notation, expression.left), indexOf(notation, expression.right)];
    if (left === null || right === null) return null;
    return operator === "+" ? sumIndex(left, right) : subtractIndex(left, right);
  }
  if (operator === "*") {
    const [left, right] = [indexOf(notation, expression.left), indexOf(notation, expression.right)];
    if (left === null || right === null) return null;
    if (left.kind === "constant") return scaleIndex(left.value, right);
    if (right.kind === "constant") return scaleIndex(right.value, left);
    return unfit(notation, expression, "the product of two indices is no place that can be proven");
  }
  if (operator === "%") {
    const [of, by] = [indexOf(notation, expression.left), indexOf(notation, expression.right)];
    if (of === null || by === null) return null;
    if (by.kind === "constant" && by.value > 0) return remainderIndex(of, by.value);
  }
  return unfit(
    notation,
    expression,
    "an index is made of indices with whole factors and offsets, `%` and `floor(… / n)`",
  );
}

function flooredIndex(notation: Notation, expression: Call): IndexExpression | null {
  const [argument] = expression.arguments;
  const inner = argument?.value;
  const isFloor = expression.callee.kind === "name" && expression.callee.name.text === "floor";
  if (isFloor && inner?.kind === "binary" && inner.operator === "/") {
    const [of, by] = [indexOf(notation, inner.left), indexOf(notation, inner.right)];
    if (of === null || by === null) return null;
    if (by.kind === "constant" && by.value > 0) return quotientIndex(of, by.value);
  }
  return unfit(notation, expression, "of functions, an index holds only `floor(… / n)` with a whole n");
}

function unfit(notation: Notation, expression: Expression, reason: string): null {
  complain(notation.elaboration, notation.scope, indexUnfit.build({ span: expression.span, reason }));
  return null;
}
