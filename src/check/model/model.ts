/** Owns elaborating a model's body: its ports, outputs, losses and metric lines. */
import type { Frame } from "../../ir/frame.ts";
import type { ArgumentRole, Value } from "../../ir/graph.ts";
import type { Entry as NetworkEntry, Port as NetworkPort, Static } from "../../ir/network.ts";
import { printType } from "../../ir/type.ts";
import {
  alreadyDeclared,
  bindingCount,
  hyperparameterMissing,
  hyperparameterUnfit,
  lossNotNumbers,
  outputReadsTarget,
  unknownHyperparameter,
} from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Entry, Loss, Model, Name, Output, Parameter, Port } from "../../syntax/ast.ts";
import { type Augmentation, augmented, checkPorts } from "./augment.ts";
import { givenArguments, givenMeaning } from "../elaborate/arguments.ts";
import {
  type Bound,
  type Elaboration,
  type Scope,
  bind,
  complain,
  labelsOf,
  noDuties,
  tell,
} from "../elaborate/elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "../elaborate/expression.ts";
import { findCallable } from "../elaborate/callable.ts";
import { addArgument, nameValue, reachedArguments } from "../elaborate/graph-builder.ts";
import { runEntry } from "./entry.ts";
import { declareHeld, updateState } from "../elaborate/held.ts";
import {
  type Given,
  type Meaning,
  describe,
  numeric,
  plain,
  printMeaning,
  tensor,
  unknown,
} from "../statics/meaning.ts";
import { type MetricLine, meanMetric, runMetric } from "./metric.ts";
import { tensorDue } from "../elaborate/operations.ts";
import { portType } from "./port.ts";
import { describeType, optionOf } from "../statics/option.ts";
import { partsOf, runBlock } from "../elaborate/statement.ts";

export interface LossLine {
  readonly name: Name;
  /** One number an element. */
  readonly value: Value;
}

/** What one elaboration of a model found. */
export interface ModelBody {
  readonly scope: Scope;
  readonly hyperparameters: Readonly<Record<string, Static>>;
  readonly inputs: readonly NetworkPort[];
  readonly targets: readonly NetworkPort[];
  readonly outputs: readonly { readonly name: string; readonly doc: string | null; readonly value: Value }[];
  readonly losses: readonly LossLine[];
  readonly metrics: readonly MetricLine[];
  readonly entries: readonly NetworkEntry[];
  /** Names of all `loss` and `metric` lines, also of those with a mistake. */
  readonly scored: { readonly losses: ReadonlySet<string>; readonly metrics: ReadonlySet<string> };
}

export function runModel(
  elaboration: Elaboration,
  model: Model,
  set: Readonly<Record<string, string>>,
  /** What training sees in the place of samples. */
  augmentations: readonly Augmentation[] = [],
): ModelBody {
  const inputs: NetworkPort[] = [];
  const targets: NetworkPort[] = [];
  const outputs: { name: string; doc: string | null; value: Value }[] = [];
  const losses: LossLine[] = [];
  const metrics: MetricLine[] = [];
  const postponed: Entry[] = [];
  const scored = { losses: new Set<string>(), metrics: new Set<string>() };
  const statics: Record<string, string | number | boolean> = {};
  const frame: Frame = { layer: model.name.text, span: model.name.span, path: "", statics, parent: null };
  const bindings = new Map<string, Bound>();
  const taken = new Map<string, Name>();
  /** Ports, outputs, losses and metrics are names of the module's API: each once. */
  const once = (kind: string, name: Name): boolean => {
    const key = kind === "input" || kind === "target" ? `port ${name.text}` : `${kind} ${name.text}`;
    const before = taken.get(key);
    if (before !== undefined)
      complain(elaboration, null, alreadyDeclared.build({ name, before: before.span, what: "this model" }));
    taken.set(key, name);
    return before === undefined;
  };
  const scope: Scope = {
    file: elaboration.program.entry,
    kind: "model",
    frame,
    bindings,
    labels: labelsOf(elaboration, model.body),
    sharing: null,
    ellipsis: null,
    loops: [],
    binding: "",
    statement: null,
    clock: null,
    duties: {
      ...noDuties,
      port: (statement, body) => {
        if (!once(statement.kind, statement.name)) return;
        const port = declarePort(elaboration, body, statement, augmentations);
        if (port !== null) (statement.kind === "input" ? inputs : targets).push(port);
      },
      output: (statement, body) => {
        for (const [name, value] of runOutput(elaboration, body, statement))
          if (once("output", name)) outputs.push({ name: name.text, doc: statement.doc, value });
      },
      score: (statement, body) => {
        if (!once(statement.kind, statement.name)) return;
        // What a loss or metric calls is no layer of the network.
        const lines = elaboration.layers.length;
        scored[statement.kind === "loss" ? "losses" : "metrics"].add(statement.name.text);
        if (statement.kind === "loss") {
          const value = runLoss(elaboration, body, statement);
          if (value !== null) losses.push({ name: statement.name, value });
        } else {
          const line = runMetricLine(elaboration, body, statement);
          if (line !== null) metrics.push(line);
        }
        elaboration.layers.length = lines;
      },
      entry: (statement) => {
        if (once("entry", statement.name)) postponed.push(statement);
      },
      hold: (statement, body) => declareHeld(elaboration, body, statement),
      update: (statement, body) => updateState(elaboration, body, statement),
    },
  };
  const hyperparameters = bindHyperparameters(elaboration, scope, model, set);
  Object.assign(
    statics,
    Object.fromEntries(Object.entries(hyperparameters).filter(([, value]) => typeof value !== "object")),
  );
  runBlock(elaboration, scope, model.body);
  checkPorts(
    elaboration,
    augmentations,
    [...inputs, ...targets].map((port) => port.name),
  );
  // Entries see all that is shared, wherever they stand; they are functions of use alone.
  const entries = elaboration.training ? [] : postponed.map((entry) => runEntry(elaboration, scope, entry));
  const found = entries.filter((entry) => entry !== null);
  return { scope, hyperparameters, inputs, targets, outputs, losses, metrics, entries: found, scored };
}

