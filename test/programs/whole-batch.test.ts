/** What mixes the samples of a batch sees all of it, also where it comes in parts. */
import { describe, expect, it } from "vitest";
import { batchUse } from "../../src/ir/mixing.ts";
import { summaryObject, summaryTable } from "../../src/tools/cli/summary.ts";
import { networkOf } from "../check/programs.ts";
import { difference } from "../support/difference.ts";
import { compiled, noise } from "./compiled.ts";

const double = { kernels: "scalar", precision: "double" } as const;

/** Each picture's code nearer to that of its own copy than to those of others (van den Oord et al., 2018). */
const contrast = `model Contrast {
  input a: [4]
  input b: [4]
  share code = dense(3) -> tanh
  p = code(a)
  q = code(b)
  score[i, j] = sum(p[i, k] * q[j, k], over: k)
  told[i] = score[i, i]
  loss agreement = logsumexp(score) - told
}
`;

const normed = `model Normed {
  input x: [4]
  target y: [2]
  guess = x -> dense(6) -> batch_norm -> tanh -> dense(2)
  output guess = guess
  loss mse(guess, y)
}
`;

const count = 12;
const data = {
  a: noise(1, count * 4),
  b: noise(2, count * 4),
  x: noise(3, count * 4),
  y: noise(4, count * 2),
};

function some(names: readonly string[]): Record<string, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, data[name as keyof typeof data]]));
}

describe.each([
  ["a loss of all pairs of a batch", "Contrast", contrast, ["a", "b"]],
  ["statistics of a batch", "Normed", normed, ["x", "y"]],
] as const)("%s", (_, name, model, ports) => {
  it("is the same where batches are accumulated", async () => {
    const train = async (settings: string): Promise<readonly number[]> => {
      const text = `${model}train ${name} {\n  minimize: loss with adam(1e-2)\n  ${settings}\n  epochs: 3\n  seed: 4\n}\n`;
      const trained = await (await compiled(text, double)).create({ seed: 2 });
      await trained.fit(some(ports), {});
      const names = networkOf(text).parameters.map((parameter) => parameter.name);
      return names.flatMap((parameter) => Array.from(trained.parameters.get(parameter)));
    };
    const whole = await train("batch: 6");
    const parts = await train("batch: 2\n  accumulate: 3");
    expect(difference("weights", parts, whole, { rtol: 1e-12, atol: 1e-12 })).toBeNull();
  });

  it("is refused where a call is larger than what is kept at once", async () => {
    const text = `${model}train ${name} {\n  minimize: loss with sgd(0.1)\n  batch: 8\n}\n`;
    const trained = await (await compiled(text, double)).create({ seed: 2 });
    const message = `the samples of a batch depend on each other in ${name}, so that it takes at most 8 at once, and was given 12`;
    expect(() => trained.step(some(ports))).toThrow(message);
    expect(() => trained.gradients(some(ports))).toThrow(message);
    // Measured in batches as large as a step's.
    expect(trained.evaluate(some(ports))["loss"]).toBeGreaterThan(0);
  });
});

describe("what is mixed", () => {
  const mixers = (body: string): readonly string[] => {
    const network = networkOf(`model Net {\n  input x: [6, 4]\n  target y: [2]\n${body}\n}\n`);
    return batchUse(network.train, network.batch).mixers.map(({ layer }) => layer);
  };

  it.each([
    "loss mse(x -> flatten -> dense(2), y)",
    "loss mean(x ** 2)",
    "loss 3 * mean(x ** 2) - 1",
    "loss mse(x -> lstm(3) -> last -> dense(2), y)\nloss small = mean(abs(x))",
    "loss mse(x -> layer_norm -> dropout(0.2) -> flatten -> dense(2), y)",
    "t = uniform_index(5, [batch])\nparam table: [5, 2] = normal(deviation: 1)\nloss mse(table[t], y)",
  ])("nothing by %s", (body) => {
    expect(mixers(body.replace("loss mean", "loss m = mean").replace("loss 3", "loss m = 3"))).toEqual([]);
  });

  it.each([
    ["loss m = sqrt(mean(x ** 2))", "Net"],
    ["loss m = mean(x ** 2) ** 2", "Net"],
    ["h = x -> flatten -> batch_norm -> dense(2)\nloss mse(h, y)", "batch_norm"],
    ["h = x -> flatten\nloss m = abs(h - mean(h, over: batch))", "Net"],
    ["h = x -> flatten\nloss m = max(h, over: batch)", "Net"],
  ])("something by %s", (body, layer) => {
    expect(mixers(body)).toContain(layer);
  });
});

describe("the summary", () => {
  it("says who mixes samples, and how many are kept together", () => {
    const network = networkOf(`${normed}train Normed {\n  batch: 16\n  accumulate: 4\n}\n`);
    expect(summaryTable(network).slice(-2)).toEqual([
      "In training samples depend on each other by `batch_norm` (line 4):",
      "the activations of all 64 samples of a step (4 batches of 16) are kept together.",
    ]);
    expect(summaryObject(network)).toMatchObject({
      together: { by: [{ layer: "batch_norm", line: 4 }], samples: 64 },
    });
    expect(summaryObject(networkOf(contrast))).toMatchObject({
      together: { by: [{ layer: "Contrast", line: 7 }] },
    });
    expect(summaryObject(networkOf(normed.replace(" -> batch_norm", "")))).toMatchObject({ together: null });
  });
});
