/** Owns `scan`: a body elaborated once that stands for every step, what it carries and what it collects. */
import { variablesOver } from "../../ir/build.ts";
import {
  type Dimension,
  holdsProduct,
  isLiteral,
  leastValue,
  mostValue,
  printDimension,
  sameDimension,
  variesBySample,
} from "../../ir/dimension.ts";
import { type Value, operandsOf } from "../../ir/graph.ts";
import { constantIndex, variableIndex } from "../../ir/indices.ts";
import { constant, indexScalar } from "../../ir/scalars.ts";
import { type TensorType, float, printType, sameElement, sameShape } from "../../ir/type.ts";
import {
  alreadyDeclared,
  carryNotAdvanced,
  carryUnfit,
  collectAmbiguous,
  collectUnfit,
  heldNotFloat,
  nextWithoutCarry,
  scanUnfit,
  sizeUnfit,
} from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Advance, Held as HeldStatement, Scan, ShapeType, Type } from "../../syntax/ast.ts";
import { type Span, cover, textOf } from "../../text/source.ts";
import { evaluateInitialNumber, fillingNames } from "./initializer.ts";
import {
  type Elaboration,
  type Recurrence,
  type Scope,
  bind,
  complain,
  noDuties,
  tell,
} from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "./expression.ts";
import { addNode, insideOfGraph, nameValue, newValue } from "./graph-builder.ts";
import { updateState } from "./held.ts";
import { type Meaning, describe, dimensionOf, tensor, unknown } from "../statics/meaning.ts";
import { broadcastScalar, tensorDue } from "./operations.ts";
import { evaluateShape } from "../shapes/shape.ts";
import { runBlock } from "./statement.ts";

interface Carry {
  readonly statement: HeldStatement;
  readonly initial: Value;
  readonly inner: Value;
  /** Null until a `next` gives it. */
  next: Value | null;
}

interface Collect {
  readonly statement: HeldStatement;
  readonly inner: Value;
  readonly axis: number;
  readonly type: TensorType;
}

/** What the statements of one scan have declared so far. */
interface Running {
  readonly statement: Scan;
  readonly recurrence: Recurrence;
  /** Where the scan stands: what begins a carry is evaluated there. */
  readonly outside: { readonly elaboration: Elaboration; readonly scope: Scope };
  readonly inside: Elaboration;
  readonly carries: Map<string, Carry>;
  readonly collects: Map<string, Collect>;
  /** By name, those with a mistake among them. */
  readonly declared: Map<string, Span>;
}

/** Runs a scan, and binds what it lets out; false, with a message, where it has no steps. */
export function runScan(elaboration: Elaboration, scope: Scope, statement: Scan): boolean {
  const steps = stepsOf(elaboration, scope, statement);
  if (steps === null) return false;
  const graph = insideOfGraph(elaboration.graph);
  const size = mostValue(steps);
  const place = newValue(graph, { element: { kind: "index", size }, shape: [] }, statement.variable.text);
  const recurrence: Recurrence = {
    outer: elaboration.recurrence,
    span: headOf(statement),
    place,
    steps,
    sequences: [],
  };
  const running: Running = {
    statement,
    recurrence,
    outside: { elaboration, scope },
    inside: { ...elaboration, graph, recurrence },
    carries: new Map(),
    collects: new Map(),
    declared: new Map(),
  };
  const body = scopeOf(running);
  bind(running.inside, body, statement.variable.text, tensor(place), statement.variable.span);
  runBlock(running.inside, body, statement.body);
  finish(running);
  return true;
}

/** As `scan t over time`, for messages. */
function headOf({ span, over }: Scan): Span {
  return cover({ ...span, end: span.start + "scan".length }, over.span);
}

function stepsOf(elaboration: Elaboration, scope: Scope, { over }: Scan): Dimension | null {
  const meaning = evaluate(elaboration, scope, over);
  if (meaning.kind === "unknown") return null;
  const steps = dimensionOf(meaning);
  const known = steps !== null && (isLiteral(steps) || variesBySample(steps)) && !holdsProduct(steps);
  if (known && leastValue(steps) >= 1) return steps;
  complain(elaboration, scope, scanUnfit.build({ span: over.span, found: describe(meaning) }));
  return null;
}

/** A scope of its own: only carries and what is collected leave it. */
function scopeOf(running: Running): Scope {
  const { scope } = running.outside;
  return {
    ...scope,
    kind: "scan",
    bindings: new Map(scope.bindings),
    duties: {
      ...noDuties,
      hold: scope.duties.hold,
      update: (statement, body) => updateState(running.inside, body, statement),
      carry: (statement, body) => declareCarry(running, body, statement),
      next: (statement, body) => advance(running, body, statement),
      collect: (statement, body) => collect(running, body, statement),
    },
  };
}

