/** Owns calls and pipes: what stands before the parentheses, and what becomes of it. */
import { operations } from "../../ops/index.ts";
import {
  mayNotCall,
  notCallable,
  optionsSet,
  partOfShare,
  unknownName,
} from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Call, Definition, Expression, Name, Pipe, Stage } from "../../syntax/ast.ts";
import { type Span, cover } from "../../text/source.ts";
import { type Formal, evaluatedOnce, givenArguments, givenMeaning } from "./arguments.ts";
import { callBuiltin } from "./builtin.ts";
import { callableNames, findCallable } from "./callable.ts";
import { type Elaboration, type Scope, complain, pathOf, tell } from "./elaboration.ts";
import { evaluate } from "./expression.ts";
import { lookUp } from "../names/names.ts";
import { initializerNames } from "./initializer.ts";
import { callLayer } from "./layer.ts";
import {
  type Callee,
  type Expected,
  type Given,
  type LayerMeaning,
  type Meaning,
  type ScheduleMeaning,
  type Sharing,
  describe,
  numeric,
  plain,
  printMeaning,
  tensor,
  unknown,
} from "../statics/meaning.ts";
import { callOperation } from "./operation-call.ts";
import { runSchedule } from "../model/schedule.ts";
import { isTensorType } from "../shapes/signature.ts";

/** Where a call stands and what its parameters' names begin with. */
export interface CallSite {
  readonly span: Span;
  /** What is called, as written. */
  readonly name: string;
  /** Of the frame to come. */
  readonly path: string;
  readonly sharing: Sharing | null;
}

/** `x -> dense(64) -> relu` */
export function pipe(elaboration: Elaboration, scope: Scope, expression: Pipe): Meaning {
  let meaning = evaluate(elaboration, scope, expression.input);
  let span = expression.input.span;
  for (const stage of expression.stages) {
    meaning = callStage(elaboration, scope, stage, givenMeaning(meaning, span));
    if (meaning.kind !== "unknown") tell(elaboration, stage.span, "stage", printMeaning(meaning));
    span = cover(span, stage.span);
  }
  return meaning;
}

function callStage(elaboration: Elaboration, scope: Scope, stage: Stage, piped: Given): Meaning {
  const given = [piped, ...givenArguments(elaboration, scope, stage.arguments ?? [])];
  if (stage.members.length > 0) {
    complain(elaboration, scope, partOfShare.build({ span: stage.span, share: stage.callee.text }));
    return unknown;
  }
  const callee = calleeNamed(elaboration, scope, stage.callee);
  if (callee === null) return evaluateAll(given);
  const label = scope.labels.get(stage) ?? stage.callee.text;
  return call(elaboration, scope, callee, given, siteOf(scope, stage.span, stage.callee.text, label));
}

export function callExpression(
  elaboration: Elaboration,
  scope: Scope,
  expression: Call,
  expected: Expected,
): Meaning {
  const given = givenArguments(elaboration, scope, expression.arguments);
  if (expression.callee.kind !== "name") {
    complain(
      elaboration,
      scope,
      notCallable.build({ span: expression.callee.span, name: null, found: null }),
    );
    return evaluateAll(given);
  }
  const { name } = expression.callee;
  const callee = calleeNamed(elaboration, scope, name);
  if (callee === null) return evaluateAll(given);
  if (callee.kind === "definition" && callee.definition.sort === "schedule" && expected.schedule) {
    return scheduleOf(callee, given.map(evaluatedOnce));
  }
  const label = scope.labels.get(expression) ?? name.text;
  const meaning = call(elaboration, scope, callee, given, siteOf(scope, expression.span, name.text, label));
  if (meaning.kind !== "unknown") tell(elaboration, expression.span, "call", printMeaning(meaning));
  return meaning;
}

/** A schedule as a value: its options, without `step` and `total`. */
export function scheduleOf(
  callee: Callee & { readonly kind: "definition" },
  given: readonly Given[],
): ScheduleMeaning {
  return { kind: "schedule", form: { ...callee, given } };
}

function siteOf(scope: Scope, span: Span, name: string, label: string): CallSite {
  return { span, name, path: pathOf(scope, label), sharing: scope.sharing };
}

/** Mistakes within the arguments are reported even where nothing takes them. */
function evaluateAll(given: readonly Given[]): Meaning {
  for (const argument of given) if (argument.word === null) argument.evaluate(plain);
  return unknown;
}

