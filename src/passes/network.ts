/** Owns simplification of a whole network: every function that a backend will see. */
import type { GraphFunction } from "../ir/graph.ts";
import type { Network } from "../ir/network.ts";
import { simplify } from "./simplify.ts";

/** The same network; objectives stay, since gradients are taken of them. */
export function simplifyNetwork(network: Network): Network {
  const { recipe } = network;
  return {
    ...network,
    predict: simplify.run(network.predict),
    evaluate: simplify.run(network.evaluate),
    train: simplify.run(network.train),
    metrics: network.metrics.map((metric) => ({ ...metric, finish: simplify.run(metric.finish) })),
    recipe: {
      ...recipe,
      objectives: recipe.objectives.map((objective) => ({
        ...objective,
        groups: objective.groups.map((group) => ({ ...group, functions: group.functions.map(simplify.run) })),
      })),
    },
  };
}

/** The function without the scalars that only differentiation needs. */
export function withoutObjectives(fn: GraphFunction): GraphFunction {
  return simplify.run({ ...fn, results: fn.results.filter(({ role }) => role.kind !== "objective") });
}
