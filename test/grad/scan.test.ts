/** Owns the proof that recurrences are differentiated through time, forwards and backwards. */
import { describe, expect, test } from "vitest";
import { evaluateFunction } from "../../src/evaluate/index.ts";
import { differentiate } from "../../src/grad/index.ts";
import { verifyFunction } from "../../src/ir/verify.ts";
import { simplify } from "../../src/passes/index.ts";
import { draw, expectTrueGradients } from "../support/gradient.ts";
import { batch } from "../support/graph.ts";
import { lstm } from "../support/recurrence.ts";

const within = { sizes: new Map([[batch, 2]]), seed: 5, step: 2 };

describe.each([
  ["forwards", false],
  ["reversed", true],
])("an LSTM, %s", (_, reversed) => {
  const { fn, loss, parameters } = lstm(4, 3, 2, reversed);
  const inputs = new Map(parameters.map((value, place) => [value, draw(value.type, 1, place, within)]));

  test("is well formed, and its gradients are those of finite differences", () => {
    expect(verifyFunction(fn)).toEqual([]);
    expectTrueGradients(fn, loss, parameters, inputs, within);
  });

  test("keeps its values when simplified", () => {
    const differentiated = differentiate(fn, loss, parameters);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    const simple = simplify(differentiated.fn);
    expect(verifyFunction(simple)).toEqual([]);
    const before = evaluateFunction(differentiated.fn, inputs, within);
    const after = evaluateFunction(simple, inputs, within);
    differentiated.fn.results.forEach(({ value }, i) => {
      const [a, b] = [before.get(value)!.data, after.get(simple.results[i]!.value)!.data];
      a.forEach((element, place) => expect(b[place]).toBeCloseTo(element, 12));
    });
  });

  test("takes the gradients of its weights in one contraction over batch and time", () => {
    const differentiated = differentiate(fn, loss, parameters);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    const gradient = differentiated.gradients.get(parameters[2]!);
    const node = differentiated.fn.nodes.find((each) => each.kind === "index" && each.result === gradient);
    if (node?.kind !== "index") throw new Error("the gradient is no node of its own");
    expect(node.comprehension.reducer).toBe("sum");
    expect(node.comprehension.domain.map(({ name }) => name)).toContain("t");
  });
});
