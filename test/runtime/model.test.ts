/** Owns tests of what a generated class does: predicting, evaluating, stepping, gradients, and its complaints. */
import { describe, expect, it } from "vitest";
import { capacity, linearProgram } from "../typescript/linear.ts";
import type { LinearModule } from "../typescript/linear-module.ts";
import { emit, importText } from "../typescript/load.ts";
import { part, points } from "./points.ts";

const { Linear } = await importText<LinearModule>(emit(linearProgram()));
const noisy = await importText<LinearModule>(emit(linearProgram({}, true)));
const data = points(11);

describe("predict", () => {
  it("takes more samples than the arena holds, flat or nested", async () => {
    const model = await Linear.create();
    const flat = model.predict({ x: data.x }).y;
    const rows = Array.from({ length: 11 }, (_, k) => [...data.x.subarray(k * 3, k * 3 + 3)]);
    expect(flat).toHaveLength(22);
    expect(model.predict({ x: rows }).y).toEqual(flat);
    const one = model.predict({ x: data.x.slice(24, 27) }).y;
    expect(one).toEqual(flat.slice(16, 18));
  });

  it("computes x · w + b", async () => {
    const model = await Linear.create();
    model.parameters.set("y.w", [1, 2, 3, 4, 5, 6]);
    model.parameters.set("y.b", [10, 20]);
    expect([...model.predict({ x: [[1, 10, 100]] }).y]).toEqual([1 + 30 + 500 + 10, 2 + 40 + 600 + 20]);
    expect([...model.parameters.get("y.w")]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("evaluate", () => {
  it("gives losses and metrics of the whole, whatever the chunks", async () => {
    const model = await Linear.create({ seed: 1 });
    const { y } = model.predict(data);
    let squares = 0;
    for (let i = 0; i < 22; i += 1) squares += (y[i]! - data.truth[i]!) ** 2;
    const results = model.evaluate(data);
    expect(Object.keys(results)).toEqual(["loss", "mse", "rmse"]);
    expect(results.mse).toBeCloseTo(squares / 22, 6);
    expect(results.loss).toBe(results.mse);
    expect(results.rmse).toBeCloseTo(Math.sqrt(squares / 11), 6);
  });
});

describe("gradients", () => {
  it("agree with finite differences, beyond the capacity too", async () => {
    const model = await Linear.create({ seed: 2 });
    const { gradients } = model.gradients(data);
    for (const { name } of model.parameters) {
      const before = model.parameters.get(name);
      before.forEach((value, k) => {
        const at = (moved: number) => {
          model.parameters.set(name, before.with(k, moved));
          return model.evaluate(data).loss;
        };
        const slope = (at(value + 0.01) - at(value - 0.01)) / 0.02;
        expect(gradients[name]![k]).toBeCloseTo(slope, 3);
      });
      model.parameters.set(name, before);
    }
  });

  it("change nothing, and have the noise of the coming step unless told otherwise", async () => {
    const model = await noisy.Linear.create({ seed: 2 });
    const before = model.save();
    const first = model.gradients(data).gradients;
    expect(model.gradients(data).gradients).toEqual(first);
    expect(model.gradients(data, { training: false }).gradients).not.toEqual(first);
    expect(model.save()).toEqual(before);
    model.step(data);
    expect(model.gradients(data).gradients).not.toEqual(first);
    expect(() => model.gradients(data, { loss: "mae" })).toThrow("no gradients of mae; there are: loss");
  });

  it("draw noise by the sample's place in the step, not in the chunk", async () => {
    const model = await noisy.Linear.create({ seed: 2 });
    const twice = { x: new Float32Array(capacity * 6), truth: new Float32Array(capacity * 4) };
    const small = part(data, 0, capacity);
    for (const k of [0, 1]) {
      twice.x.set(small.x, k * small.x.length);
      twice.truth.set(small.truth, k * small.truth.length);
    }
    expect(model.gradients(twice).gradients).not.toEqual(model.gradients(small).gradients);
  });
});

describe("step", () => {
  it("gives the losses before it, lowers them, and updates states", async () => {
    const model = await Linear.create({ seed: 3 });
    const before = model.evaluate(data).mse;
    expect(model.step(data).mse).toBeCloseTo(before, 6);
    expect(model.evaluate(data).mse).toBeLessThan(before);
    expect(model.steps).toBe(1);
  });

  it("clips the gradient by its norm", async () => {
    const clipped = await importText<LinearModule>(
      emit(linearProgram({ clip: { kind: "norm", limit: 0.001 } })),
    );
    const model = await clipped.Linear.create({ seed: 3 });
    const before = model.parameters.map(({ name }) => model.parameters.get(name));
    model.step(data);
    const after = model.parameters.map(({ name }) => model.parameters.get(name));
    const moves = before.flatMap((values, p) => [...values].map((value, k) => after[p]![k]! - value));
    expect(Math.hypot(...moves)).toBeCloseTo(0.05 * 0.001, 7);
  });

  it("says which step and which section broke", async () => {
    const model = await Linear.create({ seed: 3 });
    model.parameters.set("y.w", [9, 9, 9, 9, 9, 9]);
    const huge = { x: data.x.map(() => 3e38), truth: data.truth };
    expect(() => model.step(huge)).toThrow(
      /^step 0: the loss is (Infinity|NaN), seen first in y = dense\(2\)/,
    );
    expect(model.firstNonFinite()).toMatch(/^y = dense\(2\) · forward \(linear.nn:2\)/);
    model.parameters.set("y.b", [NaN, 0]);
    expect(() => model.step(data)).toThrow("step 0: the loss is NaN, seen first in the parameter y.b");
  });
});

describe("complaints", () => {
  const cases: readonly (readonly [object, string])[] = [
    [{ truth: data.truth }, "x is missing"],
    [{ x: new Float32Array(4), truth: data.truth }, "x holds 4 numbers, no multiple of 3"],
    [{ x: new Float32Array(6), truth: data.truth }, "x holds 2 samples, but truth holds 11"],
    [{ x: [], truth: [] }, "x holds no sample"],
    [
      {
        x: [
          [1, 2, 3],
          [1, 2],
        ],
        truth: [
          [1, 2],
          [1, 2],
        ],
      },
      "x, sample 1: this is not numbers of shape [3]",
    ],
    [
      {
        x: [
          [1, 2, 3],
          [1, NaN, 2],
        ],
        truth: [
          [1, 2],
          [1, 2],
        ],
      },
      "x, sample 1: NaN at [1] is not a finite number",
    ],
    [
      {
        x: new Float32Array([1, 2, 3, 4, 5, Infinity]),
        truth: [
          [1, 2],
          [1, 2],
        ],
      },
      "x, sample 1: Infinity at [2]",
    ],
    [{ x: [["a", 2, 3]], truth: [[1, 2]] }, "x, sample 0: this is not numbers of shape [3]"],
    [
      {
        x: [[1, 2, 3], 7],
        truth: [
          [1, 2],
          [1, 2],
        ],
      },
      "x, sample 1: this is not numbers of shape [3]",
    ],
    [
      {
        x: [[1, 2, 3], null],
        truth: [
          [1, 2],
          [1, 2],
        ],
      },
      "x, sample 1: this is not numbers of shape [3]",
    ],
    [{ x: "abc", truth: data.truth }, "x is missing"],
  ];

  it.each(cases)("%#: %j", async (batch, message) => {
    const model = await Linear.create();
    expect(() => model.step(batch as never)).toThrow(message);
    expect(() => model.evaluate(batch as never)).toThrow(message);
    await expect(model.fit(batch as never)).rejects.toThrow(message);
  });

  it("of parameters name them", async () => {
    const model = await Linear.create();
    expect(() => model.parameters.get("y.c")).toThrow("there is no parameter y.c; there are: y.w, y.b");
    expect(() => model.parameters.set("y.w", [1])).toThrow("y.w [3, 2] takes 6 numbers, not 1");
  });
});
