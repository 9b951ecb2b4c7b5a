/** Owns the law that every function of a network is well formed, before all passes and after each. */
import { describe, expect, test } from "vitest";
import { objectiveGradients } from "../../src/grad/objectives.ts";
import type { GraphFunction } from "../../src/ir/graph.ts";
import type { Network } from "../../src/ir/network.ts";
import { verifyFunction } from "../../src/ir/verify.ts";
import { passes } from "../../src/passes/index.ts";
import { laws, networkOf } from "./network.ts";

/** By a name for messages. */
function functionsOf(network: Network): readonly (readonly [string, GraphFunction])[] {
  const { predict, evaluate, train, recipe, metrics } = network;
  const updates = recipe.objectives.flatMap(({ groups }) => groups.flatMap(({ functions }) => functions));
  return [
    ["predict", predict],
    ["evaluate", evaluate],
    ["train", train],
    ...objectiveGradients(network).gradients.map(
      ({ objective, training, function: fn }) =>
        [`gradients of ${objective}, ${String(training)}`, fn] as const,
    ),
    ...updates.map((fn, place) => [`update ${place}`, fn] as const),
    ...metrics.map(({ name, finish }) => [`metric ${name}`, finish] as const),
  ];
}

function faultsOf(when: string, name: string, fn: GraphFunction): readonly string[] {
  return verifyFunction(fn).map(({ message }) => `${name}, ${when}: ${message}`);
}

describe.each(laws)("$name", (law) => {
  test.each(["1", "7"])("is well formed after every pass, of size %s", (n) => {
    const faults = functionsOf(networkOf(law, { n })).flatMap(([name, fn]) => [
      ...faultsOf("before all passes", name, fn),
      ...passes.flatMap((pass) => faultsOf(`after ${pass.name}`, name, pass.run(fn))),
    ]);
    expect(faults).toEqual([]);
  });
});
