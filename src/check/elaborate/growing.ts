/**
 * Owns carries along a length of their own, `carry seen: index(v)[batch, n <= 64] = prompt`: each step has them as long as
 * the step before left them. They are carried as wide as the bound, and how far they go beside them.
 */
import { variablesOver } from "../../ir/build.ts";
import type { Comprehension } from "../../ir/comprehension.ts";
import { type Dimension, literal, mostValue, variesBySample } from "../../ir/dimension.ts";
import type { ScanNode, Value } from "../../ir/graph.ts";
import { dimensionIndex, variableIndex } from "../../ir/indices.ts";
import { constant, indexScalar, inside, readAt, select } from "../../ir/scalars.ts";
import { type TensorType, printType, sameElement, sameShape } from "../../ir/type.ts";
import { carryUnfit, lengthUnfit } from "../../report/catalogue/check.ts";
import type { Comparison, Held as HeldStatement, Name, Type } from "../../syntax/ast.ts";
import { type Span, textOf } from "../../text/source.ts";
import { carriedType } from "./carrying.ts";
import { cutTo } from "./decided.ts";
import { type Elaboration, type Scope, bind, complain, nodeFrame, pathOf, tell } from "./elaboration.ts";
import { evaluate, wholeNumber } from "./expression.ts";
import { addNode, newValue } from "./graph-builder.ts";
import { fillingNames } from "./initializer.ts";
import { type Meaning, tensor, unknown } from "../statics/meaning.ts";
import { tensorDue } from "./operations.ts";

interface Place {
  readonly elaboration: Elaboration;
  readonly scope: Scope;
}

/** What a growing carry is in the graph: a row as wide as its bound, and how far it goes. */
export interface Growing {
  readonly statement: HeldStatement;
  readonly row: { readonly initial: Value; readonly inner: Value };
  readonly count: { readonly initial: Value; readonly inner: Value };
  /** Its type without the axis along which it grows. */
  readonly rest: TensorType;
  /** Null until a `next` gives it. */
  next: { readonly row: Value; readonly count: Value } | null;
}

/** The bounded length among the dimensions of a type, and the type without it; null where there is none. */
export function growthOf(type: Type): { readonly length: Comparison; readonly rest: Type } | null {
  const shape = type.kind === "index" ? type.shape : type.kind === "shape" ? type : null;
  const axis = shape?.dimensions.findIndex(({ kind }) => kind === "comparison") ?? -1;
  if (shape === null || axis < 0) return null;
  const rest = { ...shape, dimensions: shape.dimensions.toSpliced(axis, 1) };
  const length = shape.dimensions[axis] as Comparison;
  return { length, rest: type.kind === "index" ? { ...type, shape: rest } : rest };
}

/** `carry seen: index(v)[batch, n <= 64] = prompt`; null with a message. */
export function declareGrowing(
  outside: Place,
  inside: Elaboration,
  body: Scope,
  statement: HeldStatement,
  growth: NonNullable<ReturnType<typeof growthOf>>,
): Growing | null {
  const { name, value, type } = statement;
  const rest = carriedType(inside, body, growth.rest);
  const length = boundOfGrowth(inside, body, type, growth.length);
  const called = value.kind === "call" && value.callee.kind === "name" ? value.callee.name.text : "";
  const lengthless = fillingNames.has(called);
  if (lengthless) {
    const reason = `it begins as long as what stands behind \`=\`, and \`${called}\` has no length`;
    const { span } = growth.length;
    complain(
      inside,
      body,
      lengthUnfit.build({ span, text: textOf(span), reason, declared: null, name: null }),
    );
  }
  const meaning = lengthless ? unknown : evaluate(outside.elaboration, outside.scope, value);
  const start = tensorDue(outside.elaboration, outside.scope, meaning, value.span);
  bind(inside, body, name.text, unknown, name.span);
  if (length !== null) body.bindings.set(length.name, { meaning: unknown, span: length.span });
  if (rest === null || length === null || start === null) return null;
  const given = { value: start, span: value.span, when: "begin" } as const;
  if (!fitsGrowth(inside, body, statement, { rest, bound: length.bound }, given)) return null;
  tell(inside, name.span, "state", textOf(type.span));
  return beginGrowth(outside, { elaboration: inside, scope: body }, statement, start, { ...length, rest });
}

/** `next seen = …` */
export function advanceGrowth(
  elaboration: Elaboration,
  scope: Scope,
  growing: Growing,
  name: Name,
  meaning: Meaning,
  span: Span,
): void {
  const { statement, row, count, rest } = growing;
  const bound = row.inner.type.shape[1]!.constant;
  const value = tensorDue(elaboration, scope, meaning, span);
  const given = value === null ? null : ({ value, span, when: "next" } as const);
  const fits = given !== null && fitsGrowth(elaboration, scope, statement, { rest, bound }, given);
  // What does not fit is reported: the carry is not missed besides.
  growing.next = fits
    ? laidOut(elaboration, scope, given.value, bound)
    : { row: row.inner, count: count.inner };
  bind(elaboration, scope, name.text, fits ? tensor(given.value) : unknown, name.span);
}

