import { describe, expect, it } from "vitest";
import { tensor } from "../../src/evaluate/index.ts";
import { printType } from "../../src/ir/type.ts";
import { numbers, run } from "./evaluated.ts";
import { checkText, networkOf } from "./programs.ts";

/** The output `y` of a model with the input `x` of that shape. */
function outputOf(body: string, shape: readonly number[], before = ""): readonly number[] {
  const network = networkOf(
    `${before}\nmodel Net {\n  input x: [${shape.slice(1).join(", ")}]\n${body}\n}\n`,
  );
  return [...run(network, network.predict, { x: numbers(shape) }, shape[0]!)["output y"]!.data];
}

function close(found: readonly number[], due: readonly number[]): void {
  expect(found.length).toBe(due.length);
  for (const [place, value] of due.entries()) expect(found[place]).toBeCloseTo(value, 12);
}

describe("axes", () => {
  it("are all of `...`, also where several have one size", () => {
    const layer = "layer center(x: [..., c]) -> [..., c] { return x - mean(x, over: ...) }";
    const wide = "  h = x -> reshape([batch, 2, 2, 1])\n  output y = h -> center -> flatten";
    close(outputOf(wide, [1, 4], layer), outputOf("  output y = x - mean(x, over: -1, keep: true)", [1, 4]));
  });
});

describe("index notation", () => {
  it("contracts as the operation does", () => {
    const sum = outputOf(
      "  m[i, j] = 0.1 * i - j * j\n  y[b, j] = sum(x[b, i] * m[i, j], over: i)\n  output y = y".replace(
        "[i, j] =",
        "[i < 4, j < 3] =",
      ),
      [2, 4],
    );
    const product = outputOf("  m[i < 4, j < 3] = 0.1 * i - j * j\n  output y = x @ m", [2, 4]);
    close(sum, product);
  });

  it("slides windows", () => {
    const x = [...numbers([1, 7]).data];
    const y = outputOf("  y[b, t < 3] = max(x[b, 2 * t + k], over: [k < 3])\n  output y = y", [1, 7]);
    close(
      y,
      [0, 2, 4].map((at) => Math.max(x[at]!, x[at + 1]!, x[at + 2]!)),
    );
  });

  it("reduces within larger expressions, each reducer with indices of its own", () => {
    const x = [...numbers([2, 3]).data];
    const y = outputOf(
      "  y[b, i] = x[b, i] / sum(x[b, k], over: k) - mean(x[c, i], over: c)\n  output y = y",
      [2, 3],
    );
    const row = (b: number): number => x[3 * b]! + x[3 * b + 1]! + x[3 * b + 2]!;
    close(
      y,
      x.map((value, place) => value / row(Math.floor(place / 3)) - (x[place % 3]! + x[3 + (place % 3)]!) / 2),
    );
  });

  it("reads with quotients and remainders", () => {
    const x = [...numbers([1, 6]).data];
    const y = outputOf("  y[b, i < 12] = x[b, floor(i / 2)] * (i % 2)\n  output y = y", [1, 6]);
    close(
      y,
      Array.from({ length: 12 }, (_, i) => x[Math.floor(i / 2)]! * (i % 2)),
    );
  });

  it("chooses with `where`, and reads indices as numbers", () => {
    const y = outputOf("  y[b, i] = where(i < 2, x[b, i], i)\n  output y = y", [1, 4]);
    close(y, [...numbers([1, 4]).data].slice(0, 2).concat([2, 3]));
  });
});

