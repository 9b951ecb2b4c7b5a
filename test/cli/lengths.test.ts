/** Owns the proof that the commands take samples of different lengths: training, summary, predictions a line each. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, put } from "../data/files.ts";
import { nnc } from "./command.ts";

const program = `model Words {
  input  word: index(4)[2 <= time <= 6]
  target kinds: index(3)[time]
  h = word -> embedding(4) -> conv1d(4, kernel: 3, padding: same) -> relu
  logits = h -> dense(3)
  output chosen = argmax(logits)
  halves = h -> conv1d(1, kernel: 2, stride: 2)
  output halves = halves
  loss cross_entropy(logits, kinds)
  loss small = mean(halves, over: [-2, -1]) ** 2
  metric accuracy(logits, kinds)
}

train Words {
  minimize: loss with adam(1e-2)
  batch: 4
  steps: 20
}
`;

const lines = [
  { word: [0, 1, 2], kinds: [0, 1, 2] },
  { word: [3, 3], kinds: [0, 0] },
  { word: [2, 1, 0, 3, 2, 1], kinds: [2, 1, 0, 0, 2, 1] },
];

describe("samples of different lengths", () => {
  const base = folder();
  const file = put(base, "words.nn", program);
  const weights = join(base, "words.safetensors");
  const data = put(base, "words.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));

  it("train a network, and each comes back as long as it is", async () => {
    const trained = await nnc(["train", file, "--data", data]);
    expect(trained.stderr).toContain("done after 20 steps");
    expect(trained.code).toBe(0);
    const { stdout, code } = await nnc(["predict", file, "--data", data, "--weights", weights]);
    expect(code).toBe(0);
    const made = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { chosen: number[]; halves: number[][] });
    expect(made.map(({ chosen }) => chosen.length)).toEqual([3, 2, 6]);
    expect(made.map(({ halves }) => halves.map((step) => step.length))).toEqual([[1], [1], [1, 1, 1]]);
    const table = await nnc(["predict", file, "--data", data, "--weights", weights, "--format", "csv"]);
    expect(table.code).toBe(1);
    expect(table.stderr).toMatch(/output `chosen` is as long as each sample/);
  });

  it("are summed up by their shapes", async () => {
    const { stdout, code } = await nnc(["summary", file]);
    expect(code).toBe(0);
    expect(stdout).toContain("[batch, floor(time / 2), 1]");
    expect(stdout).not.toContain("conv1d` (line");
  });

  it("are refused where they are longer than the limit", async () => {
    const long = put(
      base,
      "long.jsonl",
      JSON.stringify({ word: [0, 1, 2, 3, 0, 1, 2], kinds: [0, 0, 0, 0, 0, 0, 0] }),
    );
    const { stderr, code } = await nnc(["train", file, "--data", long]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/row 1 \(line 1\), column `word`: it has 7 steps, and 2 to 6 are allowed/);
    expect(stderr).not.toMatch(/internal error/);
  });
});