/** `n <= 64` on the axis behind that of samples: its name and bound; null with a message. */
function boundOfGrowth(
  elaboration: Elaboration,
  scope: Scope,
  type: Type,
  { operands, operators, span }: Comparison,
): { readonly name: string; readonly bound: number; readonly span: Span } | null {
  const shape = type.kind === "index" ? type.shape : type;
  const second = shape?.kind === "shape" && shape.dimensions[1]?.span.start === span.start;
  const [name, most] = operands;
  const unfit = (reason: string): null => {
    const facts = { span, text: textOf(span), reason, declared: null, name: null };
    complain(elaboration, scope, lengthUnfit.build(facts));
    return null;
  };
  if (!second) return unfit("it is carried along the axis behind `batch`");
  if (operands.length !== 2 || operators[0] !== "<=" || name?.kind !== "name")
    return unfit("it needs one name and its largest value");
  const bound = wholeNumber(elaboration, scope, most!);
  if (bound === null) return null;
  return bound < 1 ? unfit("a sample has at least 1") : { name: name.name.text, bound, span };
}

/** Whether a value is what is carried, no longer than its bound; else a message. */
function fitsGrowth(
  elaboration: Elaboration,
  scope: Scope,
  statement: HeldStatement,
  { rest, bound }: { readonly rest: TensorType; readonly bound: number },
  { value, span, when }: { readonly value: Value; readonly span: Span; readonly when: "begin" | "next" },
): boolean {
  const { element, shape } = value.type;
  const length = shape[1];
  const fits =
    length !== undefined &&
    sameElement(element, rest.element) &&
    sameShape(shape.toSpliced(1, 1), rest.shape) &&
    mostValue(length) <= bound;
  if (fits) return true;
  const { name, type } = statement;
  const most = length !== undefined && variesBySample(length) ? `, up to ${mostValue(length)} long` : "";
  const found = `${printType(value.type)}${most}`;
  complain(
    elaboration,
    scope,
    carryUnfit.build({ span, name: name.text, when, due: textOf(type.span), found, declared: name.span }),
  );
  return false;
}

/** Before the first step, and within each the carried value along a length of its own, which `name` is bound to. */
function beginGrowth(
  outside: Place,
  inside: Place,
  statement: HeldStatement,
  start: Value,
  length: {
    readonly name: string;
    readonly bound: number;
    readonly span: Span;
    readonly rest: TensorType;
  },
): Growing {
  const { name } = statement;
  const initial = laidOut(outside.elaboration, outside.scope, start, length.bound);
  const row = newValue(inside.elaboration.graph, initial.row.type, name.text);
  const count = newValue(inside.elaboration.graph, initial.count.type, length.name);
  const own = cut(inside.elaboration, inside.scope, statement, { row, count }, length.name);
  bind(inside.elaboration, inside.scope, name.text, tensor(own), name.span);
  const dimension = own.type.shape[1]!;
  inside.scope.bindings.set(length.name, { meaning: { kind: "dimension", dimension }, span: length.span });
  return {
    statement,
    rest: length.rest,
    row: { initial: initial.row, inner: row },
    count: { initial: initial.count, inner: count },
    next: null,
  };
}

/** The two carries that it is, and what binds the value that leaves the scan, once that stands in the graph. */
export function finishGrowth(
  elaboration: Elaboration,
  scope: Scope,
  { statement, row, count, next }: Growing,
): { readonly carries: ScanNode["carries"]; readonly leave: () => void } {
  const last = {
    row: newValue(elaboration.graph, row.inner.type),
    count: newValue(elaboration.graph, count.inner.type),
  };
  const carries = [
    { ...row, next: next?.row ?? row.inner, last: last.row },
    { ...count, next: next?.count ?? count.inner, last: last.count },
  ];
  const { name } = statement;
  const leave = (): void => {
    const value = cut(elaboration, scope, statement, last, name.text);
    bind(elaboration, scope, name.text, tensor(value), name.span);
  };
  return { carries, leave };
}

function cut(
  elaboration: Elaboration,
  scope: Scope,
  { name, span }: HeldStatement,
  { row, count }: { readonly row: Value; readonly count: Value },
  length: string,
): Value {
  const site = { span, name: name.text, path: pathOf(scope, name.text), sharing: null };
  return cutTo(elaboration, scope, site, { sequence: row, counts: count, name: length });
}

/** `row[b, i, …] = x[b, i, …]` as far as x goes, then 0; `count[b]` says how far. */
function laidOut(
  { graph }: Elaboration,
  scope: Scope,
  value: Value,
  bound: number,
): { readonly row: Value; readonly count: Value } {
  const { element, shape } = value.type;
  const [samples, length] = shape as unknown as [Dimension, Dimension];
  const type = { element, shape: shape.with(1, literal(bound)) };
  const domain = variablesOver(type.shape);
  const target = domain.map(variableIndex);
  const body = select(inside(target[1]!, length), readAt(0, domain), constant(0));
  const made: Comprehension = { domain, target, reducer: null, body };
  const frame = nodeFrame(scope);
  const row = addNode(graph, "carry", [value], { type, comprehension: made }, frame);
  const own = [{ name: "b", extent: samples }];
  const counted: Comprehension = {
    domain: own,
    target: own.map(variableIndex),
    reducer: null,
    body: indexScalar(dimensionIndex(length)),
  };
  const counts: TensorType = { element: { kind: "index", size: bound + 1 }, shape: [samples] };
  return { row, count: addNode(graph, "carry", [], { type: counts, comprehension: counted }, frame) };
}