/** What a name before `(` or after `->` calls, or null with a message. */
export function calleeNamed(
  elaboration: Elaboration,
  scope: Scope,
  name: Name,
  what: "layer" | "optimizer" = "layer",
): Callee | null {
  const callee = findCallable(elaboration, scope, name.text);
  if (callee !== null) return callee;
  const value = lookUp(elaboration, scope, name.text);
  if (value?.kind === "unknown" || scope.file.promised.has(name.text)) return null;
  const suggestion = suggest(name.text, callableNames(elaboration, scope));
  if (initializerNames.includes(name.text))
    complain(elaboration, scope, mayNotCall.build({ span: name.span, name: name.text }));
  else if (value !== null)
    complain(
      elaboration,
      scope,
      notCallable.build({ span: name.span, name: name.text, found: describe(value) }),
    );
  else
    complain(elaboration, scope, unknownName.build({ span: name.span, name: name.text, what, suggestion }));
  return null;
}

export function call(
  elaboration: Elaboration,
  scope: Scope,
  callee: Callee,
  given: readonly Given[],
  site: CallSite,
): Meaning {
  switch (callee.kind) {
    case "definition":
      return callLayer(elaboration, scope, callee, given, site);
    case "operation":
      return callOperation(elaboration, scope, callee.operation, given, site);
    case "builtin":
      return callBuiltin(elaboration, scope, callee.name, given, site);
    case "layer":
      return callLayerValue(elaboration, scope, callee.layer, given, site);
    case "schedule":
      return runSchedule(elaboration, scope, callee.schedule, given, site.span);
  }
}

/**
 * Calls a layer that is a value: the call gives the tensors, its options were given where it was made. An unshared one
 * makes parameters under each call's own name, a shared one under its own.
 */
function callLayerValue(
  elaboration: Elaboration,
  scope: Scope,
  layer: LayerMeaning,
  given: readonly Given[],
  site: CallSite,
): Meaning {
  const [first] = layer.stages;
  if (first === undefined) return unknown;
  const extra = first.callee.kind === "definition" ? given[tensorCount(first.callee.definition)] : undefined;
  if (extra !== undefined) {
    complain(elaboration, scope, optionsSet.build({ span: extra.span, layer: site.name, set: first.span }));
    return unknown;
  }
  const sharing = layer.shared ?? site.sharing;
  const base = layer.shared?.path ?? site.path;
  const alone = layer.stages.length === 1;
  let meaning: Meaning = unknown;
  for (const stage of layer.stages) {
    const tensors = stage === first ? given : [givenMeaning(meaning, site.span)];
    meaning = call(elaboration, scope, stage.callee, [...tensors, ...stage.given], {
      span: site.span,
      name: alone || stage.callee.kind !== "definition" ? site.name : stage.callee.definition.name.text,
      path: alone ? base : `${base}.${stage.label}`,
      sharing,
    });
    if (meaning.kind === "unknown") return unknown;
  }
  return meaning;
}

function tensorCount(definition: Definition): number {
  return definition.parameters.filter((parameter) => isTensorType(parameter.type)).length;
}

/** An expression in layer position: `gru(48)` without its tensors. Null where it is an ordinary value. */
export function layerOfExpression(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression,
  _expected: Expected,
): LayerMeaning | null {
  if (expression.kind !== "call" || expression.callee.kind !== "name") return null;
  const { name } = expression.callee;
  const callee = calleeNamed(elaboration, scope, name);
  if (callee === null) return null;
  const given = givenArguments(elaboration, scope, expression.arguments).map(evaluatedOnce);
  return {
    kind: "layer",
    stages: [{ callee, given, label: name.text, span: expression.span }],
    shared: null,
  };
}

/** A schedule read as a value: its rate at this step. */
export function scheduleNow(
  elaboration: Elaboration,
  scope: Scope,
  schedule: ScheduleMeaning,
  span: Span,
): Meaning {
  const { clock } = scope;
  if (schedule.form.kind === "fixed") return numeric(schedule.form.number);
  if (clock === null) return unknown;
  const now = [clock.step, clock.total].map((value) => givenMeaning(tensor(value), span));
  return runSchedule(elaboration, scope, schedule, now, span);
}

/** Parameters of an operation: its tensors, then its options. */
export function formalsOfOperation(name: string): readonly Formal[] {
  const operation = operations.get(name);
  if (operation === undefined) return [];
  const tensors = operation.tensors.map((tensorName) => ({
    name: tensorName,
    tensor: true,
    required: true,
    variadic: operation.variadic,
    span: null,
  }));
  const options = Object.entries(operation.options).map(([option, form]) => ({
    name: option,
    tensor: false,
    required: form.fallback === undefined,
    variadic: false,
    span: null,
  }));
  return [...tensors, ...options];
}