/** Whether the scan has nothing of that name yet; complains of a second one. */
function isFirst({ inside, declared }: Running, body: Scope, { name }: HeldStatement): boolean {
  const before = declared.get(name.text);
  if (before !== undefined)
    complain(inside, body, alreadyDeclared.build({ name, before, what: "this scan" }));
  else declared.set(name.text, name.span);
  return before === undefined;
}

function declareCarry(running: Running, body: Scope, statement: HeldStatement): void {
  if (!isFirst(running, body, statement)) return;
  const { inside, carries } = running;
  const { name } = statement;
  const type = carriedType(inside, body, statement.type);
  const initial = type === null ? null : initialValue(running, statement, type);
  if (type === null || initial === null) {
    bind(inside, body, name.text, unknown, name.span);
    return;
  }
  const inner = newValue(inside.graph, type, name.text);
  carries.set(name.text, { statement, initial, inner, next: null });
  bind(inside, body, name.text, tensor(inner), name.span);
  tell(inside, name.span, "state", printType(type));
}

/** `[batch, units]` or `index(rows)[batch]`; null with a message. */
function carriedType(elaboration: Elaboration, scope: Scope, type: Type): TensorType | null {
  if (type.kind === "shape") return shaped(evaluateShape(elaboration, scope, type), float);
  if (type.kind !== "index") {
    complain(elaboration, scope, heldNotFloat.build({ span: type.span, what: "carry" }));
    return null;
  }
  const size = evaluate(elaboration, scope, type.size);
  if (size.kind !== "number" || !exact.isWhole(size.number) || exact.toNumber(size.number) < 1) {
    if (size.kind !== "unknown")
      complain(elaboration, scope, sizeUnfit.build({ span: type.size.span, found: describe(size) }));
    return null;
  }
  const element = { kind: "index", size: exact.toNumber(size.number) } as const;
  return shaped(type.shape === null ? [] : evaluateShape(elaboration, scope, type.shape), element);
}

function shaped(shape: readonly Dimension[] | null, element: TensorType["element"]): TensorType | null {
  return shape === null ? null : { element, shape };
}

const draws = new Set(["normal", "uniform"]);

/** What a carry is at the first step, evaluated where the scan stands; null with a message. */
function initialValue({ outside }: Running, statement: HeldStatement, type: TensorType): Value | null {
  const { elaboration, scope } = outside;
  const { value: expression } = statement;
  const called =
    expression.kind === "call" && expression.callee.kind === "name" ? expression.callee.name.text : "";
  if (fillingNames.has(called)) {
    const number = evaluateInitialNumber(elaboration, scope, expression, []);
    return number === null ? null : filled(elaboration, scope, type, number);
  }
  const shapeless = draws.has(called) && expression.kind === "call" && expression.arguments.length === 0;
  const meaning = shapeless
    ? evaluate(elaboration, scope, { ...expression, arguments: [likeShape(statement)] })
    : evaluate(elaboration, scope, expression);
  return fitted(elaboration, scope, statement, type, meaning, expression.span, "begin");
}

/** `normal()` draws numbers of the shape on its left: as `normal(shape: […])`. */
function likeShape({ type, value }: HeldStatement): {
  readonly label: { readonly text: string; readonly span: Span };
  readonly value: { readonly kind: "list"; readonly span: Span; readonly items: ShapeType["dimensions"] };
  readonly span: Span;
} {
  const { span } = value;
  const items = type.kind === "shape" ? type.dimensions : [];
  return { label: { text: "shape", span }, value: { kind: "list", span, items }, span };
}

/** A meaning as a value of that type: as it is, or a single number everywhere; null with a message. */
function fitted(
  elaboration: Elaboration,
  scope: Scope,
  { name }: HeldStatement,
  type: TensorType,
  meaning: Meaning,
  span: Span,
  when: "begin" | "next",
): Value | null {
  const { element } = type;
  if (meaning.kind === "number" && element.kind === "index") {
    const place = exact.toNumber(meaning.number);
    if (Number.isInteger(place) && place >= 0 && place < element.size)
      return filled(elaboration, scope, type, place);
  }
  const value = tensorDue(elaboration, scope, meaning, span);
  if (value === null) return null;
  const sameElements = sameElement(value.type.element, element);
  if (sameElements && sameShape(value.type.shape, type.shape)) return value;
  if (sameElements && value.type.shape.length === 0)
    return broadcastScalar(elaboration, scope, value, type.shape);
  const [due, found] = [printType(type), printType(value.type)];
  complain(
    elaboration,
    scope,
    carryUnfit.build({ span, name: name.text, when, due, found, declared: name.span }),
  );
  return null;
}

function filled(elaboration: Elaboration, scope: Scope, type: TensorType, number: number): Value {
  const domain = variablesOver(type.shape);
  const body = type.element.kind === "index" ? indexScalar(constantIndex(number)) : constant(number);
  const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
  return addNode(elaboration.graph, "constant", [], { type, comprehension }, scope.frame);
}

