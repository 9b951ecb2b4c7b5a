/** Owns the proof that every sample has one part: training, validation or the test that is touched once. */
import { describe, expect, it } from "vitest";
import type { Recipe } from "../../src/ir/network.ts";
import type { DataSet } from "../../src/tools/data/dataset.ts";
import { loadParts, loadTest } from "../../src/tools/data/parts.ts";
import { networkOf } from "../check/programs.ts";
import { folder, input, put, refusal, target } from "./files.ts";

const slots = [input("x", []), target("kind", 2)];
const rows = Array.from({ length: 20 }, (_, k) => `${k},${k % 4 === 0 ? 1 : 0},${"abcd"[k % 4]!}`);
const base = folder();
put(base, "a.csv", `x,kind,part\n${rows.join("\n")}\n`);
put(base, "b.csv", "x,kind,part\n100,1,a\n");

function recipe(settings: string): Recipe {
  const text = `model Net {
  input x: float
  target kind: index(2)
  logits = x -> unsqueeze -> dense(2)
  output logits = logits
  loss cross_entropy(logits, kind)
}
train Net {
  data: csv("a.csv")
  minimize: loss with adam(1e-3)
  ${settings}
}`;
  return networkOf(text).recipe;
}

const load = (settings: string, seed = 3) =>
  loadParts({ recipe: recipe(settings), slots, base, given: [], targets: "required", labels: {}, seed });
const xs = (data: DataSet | null) => [...((data?.columns["x"] ?? []) as Float32Array)];

describe("the parts of a data set", () => {
  it("are disjoint, and the same for the same seed", async () => {
    const { training, test } = await load("test: split(0.25)");
    expect(xs(test)).toHaveLength(5);
    expect([...xs(training), ...xs(test)].sort((a, b) => a - b)).toEqual(rows.map((_, k) => k));
    expect(xs((await load("test: split(0.25)")).test)).toEqual(xs(test));
    expect(xs((await load("test: split(0.25)", 4)).test)).not.toEqual(xs(test));
    const request = { recipe: recipe("test: split(0.25)"), slots, base, given: [], labels: {}, seed: 3 };
    expect(xs(await loadTest({ ...request, targets: "required" }))).toEqual(xs(test));
    expect(xs(await loadTest({ ...request, targets: "optional" }))).toHaveLength(20);
  });

  it("keep proportions and groups, also by a column that is no input", async () => {
    const even = await load("test: split(0.4, stratify: kind)");
    expect((even.test!.columns["kind"] as Int32Array).reduce((sum, kind) => sum + kind, 0)).toBe(2);
    const whole = await load('test: split(0.25, group: "part")');
    expect(new Set(xs(whole.test).map((x) => x % 4)).size).toBe(1);
    const grouped = await load('validate: split(0.25, group: "part")');
    expect(grouped.groups).toEqual(rows.map((row) => row.split(",")[2]));
  });

  it("are told by the end, by a column, or by files of their own", async () => {
    expect(xs((await load("test: tail(0.1)")).test)).toEqual([18, 19]);
    const named = await load('validate: column("part", is: "b")\n  test: column("part", is: "c")');
    expect([named.training, named.validation, named.test].map(xs)).toEqual([
      [0, 3, 4, 7, 8, 11, 12, 15, 16, 19],
      [1, 5, 9, 13, 17],
      [2, 6, 10, 14, 18],
    ]);
    expect(xs((await load('test: csv("b.csv")')).test)).toEqual([100]);
  });

  it("are refused where nothing is left", async () => {
    expect(await refusal(load('test: column("part", is: "z")'))).toMatch(
      /nothing to hold back: `part` is `z` in none of 20 samples/,
    );
  });
});
