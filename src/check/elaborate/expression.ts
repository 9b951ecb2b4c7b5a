/** Owns what each form of expression means: static values stay static, anything with a tensor becomes nodes. */
import { leastValue, mostValue } from "../../ir/dimension.ts";
import {
  branchesStatic,
  conditionNotStatic,
  emptyRange,
  lengthUndecided,
  noMember,
  notStatic,
  operandsUnfit,
  rangeEnds,
  staticFailure,
} from "../../report/catalogue/check.ts";
import type { BinaryOperator, ComparisonOperator, Expression, Name } from "../../syntax/ast.ts";
import { type Span, cover, textOf } from "../../text/source.ts";
import {
  type Failure,
  isStatic,
  staticBinary,
  staticComparison,
  varyingDifference,
} from "../statics/arithmetic.ts";
import { callExpression, layerOfExpression, pipe } from "./call.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { type Expected, type Meaning, describe, numeric, plain, unknown } from "../statics/meaning.ts";
import { applyOperation, tensorDue } from "./operations.ts";
import { ellipsis, lookUp, valueOfName } from "../names/names.ts";
import { parameterOfShare } from "./share.ts";
import { remainderOfIndex } from "./recurrence.ts";
import { subscript } from "./subscript.ts";

/** Ranges are written out; a longer one is a mistake. */
const longestRange = 100_000;

const operationOf: Readonly<Record<BinaryOperator, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "remainder",
  "**": "power",
  "@": "matmul",
  and: "and",
  or: "or",
};

export function evaluate(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression,
  expected: Expected = plain,
): Meaning {
  switch (expression.kind) {
    case "number":
      return numeric(exact.exactOfText(expression.text));
    case "string":
      return { kind: "string", value: expression.value };
    case "boolean":
      return { kind: "boolean", value: expression.value };
    case "missing":
      return unknown;
    case "ellipsis":
      return ellipsis(elaboration, scope, expression.span);
    case "name":
      return valueOfName(elaboration, scope, expression.name, expected);
    case "parenthesized":
      return evaluate(elaboration, scope, expression.inner, expected);
    case "list":
      return { kind: "list", items: expression.items.flatMap((item) => spread(elaboration, scope, item)) };
    case "conditional":
      return conditional(elaboration, scope, expression, expected);
    case "pipe":
      return pipe(elaboration, scope, expression);
    case "binary":
      return binary(
        elaboration,
        scope,
        expression.operator,
        { meaning: evaluate(elaboration, scope, expression.left), span: expression.left.span },
        { meaning: evaluate(elaboration, scope, expression.right), span: expression.right.span },
        expression.span,
      );
    case "comparison":
      return comparison(elaboration, scope, expression);
    case "range":
      return range(elaboration, scope, expression);
    case "unary":
      return unary(elaboration, scope, expression);
    case "call": {
      const layer =
        expected.layerTensors === null ? null : layerOfExpression(elaboration, scope, expression, expected);
      return layer ?? callExpression(elaboration, scope, expression, expected);
    }
    case "member":
      return member(elaboration, scope, expression);
    case "subscripted":
      return subscript(elaboration, scope, expression);
  }
}

/** `...` inside a list stands for several items. */
function spread(elaboration: Elaboration, scope: Scope, item: Expression): readonly Meaning[] {
  const meaning = evaluate(elaboration, scope, item);
  return item.kind === "ellipsis" && meaning.kind === "list" ? meaning.items : [meaning];
}

function conditional(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression & { readonly kind: "conditional" },
  expected: Expected,
): Meaning {
  const condition = staticCondition(elaboration, scope, expression.condition);
  if (condition === null) return unknown;
  return evaluate(elaboration, scope, condition ? expression.then : expression.otherwise, expected);
}

/** A condition that the compiler decides; null where it could not, with a message. */
export function staticCondition(
  elaboration: Elaboration,
  scope: Scope,
  condition: Expression,
): boolean | null {
  const meaning = evaluate(elaboration, scope, condition);
  if (meaning.kind === "boolean") return meaning.value;
  if (meaning.kind !== "unknown")
    complain(
      elaboration,
      scope,
      meaning.kind === "tensor"
        ? conditionNotStatic.build({ span: condition.span, found: describe(meaning) })
        : branchesStatic.build({ span: condition.span, found: describe(meaning) }),
    );
  return null;
}

