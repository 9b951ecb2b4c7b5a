import { indexNodes } from "../../src/ir/graph.ts";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { printType } from "../../src/ir/type.ts";
import { networkOf } from "./programs.ts";

function program(name: string): string {
  return readFileSync(new URL(`../programs/north-star/${name}.nn`, import.meta.url), "utf8");
}

describe("digits.nn", () => {
  const network = networkOf(program("digits"));

  it("names its parameters by binding and call", () => {
    expect(network.parameters.map(({ name, type }) => `${name} ${printType(type)}`)).toEqual([
      "logits.dense.w float[64, 64]",
      "logits.dense.b float[64]",
      "logits.dense_2.w float[64, 10]",
      "logits.dense_2.b float[10]",
    ]);
  });

  it("draws dropout in training alone", () => {
    const draws = (nodes: readonly { operation: string }[]) =>
      nodes.filter(({ operation }) => operation === "bernoulli").length;
    expect(
      [network.predict, network.evaluate, network.train].map((fn) => draws(indexNodes(fn.nodes))),
    ).toEqual([0, 0, 1]);
  });

  it("takes its recipe from the train block", () => {
    const { objectives, validate, keep, ...rest } = network.recipe;
    expect(rest).toMatchObject({ name: "Digits", batch: 32, epochs: 20, steps: null, seed: 7 });
    expect(validate).toMatchObject({ kind: "split", fraction: 0.2 });
    expect(keep).toEqual({ metric: "accuracy" });
    expect(objectives.map(({ name }) => name)).toEqual(["loss"]);
    expect(objectives[0]!.groups[0]).toMatchObject({ optimizer: "adam", flat: { kind: "parameters" } });
  });
});

describe("iris.nn", () => {
  it("fits its standardization to the input", () => {
    const { states } = networkOf(program("iris"));
    expect(states.map(({ name, fitted }) => [name, fitted])).toEqual([
      ["logits.standardize.center", { input: "lengths", statistic: "mean" }],
      ["logits.standardize.spread", { input: "lengths", statistic: "deviation" }],
    ]);
  });
});
