/** Owns `train` blocks: what is minimised with which optimizer, on which data, until when; and the default recipe. */
import type { Value } from "../ir/graph.ts";
import type { DataSource, Objective, Recipe, Static } from "../ir/network.ts";
import {
  minimizeUnfit,
  noLoss,
  pathReachesNothing,
  repeatedSetting,
  settingForm,
  settingUnfit,
  unknownName,
  unknownSetting,
  unsupported,
  validationMissing,
} from "../report/catalogue/check.ts";
import { suggest } from "../report/suggest.ts";
import type { Expression, Path, Recipe as RecipeSource, Setting } from "../syntax/ast.ts";
import { type Span, textOf } from "../text/source.ts";
import { type Elaboration, type Scope, complain, noDuties } from "./elaboration.ts";
import * as exact from "./exact.ts";
import { evaluate } from "./expression.ts";
import { describe, plain, tensor } from "./meaning.ts";
import { type ModelBody, staticOf } from "./model.ts";
import { type Moved, optimizerGroup } from "./optimizer.ts";
import { tensorDue } from "./operations.ts";
import { parse } from "../syntax/parse.ts";

const keys = [
  "data",
  "test",
  "minimize",
  "batch",
  "epochs",
  "steps",
  "clip",
  "validate",
  "stop",
  "keep",
  "average",
  "augment",
  "seed",
];

/** What `minimize` lines see of the training function. */
export interface Training {
  readonly elaboration: Elaboration;
  readonly body: ModelBody;
  /** Rank-0 means by loss name, and `loss`, their sum. */
  readonly objectives: ReadonlyMap<string, Value>;
  /** Parameters by what an objective reaches, in order of declaration. */
  readonly reached: (objective: Value) => readonly Moved[];
}

export interface RecipeResult {
  readonly recipe: Recipe;
  /** Objectives that `minimize` lines made beyond the losses. */
  readonly extra: ReadonlyMap<string, Value>;
}

const defaults = {
  data: null,
  test: null,
  batch: 32,
  epochs: 10,
  steps: null,
  clip: null,
  validate: { kind: "split", fraction: 0.1, stratify: null, group: null, every: null },
  stop: null,
  keep: null,
  average: null,
  seed: 0,
} as const;

/** `minimize: loss with adam(1e-3)`, in batches of 32, 10 times over, a tenth held back. */
const defaultText = "train Default {\n  minimize: loss with adam(1e-3)\n}\n";

export function runRecipe(training: Training, source: RecipeSource | null): RecipeResult | null {
  const { elaboration, body } = training;
  const written = source ?? defaultSource();
  if (written === null) return null;
  const settings = new Map<string, Setting>();
  const lines: Setting[] = [];
  for (const setting of written.settings) {
    const key = setting.key.text;
    const before = settings.get(key);
    if (!keys.includes(key)) {
      complain(
        elaboration,
        null,
        unknownSetting.build({ span: setting.key.span, key, keys, suggestion: suggest(key, keys) }),
      );
    } else if (key === "minimize") lines.push(setting);
    else if (before !== undefined)
      complain(
        elaboration,
        null,
        repeatedSetting.build({ span: setting.key.span, key, before: before.key.span }),
      );
    else settings.set(key, setting);
  }
  const scope: Scope = { ...body.scope, kind: "recipe", duties: noDuties };
  const reader = settingReader(elaboration, scope, settings);
  if (settings.has("augment"))
    complain(
      elaboration,
      null,
      unsupported.build({ span: settings.get("augment")!.span, what: "`augment`" }),
    );
  const extra = new Map<string, Value>();
  const objectives = minimizeLines(training, scope, lines, written, extra);
  const [epochs, steps] = [reader.count("epochs", 1), reader.count("steps", 1)];
  const validate = validation(elaboration, scope, body, settings.get("validate"));
  const metricNames = [
    "loss",
    ...body.losses.map(({ name }) => name.text),
    ...body.metrics.map(({ metric }) => metric.name),
  ];
  const stop = reader.form("stop", "patience", ["metric", "epochs"]);
  const keep = reader.form("keep", "best", ["metric"]);
  const average = reader.form("average", "ema", ["decay"]);
  for (const [setting, found] of [
    ["stop", stop],
    ["keep", keep],
  ] as const)
    if (found !== null && validate === null && settings.has("validate"))
      complain(elaboration, null, validationMissing.build({ span: found.span, setting }));
  const recipe: Recipe = {
    name: written.alias?.text ?? written.model.text,
    data: dataSource(elaboration, scope, settings.get("data")),
    test: dataSource(elaboration, scope, settings.get("test")),
    objectives,
    batch: reader.count("batch", 1) ?? defaults.batch,
    epochs: epochs ?? (steps === null ? defaults.epochs : null),
    steps,
    clip: clipping(elaboration, scope, settings.get("clip")),
    validate: settings.has("validate") ? validate : defaults.validate,
    stop: stop === null ? null : stopping(elaboration, scope, stop, metricNames),
    keep: keep === null ? null : keeping(elaboration, scope, keep, metricNames),
    average: average === null ? null : averaging(elaboration, scope, average),
    seed: reader.count("seed", 0) ?? defaults.seed,
  };
  return { recipe, extra };
}