/** Their values as the program says, or as `--set` does. */
function bindHyperparameters(
  elaboration: Elaboration,
  scope: Scope,
  model: Model,
  set: Readonly<Record<string, string>>,
): Record<string, Static> {
  const values: Record<string, Static> = {};
  const names = model.parameters.map((parameter) => parameter.name.text);
  for (const name of Object.keys(set)) {
    if (!names.includes(name))
      complain(
        elaboration,
        null,
        unknownHyperparameter.build({
          span: model.name.span,
          model: model.name.text,
          name,
          names,
          suggestion: suggest(name, names),
        }),
      );
  }
  for (const parameter of model.parameters) {
    const meaning = hyperparameter(elaboration, scope, model, parameter, set[parameter.name.text]);
    const origin = { span: parameter.name.span };
    const bound =
      meaning.kind === "number"
        ? numeric(meaning.number, origin, { constant: exact.toNumber(meaning.number), terms: [], origin })
        : meaning;
    scope.bindings.set(parameter.name.text, { meaning: bound, span: parameter.name.span });
    const value = staticOf(meaning);
    if (value !== null) values[parameter.name.text] = value;
  }
  return values;
}

function hyperparameter(
  elaboration: Elaboration,
  scope: Scope,
  model: Model,
  parameter: Parameter,
  text: string | undefined,
): Meaning {
  const name = parameter.name.text;
  if (text !== undefined) {
    const value = meaningOfText(text);
    const silent: Elaboration = { ...elaboration, diagnostics: [] };
    const given: Given = {
      ...givenMeaning(value, parameter.name.span),
      word: /^[a-z_]\w*$/i.test(text) ? text : null,
    };
    const meaning = optionOf(silent, scope, scope, model.name.text, parameter, given);
    if (meaning !== null) return meaning;
    complain(
      elaboration,
      null,
      hyperparameterUnfit.build({ span: parameter.span, name, text, due: describeType(parameter.type) }),
    );
    return unknown;
  }
  const { fallback } = parameter;
  if (fallback === null) {
    complain(
      elaboration,
      null,
      hyperparameterMissing.build({ span: parameter.span, name, model: model.name.text }),
    );
    return unknown;
  }
  const given: Given = {
    ...givenMeaning(unknown, fallback.span),
    word: fallback.kind === "name" ? fallback.name.text : null,
    evaluate: (expected) => evaluate(elaboration, scope, fallback, expected),
  };
  return optionOf(elaboration, scope, scope, model.name.text, parameter, given) ?? unknown;
}

/** `16`, `-0.5`, `true`, `[1, 2]`, or a word or string. */
function meaningOfText(text: string): Meaning {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed)) return numeric(exact.exactOfText(trimmed));
  if (/^-\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed))
    return numeric(exact.negate(exact.exactOfText(trimmed.slice(1))));
  if (trimmed === "true" || trimmed === "false") return { kind: "boolean", value: trimmed === "true" };
  const list = /^\[(.*)\]$/.exec(trimmed);
  if (list !== null) return { kind: "list", items: list[1]!.split(",").map(meaningOfText) };
  return { kind: "word", text: trimmed };
}