describe("static control", () => {
  it("writes loops out without a scope", () => {
    const y = outputOf("  h = x\n  for k in 1..4 { h = h * k }\n  output y = h + k", [1, 2]);
    close(
      y,
      [...numbers([1, 2]).data].map((value) => value * 6 + 3),
    );
  });

  it("recurs to a bound", () => {
    const layer =
      "layer tower(x: [...], depth: int) -> [...] {\n  if depth == 0 { return x }\n  return tower(2 * x, depth - 1)\n}";
    close(
      outputOf("  output y = tower(x, 5)", [1, 2], layer),
      [...numbers([1, 2]).data].map((value) => 32 * value),
    );
  });

  it("takes layers as values", () => {
    const layers =
      "layer scaled(x: [...], by: float) -> [...] { return x * by }\n" +
      "layer both(x: [...], first: layer([...]) -> [...], second: layer([...]) -> [...]) -> [...] { return x -> first -> second }";
    close(
      outputOf("  output y = x -> both(scaled(3), relu)", [1, 4], layers),
      [...numbers([1, 4]).data].map((value) => Math.max(3 * value, 0)),
    );
  });

  it("takes words as options of shared layers", () => {
    close(
      outputOf(
        "  share mean_of = folded(how: mean)\n  output y = mean_of(x)",
        [1, 4],
        "layer folded(x: [batch, n], how: mean | sum) -> [batch] {\n  return if how == mean { mean(x, over: n) } else { sum(x, over: n) }\n}\n",
      ),
      [[...numbers([1, 4]).data].reduce((sum, value) => sum + value / 4, 0)],
    );
  });

  it("solves for one unknown of a shape", () => {
    const layer = "layer half(x: [batch, 2 * n]) -> [batch, n] { return x[:, :n] }";
    close(outputOf("  output y = half(x)", [1, 6], layer), [...numbers([1, 6]).data].slice(0, 3));
  });

  it("computes exactly", () => {
    expect(
      printType(
        networkOf("model Net {\n  input x: [0.1 * 30, 7 - 10 / 4 * 2]\n  output y = x\n}").outputs[0]!.type,
      ),
    ).toBe("float[batch, 3, 2]");
  });
});

describe("subscripts", () => {
  const x = [...numbers([1, 3, 2]).data];
  it.each([
    ["x[:, -1]", [4, 5]],
    ["x[:, 1:]", [2, 3, 4, 5]],
    ["x[:, :-1, 0]", [0, 2]],
    ["x[:, 0, 1]", [1]],
  ])("%s", (text, places) => {
    close(
      outputOf(`  output y = ${text}`, [1, 3, 2]),
      places.map((place) => x[place]!),
    );
  });
});

describe("batch_norm", () => {
  const network = networkOf(
    "model Net {\n  input x: [2]\n  target y: [2]\n  guess = batch_norm(x)\n  output guess = guess\n  loss mse(guess, y)\n}",
  );
  const x = tensor([4, 2], [1, 10, 2, 20, 3, 30, 6, 40]);

  it("keeps running statistics with the unbiased variance", () => {
    const results = run(
      network,
      network.train,
      {
        x,
        y: tensor(
          [4, 2],
          Array.from({ length: 8 }, () => 0),
        ),
      },
      4,
    );
    const variance = (4 + 1 + 0 + 9) / 3;
    close([...results["state guess.batch_norm.center"]!.data], [0.3, 2.5]);
    expect(results["state guess.batch_norm.spread"]!.data[0]).toBeCloseTo(0.9 + 0.1 * variance, 12);
  });

  it("uses them, and not the batch, in use", () => {
    const states = {
      "guess.batch_norm.center": tensor([2], [1, 2]),
      "guess.batch_norm.spread": tensor([2], [4, 9]),
    };
    const y = run(network, network.predict, { x, ...states }, 4)["output guess"]!;
    expect(y.data[2]).toBeCloseTo(1 / Math.sqrt(4 + 1e-5), 12);
  });
});

describe("losses and metrics", () => {
  it("are warned of probabilities where scores are due", () => {
    const text =
      "model Net {\n  input x: [4]\n  target y: index(3)\n  probs = x -> dense(3) -> softmax\n  loss cross_entropy(probs, y)\n}";
    const { network, diagnostics } = checkText(text);
    expect(network).not.toBeNull();
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["W0401", "warning"]]);
  });

  it("average what a loss line leaves, whatever its shape", () => {
    const network = networkOf(
      "model Net {\n  input x: [3]\n  target y: [3]\n  output z = x\n  loss mse(x, y)\n  loss size = sum(x, over: -1)\n  metric rmse(x, y)\n}",
    );
    const x = tensor([2, 3], [1, 2, 3, 4, 5, 6]);
    const results = run(network, network.evaluate, { x, y: tensor([2, 3], [0, 0, 0, 0, 0, 0]) }, 2);
    expect(results["lossTotal mse"]!.data[0]).toBe(91);
    expect(results["lossWeight mse"]!.data[0]).toBe(6);
    expect(results["lossWeight size"]!.data[0]).toBe(2);
    expect(results["objective loss"]!.data[0]).toBeCloseTo(91 / 6 + 21 / 2, 12);
    expect(network.metrics[0]).toMatchObject({ name: "rmse", better: "less" });
  });
});