function defaultSource(): RecipeSource | null {
  const { file } = parse({ name: "the default recipe", text: defaultText });
  return file.declarations.find((declaration) => declaration.kind === "recipe") ?? null;
}

/** A setting that is a call, as `patience(val.loss, epochs: 5)`. */
interface Form {
  readonly span: Span;
  readonly arguments: ReadonlyMap<string, Expression>;
}

function settingReader(elaboration: Elaboration, scope: Scope, settings: ReadonlyMap<string, Setting>) {
  return {
    /** A whole number of at least `least`; null where it is not set, or with a message. */
    count: (key: string, least: number): number | null => {
      const setting = settings.get(key);
      if (setting === undefined) return null;
      const meaning = evaluate(elaboration, scope, setting.value);
      if (
        meaning.kind === "number" &&
        exact.isWhole(meaning.number) &&
        exact.toNumber(meaning.number) >= least
      )
        return exact.toNumber(meaning.number);
      if (meaning.kind !== "unknown")
        complain(
          elaboration,
          null,
          settingUnfit.build({
            span: setting.value.span,
            key,
            due: `a whole number of at least ${least}`,
            found: describe(meaning),
          }),
        );
      return null;
    },
    form: (key: string, name: string, names: readonly string[]): Form | null => {
      const setting = settings.get(key);
      return setting === undefined ? null : formOf(elaboration, setting, [name], names);
    },
  };
}

/** The arguments of a setting's call, by name; null with a message. */
function formOf(
  elaboration: Elaboration,
  setting: Setting,
  names: readonly string[],
  order: readonly string[],
): Form | null {
  const { value, key } = setting;
  if (value.kind === "missing") return null;
  const called = value.kind === "call" && value.callee.kind === "name" ? value.callee.name.text : null;
  if (value.kind !== "call" || called === null || !names.includes(called)) {
    const found = textOf(value.span);
    complain(
      elaboration,
      null,
      settingForm.build({ span: value.span, key: key.text, forms: names, order, found }),
    );
    return null;
  }
  const given = new Map<string, Expression>();
  let place = 0;
  for (const argument of value.arguments) {
    const name = argument.label?.text ?? order[place];
    if (argument.label === null) place += 1;
    if (name === undefined || !order.includes(name) || given.has(name)) {
      complain(
        elaboration,
        null,
        settingForm.build({
          span: argument.span,
          key: key.text,
          forms: names,
          order,
          found: textOf(argument.span),
        }),
      );
      return null;
    }
    given.set(name, argument.value);
  }
  return { span: value.span, arguments: given };
}

