/** Owns the proof that what leaves a recurrence leaves its results as they were. */
import { describe, expect, test } from "vitest";
import { check } from "../../src/check/check.ts";
import { evaluateFunction } from "../../src/evaluate/index.ts";
import { differentiate } from "../../src/grad/index.ts";
import type { GraphFunction, Node } from "../../src/ir/graph.ts";
import type { Network } from "../../src/ir/network.ts";
import { verifyFunction } from "../../src/ir/verify.ts";
import { hoist, simplify } from "../../src/passes/index.ts";
import { draw } from "../support/gradient.ts";

function networkOf(body: string): Network {
  const text = `model Net {\n  input x: [5, 3]\n  param w: [3, 4] = normal()\n  param u: [4, 4] = normal()\n  param b: [5, 4] = normal()\n${body}\n}\n`;
  const source = { name: "net.nn", text };
  const { network, diagnostics } = check(source.name, new Map([[source.name, source]]));
  if (network === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return network;
}

function contractions(nodes: readonly Node[]): number {
  return nodes.filter((node) => node.kind === "index" && node.operation === "matmul").length;
}

function insideOf(fn: GraphFunction): readonly Node[] {
  return fn.nodes.flatMap((node) => (node.kind === "scan" ? node.nodes : []));
}

const cell = (next: string, order = ""): string =>
  `  scan t over 5${order} {\n    carry h: [batch, 4] = zeros()\n    next h = ${next}\n    collect hs: [batch, 5, 4] = h\n  }\n  output hs = hs`;

const programs: Readonly<
  Record<string, { readonly body: string; readonly outside: number; readonly inside: number }>
> = {
  "a product of the input's part": { body: cell("tanh(x[:, t] @ w + h @ u)"), outside: 1, inside: 1 },
  "backwards, with what else the step says": {
    body: cell("tanh((x[:, t] * (t + 1) @ w + b[t]) * b[4] + h @ (u @ u))", " reversed"),
    outside: 2,
    inside: 1,
  },
  "nothing where all hangs on what is carried": {
    body: cell("(h + x[:, t] @ w) @ u"),
    outside: 1,
    inside: 1,
  },
  "no draws": {
    body: cell("tanh((x[:, t] * bernoulli(0.5, like: x[:, t])) @ w + h)"),
    outside: 0,
    inside: 1,
  },
  "out of two recurrences": {
    body: "  scan s over 2 {\n    carry g: [batch, 4] = zeros()\n    scan t over 5 {\n      carry h: [batch, 4] = g\n      next h = h + x[:, t] @ w\n    }\n    next g = tanh(h)\n  }\n  output g = g",
    outside: 1,
    inside: 0,
  },
};

describe.each(Object.entries(programs))("hoist moves %s", (_, { body, outside, inside }) => {
  const network = networkOf(body);
  const fn = simplify(network.predict);
  const moved = hoist.run(fn);
  const within = { sizes: new Map([[network.batch, 3]]), seed: 4, step: 1 };

  test("and leaves what is computed as it was", () => {
    expect(verifyFunction(moved)).toEqual([]);
    const inputs = new Map(
      fn.arguments.map(({ value }, place) => [value, draw(value.type, 2, place, within)]),
    );
    const [before, after] = [fn, moved].map((each) => evaluateFunction(each, inputs, within));
    for (const { value } of fn.results)
      for (const [place, element] of before!.get(value)!.data.entries())
        expect(after!.get(value)!.data[place]).toBeCloseTo(element, 12);
  });

  test("as far as it can", () => {
    expect([contractions(moved.nodes), contractions(insideOf(moved))]).toEqual([outside, inside]);
  });

  test("once and for all", () => {
    expect(hoist.run(moved).nodes).toHaveLength(moved.nodes.length);
  });
});

test("gradients of hoisted weights stay one contraction", () => {
  const network = networkOf(
    cell("tanh(x[:, t] @ w + h @ u)").concat("\n  target y: [5, 4]\n  loss mse(hs, y)"),
  );
  const fn = hoist.run(simplify(network.evaluate));
  const objective = fn.results.find(({ role }) => role.kind === "objective")!;
  const parameters = fn.arguments.filter(({ role }) => role.kind === "parameter");
  const differentiated = differentiate(
    fn,
    objective.value,
    parameters.map(({ value }) => value),
  );
  if (differentiated.kind === "problem") throw new Error(differentiated.reason);
  expect(verifyFunction(simplify(differentiated.fn))).toEqual([]);
});
