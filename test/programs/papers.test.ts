import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkText, networkOf } from "../check/programs.ts";
import { batchOf, parametersOf } from "../laws/network.ts";
import { difference } from "../support/difference.ts";
import { compiled, programText } from "./compiled.ts";

const names = [
  ...readdirSync(new URL("papers/", import.meta.url)).map((file) => `papers/${file.replace(/\.nn$/, "")}`),
  "north-star/vae",
];
const distance = 1e-5;

describe.each(names)("%s", (name) => {
  const text = programText(name);

  it("is a page of the language without a complaint", () => {
    expect(text.split("\n").length).toBeLessThan(60);
    expect(checkText(text).diagnostics).toEqual([]);
  });

  it("has the slopes of its loss as gradients", async () => {
    const network = networkOf(text);
    const batch = batchOf(network, 3, 11);
    const model = await (
      await compiled(text, { kernels: "scalar", precision: "double" })
    ).create({ seed: 3 });
    // As far from where they begin that nothing is 0 by chance.
    const parameters = parametersOf(network, 13);
    const values = Object.fromEntries(
      Object.entries(parameters).map(([path, all]) => [path, all.map((value) => 0.7 * value)]),
    );
    for (const [path, all] of Object.entries(values)) model.parameters.set(path, all);
    const { gradients } = model.gradients(batch);
    const lossWith = (path: string, place: number, by: number): number => {
      model.parameters.set(
        path,
        values[path]!.map((value, k) => (k === place ? value + by : value)),
      );
      return model.gradients(batch).losses["loss"]!;
    };
    const problems = Object.entries(values).map(([path, all]) => {
      // Of large parameters the first, the last, and some between.
      const places = all.map((_, k) => k).filter((k) => k % Math.ceil(all.length / 24) === 0);
      const slopes = places.map(
        (k) => (lossWith(path, k, distance) - lossWith(path, k, -distance)) / (2 * distance),
      );
      model.parameters.set(path, all);
      const found = places.map((k) => gradients[path]![k]!);
      return difference(`gradient of ${path}`, found, slopes, { rtol: 1e-6, atol: 1e-8 });
    });
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
    expect(Object.values(gradients).every((all) => all.some((value) => value !== 0))).toBe(true);
  });
});
