/** Owns the proof that files of weights come in from elsewhere, and are listed, compared, converted and averaged as they say. */
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeTensors, encodeTensors, type StoredTensor } from "../../src/runtime/safetensors.ts";
import { brainBits, halfBits } from "../../src/tools/weights/file.ts";
import { folder, put } from "../data/files.ts";
import { nnc } from "./command.ts";

const base = folder();
const run = (...args: string[]) => nnc(["weights", ...args], { cwd: base });
const tensor = (shape: readonly number[], ...values: number[]): StoredTensor => ({
  shape,
  values: Float32Array.from(values),
});
const write = (name: string, tensors: Readonly<Record<string, StoredTensor>>) =>
  put(base, name, encodeTensors({ tensors: new Map(Object.entries(tensors)), metadata: {} }));
const read = (name: string) => decodeTensors(readFileSync(join(base, name))).tensors;

const program = `model Small {
  input x: [2]
  output y = x -> dense(3) -> tanh -> dense(1)
}
`;

beforeAll(() => {
  put(base, "small.nn", program);
  write("theirs.safetensors", {
    "fc.0.weight": tensor([3, 2], 1, 2, 3, 4, 5, 6),
    "fc.0.bias": tensor([3], 7, 8, 9),
    "fc.1.weight": tensor([1, 3], 10, 11, 12),
    both: tensor([2], 13, 14),
    "norm.seen": tensor([], 5),
  });
});