interface Operand {
  readonly meaning: Meaning;
  readonly span: Span;
}

export function binary(
  elaboration: Elaboration,
  scope: Scope,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
  span: Span,
): Meaning {
  if (holdsUnknown(left.meaning) || holdsUnknown(right.meaning)) return unknown;
  if (isStatic(left.meaning) && isStatic(right.meaning)) {
    const result = staticBinary(operator, left.meaning, right.meaning, span);
    if (result !== null) return orFailure(elaboration, scope, result, span);
    if (!isNumeric(left.meaning) || !isNumeric(right.meaning)) {
      complain(
        elaboration,
        scope,
        operandsUnfit.build({
          span,
          operator,
          left: { span: left.span, found: describe(left.meaning) },
          right: { span: right.span, found: describe(right.meaning) },
        }),
      );
      return unknown;
    }
  }
  const rest = operator === "%" ? remainderOfIndex(elaboration, scope, left.meaning, right.meaning) : null;
  return rest ?? onTensors(elaboration, scope, operationOf[operator], operator, [left, right], span);
}

/** Sizes known only when the network runs are then numbers like others, and lists are tables. */
function isNumeric(meaning: Meaning): boolean {
  return ["number", "dimension", "ratio", "list"].includes(meaning.kind);
}

function holdsUnknown(meaning: Meaning): boolean {
  return meaning.kind === "unknown" || (meaning.kind === "list" && meaning.items.some(holdsUnknown));
}

/** A static result, or a message why there is none. */
export function orFailure(
  elaboration: Elaboration,
  scope: Scope,
  result: Meaning | Failure,
  span: Span,
): Meaning {
  if (result.kind !== "failure") return result;
  complain(elaboration, scope, staticFailure.build({ span, message: result.message }));
  return unknown;
}

function onTensors(
  elaboration: Elaboration,
  scope: Scope,
  operation: string,
  operator: string,
  operands: readonly Operand[],
  span: Span,
): Meaning {
  const values = operands.map(({ meaning, span: at }) => tensorDue(elaboration, scope, meaning, at));
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return unknown;
  const spans = operands.map((operand) => operand.span);
  return applyOperation(elaboration, scope, operation, known, {}, span, spans, operator);
}

/** The comparison as an operation; `>` is `<` turned round. */
const comparisonOf: Readonly<Record<ComparisonOperator, { operation: string; turned: boolean }>> = {
  "==": { operation: "equal", turned: false },
  "!=": { operation: "not_equal", turned: false },
  "<": { operation: "less", turned: false },
  "<=": { operation: "less_equal", turned: false },
  ">": { operation: "less", turned: true },
  ">=": { operation: "less_equal", turned: true },
};

/** `0 <= rate < 1` is `0 <= rate and rate < 1`. */
function comparison(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression & { readonly kind: "comparison" },
): Meaning {
  const operands = expression.operands.map((operand) => ({
    meaning: evaluateComparand(elaboration, scope, operand, expression.operands),
    span: operand.span,
  }));
  let result: Operand | null = null;
  for (const [place, operator] of expression.operators.entries()) {
    const [left, right] = [operands[place]!, operands[place + 1]!];
    const span = cover(left.span, right.span);
    const link = { meaning: compared(elaboration, scope, operator, left, right, span), span };
    result =
      result === null
        ? link
        : {
            meaning: binary(elaboration, scope, "and", result, link, expression.span),
            span: expression.span,
          };
  }
  return result?.meaning ?? unknown;
}

/** `padding == same`: beside an option that lists it as a word, a bare name is that word. */
function evaluateComparand(
  elaboration: Elaboration,
  scope: Scope,
  operand: Expression,
  all: readonly Expression[],
): Meaning {
  const beside = all.some((other) => {
    if (other === operand || other.kind !== "name" || operand.kind !== "name") return false;
    const bound = scope.bindings.get(other.name.text);
    return bound?.meaning.kind === "word" || bound?.words?.includes(operand.name.text) === true;
  });
  const words =
    beside && operand.kind === "name" && !scope.bindings.has(operand.name.text) ? [operand.name.text] : [];
  return evaluate(elaboration, scope, operand, { ...plain, words });
}

