/** Owns the proof that data reach the network as they stand in the files, and that bad files are refused by name. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { folder, idx, input, load, npy, put, refusal, source, target } from "./files.ts";

const examples = join(import.meta.dirname, "../../examples");
const iris = [input("lengths", [4]), target("species", 3)];
const pair = [input("x", [2]), target("y", 2)];

describe("the bundled data", () => {
  it("reads iris: four lengths in order, species numbered in sorted order", async () => {
    const data = await load({ slots: iris, source: source("csv", ["data/iris/iris.csv"]), base: examples });
    expect(data.count).toBe(150);
    expect(
      [...(data.columns["lengths"] as Float32Array).slice(0, 4)].map((x) => Number(x.toFixed(3))),
    ).toEqual([5.1, 3.5, 1.4, 0.2]);
    expect(data.labels["species"]).toEqual(["setosa", "versicolor", "virginica"]);
    expect([0, 50, 149].map((row) => data.columns["species"]![row])).toEqual([0, 1, 2]);
  });

  it("reads digits: packed IDX files, pixels from 0 to 16", async () => {
    const files = { pixels: "data/digits/images-idx3-ubyte.gz", digit: "data/digits/labels-idx1-ubyte.gz" };
    const slots = [input("pixels", [8, 8]), target("digit", 10)];
    const data = await load({ slots, source: source("idx", [], files), base: examples });
    expect(data.count).toBe(1797);
    expect(data.columns["pixels"]).toHaveLength(1797 * 64);
    expect(Math.max(...(data.columns["pixels"] as Float32Array))).toBe(16);
    expect([...data.columns["digit"]!.slice(0, 5)]).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("columns of a table", () => {
  it("takes them by name, by the recipe's names and numbered", async () => {
    const path = put(folder(), "a.csv", "label;x_1;x_0\n1;20;10\n0;40;30\n");
    const data = await load({ slots: pair, source: source("csv", [path], { y: "label" }) });
    expect([...data.columns["x"]!]).toEqual([10, 20, 30, 40]);
    expect([...data.columns["y"]!]).toEqual([1, 0]);
  });

  it("takes them in order where there is no header, also with words in the last column", async () => {
    const path = put(folder(), "a.csv", "1,2,b\n3,4,a\n");
    const data = await load({ slots: pair, given: [path] });
    expect([...data.columns["x"]!]).toEqual([1, 2, 3, 4]);
    expect([...data.columns["y"]!]).toEqual([1, 0]);
  });

  it("keeps the labels that training gave, and needs no target to predict", async () => {
    const path = put(folder(), "a.csv", "x_0,x_1,y\n1,2,b\n");
    const data = await load({ slots: pair, given: [path], labels: { y: ["a", "b"] } });
    expect([...data.columns["y"]!]).toEqual([1]);
    const plain = put(folder(), "b.csv", "x_0,x_1\n1,2\n");
    expect((await load({ slots: pair, given: [plain], targets: "optional" })).columns["y"]).toBeUndefined();
  });

  it("reads JSON lines, nested or flat", async () => {
    const path = put(folder(), "a.jsonl", '{"x": [1, 2], "y": 1}\n\n{"x": [3, 4], "y": 0}\n');
    const data = await load({ slots: pair, given: [path] });
    expect([...data.columns["x"]!, ...data.columns["y"]!]).toEqual([1, 2, 3, 4, 1, 0]);
  });

  it("reads NPY files by name, and takes IDX apart from its own word for the sizes", async () => {
    const base = folder();
    const x = put(base, "x.npy", npy([2, 2], [1, 2, 3, 4]));
    const y = put(base, "y.idx.gz", gzipSync(idx([2], [1, 0])));
    const data = await load({ slots: pair, given: [`x=${x}`, `y=${y}`] });
    expect([...data.columns["x"]!, ...data.columns["y"]!]).toEqual([1, 2, 3, 4, 1, 0]);
  });
});

describe("bad data", () => {
  const tables: readonly (readonly [string, string, RegExp])[] = [
    [
      "a NaN",
      "x_0,x_1,y\n1,2,0\n3,NaN,1\n",
      /a\.csv: row 2 \(line 3\), column `x_1`: the value is missing \(`NaN`\)/,
    ],
    ["an empty cell", "x_0,x_1,y\n1,,0\n", /a\.csv: row 1 \(line 2\), column `x_1`: the value is missing/],
    [
      "a word among numbers",
      "x_0,x_1,y\n1,2,0\n3,four,1\n",
      /row 2 \(line 3\), column `x_1`: `four` is no number/,
    ],
    ["infinity", "x_0,x_1,y\n1,Infinity,0\n", /row 1 \(line 2\), column `x_1`: the value is Infinity/],
    [
      "a label out of range",
      "x_0,x_1,y\n1,2,0\n3,4,2\n",
      /row 2 \(line 3\), column `y`: index 2 is out of range: `y` goes from 0 to 1/,
    ],
    [
      "a label too many",
      "x_0,x_1,y\n1,2,a\n3,4,b\n5,6,c\n",
      /row 3 \(line 4\), column `y`: `c` is one label too many: `y` has 2/,
    ],
    ["half an index", "x_0,x_1,y\n1,2,0.5\n", /row 1 \(line 2\), column `y`: 0.5 is no index/],
    ["a row too short", "x_0,x_1,y\n1,2,0\n3,4\n", /line 3: this row has 2 cells/],
    [
      "too few columns",
      "a,b\n1,2\n",
      /cannot tell the columns of input `x` \(\[2\]\) and target `y` \(a single number\): 3 are wanted, 2 are free/,
    ],
    ["a header alone", "x_0,x_1,y\n", /a header and no rows/],
    ["an open quote", 'x_0,x_1,y\n1,"2,0\n', /a quoted cell is never closed/],
    ["nothing", "", /the file is empty/],
    ["binary garbage", "\u0000\u0001\u0002", /holds NUL bytes/],
  ];
  it.each(tables)("refuses %s", async (_, content, message) => {
    const path = put(folder(), "a.csv", content);
    expect(await refusal(load({ slots: pair, given: [path] }))).toMatch(message);
  });

  const arrays: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      "a header that promises too much",
      idx([4_000_000_000, 2], [1, 2]),
      /promises 4000000000 × 2 numbers \(8000000000 bytes\), but 2 bytes follow/,
    ],
    [
      "a header that promises too little",
      idx([1, 2], [1, 2, 3]),
      /promises 1 × 2 numbers \(2 bytes\), but 3 bytes follow/,
    ],
    ["a header cut off", idx([2, 2], [1, 2, 3, 4]).slice(0, 9), /ends within its IDX header/],
    ["another format", new TextEncoder().encode("hello, world"), /no IDX file/],
    ["another shape", idx([2, 3], [1, 2, 3, 4, 5, 6]), /a sample is \[3\], but input `x` is \[2\]/],
    ["a truncated gzip stream", gzipSync(idx([2, 2], [1, 2, 3, 4])).slice(0, 15), /truncated/],
    ["a damaged gzip stream", Uint8Array.of(0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9), /damaged/],
  ];
  it.each(arrays)("refuses an IDX file with %s", async (_, content, message) => {
    const base = folder();
    const given = [`x=${put(base, "x.idx", content)}`, `y=${put(base, "y.idx", idx([2], [0, 1]))}`];
    expect(await refusal(load({ slots: pair, given }))).toMatch(message);
  });

  it("refuses files of different lengths, columns by column and unknown names", async () => {
    const base = folder();
    const x = put(base, "x.npy", npy([2, 2], [1, 2, 3, 4]));
    const y = put(base, "y.idx", idx([3], [0, 1, 0]));
    expect(await refusal(load({ slots: pair, given: [`x=${x}`, `y=${y}`] }))).toMatch(
      /y\.idx: it holds 3 samples, but .*x\.npy holds 2/,
    );
    const turned = put(base, "t.npy", npy([2, 2], [1, 2, 3, 4], "True"));
    expect(await refusal(load({ slots: pair, given: [`x=${turned}`, `y=${y}`] }))).toMatch(
      /stored column by column/,
    );
    expect(await refusal(load({ slots: pair, given: [`z=${y}`] }))).toMatch(/no input or target `z`/);
    expect(await refusal(load({ slots: pair, given: [`x=${base}/none.npy`, `y=${y}`] }))).toMatch(
      /there is no such file/,
    );
    expect(await refusal(load({ slots: pair }))).toMatch(/there are no data/);
  });
});
