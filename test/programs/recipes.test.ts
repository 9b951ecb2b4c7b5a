import { describe, expect, it } from "vitest";
import { numbersOf } from "../support/numbers.ts";
import { type WithEntries, compiled, noise } from "./compiled.ts";

const body = `model Net {
  input x: [3]
  target y: [2]
  share first = dense(4) -> tanh
  share second = dense(2)
  guess = x -> first -> second
  output guess = guess
  loss fit = mse(guess, y)
  loss small = mean(guess ** 2, over: -1)
  metric rmse(guess, y)
}
`;

const data = { x: noise(1, 24 * 3), y: noise(2, 24 * 2) };

/** A model of the program with this `train` block, in double precision. */
async function trained(settings: string | null, alias = ""): Promise<WithEntries> {
  const recipe = settings === null ? "" : `train Net${alias} {\n${settings}\n}\n`;
  return (await compiled(body + recipe, { kernels: "scalar", precision: "double" })).create({ seed: 2 });
}

const names = ["first.dense.w", "first.dense.b", "second.w", "second.b"];

function weights(model: WithEntries): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(names.map((name) => [name, Array.from(model.parameters.get(name))]));
}

function closeTo(found: readonly number[], due: readonly number[]): void {
  found.forEach((value, k) => expect(value).toBeCloseTo(due[k]!, 12));
}

/** `p - rate · g` of the named ones, with the gradients of a loss as they are now. */
function descend(model: WithEntries, loss: string, rates: Readonly<Record<string, number>>): void {
  const { gradients } = model.gradients(data, { loss });
  for (const [path, rate] of Object.entries(rates))
    for (const name of names.filter((one) => one.startsWith(path)))
      model.parameters.set(
        name,
        Array.from(model.parameters.get(name), (value, k) => value - rate * gradients[name]![k]!),
      );
}

