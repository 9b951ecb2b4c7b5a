/** Owns checking: from files to a network, with every mistake found on the way. Never throws. */
import type { DimensionSymbol } from "../ir/dimension.ts";
import type { Network } from "../ir/network.ts";
import {
  compilerFault,
  nothingToLearn,
  trainingOnly,
  unknownModel,
  unknownName,
  unknownRecipe,
} from "../report/catalogue/check.ts";
import type { Diagnostic } from "../report/diagnostic.ts";
import { suggest } from "../report/suggest.ts";
import type { Model, Recipe, SourceFile } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import type { Source } from "../text/source.ts";
import { withoutAllowed } from "./model/allowed.ts";
import { type Elaboration, type Fact, type Registry, complain } from "./elaborate/elaboration.ts";
import { emptyGraph } from "./elaborate/graph-builder.ts";
import { augmentationsOf } from "./model/augment.ts";
import { lengthProblems } from "./model/lengths.ts";
import { runModel } from "./model/model.ts";
import { assembleNetwork } from "./model/network.ts";
import { type Program, type Reader, loadProgram } from "./program.ts";
import { resolveNames } from "./names/resolve.ts";

export { imports } from "./program.ts";
export type { Fact } from "./elaborate/elaboration.ts";

export interface Settings {
  /** Where a file holds several. */
  readonly model?: string;
  /** Hyper-parameters from outside, as text. */
  readonly set?: Readonly<Record<string, string>>;
  /** The alias of a recipe: `train Name as quick`. */
  readonly recipe?: string;
}

export interface Checked {
  /** Null where there were errors, no model, or several and none was chosen. */
  readonly network: Network | null;
  /** Of all models that were chosen; none where there were errors. */
  readonly networks: readonly Network[];
  readonly diagnostics: readonly Diagnostic[];
  readonly facts: readonly Fact[];
  /** The models of the entry file, in order. */
  readonly models: readonly string[];
}

/**
 * Checks the file `entry` with all it imports. `sources` holds every file by name; load what `imports` lists until
 * nothing is missing. `read` may remember trees between two checks.
 */
export function check(
  entry: string,
  sources: ReadonlyMap<string, Source>,
  settings: Settings = {},
  read: Reader = parse,
): Checked {
  const source = sources.get(entry) ?? { name: entry, text: "" };
  try {
    return checkProgram(loadProgram(source, sources, read), settings);
  } catch (fault) {
    const span = { source, start: 0, end: 0 };
    const overflow = fault instanceof RangeError;
    const detail = fault instanceof Error ? fault.message : String(fault);
    return {
      network: null,
      networks: [],
      diagnostics: [compilerFault.build({ span, overflow, detail })],
      facts: [],
      models: [],
    };
  }
}

function checkProgram(program: Program, settings: Settings): Checked {
  const diagnostics: Diagnostic[] = [...program.diagnostics];
  const facts: Fact[] = [];
  const models = program.models.map((model) => model.name.text);
  const chosen = chooseModels(program, settings, diagnostics);
  const networks: Network[] = [];
  for (const model of chosen) {
    const network = checkModel(program, model, settings, diagnostics, facts);
    if (network !== null) networks.push(network);
  }
  checkRecipeModels(program, diagnostics);
  resolveNames(program, diagnostics);
  const sources = program.files.map(({ file }) => file.source);
  const ordered = inOrder(program, withoutAllowed(sources, diagnostics));
  const failed = ordered.some(({ severity }) => severity === "error");
  const found = failed ? [] : networks;
  const network = found.length === 1 ? found[0]! : null;
  return { network, networks: found, diagnostics: ordered, facts: distinct(facts), models };
}

function chooseModels(program: Program, settings: Settings, diagnostics: Diagnostic[]): readonly Model[] {
  if (settings.model === undefined) return program.models;
  const found = program.models.filter((model) => model.name.text === settings.model);
  if (found.length > 0) return found;
  const names = program.models.map((model) => model.name.text);
  const { source } = program.entry.file;
  const suggestion = suggest(settings.model, names);
  diagnostics.push(
    unknownModel.build({ span: { source, start: 0, end: 0 }, name: settings.model, names, suggestion }),
  );
  return [];
}