function minimizeLines(
  training: Training,
  scope: Scope,
  lines: readonly Setting[],
  written: RecipeSource,
  extra: Map<string, Value>,
): readonly Objective[] {
  const { elaboration, objectives } = training;
  if (objectives.size === 0) {
    if (lines.length > 0) complain(elaboration, null, noLoss.build({ span: lines[0]!.span }));
    return [];
  }
  const used = lines.length > 0 ? lines : (defaultSource()?.settings ?? []);
  const result: Objective[] = [];
  for (const line of used) {
    const bindings = new Map(scope.bindings);
    for (const [name, value] of objectives) bindings.set(name, { meaning: tensor(value), span: line.span });
    const seen: Scope = { ...scope, bindings, binding: "minimize" };
    const value = tensorDue(elaboration, seen, evaluate(elaboration, seen, line.value), line.value.span);
    if (value === null) continue;
    if (value.type.shape.length > 0) {
      complain(
        elaboration,
        null,
        minimizeUnfit.build({
          span: line.value.span,
          found: describe(tensor(value)),
          losses: [...objectives.keys()],
        }),
      );
      continue;
    }
    const text = textOf(line.value.span).replace(/\s+/g, " ");
    const known = objectives.get(text) === value ? text : undefined;
    const name = text;
    if (known === undefined) extra.set(name, value);
    const reached = training.reached(value);
    const clauses = line.clauses.length > 0 ? line.clauses : (defaultSource()?.settings[0]?.clauses ?? []);
    const groups = clauses.flatMap((clause) => {
      const moved = clause.over.length === 0 ? reached : movedBy(elaboration, scope, clause.over, reached);
      if (moved.length === 0) return [];
      const group = optimizerGroup(
        elaboration,
        { ...scope, frame: { ...scope.frame, layer: written.model.text } },
        clause.with,
        moved,
      );
      return group === null ? [] : [group];
    });
    result.push({ name, groups });
  }
  return result;
}

