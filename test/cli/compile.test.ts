/** Owns the proof that `nnc compile` writes modules that stand alone, small and typed, and prints every stage. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { folder } from "../data/files.ts";
import { bundledSize } from "../typescript/load.ts";
import { events, nnc, root } from "./command.ts";

const digits = join(root, "examples/digits.nn");
const iris = join(root, "examples/iris.nn");
const base = folder();

interface Iris {
  predict(inputs: { lengths: readonly number[][] }): { probs: Float32Array };
}

/** What `tsc --strict` has to say about one file alone. */
async function typeErrors(file: string): Promise<string> {
  const options = ["--strict", "--noEmit", "--target", "es2022", "--module", "esnext"];
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return promisify(execFile)(process.execPath, [tsc, ...options, file], { cwd: base }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

describe("nnc compile", () => {
  it.each([
    ["with training", []],
    ["with training, scalar", ["--kernels", "scalar"]],
    ["for inference", ["--inference"]],
  ])(
    "writes a module %s that type-checks alone and imports nothing",
    { timeout: 60_000 },
    async (_, flags) => {
      const out = join(base, `digits${flags.join("")}.ts`);
      const { code, stdout, stderr } = await nnc(["compile", digits, "-o", out, ...flags]);
      expect(stderr).toBe("");
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /digits.*\.ts: [\d,]+ bytes \([\d,]+ gzip\), 4,810 parameters, arena [\d,]+ bytes/,
      );
      const text = readFileSync(out, "utf8");
      expect(text).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(|\beval\(|new Function/m);
      expect(await typeErrors(out)).toBe("");
    },
  );

  it("bundles to under 8 KB for inference, without weights", { timeout: 60_000 }, async () => {
    const out = join(base, "small.ts");
    await nnc(["compile", digits, "-o", out, "--inference"]);
    expect(await bundledSize(readFileSync(out, "utf8"))).toBeLessThan(8 * 1024);
  });

  it("puts trained weights inside, and JavaScript runs as it is", { timeout: 60_000 }, async () => {
    const weights = join(base, "iris.safetensors");
    const out = join(base, "iris.mjs");
    await nnc(["train", iris, "--epochs", "5", "--log", "none", "--out", weights]);
    const flags = ["--target", "javascript", "--inference", "--weights", weights];
    expect((await nnc(["compile", iris, "-o", out, ...flags])).code).toBe(0);
    const module = (await import(pathToFileURL(out).href)) as {
      Iris: { create(): Promise<Iris> };
      labels: unknown;
    };
    expect(module.labels).toEqual({ species: ["setosa", "versicolor", "virginica"] });
    const model = await module.Iris.create();
    const { probs } = model.predict({ lengths: [[5.1, 3.5, 1.4, 0.2]] });
    const asked = await nnc(["predict", iris, "--weights", weights]);
    const [first] = events(asked.stdout) as unknown as { probs: object }[];
    expect(Object.keys(first!.probs)).toEqual(["setosa", "versicolor", "virginica"]);
    Object.values(first!.probs).forEach((probability, place) =>
      expect(probs[place]).toBeCloseTo(Number(probability), 6),
    );
  });

  it("is formatted as prettier has it", { timeout: 60_000 }, async () => {
    const { check } = await import("prettier");
    const out = join(base, "formatted.ts");
    await nnc(["compile", iris, "-o", out]);
    expect(await check(readFileSync(out, "utf8"), { parser: "typescript", printWidth: 110 })).toBe(true);
  });

  it.each(["tokens", "cst", "ast", "facts", "graph", "loops", "nests", "after:fold"])(
    "prints the stage %s, the same each time",
    async (stage) => {
      const print = () => nnc(["compile", "examples/iris.nn", "--emit", stage]);
      const [first, second] = [await print(), await print()];
      expect(first.stderr).toBe("");
      expect(first.code).toBe(0);
      expect(first.stdout.length).toBeGreaterThan(100);
      expect(second.stdout).toBe(first.stdout);
    },
  );

  it("prints a stage of one function", async () => {
    const { stdout } = await nnc(["compile", "examples/iris.nn", "--emit", "graph", "--of", "predict"]);
    expect(stdout).toContain("predict");
    expect(stdout).not.toContain("adam");
  });
});

describe("nnc compile --target onnx", () => {
  const trained = join(base, "trained.safetensors");

  it("writes a model with the weights inside, and says the same the second time", async () => {
    await nnc(["train", iris, "--epochs", "1", "--log", "none", "--out", trained]);
    const out = join(base, "iris.onnx");
    const flags = ["compile", iris, "--target", "onnx", "--weights", trained, "-o", out];
    const first = await nnc(flags);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/iris\.onnx: [\d,]+ bytes/);
    expect((await nnc(flags)).stdout).toContain("unchanged");
    expect(readFileSync(out).includes("logits.standardize.center")).toBe(true);
  });

  it.each([
    ["without weights", iris, [], /an ONNX model carries its weights/],
    ["with weights of another", digits, ["--weights", trained], /these weights are not for Digits/],
    [
      "with what is said of modules",
      iris,
      ["--weights", trained, "--source-map"],
      /--source-map is about a module/,
    ],
  ])("refuses %s", async (_, program, flags, message) => {
    const { code, stderr, stdout } = await nnc(["compile", program, "--target", "onnx", ...flags]);
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(code).not.toBe(0);
  });
});
