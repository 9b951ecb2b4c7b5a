/** Owns `append(x, one, limit:)`: a sequence one place longer, and of one that is as long as it may be the last ones. */
import { variablesOver } from "../../ir/build.ts";
import type { IndexExpression, Scalar } from "../../ir/comprehension.ts";
import { type Dimension, addDimensions, isLiteral, literal, mostValue } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { dimensionIndex, remainderIndex, sumIndex, variableIndex } from "../../ir/indices.ts";
import { apply, constant, dimensionScalar, indexScalar, inside, read, select } from "../../ir/scalars.ts";
import { type TensorType, printType, sameElement, sameShape } from "../../ir/type.ts";
import { appendUnfit } from "../../report/catalogue/check.ts";
import { type Formal, optionFormal, tensorFormal } from "./arguments.ts";
import type { CallSite } from "./call.ts";
import { cutTo } from "./decided.ts";
import { type Elaboration, type Scope, complain, nodeFrame } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { addNode } from "./graph-builder.ts";
import { type Given, type Meaning, describe, plain, tensor, unknown } from "../statics/meaning.ts";
import { tensorDue } from "./operations.ts";

export const appendFormals: readonly Formal[] = [
  tensorFormal("x"),
  tensorFormal("one"),
  optionFormal("limit", true),
];

export function runAppend(
  elaboration: Elaboration,
  scope: Scope,
  matched: ReadonlyMap<string, readonly Given[]>,
  site: CallSite,
): Meaning {
  const [first, second, third] = ["x", "one", "limit"].map((name) => matched.get(name)![0]!) as [
    Given,
    Given,
    Given,
  ];
  const unfit = ({ span }: Given, option: string, due: string, found: string): Meaning => {
    complain(elaboration, scope, appendUnfit.build({ span, option, due, found }));
    return unknown;
  };
  const [x, one] = [first, second].map((given) =>
    tensorDue(elaboration, scope, given.evaluate(plain), given.span),
  ) as [Value | null, Value | null];
  const asked = third.evaluate(plain);
  if (x === null || one === null || asked.kind === "unknown") return unknown;
  const { element, shape } = x.type;
  const [samples, length] = shape;
  if (samples === undefined || length === undefined)
    return unfit(first, "x", "a sequence of shape [batch, time, …]", printType(x.type));
  const due: TensorType = { element, shape: shape.toSpliced(1, 1) };
  if (!sameElement(one.type.element, element) || !sameShape(one.type.shape, due.shape))
    return unfit(second, "one", `one place of \`x\`, ${printType(due)}`, printType(one.type));
  const limit = asked.kind === "number" ? exact.toNumber(asked.number) : NaN;
  if (!Number.isInteger(limit) || limit < mostValue(length))
    return unfit(
      third,
      "limit",
      `a whole number of at least ${mostValue(length)}, as long as \`x\` may be`,
      describe(asked),
    );
  const longer = Math.min(mostValue(length) + 1, limit);
  const whole = longest(elaboration, scope, { x, one, length, limit, longer });
  if (isLiteral(length)) return tensor(whole);
  const counts = countOf(elaboration, scope, { samples, length, limit, longer });
  return tensor(cutTo(elaboration, scope, site, { sequence: whole, counts, name: "append" }));
}

/** `y[b, i, …] = if n < limit { x[b, i, …] } else { x[b, i + 1, …] }` where x has such a place, and what is new behind it. */
function longest(
  elaboration: Elaboration,
  scope: Scope,
  given: {
    readonly x: Value;
    readonly one: Value;
    readonly length: Dimension;
    readonly limit: number;
    readonly longer: number;
  },
): Value {
  const { x, one, length, limit, longer } = given;
  const type = { ...x.type, shape: x.type.shape.with(1, literal(longer)) };
  const domain = variablesOver(type.shape);
  const target = domain.map(variableIndex);
  const added = read(1, target.toSpliced(1, 1));
  const from = (place: IndexExpression): Scalar =>
    select(inside(place, length), read(0, target.with(1, place)), added);
  const here = target[1]!;
  const kept = from(here);
  const moved = from(sumIndex(here, dimensionIndex(literal(1))));
  const isFree = apply("less", dimensionScalar(length), constant(limit));
  const body = mostValue(length) < limit ? kept : isLiteral(length) ? moved : select(isFree, kept, moved);
  const comprehension = { domain, target, reducer: null, body };
  return addNode(elaboration.graph, "append", [x, one], { type, comprehension }, nodeFrame(scope));
}

/** `count[b] = min(n + 1, limit)` */
function countOf(
  elaboration: Elaboration,
  scope: Scope,
  given: {
    readonly samples: Dimension;
    readonly length: Dimension;
    readonly limit: number;
    readonly longer: number;
  },
): Value {
  const { samples, length, limit, longer } = given;
  const domain = [{ name: "b", extent: samples }];
  const more = dimensionIndex(addDimensions(length, literal(1)));
  const isFree = apply("less", dimensionScalar(length), constant(limit));
  // Proven below the size by the remainder, which changes nothing where the condition holds.
  const bounded = select(isFree, indexScalar(remainderIndex(more, limit + 1)), constant(limit));
  const body = mostValue(length) < limit ? indexScalar(more) : bounded;
  const type: TensorType = { element: { kind: "index", size: longer + 1 }, shape: [samples] };
  const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
  return addNode(elaboration.graph, "append", [], { type, comprehension }, nodeFrame(scope));
}
