/** Owns `scan`: a body elaborated once that stands for every step, what it carries and what it collects. */
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
import { type TensorType, printType, sameElement, sameShape } from "../../ir/type.ts";
import {
  alreadyDeclared,
  carryNotAdvanced,
  collectAmbiguous,
  collectUnfit,
  nextWithoutCarry,
  scanUnfit,
} from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Advance, Held as HeldStatement, Scan, Type } from "../../syntax/ast.ts";
import { type Span, cover, textOf } from "../../text/source.ts";
import {
  type Elaboration,
  type Recurrence,
  type Scope,
  bind,
  complain,
  noDuties,
  tell,
} from "./elaboration.ts";
import { evaluate } from "./expression.ts";
import { insideOfGraph, nameValue, newValue } from "./graph-builder.ts";
import { updateState } from "./held.ts";
import { describe, dimensionOf, tensor, unknown } from "../statics/meaning.ts";
import { tensorDue } from "./operations.ts";
import { runBlock } from "./statement.ts";
import { carriedType, fitted, initialValue } from "./carrying.ts";
import { advanceGrowth, declareGrowing, finishGrowth, type Growing, growthOf } from "./growing.ts";

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
  /** Those along a length that each step has of its own. */
  readonly growing: Map<string, Growing>;
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
    growing: new Map(),
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
  const growth = growthOf(statement.type);
  if (growth !== null) {
    const grown = declareGrowing(running.outside, inside, body, statement, growth);
    if (grown !== null) running.growing.set(name.text, grown);
    return;
  }
  const type = carriedType(inside, body, statement.type);
  const initial = type === null ? null : initialValue(running.outside, statement, type);
  if (type === null || initial === null) {
    bind(inside, body, name.text, unknown, name.span);
    return;
  }
  const inner = newValue(inside.graph, type, name.text);
  carries.set(name.text, { statement, initial, inner, next: null });
  bind(inside, body, name.text, tensor(inner), name.span);
  tell(inside, name.span, "state", printType(type));
}

/** `next h = …`: read from here on, and by the next step. */
function advance(
  { inside, recurrence, carries, growing, declared }: Running,
  body: Scope,
  statement: Advance,
): void {
  const { name, value: expression } = statement;
  const meaning = evaluate(inside, body, expression);
  const grown = growing.get(name.text);
  if (grown !== undefined) {
    advanceGrowth(inside, body, grown, name, meaning, expression.span);
    return;
  }
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
function finish(running: Running): void {
  const { statement, recurrence, outside, inside, carries, growing, collects, declared } = running;
  const { elaboration, scope } = outside;
  const { graph } = elaboration;
  for (const { statement: carry, next } of [...carries.values(), ...growing.values()])
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
  const grown = [...growing.values()].map((one) => finishGrowth(elaboration, scope, one));
  const { nodes } = inside.graph;
  const leaving = [
    ...[...carried, ...grown.flatMap(({ carries: two }) => two)].map(({ next }) => next),
    ...collected.map(({ inner }) => inner),
  ];
  const read = new Set([...nodes.flatMap(operandsOf), ...leaving]);
  graph.nodes.push({
    kind: "scan",
    steps: recurrence.steps,
    reversed: statement.reversed,
    sequences: recurrence.sequences,
    place: read.has(recurrence.place) ? recurrence.place : null,
    carries: [...carried, ...grown.flatMap(({ carries: two }) => two)],
    nodes,
    collects: collected,
    frame: scope.frame,
  });
  for (const { leave } of grown) leave();
}