describe("nnc weights map", () => {
  it("renames, transposes, splits and fuses", async () => {
    put(
      base,
      "mapping.json",
      JSON.stringify({
        "y.dense.w": {
          fuse: [
            { split: { transpose: "fc.0.weight" }, axis: -1, part: 0, of: 3 },
            { split: { transpose: "fc.0.weight", axes: [1, 0] }, axis: 1, part: 1, of: 3 },
            { split: { transpose: "fc.0.weight" }, axis: 1, part: 2, of: 3 },
          ],
          axis: 1,
        },
        "y.dense.b": "fc.0.bias",
        "y.dense_2.w": { reshape: "fc.1.weight", shape: [3, 1] },
        "y.dense_2.b": { split: "both", axis: 0, part: 1, of: 2 },
        ignore: ["norm.*"],
      }),
    );
    const ran = await run(
      "map",
      "theirs.safetensors",
      "--for",
      "small.nn",
      "--with",
      "mapping.json",
      "-o",
      "ours.safetensors",
    );
    expect(ran).toMatchObject({ code: 0, stderr: "", stdout: "ours.safetensors: 4 tensors for Small\n" });
    const ours = read("ours.safetensors");
    expect([...ours].map(([name, { shape, values }]) => [name, shape, [...values]])).toEqual([
      ["y.dense.w", [2, 3], [1, 3, 5, 2, 4, 6]],
      ["y.dense.b", [3], [7, 8, 9]],
      ["y.dense_2.w", [3, 1], [10, 11, 12]],
      ["y.dense_2.b", [1], [14]],
    ]);
  });

  it("follows a letter from name to name", async () => {
    put(
      base,
      "letters.json",
      '{ "y.dense{k}.w": { "transpose": "l{k}.weight" }, "y.dense{k}.b": "l{k}.bias" }',
    );
    put(base, "one.nn", "model One {\n  input x: [2]\n  output y = x -> dense(2) -> dense(2)\n}\n");
    const square = tensor([2, 2], 1, 2, 3, 4);
    write("l.safetensors", { "l_2.weight": square, "l_2.bias": tensor([2], 0, 1) });
    const ran = await run(
      "map",
      "l.safetensors",
      "--for",
      "one.nn",
      "--with",
      "letters.json",
      "-o",
      "o.safetensors",
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("y.dense.w [2, 2]: there is no y.dense.w");
    expect(ran.stderr).not.toContain("dense_2");
  });

  it("tells all disagreements at once", async () => {
    put(
      base,
      "wrong.json",
      JSON.stringify({
        "y.dense.w": "fc.0.weight",
        "y.dense.b": { split: "fc.0.bias", axis: 0, part: 0, of: 2 },
        "y.dense_2.w": "fc.9.weight",
        "y.dense_3.w": "fc.0.bias",
      }),
    );
    const ran = await run(
      "map",
      "theirs.safetensors",
      "--for",
      "small.nn",
      "--with",
      "wrong.json",
      "-o",
      "no.safetensors",
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatchInlineSnapshot(`
      "error: theirs.safetensors does not become weights for Small:
        y.dense.w would be [3, 2], but the model has [2, 3]: { "transpose": … } turns it
        y.dense.b [3]: axis 0 of [3] cannot be split into 2 equal parts
        y.dense_2.w [3, 1]: there is no fc.9.weight
        y.dense_2.b [1]: there is no y.dense_2.b
        y.dense_3.w is no tensor of the model
        fc.1.weight [1, 3] is used by nothing: name it in \`ignore\` if it is not needed
        both [2] is used by nothing: name it in \`ignore\` if it is not needed
        norm.seen [] is used by nothing: name it in \`ignore\` if it is not needed
        help: \`--with mapping.json\` says what makes each tensor; docs/weights.md has its forms
      "
    `);
  });
});

describe("nnc weights", () => {
  it("lists what a file holds", async () => {
    const { stdout, code } = await run("list", "theirs.safetensors");
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "tensor       type  shape                 least   most   mean  deviation  not finite
      ───────────────────────────────────────────────────────────────────────────────────
      fc.0.weight  F32   [3, 2]                1.000  6.000  3.500      1.708
      fc.0.bias    F32   [3]                   7.000  9.000  8.000     0.8165
      fc.1.weight  F32   [1, 3]                10.00  12.00  11.00     0.8165
      both         F32   [2]                   13.00  14.00  13.50     0.5000
      norm.seen    F32   []                    5.000  5.000  5.000      0.000
      ───────────────────────────────────────────────────────────────────────────────────
      5 tensors          15 numbers, 60 bytes
      "
    `);
    const json = JSON.parse((await run("list", "theirs.safetensors", "--format", "json")).stdout) as object;
    expect(json).toMatchObject({
      tensors: [{ name: "fc.0.weight", type: "F32", shape: [3, 2], mean: 3.5 }, {}, {}, {}, {}],
    });
  });

  it("compares", async () => {
    write("a.safetensors", { w: tensor([2], 1, 2), old: tensor([], 1), n: tensor([1], NaN) });
    write("b.safetensors", { w: tensor([2], 1, 2.5), new: tensor([], 1), n: tensor([1], NaN) });
    expect(await run("compare", "a.safetensors", "a.safetensors")).toMatchObject({ code: 0 });
    const { stdout, code } = await run("compare", "a.safetensors", "b.safetensors", "--tolerance", "0.1");
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "tensor  shape                   largest difference  relative  at
      ────────────────────────────────────────────────────────────────
      w       [2]                                 0.5000    0.2236   1
      old     in a.safetensors alone
      n       [1]                                  0.000     0.000   0
      new     in b.safetensors alone
      3 of 4 differ, with a tolerance of 0.1
      "
    `);
  });

  it("averages, and refuses what is not of one network", async () => {
    write("c.safetensors", { w: tensor([2], 1, 2), "training/slot/m": tensor([1], 3) });
    write("d.safetensors", { w: tensor([2], 3, 6) });
    expect(
      await run("average", "c.safetensors", "d.safetensors", "--shares", "3,1", "-o", "e.safetensors"),
    ).toMatchObject({ code: 0 });
    expect([...read("e.safetensors")].map(([name, { values }]) => [name, [...values]])).toEqual([
      ["w", [1.5, 3]],
    ]);
    const ran = await run(
      "average",
      "c.safetensors",
      "a.safetensors",
      "b.safetensors",
      "-o",
      "f.safetensors",
    );
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("old is in a.safetensors alone\n  n is in a.safetensors alone\n");
  });

  it("converts to what others store", async () => {
    expect(
      await run("convert", "c.safetensors", "--to", "bf16", "--for-use", "-o", "g.safetensors"),
    ).toMatchObject({ code: 0 });
    const found = read("g.safetensors");
    expect([...found.keys()]).toEqual(["w"]);
    expect(found.get("w")).toMatchObject({ dtype: "BF16", values: Float32Array.of(1, 2) });
  });

  it("refuses what is no file of weights", async () => {
    put(base, "letter.safetensors", "this is a letter, not a file of weights\n");
    const ran = await run("list", "letter.safetensors");
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("error: letter.safetensors: this is not a safetensors file: its header");
  });
});

describe("halves", () => {
  const back = (dtype: string, bits: number): number => {
    const text = new TextEncoder().encode(JSON.stringify({ a: { dtype, shape: [], data_offsets: [0, 2] } }));
    const bytes = Uint8Array.from([text.length, 0, 0, 0, 0, 0, 0, 0, ...text, bits & 255, bits >> 8]);
    return decodeTensors(bytes).tensors.get("a")!.values[0]!;
  };

  it("are the nearest there are", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -65519, max: 65519 }), (value) => {
        const found = back("F16", halfBits(value));
        expect(Math.abs(found - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
        const brain = back("BF16", brainBits(value));
        expect(Math.abs(brain - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -8, 2 ** -133));
      }),
    );
    for (let bits = 0; bits < 0x7c00; bits += 7) expect(halfBits(back("F16", bits))).toBe(bits);
    expect([Infinity, -Infinity, 70000, -0].map(halfBits)).toEqual([0x7c00, 0xfc00, 0x7c00, 0x8000]);
  });
});