function compared(
  elaboration: Elaboration,
  scope: Scope,
  operator: ComparisonOperator,
  left: Operand,
  right: Operand,
  span: Span,
): Meaning {
  if (left.meaning.kind === "unknown" || right.meaning.kind === "unknown") return unknown;
  if (isStatic(left.meaning) && isStatic(right.meaning)) {
    const value = staticComparison(operator, left.meaning, right.meaning);
    if (value !== null) return { kind: "boolean", value };
    const undecided = varyingDifference(left.meaning, right.meaning);
    if (undecided !== null) {
      const [least, most] = [leastValue(undecided), mostValue(undecided)].map(String) as [string, string];
      complain(elaboration, scope, lengthUndecided.build({ span, text: textOf(span), least, most }));
      return unknown;
    }
    if (left.meaning.kind !== "list" && right.meaning.kind !== "list") {
      complain(
        elaboration,
        scope,
        operandsUnfit.build({
          span,
          operator,
          left: { span: left.span, found: describe(left.meaning) },
          right: { span: right.span, found: describe(right.meaning) },
        }),
      );
      return unknown;
    }
  }
  const { operation, turned } = comparisonOf[operator];
  return onTensors(elaboration, scope, operation, operator, turned ? [right, left] : [left, right], span);
}

function range(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression & { readonly kind: "range" },
): Meaning {
  const ends = [expression.from, expression.to].map((end) => wholeNumber(elaboration, scope, end));
  const [from, to] = ends;
  if (from === null || from === undefined || to === null || to === undefined) return unknown;
  if (to - from > longestRange) {
    complain(elaboration, scope, rangeEnds.build({ span: expression.span, from, to, limit: longestRange }));
    return unknown;
  }
  if (to < from) {
    complain(elaboration, scope, emptyRange.build({ span: expression.span, from, to }));
    return unknown;
  }
  return { kind: "list", items: Array.from({ length: to - from }, (_, k) => numeric(exact.whole(from + k))) };
}

/** An integer known at compile time, or null with a message. */
export function wholeNumber(elaboration: Elaboration, scope: Scope, expression: Expression): number | null {
  const meaning = evaluate(elaboration, scope, expression);
  if (meaning.kind === "number" && exact.isWhole(meaning.number)) return exact.toNumber(meaning.number);
  if (meaning.kind !== "unknown")
    complain(
      elaboration,
      scope,
      notStatic.build({ span: expression.span, what: "a whole number", found: describe(meaning) }),
    );
  return null;
}

function unary(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression & { readonly kind: "unary" },
): Meaning {
  const operand = {
    meaning: evaluate(elaboration, scope, expression.operand),
    span: expression.operand.span,
  };
  const { meaning } = operand;
  if (meaning.kind === "unknown") return unknown;
  if (expression.operator === "+") return meaning;
  if (expression.operator === "-" && isStatic(meaning)) {
    const nothing = { meaning: numeric(exact.zero), span: expression.span };
    return binary(elaboration, scope, "-", nothing, operand, expression.span);
  }
  if (expression.operator === "not" && meaning.kind === "boolean")
    return { kind: "boolean", value: !meaning.value };
  return onTensors(
    elaboration,
    scope,
    expression.operator === "-" ? "negate" : "not",
    expression.operator,
    [operand],
    expression.span,
  );
}

function member(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression & { readonly kind: "member" },
): Meaning {
  const steps: Name[] = [];
  let head: Expression = expression;
  while (head.kind === "member") {
    steps.unshift(head.name);
    head = head.object;
  }
  const object =
    head.kind === "name" ? lookUp(elaboration, scope, head.name.text) : evaluate(elaboration, scope, head);
  if (object?.kind === "layer" && object.shared !== null)
    return parameterOfShare(elaboration, scope, object.shared, steps, expression.span);
  if (object?.kind !== "unknown")
    complain(
      elaboration,
      scope,
      noMember.build({
        span: expression.span,
        object: textOf(head.span),
        member: steps.map((step) => step.text).join("."),
        found: object === null ? null : describe(object),
      }),
    );
  return unknown;
}
