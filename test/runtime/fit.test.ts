/** Owns tests of training: going on to the bit, validation, keeping the best, averaging, stopping. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Recipe } from "../../src/ir/network.ts";
import { linearProgram } from "../typescript/linear.ts";
import type { EpochReport, FitOptions, LinearModule } from "../typescript/linear-module.ts";
import { emit, importText } from "../typescript/load.ts";
import { part, points } from "./points.ts";

async function moduleOf(changes: Partial<Recipe> = {}): Promise<LinearModule["Linear"]> {
  return (await importText<LinearModule>(emit(linearProgram(changes, true)))).Linear;
}

const data = points(20);
const plainRecipe = await moduleOf();
const wholeRecipe = await moduleOf({
  validate: { kind: "split", fraction: 0.25, stratify: null, group: null, every: null },
  keep: { metric: "val.rmse" },
  average: { kind: "ema", decay: 0.5 },
  clip: { kind: "value", limit: 0.5 },
});

describe("fit", () => {
  it("learns, reports, and gives the history", async () => {
    const model = await plainRecipe.create({ seed: 1 });
    const reports: EpochReport[] = [];
    const steps: number[] = [];
    const rates: (number | null)[] = [];
    const history = await model.fit(data, {
      epochs: 30,
      validation: 0.2,
      onEpoch: (report) => reports.push(report),
      onStep: ({ step, rate }) => {
        steps.push(step);
        rates.push(rate);
      },
    });
    // 16 samples are trained on, 3 a step.
    expect(steps).toEqual(Array.from({ length: 180 }, (_, k) => k + 1));
    expect(rates[0]).toBeCloseTo(0.05, 7);
    expect(rates[90]).toBeCloseTo(0.05 * 0.55, 7);
    expect(history.epochs).toEqual(reports);
    expect(history).toMatchObject({ steps: 180, stopped: "done", best: null });
    expect(reports.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 30 }, (_, k) => k + 1));
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0]!.loss / 10);
    expect(reports.at(-1)!.val!.rmse).toBeLessThan(0.2);
  });

  it("gives the same bytes for the same seed, others for another", async () => {
    const train = async (seed: number) => {
      const model = await wholeRecipe.create({ seed });
      await model.fit(data);
      return model.save();
    };
    expect(await train(4)).toEqual(await train(4));
    expect(await train(4)).not.toEqual(await train(5));
  });

  it.each([
    ["plain", plainRecipe],
    ["with validation, averages and the best", wholeRecipe],
  ])("goes on to the bit, wherever it was interrupted (%s)", async (_, Linear) => {
    const whole = await Linear.create({ seed: 9 });
    const history = await whole.fit(data);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: history.steps }), async (last) => {
        const first = await Linear.create({ seed: 9 });
        const stop = new AbortController();
        const options: FitOptions = {
          signal: stop.signal,
          onStep: ({ step }) => step === last && stop.abort(),
        };
        const partial = await first.fit(data, options);
        expect(partial.steps).toBe(last);
        const second = await Linear.load(first.save(), { resume: true });
        const rest = await second.fit(data);
        expect(second.save()).toEqual(whole.save());
        for (const report of rest.epochs) {
          const { epoch, loss, losses, val, best } = report;
          expect(history.epochs[epoch - 1]).toMatchObject({ epoch, loss, losses, val, best });
        }
      }),
      { numRuns: 12 },
    );
  });

  it("goes on from a checkpoint that was saved on the way", async () => {
    const whole = await wholeRecipe.create({ seed: 9 });
    let checkpoint: Uint8Array | null = null;
    await whole.fit(data, { onEpoch: ({ epoch }) => void (epoch === 2 && (checkpoint = whole.save())) });
    const second = await wholeRecipe.load(checkpoint!, { resume: true });
    await second.fit(data);
    expect(second.save()).toEqual(whole.save());
  });

  it("goes on from what a callback saved, validating between epochs", async () => {
    const Linear = await moduleOf({
      validate: {
        kind: "split",
        fraction: 0.25,
        stratify: null,
        group: null,
        every: { count: 2, unit: "steps" },
      },
      keep: { metric: "val.rmse" },
      stop: { metric: "val.mse", epochs: 3 },
      epochs: 8,
    });
    const whole = await Linear.create({ seed: 9 });
    const saved: Uint8Array[] = [];
    const history = await whole.fit(data, { onStep: () => saved.push(whole.save()) });
    for (const checkpoint of saved) {
      const second = await Linear.load(checkpoint, { resume: true });
      const rest = await second.fit(data);
      expect(rest.stopped).toBe(history.stopped);
      expect(second.save()).toEqual(whole.save());
    }
  });

  it("can be told otherwise than the file", async () => {
    const model = await wholeRecipe.create({ seed: 2 });
    const kept = await model.fit(data, {
      keep: "loss",
      average: false,
      stop: { metric: "mse", epochs: 1 },
      epochs: 40,
    });
    expect(kept.stopped).toBe("patience");
    expect(kept.best!.value).toBe(Math.min(...kept.epochs.map(({ val }) => val!.loss)));
    const plain = await model.fit(data, { keep: false, average: false, validation: false, steps: 3 });
    expect(plain).toMatchObject({ steps: 3, best: null });
    await expect(model.fit(data, { keep: "accuracy" })).rejects.toThrow(
      "there is no loss and no metric accuracy",
    );
  });

  it("leaves weights to the caller's own steps", async () => {
    const model = await wholeRecipe.create({ seed: 2 });
    await model.fit(data);
    const used = model.parameters.get("y.w");
    model.step(data);
    expect(model.parameters.get("y.w")).not.toEqual(used);
    const again = await wholeRecipe.load(model.save());
    expect(again.parameters.get("y.w")).toEqual(model.parameters.get("y.w"));
    const stepped = await wholeRecipe.load(model.save(), { resume: true });
    model.step(data);
    stepped.step(data);
    expect(stepped.save()).toEqual(model.save());
  });

  it("uses the best weights, and loads them", async () => {
    const model = await wholeRecipe.create({ seed: 2 });
    const history = await model.fit(data, { epochs: 12 });
    const best = Math.min(...history.epochs.map(({ val }) => val!.rmse));
    expect(history.best!.value).toBe(best);
    expect(history.epochs[history.best!.epoch - 1]!.val!.rmse).toBe(best);
    const loaded = await wholeRecipe.load(model.save());
    expect(loaded.predict(data)).toEqual(model.predict(data));
  });

  it("waits no longer than it was told", async () => {
    const Linear = await moduleOf({ stop: { metric: "val.loss", epochs: 2 } });
    const model = await Linear.create({ seed: 2 });
    const far = { x: part(data, 0, 5).x, truth: new Float32Array(10).fill(100) };
    const truth = new Float32Array(40).fill(-100);
    const history = await model.fit({ x: data.x, truth }, { epochs: 50, validation: far });
    expect(history.stopped).toBe("patience");
    const values = history.epochs.map(({ val }) => val!.loss);
    expect(history.epochs).toHaveLength(values.indexOf(Math.min(...values)) + 1 + 2);
  });

  it("complains where the best is asked for and nothing is held back", async () => {
    const Linear = await moduleOf({ keep: { metric: "val.rmse" } });
    const model = await Linear.create();
    await expect(model.fit(data)).rejects.toThrow("rmse is asked for, but nothing is held back");
    await expect(model.fit(data, { epochs: 0.5, validation: 0.5 })).rejects.toThrow(
      "epochs must be a whole number",
    );
    await expect(model.fit(data, { validation: 1 })).rejects.toThrow(
      "of 20 samples none is left to train on",
    );
  });

  it("lets others work where it is asked to", async () => {
    const model = await plainRecipe.create();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await model.fit(data, { epochs: 100, yieldEvery: 0 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});
