/** Owns simplification: folding and merging in one walk, then dropping what is not needed. */
import type { GraphFunction } from "../ir/graph.ts";
import type { Network } from "../ir/network.ts";
import { mergeEqualNodes } from "./cse.ts";
import { withoutDeadNodes } from "./dead.ts";
import { foldNode } from "./fold.ts";
import { withoutWorkInSteps } from "./hoist.ts";
import { type Rewriting, pass, sweep } from "./pass.ts";

/**
 * A node is folded and then merged once its operands have their final form, and nothing later changes them: so one
 * walk over the nodes reaches the fixpoint, in time linear in nodes.
 */
export function simplify(fn: GraphFunction): GraphFunction {
  return withoutDeadNodes(sweep(withoutDeadNodes(fn), () => foldThenMerge(mergeEqualNodes())));
}

export const simplification = pass({
  name: "simplify",
  doc: "`fold`, `cse` and `dead` until nothing changes.",
  on: "graph",
  run: simplify,
});

function foldThenMerge(merge: Rewriting): Rewriting {
  return (node, visited) => {
    const folded = foldNode(node, visited);
    return folded.kind === "value" ? folded : merge(folded.node, visited);
  };
}

/** Simplified, and without work in recurrences that can be done outside: before gradients are taken, which then gain too. */
function outOfSteps(fn: GraphFunction): GraphFunction {
  const simple = simplify(fn);
  const outside = withoutWorkInSteps(simple);
  return outside === simple ? simple : simplify(outside);
}

/** Every function of a network simplified: what it predicts, trains and evaluates, its metrics and its optimizers. */
export function simplifyNetwork(network: Network): Network {
  const { predict, evaluate, train, entries, metrics, recipe } = network;
  return {
    ...network,
    predict: outOfSteps(predict),
    evaluate: outOfSteps(evaluate),
    train: outOfSteps(train),
    entries: entries.map((entry) => ({ ...entry, function: simplify(entry.function) })),
    metrics: metrics.map((metric) => ({ ...metric, finish: simplify(metric.finish) })),
    recipe: {
      ...recipe,
      objectives: recipe.objectives.map((objective) => ({
        ...objective,
        groups: objective.groups.map((group) => ({ ...group, functions: group.functions.map(simplify) })),
      })),
    },
  };
}

/** The function without the scalars that only differentiation needs. */
export function withoutObjectives(fn: GraphFunction): GraphFunction {
  return simplify({ ...fn, results: fn.results.filter(({ role }) => role.kind !== "objective") });
}
