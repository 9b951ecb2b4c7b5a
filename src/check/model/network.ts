/** Owns putting a network together: functions cut from the two elaborations, means of losses, objectives, the recipe. */
import type { Scalar } from "../../ir/comprehension.ts";
import { type Dimension, isLiteral, symbolic, variesBySample } from "../../ir/dimension.ts";
import type { ArgumentRole, Node, Value } from "../../ir/graph.ts";
import type { Network } from "../../ir/network.ts";
import { apply, constant, dimensionScalar } from "../../ir/scalars.ts";
import { floats } from "../../ir/type.ts";
import { operations } from "../../ops/index.ts";
import { elementsOf } from "../../ops/reduction.ts";
import type { Model, Recipe } from "../../syntax/ast.ts";
import { type Elaboration, type Scope } from "../elaborate/elaboration.ts";
import {
  type GraphResult,
  addNode,
  cutFunction,
  nameValue,
  reachedArguments,
} from "../elaborate/graph-builder.ts";
import type { LossLine, ModelBody } from "./model.ts";
import { applyFitting } from "../elaborate/operations.ts";
import type { Moved } from "./optimizer.ts";
import { runRecipe } from "./recipe.ts";
import { warn } from "./warnings.ts";

interface Ran {
  readonly elaboration: Elaboration;
  readonly body: ModelBody;
}

/** Null where something was found wrong on the way. */
export function assembleNetwork(
  model: Model,
  use: Ran,
  training: Ran,
  recipe: Recipe | null,
): Network | null {
  const { registry, batch } = use.elaboration;
  const outputs = use.body.outputs.map(({ name, value }): GraphResult => ({
    role: { kind: "output", name },
    value,
  }));
  const evaluated = scores(use);
  const collects = use.body.metrics.flatMap(({ metric, collected }) =>
    collected.map(({ name, value }): GraphResult => ({
      role: { kind: "collect", metric: metric.name, name },
      value,
    })),
  );
  const trained = scores(training);
  const { objectives } = trained;
  const reached = (objective: Value): readonly Moved[] => reachedParameters(training.elaboration, objective);
  const recipeResult = runRecipe({ ...training, objectives, reached }, recipe);
  if (recipeResult === null) return null;
  warn({ use, training, objectives, reached, recipe: recipeResult.recipe, source: recipe });
  const extra = [...recipeResult.extra].map(([name, value]): GraphResult => ({
    role: { kind: "objective", name },
    value,
  }));
  const states = [...training.elaboration.updated].map((name): GraphResult => ({
    role: { kind: "state", name },
    value: training.elaboration.held.get(name)!.value,
  }));
  const inputs = (role: ArgumentRole): boolean => role.kind === "input";
  return {
    name: model.name.text,
    doc: model.doc,
    span: model.span,
    hyperparameters: use.body.hyperparameters,
    batch,
    inputs: use.body.inputs,
    targets: use.body.targets,
    outputs: use.body.outputs.map(({ name, doc, value }) => ({ name, doc, type: value.type })),
    parameters: [...registry.parameters.values()],
    states: [...registry.states.values()],
    constants: [...(use.elaboration.tables?.values() ?? [])],
    losses: use.body.losses.map(({ name }) => name.text),
    metrics: use.body.metrics.map(({ metric }) => metric),
    entries: use.body.entries,
    predict: cutFunction(use.elaboration.graph, "predict", outputs, inputs),
    evaluate: cutFunction(use.elaboration.graph, "evaluate", [...evaluated.results, ...collects], inputs),
    train: cutFunction(
      training.elaboration.graph,
      "train",
      [...trained.results, ...extra, ...states],
      inputs,
    ),
    recipe: recipeResult.recipe,
    layers: use.elaboration.layers,
  };
}

interface Scores {
  readonly results: readonly GraphResult[];
  readonly objectives: ReadonlyMap<string, Value>;
}