/** A static value as recipes and settings carry it; null for anything else. */
export function staticOf(meaning: Meaning): Static | null {
  switch (meaning.kind) {
    case "number":
      return exact.toNumber(meaning.number);
    case "boolean":
    case "string":
      return meaning.value;
    case "word":
      return meaning.text;
    case "list": {
      const items = meaning.items.map(staticOf);
      return items.every((item) => item !== null) ? items : null;
    }
    default:
      return null;
  }
}

function declarePort(
  elaboration: Elaboration,
  scope: Scope,
  statement: Port,
  augmentations: readonly Augmentation[],
): NetworkPort | null {
  const type = portType(elaboration, scope, statement.type);
  if (type === null) {
    scope.bindings.set(statement.name.text, { meaning: unknown, span: statement.name.span });
    return null;
  }
  const role: ArgumentRole = { kind: statement.kind, name: statement.name.text };
  const value = addArgument(elaboration.graph, role, type, statement.name.text);
  const seen = augmented(elaboration, scope, augmentations, statement.name, value);
  bind(elaboration, scope, statement.name.text, tensor(seen), statement.name.span);
  tell(elaboration, statement.name.span, statement.kind, printType(type));
  return { name: statement.name.text, doc: statement.doc, type, span: statement.span };
}

function runOutput(
  elaboration: Elaboration,
  scope: Scope,
  statement: Output,
): readonly (readonly [Name, Value])[] {
  const meaning = evaluate(elaboration, scope, statement.value);
  const items = partsOf(meaning, statement.names.length);
  if (items === null) {
    complain(
      elaboration,
      scope,
      bindingCount.build({
        span: statement.value.span,
        names: statement.names.length,
        found: describe(meaning),
      }),
    );
    for (const name of statement.names) bind(elaboration, scope, name.text, unknown, name.span);
    return [];
  }
  return statement.names.flatMap((name, place) => {
    const value = tensorDue(elaboration, scope, items[place]!, statement.value.span);
    if (value === null) {
      bind(elaboration, scope, name.text, unknown, name.span);
      return [];
    }
    const target = reachedArguments(elaboration.graph, value, () => true).find(
      ({ role }) => role.kind === "target",
    );
    if (target !== undefined && target.role.kind === "target") {
      const declared = scope.bindings.get(target.role.name)?.span ?? statement.span;
      complain(
        elaboration,
        scope,
        outputReadsTarget.build({
          span: statement.span,
          output: name.text,
          target: target.role.name,
          declared,
        }),
      );
      return [];
    }
    bind(elaboration, scope, name.text, tensor(value), name.span);
    tell(elaboration, name.span, "binding", printMeaning(items[place]!));
    return [[name, value] as const];
  });
}

function runLoss(elaboration: Elaboration, scope: Scope, statement: Loss): Value | null {
  const meaning = evaluate(elaboration, scope, statement.value);
  const value = tensorDue(elaboration, scope, meaning, statement.value.span);
  if (value === null) return null;
  if (value.type.element.kind !== "float") {
    complain(
      elaboration,
      scope,
      lossNotNumbers.build({ span: statement.value.span, found: printType(value.type) }),
    );
    return null;
  }
  nameValue(elaboration.graph, value, statement.name.text);
  if (statement.named) tell(elaboration, statement.name.span, "binding", printType(value.type));
  return value;
}

/** `metric accuracy(logits, digit)` calls a metric; any other expression is averaged over all samples. */
function runMetricLine(elaboration: Elaboration, scope: Scope, statement: Loss): MetricLine | null {
  const { value } = statement;
  if (value.kind === "call" && value.callee.kind === "name") {
    const callee = findCallable(elaboration, scope, value.callee.name.text);
    if (callee?.kind === "definition" && callee.definition.sort === "metric") {
      const given = givenArguments(elaboration, scope, value.arguments);
      const label = scope.labels.get(value) ?? value.callee.name.text;
      return runMetric(elaboration, scope, callee, given, label, statement);
    }
  }
  const meaning = evaluate(elaboration, scope, value, plain);
  const tensorValue = tensorDue(elaboration, scope, meaning, value.span);
  return tensorValue === null ? null : meanMetric(elaboration, scope, tensorValue, statement);
}
