/** Owns the proof that the commands lead from a program to a trained network and to what it makes of data. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder, put } from "../data/files.ts";
import { events, nnc, root } from "./command.ts";

const digits = join(root, "examples/digits.nn");
const iris = join(root, "examples/iris.nn");
const base = folder();

interface End {
  readonly event: string;
  readonly epochs: number;
  readonly steps: number;
  readonly train: { readonly loss: number };
  readonly validation: { readonly loss: number; readonly accuracy: number };
  readonly seconds: number;
  readonly weights: string;
}

function endOf(stdout: string): End {
  return events(stdout).at(-1) as unknown as End;
}

describe("nnc train", () => {
  it("names the layer of a loss that is no number in a network small enough to be written out", async () => {
    const data = join(root, "examples/data/iris/iris.csv");
    const text = readFileSync(iris, "utf8").replace("adam(3e-2)", "sgd(1e39)");
    const program = put(base, "breaks.nn", text);
    const { code, stderr } = await nnc(["train", program, "--data", data]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /broke off at step \d+: the loss is (NaN|Infinity), seen first in .*logits\.dense/,
    );
  });

  it("learns digits to 0.96 on a fifth held back, in under 20 seconds", { timeout: 60_000 }, async () => {
    const out = join(base, "digits.safetensors");
    const { code, stdout, stderr, milliseconds } = await nnc([
      "train",
      digits,
      "--log",
      "json",
      "--out",
      out,
    ]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const end = endOf(stdout);
    expect(end).toMatchObject({ event: "end", epochs: 20, steps: 20 * 45, weights: out });
    expect(end.validation.accuracy).toBeGreaterThanOrEqual(0.96);
    expect(milliseconds).toBeLessThan(20_000);
    const evaluated = await nnc(["evaluate", digits, "--weights", out, "--log", "json"]);
    const { values } = JSON.parse(evaluated.stdout) as { values: { accuracy: number } };
    expect(values.accuracy).toBeGreaterThan(0.96);
  });

  it("gives the same bytes for the same seed, and others for another", { timeout: 60_000 }, async () => {
    const weights = async (name: string, seed: string) => {
      const out = join(base, name);
      await nnc(["train", digits, "--log", "none", "--epochs", "2", "--seed", seed, "--out", out]);
      return readFileSync(out);
    };
    const first = await weights("a", "3");
    expect((await weights("b", "3")).equals(first)).toBe(true);
    expect((await weights("c", "4")).equals(first)).toBe(false);
  });

  it(
    "ends after the step on Ctrl-C, saves, and goes on as if nothing had been",
    { timeout: 60_000 },
    async () => {
      const part = join(base, "part.safetensors");
      const arguments_ = ["train", digits, "--log", "json", "--epochs", "40"];
      let sent = false;
      const stopped = await nnc([...arguments_, "--out", part], {
        onOutput(stdout, signal) {
          if (sent || !stdout.includes('"event":"epoch"')) return;
          sent = true;
          signal("SIGINT");
        },
      });
      expect(stopped.code).toBe(0);
      expect(endOf(stopped.stdout)).toMatchObject({ stopped: "signal" });
      const whole = join(base, "whole.safetensors");
      const resumed = join(base, "resumed.safetensors");
      await nnc([...arguments_, "--out", whole]);
      const rest = await nnc([...arguments_, "--resume", part, "--out", resumed]);
      expect(rest.stderr).toBe("");
      expect(readFileSync(resumed).equals(readFileSync(whole))).toBe(true);
    },
  );

  it("saves on the way, and writes one plain line an epoch where there is no terminal", async () => {
    const out = join(base, "iris.safetensors");
    const { code, stdout, stderr } = await nnc([
      "train",
      iris,
      "--epochs",
      "3",
      "--checkpoint-every",
      "2epochs",
      "--out",
      out,
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe("");
    expect(stderr.match(/^epoch \d\/3 {2}loss .+ validation: loss .+, accuracy .+$/gm)).toHaveLength(3);
    expect(stderr).toMatch(/^step 16: saved .*iris\.safetensors$/m);
    expect(stderr).not.toContain("\r");
  });
});

describe("a trained iris", () => {
  const weights = join(base, "trained-iris.safetensors");

  it("is trained, evaluated and asked", { timeout: 60_000 }, async () => {
    expect((await nnc(["train", iris, "--log", "none", "--out", weights])).code).toBe(0);
    const picture = readFileSync(weights.replace(".safetensors", ".svg"), "utf8");
    expect(picture).toMatch(/^<svg [^]*Iris, accuracy 0\.9[^]*loss in validation[^]*<\/svg>/);
    const evaluated = await nnc(["evaluate", iris, "--weights", weights]);
    expect(Number(/accuracy +([\d.]+)/.exec(evaluated.stdout)?.[1])).toBeGreaterThan(0.9);

    // Only one kind of flower, and no target: the words are those of training all the same.
    const flowers = put(base, "flowers.csv", "a,b,c,d\n6.3,3.3,6.0,2.5\n5.1,3.5,1.4,0.2\n");
    const csv = await nnc(["predict", iris, "--weights", weights, "--data", flowers, "--format", "csv"]);
    const [header, ...rows] = csv.stdout.trim().split("\n");
    expect(header).toBe("probs_setosa,probs_versicolor,probs_virginica");
    const likeliest = rows
      .map((row) => row.split(",").map(Number))
      .map((row) => row.indexOf(Math.max(...row)));
    expect(likeliest).toEqual([2, 0]);

    const lines = await nnc(["predict", iris, "--weights", weights, "--data", flowers]);
    const samples = events(lines.stdout) as unknown as { probs: Record<string, number> }[];
    const likely = samples.map(({ probs }) => Object.entries(probs).sort(([, a], [, b]) => b - a)[0]![0]);
    expect(likely).toEqual(["virginica", "setosa"]);
  });

  it("takes the labels of training for data that hold only some of them", async () => {
    const flowers = put(
      base,
      "some.csv",
      "a,b,c,d,species\n6.3,3.3,6.0,2.5,virginica\n5.1,3.5,1.4,0.2,setosa\n",
    );
    const { stdout } = await nnc([
      "evaluate",
      iris,
      "--weights",
      weights,
      "--data",
      flowers,
      "--log",
      "json",
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 2, values: { accuracy: 1 } });
  });
});

describe("nnc summary", () => {
  it("counts parameters and multiply-adds, and cuts no shape off", async () => {
    const json = JSON.parse((await nnc(["summary", digits, "--format", "json"])).stdout) as Record<
      string,
      unknown
    >;
    expect(json).toMatchObject({
      model: "Digits",
      parameters: 4810,
      bytes: 19240,
      multiplyAdds: 64 * 64 + 64 * 10,
    });
    const { stdout } = await nnc(["summary", digits]);
    expect(stdout).toMatch(/dense\(hidden\) +\[batch, 64\] +4,160/);
    expect(stdout).toMatch(/^total, for one sample +4,810 .* 4,736$/m);
    expect(stdout).not.toContain("…");
  });
});