/** Of each loss its total, its weight and their quotient; and `loss`, the sum of the quotients. */
function scores({ elaboration, body }: Ran): Scores {
  const results: GraphResult[] = [];
  const objectives = new Map<string, Value>();
  for (const line of body.losses) {
    const name = line.name.text;
    const mean = meanOfLoss(elaboration, body.scope, line);
    if (mean === null) continue;
    results.push({ role: { kind: "lossTotal", name }, value: mean.total });
    results.push({ role: { kind: "lossWeight", name }, value: mean.weight });
    objectives.set(name, mean.objective);
  }
  const all = [...objectives.values()].reduce<Value | null>(
    (sum, objective) =>
      sum === null
        ? objective
        : applyFitting(elaboration, body.scope, "add", [sum, objective], {}, body.scope.frame.span),
    null,
  );
  if (all !== null && !objectives.has("loss")) {
    objectives.set("loss", all);
    nameValue(elaboration.graph, all, "loss");
  }
  for (const [name, value] of objectives) results.push({ role: { kind: "objective", name }, value });
  return { results, objectives };
}

/**
 * `total / weight` over every element that a loss line leaves. What it leaves of the batch as a whole stands for each
 * sample of it, so that batches of different sizes weigh as much as they hold.
 */
function meanOfLoss(
  elaboration: Elaboration,
  scope: Scope,
  { name, value }: LossLine,
): { readonly total: Value; readonly weight: Value; readonly objective: Value } | null {
  const apply = (operation: string, operands: readonly Value[]): Value | null =>
    applyFitting(elaboration, scope, operation, operands, {}, name.span);
  const sum = applyFitting(elaboration, scope, "sum", [value], { over: null, keep: false }, name.span);
  const elements = elementCount(elaboration, scope, value.type.shape);
  const objective = sum === null ? null : apply("divide", [sum, elements]);
  if (sum === null || objective === null) return null;
  const each = value.type.shape.some(({ terms }) => terms.some(({ symbol }) => symbol === elaboration.batch));
  const weight = each ? elements : elementCount(elaboration, scope, [symbolic(elaboration.batch)]);
  const total = each ? sum : apply("multiply", [objective, weight]);
  if (total === null) return null;
  nameValue(elaboration.graph, total, `${name.text}_total`);
  nameValue(elaboration.graph, weight, `${name.text}_weight`);
  nameValue(elaboration.graph, objective, `${name.text}_mean`);
  return { total, weight, objective };
}

/** How many elements a shape has, as a scalar. */
function elementCount(elaboration: Elaboration, scope: Scope, shape: readonly Dimension[]): Value {
  if (shape.some(variesBySample)) {
    const body = dimensionScalar(elementsOf(shape));
    const made = { type: floats([]), comprehension: { domain: [], target: [], reducer: null, body } };
    return addNode(elaboration.graph, "size", [], made, scope.frame);
  }
  const fixed = shape.filter(isLiteral).reduce((product, dimension) => product * dimension.constant, 1);
  const open = shape.filter((dimension) => !isLiteral(dimension)).map(dimensionScalar);
  const factors: readonly Scalar[] = fixed === 1 && open.length > 0 ? open : [constant(fixed), ...open];
  const body = factors.reduce((product, factor) => apply("multiply", product, factor));
  const comprehension = { domain: [], target: [], reducer: null, body };
  return addNode(elaboration.graph, "size", [], { type: floats([]), comprehension }, scope.frame);
}

/** The parameters that an objective's gradient reaches, in order of declaration. */
function reachedParameters(elaboration: Elaboration, objective: Value): readonly Moved[] {
  const passes = (node: Node): boolean =>
    node.kind === "scan" ||
    (operations.get(node.operation)?.gradient.kind !== "stopped" &&
      node.result.type.element.kind === "float");
  const reached = new Set(
    reachedArguments(elaboration.graph, objective, passes).flatMap(({ role }) =>
      role.kind === "parameter" ? [role.name] : [],
    ),
  );
  return [...elaboration.registry.parameters.values()].filter(
    ({ name, frozen }) => reached.has(name) && !frozen,
  );
}
