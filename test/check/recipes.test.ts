import { describe, expect, it } from "vitest";
import { checkText, networkOf } from "./programs.ts";

const model = `model Net(width: int = 8) {
  input x: [4]
  target y: [2]
  share body = dense(width) -> relu
  share head = dense(2)
  guess = x -> body -> head
  output guess = guess
  loss mse(guess, y)
  loss small = 0.01 * sum(guess ** 2, over: -1)
  metric rmse(guess, y)
}
`;

describe("recipes", () => {
  it("have a default", () => {
    const { recipe } = networkOf(model);
    expect(recipe).toMatchObject({
      batch: 32,
      epochs: 10,
      seed: 0,
      validate: { kind: "split", fraction: 0.1 },
    });
    expect(recipe.objectives).toMatchObject([{ name: "loss", groups: [{ optimizer: "adam" }] }]);
  });

  it("give each group of parameters its optimizer", () => {
    const { recipe } = networkOf(`${model}train Net {
  minimize: mse over body with adam(1e-3) over head with sgd(0.1, momentum: 0.9)
  minimize: mse + 2 * small with lamb(1e-3)
}`);
    const [first, second] = recipe.objectives;
    expect(
      first!.groups.map(({ optimizer, parameters, slots }) => [optimizer, parameters, slots.length]),
    ).toEqual([
      ["adam", ["body.dense.w", "body.dense.b"], 2],
      ["sgd", ["head.w", "head.b"], 1],
    ]);
    expect(second!.name).toBe("mse + 2 * small");
    // Its steps depend on the norm of each parameter, so it is elaborated for each.
    expect(second!.groups[0]!.flat).toBeNull();
    expect(second!.groups[0]!.functions).toHaveLength(4);
  });

  it("are chosen by alias", () => {
    const text = `${model}train Net { minimize: loss with sgd(0.1) }\ntrain Net as quick {\n  minimize: loss with sgd(0.1)\n  epochs: 1\n}`;
    expect(networkOf(text).recipe.epochs).toBe(10);
    expect(networkOf(text, { recipe: "quick" }).recipe).toMatchObject({ name: "quick", epochs: 1 });
    expect(checkText(text, { recipe: "quik" }).diagnostics[0]?.code).toBe("E0280");
  });

  it("read hyper-parameters that were set from outside", () => {
    const network = networkOf(model, { set: { width: "16" } });
    expect(network.hyperparameters).toEqual({ width: 16 });
    expect(network.parameters[0]!.type.shape[1]!.constant).toBe(16);
  });
});

describe("several models in a file", () => {
  const two =
    "model One { input x: [4]\n  output y = relu(x) }\nmodel Two { input x: [4]\n  output y = tanh(x) }\n";
  it("need one to be chosen", () => {
    expect(checkText(two)).toMatchObject({ network: null, diagnostics: [], models: ["One", "Two"] });
    expect(networkOf(two, { model: "Two" }).name).toBe("Two");
  });
});