/** `next h = …`: read from here on, and by the next step. */
function advance({ inside, recurrence, carries, declared }: Running, body: Scope, statement: Advance): void {
  const { name, value: expression } = statement;
  const meaning = evaluate(inside, body, expression);
  const carry = carries.get(name.text);
  if (carry === undefined) {
    if (declared.has(name.text)) return;
    const suggestion = suggest(name.text, [...carries.keys()]);
    complain(
      inside,
      body,
      nextWithoutCarry.build({ span: name.span, name: name.text, suggestion, scan: recurrence.span }),
    );
    return;
  }
  const { type } = carry.inner;
  const value = fitted(inside, body, carry.statement, type, meaning, expression.span, "next");
  carry.next = value ?? carry.inner;
  if (value !== null) nameValue(inside.graph, value, name.text);
  bind(inside, body, name.text, value === null ? unknown : tensor(value), name.span);
}

function collect(running: Running, body: Scope, statement: HeldStatement): void {
  if (!isFirst(running, body, statement)) return;
  const { inside, collects } = running;
  const meaning = evaluate(inside, body, statement.value);
  const inner = tensorDue(inside, body, meaning, statement.value.span);
  const type = collectedType(running, body, statement);
  if (inner === null || type === null) return;
  const axis = axisOfSteps(running, body, statement, type, inner);
  if (axis !== null) collects.set(statement.name.text, { statement, inner, axis, type });
}

function collectedType({ inside }: Running, body: Scope, { type, name }: HeldStatement): TensorType | null {
  const made = carriedType(inside, body, type);
  if (made !== null) tell(inside, name.span, "binding", printType(made));
  return made;
}

/** The axis whose size is the number of steps and without which the shape is that of one step; null with a message. */
function axisOfSteps(
  { inside, statement: scan, recurrence: { steps } }: Running,
  body: Scope,
  statement: HeldStatement,
  type: TensorType,
  inner: Value,
): number | null {
  const fits = [...type.shape.keys()].filter(
    (axis) =>
      sameDimension(type.shape[axis]!, steps) &&
      sameElement(inner.type.element, type.element) &&
      sameShape(type.shape.toSpliced(axis, 1), inner.type.shape),
  );
  const written = writtenLike(textOf(scan.over.span), body, statement.type);
  const meant = fits.length > 1 ? fits.filter((axis) => written.includes(axis)) : fits;
  if (meant.length === 1) return meant[0]!;
  const { span } = statement.type;
  complain(
    inside,
    body,
    fits.length > 1
      ? collectAmbiguous.build({ span, size: printDimension(steps), over: scan.over.span })
      : collectUnfit.build({
          span,
          name: statement.name.text,
          due: printType(type),
          steps: printDimension(steps),
          found: printType(inner.type),
          value: statement.value.span,
        }),
  );
  return null;
}

/** The axes that a shape writes with this text. */
function writtenLike(text: string, { ellipsis }: Scope, type: Type): readonly number[] {
  const shape = type.kind === "index" ? type.shape : type;
  if (shape?.kind !== "shape") return [];
  let axis = 0;
  return shape.dimensions.flatMap((dimension) => {
    const at = axis;
    axis += dimension.kind === "ellipsis" ? (ellipsis?.length ?? 0) : 1;
    return textOf(dimension.span) === text ? [at] : [];
  });
}

/** Appends the scan to the graph around it and binds what it lets out. */
function finish({ statement, recurrence, outside, inside, carries, collects, declared }: Running): void {
  const { elaboration, scope } = outside;
  const { graph } = elaboration;
  for (const { statement: carry, next } of carries.values())
    if (next === null)
      complain(
        elaboration,
        scope,
        carryNotAdvanced.build({ span: carry.name.span, name: carry.name.text, scan: recurrence.span }),
      );
  for (const [name, span] of declared) scope.bindings.set(name, { meaning: unknown, span });
  const carried = [...carries.values()].map(({ statement: { name }, initial, inner, next }) => {
    const last = newValue(graph, inner.type);
    bind(elaboration, scope, name.text, tensor(last), name.span);
    return { initial, inner, next: next ?? inner, last };
  });
  const collected = [...collects.values()].map(({ statement: { name }, inner, axis, type }) => {
    const result = newValue(graph, type);
    bind(elaboration, scope, name.text, tensor(result), name.span);
    return { inner, axis, result };
  });
  const { nodes } = inside.graph;
  const leaving = [...carried.map(({ next }) => next), ...collected.map(({ inner }) => inner)];
  const read = new Set([...nodes.flatMap(operandsOf), ...leaving]);
  graph.nodes.push({
    kind: "scan",
    steps: recurrence.steps,
    reversed: statement.reversed,
    sequences: recurrence.sequences,
    place: read.has(recurrence.place) ? recurrence.place : null,
    carries: carried,
    nodes,
    collects: collected,
    frame: scope.frame,
  });
}