describe("recurrences", () => {
  const x = [...numbers([2, 3, 2]).data];
  const at = (sample: number, step: number): readonly number[] =>
    [0, 1].map((place) => x[(sample * 3 + step) * 2 + place]!);

  it("carries values from step to step, and lets out the last of them", () => {
    const y = outputOf(
      "  scan t over 3 {\n    carry h: [batch, 2] = 1\n    next h = 0.5 * h + x[:, t]\n  }\n  output y = h",
      [2, 3, 2],
    );
    const due = [0, 1].flatMap((sample) =>
      [0, 1].map((place) => [0, 1, 2].reduce((h, t) => 0.5 * h + at(sample, t)[place]!, 1)),
    );
    close(y, due);
  });

  it("runs backwards, and collects where the steps stand", () => {
    const y = outputOf(
      "  scan t over 3 reversed {\n    carry h: [batch, 2] = zeros()\n    next h = h + t * x[:, t]\n" +
        "    collect hs: [batch, 2, 3] = h\n  }\n  output y = hs",
      [2, 3, 2],
    );
    const from = (sample: number, place: number, step: number): number =>
      [0, 1, 2].filter((t) => t >= step).reduce((sum, t) => sum + t * at(sample, t)[place]!, 0);
    close(
      y,
      [0, 1].flatMap((sample) =>
        [0, 1].flatMap((place) => [0, 1, 2].map((step) => from(sample, place, step))),
      ),
    );
  });

  it("reads what a `next` gave from there on, in the order of the text", () => {
    const step = "next a = b + 1\n    next b = a * 2\n    next a = a + b";
    const y = outputOf(
      `  scan t over 3 {\n    carry a: [batch] = 0\n    carry b: [batch] = 1\n    ${step}\n  }\n  output y = a + b + 0 * x[:, 0]`,
      [1, 1],
    );
    let [a, b] = [0, 1];
    for (let t = 0; t < 3; t += 1) {
      a = b + 1;
      b = a * 2;
      a = a + b;
    }
    close(y, [a + b]);
  });

  it("makes the parameters of its layers once", () => {
    const network = networkOf(
      "model Net {\n  input x: [3, 2]\n  scan t over 3 {\n    carry h: [batch, 2] = zeros()\n    next h = x[:, t] -> dense(2) -> tanh\n  }\n  output y = h\n}",
    );
    expect(network.parameters.map(({ name }) => name)).toEqual(["h.dense.w", "h.dense.b"]);
  });

  it("draws anew at each step, also of a scan in a scan", () => {
    const inner =
      "scan s over 4 {\n      carry kept: [batch] = 0\n      next kept = uniform([batch])\n      collect all: [batch, 4] = kept\n    }";
    const y = outputOf(
      `  scan t over 3 {\n    carry n: [batch] = 0\n    ${inner}\n    next n = kept\n    collect drawn: [batch, 3, 4] = all\n  }\n  output y = drawn`,
      [2, 1],
    );
    expect(new Set(y).size).toBe(2 * 3 * 4);
  });

  it("carries indices", () => {
    const y = outputOf(
      "  scan t over 3 {\n    carry i: index(2)[batch] = 1\n    before = i\n    next i = argmax(x[:, t], over: -1)\n" +
        "    collect is: index(2)[batch, 3] = before\n  }\n  output y = to_float(is)",
      [2, 3, 2],
    );
    const best = (sample: number, step: number): number => {
      const [first, second] = at(sample, step) as readonly [number, number];
      return second > first ? 1 : 0;
    };
    close(
      y,
      [0, 1].flatMap((sample) => [1, best(sample, 0), best(sample, 1)]),
    );
  });
});