describe("recipes, through the module", () => {
  it("take turns, each line after the other's update", async () => {
    const model = await trained(
      "minimize: fit over first with sgd(0.1)\nminimize: small over second with sgd(0.2)",
    );
    const other = await trained(null);
    for (let step = 0; step < 3; step += 1) {
      model.step(data);
      descend(other, "fit", { first: 0.1 });
      descend(other, "small", { second: 0.2 });
    }
    for (const name of names) closeTo(weights(model)[name]!, weights(other)[name]!);
  });

  it("share one pass between groups of parameters", async () => {
    const model = await trained("minimize: fit over first with sgd(0.1) over second with sgd(0.3)");
    const other = await trained(null);
    for (let step = 0; step < 3; step += 1) {
      model.step(data);
      descend(other, "fit", { first: 0.1, second: 0.3 });
    }
    for (const name of names) closeTo(weights(model)[name]!, weights(other)[name]!);
  });

  it("may have equal lines, and do each once", async () => {
    const model = await trained(
      "minimize: fit over first with sgd(0.1)\nminimize: fit over second with sgd(0.2)",
    );
    const other = await trained(null);
    model.step(data);
    descend(other, "fit", { first: 0.1 });
    descend(other, "fit", { second: 0.2 });
    for (const name of names) closeTo(weights(model)[name]!, weights(other)[name]!);
  });

  it("let a line rest, and count its own turns", async () => {
    const line = "minimize: fit over first with sgd(exponential(0.1, by: 0.5)) every 3 steps";
    const model = await trained(`${line}\nminimize: small over second with sgd(0.2)`);
    const other = await trained(null);
    for (let step = 0; step < 7; step += 1) {
      model.step(data);
      if (step % 3 === 0) descend(other, "fit", { first: 0.1 * 0.5 ** (step / 3) });
      descend(other, "small", { second: 0.2 });
    }
    for (const name of names) closeTo(weights(model)[name]!, weights(other)[name]!);
  });

  it("draw noise of its own for each line", async () => {
    const text = `model Noisy {
  input x: [3]
  share w = dense(1)
  drawn = normal(like: x)
  loss a = mean(w(x * drawn), over: -1)
  loss b = mean(w(x * drawn), over: -1)
}
train Noisy {
  minimize: a with sgd(0)
  minimize: b with sgd(0)
}
`;
    const model = await (
      await compiled(text, { kernels: "scalar", precision: "double" })
    ).create({ seed: 1 });
    const of = (loss: string) => Array.from(model.gradients({ x: data.x }, { loss }).gradients["w.w"]!);
    expect(of("a")).not.toEqual(of("b"));
    expect(of("a")).toEqual(of("a"));
  });

  it("accumulate batches to one step", async () => {
    const accumulated = await trained(
      "minimize: fit with adam(1e-2)\nbatch: 4\naccumulate: 3\nepochs: 2\nseed: 5",
    );
    const whole = await trained("minimize: fit with adam(1e-2)\nbatch: 12\nepochs: 2\nseed: 5");
    const steps: number[] = [];
    await accumulated.fit(data, { onStep: ({ step }) => steps.push(step) });
    await whole.fit(data, {});
    expect(steps).toEqual([1, 2, 3, 4]);
    for (const name of names) closeTo(weights(accumulated)[name]!, weights(whole)[name]!);
  });

  it("clip by the norm of all gradients, or each number", async () => {
    const moves = async (settings: string): Promise<readonly number[]> => {
      const model = await trained(settings);
      const before = weights(model);
      model.step(data);
      const after = weights(model);
      return names.flatMap((name) => before[name]!.map((value, k) => value - after[name]![k]!));
    };
    const free = await moves("minimize: fit with sgd(1)");
    const norm = Math.hypot(...free);
    const byNorm = await moves("minimize: fit with sgd(1)\nclip: norm(0.01)");
    expect(Math.hypot(...byNorm)).toBeCloseTo(0.01, 5);
    byNorm.forEach((value, k) => expect(value).toBeCloseTo((free[k]! * 0.01) / norm, 5));
    const byValue = await moves("minimize: fit with sgd(1)\nclip: value(0.02)");
    closeTo(
      byValue,
      free.map((value) => Math.min(Math.max(value, -0.02), 0.02)),
    );
  });

  it("average weights", async () => {
    const model = await trained("minimize: fit with sgd(0.1)\nbatch: 24\nsteps: 3\naverage: ema(0.5)");
    const other = await trained("minimize: fit with sgd(0.1)\nbatch: 24");
    await model.fit(data, {});
    const seen = [0, 1, 2].map(() => {
      other.step(data);
      return weights(other);
    });
    const name = "second.w";
    const average = seen[0]![name]!.map(
      (first, k) => 0.5 * (0.5 * first + 0.5 * seen[1]![name]![k]!) + 0.5 * seen[2]![name]![k]!,
    );
    closeTo(weights(model)[name]!, average);
  });

  it("stop when it gets no better, and keep the best", async () => {
    // With a rate this high it is soon worse than it was.
    const settings = "minimize: fit with sgd(6)\nbatch: 24\nepochs: 30\nvalidate: split(0.25)\n";
    const model = await trained(`${settings}stop: patience(val.rmse, epochs: 2)\nkeep: best(val.rmse)`);
    const seen: number[] = [];
    const history = (await model.fit(data, {
      onEpoch: ({ val }: { val: Record<string, number> }) => seen.push(val["rmse"]!),
    } as Parameters<typeof model.fit>[1])) as { stopped: string; best: { value: number; epoch: number } };
    expect(history.stopped).toBe("patience");
    expect(seen.length).toBe(history.best.epoch + 2);
    expect(history.best.value).toBe(Math.min(...seen));
  });

  it("let rates fall when there is no progress, also where training was interrupted", async () => {
    // With a rate this high it gets worse, until the rate is a bearable one.
    const settings =
      "minimize: fit with sgd(constant(3))\nbatch: 24\nepochs: 14\nvalidate: split(0.25)\n" +
      "reduce: plateau(val.rmse, epochs: 2, by: 0.25)";
    interface Report {
      readonly rate: number;
      readonly epoch: number;
      readonly val: Record<string, number>;
    }
    const train = async (model: WithEntries, options: object): Promise<readonly Report[]> => {
      const { epochs } = (await model.fit(data, options)) as { epochs: readonly Report[] };
      return epochs;
    };
    const seen = await train(await trained(settings), {});
    let [rate, best, since] = [3, Infinity, 0];
    for (const { rate: found, epoch, val } of seen) {
      expect(found).toBe(rate);
      if (val["rmse"]! < best) [best, since] = [val["rmse"]!, epoch];
      else if (epoch - since >= 2) [rate, since] = [rate * 0.25, epoch];
    }
    expect(rate).toBeLessThan(1);
    const first = await trained(settings);
    const signal = { aborted: false };
    const before = await train(first, {
      signal,
      onEpoch: ({ epoch }: Report) => (signal.aborted = epoch === 7),
    });
    const again = await (
      await compiled(`${body}train Net {\n${settings}\n}\n`, { kernels: "scalar", precision: "double" })
    ).load(first.save(), { resume: true });
    const after = await train(again, {});
    expect([...before, ...after].map((report) => [report.rate, report.val["rmse"]])).toEqual(
      seen.map((report) => [report.rate, report.val["rmse"]]),
    );
  });

  it("train a model that has none", async () => {
    const model = await trained(null);
    const before = model.evaluate(data)["loss"]!;
    const history = (await model.fit(data, {})) as { steps: number; epochs: readonly { val: unknown }[] };
    expect(history.epochs).toHaveLength(10);
    expect(history.epochs[0]!.val).not.toBeNull();
    expect(model.evaluate(data)["loss"]!).toBeLessThan(before);
  });

  it("are chosen by name where there are several", async () => {
    const recipes =
      "train Net {\n  minimize: fit with sgd(0.1)\n  epochs: 9\n}\ntrain Net as quick {\n  minimize: fit with sgd(0.1)\n  epochs: 2\n}\n";
    const epochs = async (options: object): Promise<number> => {
      const model = await (await compiled(body + recipes, options)).create();
      return ((await model.fit(data, {})) as { epochs: unknown[] }).epochs.length;
    };
    expect(await epochs({})).toBe(9);
    expect(await epochs({ recipe: "quick" })).toBe(2);
  });

  it("predict after training as the weights say", async () => {
    const model = await trained("minimize: fit with adam(1e-2)\nepochs: 1");
    await model.fit(data, {});
    expect(numbersOf(model.predict({ x: data.x })["guess"]!)).toHaveLength(48);
  });
});