function checkModel(
  program: Program,
  model: Model,
  settings: Settings,
  diagnostics: Diagnostic[],
  facts: Fact[],
): Network | null {
  const batch: DimensionSymbol = { kind: "batch", name: "batch", minimum: 1, maximum: null };
  const registry: Registry = {
    parameters: new Map(),
    states: new Map(),
    streams: new Map(),
    lengths: new Map(),
  };
  const tables: Elaboration["tables"] = new Map();
  const begin = (training: boolean): Elaboration => ({
    program,
    training,
    graph: emptyGraph(),
    recurrence: null,
    registry,
    batch,
    held: new Map(),
    firstCalls: new Map(),
    updated: new Set(),
    declared: [],
    spent: { steps: 0 },
    draws: new Map(),
    constants: new Map(),
    tables,
    labels: new Map(),
    layers: [],
    facts,
    diagnostics,
  });
  const use = begin(false);
  const usedBody = runModel(use, model, settings.set ?? {});
  const recipe = chooseRecipe(program, model, settings, diagnostics);
  const training = begin(true);
  const trainingBody = runModel(training, model, settings.set ?? {}, augmentationsOf(training, recipe));
  for (const [name, held] of training.held) {
    if (held.kind === "param" && !use.held.has(name))
      complain(training, null, trainingOnly.build({ span: held.span, name }));
  }
  if (usedBody.outputs.length === 0 && usedBody.losses.length === 0 && diagnostics.length === 0)
    diagnostics.push(nothingToLearn.build({ span: model.name.span, model: model.name.text }));
  const network = assembleNetwork(
    model,
    { elaboration: use, body: usedBody },
    { elaboration: training, body: trainingBody },
    recipe,
  );
  if (network !== null && registry.lengths.size > 0) diagnostics.push(...lengthProblems(network));
  return diagnostics.some(({ severity }) => severity === "error") ? null : network;
}

/** A recipe is for a model of its own file. */
function checkRecipeModels(program: Program, diagnostics: Diagnostic[]): void {
  const names = program.models.map((model) => model.name.text);
  for (const { model } of program.recipes) {
    if (names.includes(model.text)) continue;
    const suggestion = suggest(model.text, names);
    diagnostics.push(unknownName.build({ span: model.span, name: model.text, what: "model", suggestion }));
  }
}

function chooseRecipe(
  program: Program,
  model: Model,
  settings: Settings,
  diagnostics: Diagnostic[],
): Recipe | null {
  const recipes = program.recipes.filter((recipe) => recipe.model.text === model.name.text);
  if (settings.recipe === undefined)
    return recipes.find((recipe) => recipe.alias === null) ?? recipes[0] ?? null;
  const found = recipes.find((recipe) => recipe.alias?.text === settings.recipe);
  if (found !== undefined) return found;
  const names = recipes.flatMap((recipe) => (recipe.alias === null ? [] : [recipe.alias.text]));
  const suggestion = suggest(settings.recipe, names);
  diagnostics.push(unknownRecipe.build({ span: model.name.span, name: settings.recipe, names, suggestion }));
  return null;
}

/** By file, the entry first, then by place. */
function inOrder(program: Program, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sources = program.files.map((scope) => scope.file.source);
  const place = (diagnostic: Diagnostic): number => {
    const at = sources.indexOf(diagnostic.span.source);
    return at < 0 ? sources.length : at;
  };
  return diagnostics.toSorted((a, b) => place(a) - place(b) || a.span.start - b.span.start);
}

function distinct(facts: readonly Fact[]): readonly Fact[] {
  const seen = new Set<string>();
  return facts
    .filter(({ span, kind, text }) => {
      const key = `${span.source.name}:${span.start}:${span.end}:${kind}:${text}`;
      const fresh = !seen.has(key);
      seen.add(key);
      return fresh;
    })
    .toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
}

/** The models that a parsed file declares. */
export function modelNames(file: SourceFile): readonly string[] {
  return file.declarations.flatMap((declaration) =>
    declaration.kind === "model" ? [declaration.name.text] : [],
  );
}