/** The parameters under the paths of an `over` clause, of those that the objective reaches. */
function movedBy(
  elaboration: Elaboration,
  scope: Scope,
  paths: readonly Path[],
  reached: readonly Moved[],
): readonly Moved[] {
  const moved = new Set<Moved>();
  for (const path of paths) {
    const text = pathText(elaboration, scope, path);
    if (text === null) continue;
    const under = reached.filter(
      ({ name }) => name === text || name.startsWith(`${text}.`) || name.startsWith(`${text}[`),
    );
    if (under.length === 0) {
      const heads = [...new Set(reached.map(({ name }) => name.split(/[.[]/)[0]!))];
      complain(
        elaboration,
        null,
        pathReachesNothing.build({ span: path.span, path: text, heads, suggestion: suggest(text, heads) }),
      );
    }
    for (const parameter of under) moved.add(parameter);
  }
  return reached.filter((parameter) => moved.has(parameter));
}

function pathText(elaboration: Elaboration, scope: Scope, path: Path): string | null {
  let text = path.head.text;
  for (const step of path.steps) {
    if (step.kind === "member") text += `.${step.name.text}`;
    else {
      const meaning = evaluate(elaboration, scope, step.index);
      if (meaning.kind !== "number") return null;
      text += `[${exact.printExact(meaning.number)}]`;
    }
  }
  return text;
}

function dataSource(elaboration: Elaboration, scope: Scope, setting: Setting | undefined): DataSource | null {
  if (setting === undefined || setting.value.kind === "missing") return null;
  const { value } = setting;
  if (value.kind !== "call" || value.callee.kind !== "name") {
    complain(
      elaboration,
      null,
      settingForm.build({
        span: value.span,
        key: setting.key.text,
        forms: ["csv", "idx"],
        order: ["path"],
        found: textOf(value.span),
      }),
    );
    return null;
  }
  const positional: Static[] = [];
  const named: Record<string, Static> = {};
  for (const argument of value.arguments) {
    const meaning = evaluate(elaboration, scope, argument.value);
    const fixed = staticOf(meaning);
    if (fixed === null) {
      if (meaning.kind !== "unknown")
        complain(
          elaboration,
          null,
          settingUnfit.build({
            span: argument.value.span,
            key: setting.key.text,
            due: "a value known at compile time",
            found: describe(meaning),
          }),
        );
      continue;
    }
    if (argument.label === null) positional.push(fixed);
    else named[argument.label.text] = fixed;
  }
  return { format: value.callee.name.text, positional, named, span: value.span };
}

function clipping(elaboration: Elaboration, scope: Scope, setting: Setting | undefined): Recipe["clip"] {
  if (setting === undefined) return null;
  const form = formOf(elaboration, setting, ["norm", "value"], ["limit"]);
  const limit =
    form === null ? null : positive(elaboration, scope, setting.key.text, form, "limit", Infinity);
  if (limit === null || setting.value.kind !== "call" || setting.value.callee.kind !== "name") return null;
  return { kind: setting.value.callee.name.text === "norm" ? "norm" : "value", limit };
}

/** A number above 0 and below `bound`; null with a message. */
function positive(
  elaboration: Elaboration,
  scope: Scope,
  key: string,
  form: Form,
  name: string,
  bound: number,
): number | null {
  const expression = form.arguments.get(name);
  const meaning = expression === undefined ? null : evaluate(elaboration, scope, expression, plain);
  if (meaning?.kind === "number") {
    const value = exact.toNumber(meaning.number);
    if (value > 0 && value < bound) return value;
  }
  if (meaning?.kind !== "unknown") {
    const due = bound === Infinity ? "a number above 0" : `a number between 0 and ${bound}`;
    complain(
      elaboration,
      null,
      settingUnfit.build({
        span: expression?.span ?? form.span,
        key,
        due,
        found: meaning === null ? "nothing" : describe(meaning),
      }),
    );
  }
  return null;
}

function validation(
  elaboration: Elaboration,
  scope: Scope,
  body: ModelBody,
  setting: Setting | undefined,
): Recipe["validate"] {
  if (setting === undefined) return null;
  const form = formOf(elaboration, setting, ["split", "tail"], ["fraction", "stratify", "group"]);
  if (form === null || setting.value.kind !== "call" || setting.value.callee.kind !== "name") return null;
  const fraction = positive(elaboration, scope, "validate", form, "fraction", 1);
  if (fraction === null) return null;
  const column = (name: string): string | null => {
    const expression = form.arguments.get(name);
    if (expression === undefined) return null;
    if (expression.kind === "string") return expression.value;
    const ports = [...body.inputs, ...body.targets].map((port) => port.name);
    if (expression.kind === "name" && ports.includes(expression.name.text)) return expression.name.text;
    const text = textOf(expression.span);
    complain(
      elaboration,
      null,
      unknownName.build({
        span: expression.span,
        name: text,
        what: "input or target",
        suggestion: suggest(text, ports),
      }),
    );
    return null;
  };
  const { every } = setting;
  const count = every === null ? null : evaluate(elaboration, scope, every.count);
  return {
    kind: setting.value.callee.name.text === "tail" ? "tail" : "split",
    fraction,
    stratify: column("stratify"),
    group: column("group"),
    every:
      every === null || count?.kind !== "number"
        ? null
        : { count: exact.toNumber(count.number), unit: every.unit },
  };
}

/** `val.accuracy` is the metric `accuracy` on what is held back. */
function metricOf(elaboration: Elaboration, form: Form, names: readonly string[]): string | null {
  const expression = form.arguments.get("metric");
  const text = expression === undefined ? "" : textOf(expression.span);
  const member =
    expression?.kind === "member" &&
    expression.object.kind === "name" &&
    expression.object.name.text === "val"
      ? expression.name.text
      : null;
  if (member !== null && names.includes(member)) return member;
  const wanted = member ?? text;
  const suggestion = suggest(wanted, names) ?? (names.includes(wanted) ? wanted : null);
  complain(
    elaboration,
    null,
    unknownName.build({
      span: expression?.span ?? form.span,
      name: text,
      what: "metric",
      suggestion: suggestion === null ? null : `val.${suggestion}`,
    }),
  );
  return null;
}

function stopping(
  elaboration: Elaboration,
  scope: Scope,
  form: Form,
  names: readonly string[],
): Recipe["stop"] {
  const metric = metricOf(elaboration, form, names);
  const epochs = positive(elaboration, scope, "stop", form, "epochs", Infinity);
  return metric === null || epochs === null ? null : { metric, epochs };
}

function keeping(
  elaboration: Elaboration,
  _scope: Scope,
  form: Form,
  names: readonly string[],
): Recipe["keep"] {
  const metric = metricOf(elaboration, form, names);
  return metric === null ? null : { metric };
}

function averaging(elaboration: Elaboration, scope: Scope, form: Form): Recipe["average"] {
  const decay = positive(elaboration, scope, "average", form, "decay", 1);
  return decay === null ? null : { kind: "ema", decay };
}
