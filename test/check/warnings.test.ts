import { describe, expect, it } from "vitest";
import { check } from "../../src/check/check.ts";
import { entryOf } from "../../src/report/catalogue/index.ts";
import { checkText } from "./programs.ts";

function codesOf(body: string, recipe = ""): readonly string[] {
  const { diagnostics, network } = checkText(`model Net {\n${body}\n}\n${recipe}`);
  expect(network, "warnings stop nobody").not.toBeNull();
  expect(diagnostics.every(({ severity }) => severity === "warning")).toBe(true);
  return diagnostics.map(({ code, span }) => `${code} ${span.source.text.slice(span.start, span.end)}`);
}

describe("warnings", () => {
  it.each([
    ["input x: [8]\ninput z: [2]\noutput y = relu(x)", ["W0402 input z: [2]"]],
    [
      "input x: [8]\ntarget t: [8]\noutput y = x -> dense(2)\nloss mean(y ** 2, over: -1)",
      ["W0402 target t: [8]"],
    ],
    ["input x: [8]\ntarget t: [8]\noutput y = x\nmetric rmse(y, t)", []],
    [
      "input x: [8]\ny = x -> dense(2)\nside = y -> dense(3)\noutput side = side\nloss mean(y ** 2, over: -1)",
      ["W0403 dense(3)"],
    ],
    [
      "input x: [8]\ny = stop_gradient(x -> dense(4)) -> dense(2)\noutput y = y\nloss mean(y ** 2, over: -1)",
      ["W0403 dense(4)"],
    ],
    [
      "input x: [8]\ny = x -> dense(2)\noutput y = y\nloss a = mean(y ** 2, over: -1)\nloss b = mean(x, over: -1)",
      ["W0404 b"],
    ],
    ["input x: [8]\noutput y = x -> dense(1) -> softmax", ["W0405 softmax"]],
    [
      "input x: [8]\ntarget t: index(1)\ns = x -> dense(1)\noutput s = s\nloss cross_entropy(s, t)",
      ["W0405 cross_entropy(s, t)"],
    ],
    ["input x: [8]\noutput y = x -> dense(1) -> sigmoid", []],
  ])("%s", (body, due) => expect(codesOf(body)).toEqual(due));

  it("look at batches of one", () => {
    const body = "input x: [8]\ny = x -> dense(4) -> batch_norm\noutput y = y\nloss mean(y ** 2, over: -1)";
    const recipe = (batch: number) => `train Net {\n  minimize: loss with sgd(0.1)\n  batch: ${batch}\n}\n`;
    expect(codesOf(body, recipe(1))).toEqual(["W0406 batch_norm"]);
    expect(codesOf(body, recipe(2))).toEqual([]);
  });

  it("keep silent where a line allows them, and says why", () => {
    const kept = "input x: [8]\ninput z: [2]  // allow W0402: old callers pass it\noutput y = relu(x)";
    expect(codesOf(kept)).toEqual([]);
    const above = "input x: [8]\n// allow W0402: old callers pass it\ninput z: [2]\noutput y = relu(x)";
    expect(codesOf(above)).toEqual([]);
    const other = "input x: [8]\ninput z: [2]  // allow W0405: old callers pass it\noutput y = relu(x)";
    expect(codesOf(other)).toEqual(["W0402 input z: [2]"]);
    const silent = "input x: [8]\ninput z: [2]  // allow W0402\noutput y = relu(x)";
    expect(codesOf(silent)).toEqual(["W0402 input z: [2]", "W0407 // allow W0402"]);
  });

  it("never silence errors", () => {
    const text = "model Net {\n  input x: [8]\n  output y = densse(x, 2)  // allow E0201: I like it\n}\n";
    const source = { name: "net.nn", text };
    const { diagnostics } = check("net.nn", new Map([["net.nn", source]]));
    expect(diagnostics.map(({ code }) => code)).toEqual(["E0201"]);
  });

  it("have pages of their own", () => {
    for (let code = 1; code <= 7; code += 1) expect(entryOf(`W040${code}`)?.severity).toBe("warning");
  });
});
