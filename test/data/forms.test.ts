/** Owns the proof that columns become numbers as a recipe says: stand-ins, categories, texts, and what is refused. */
import { describe, expect, it } from "vitest";
import type { Slot } from "../../src/tools/data/dataset.ts";
import { folder, input, load, put, refusal, source, target } from "./files.ts";

const column = (call: string, name: string, named: Record<string, string | number | boolean> = {}) => ({
  call,
  positional: [name],
  named,
});

const varying = (slot: Slot, minimum: number, maximum: number | null): Slot => ({
  ...slot,
  shape: [],
  size: 1,
  steps: { minimum, maximum },
});

describe("forms of columns", () => {
  it("take several columns by name, and put a stand-in where a value is missing", async () => {
    const path = put(folder(), "a.csv", "b,age,a,y\n1,,2,0\n3,40,NA,1\n");
    const slots = [input("x", [2]), input("age", []), target("y", 2)];
    const x = { call: "column", positional: [["a", "b"]], named: { missing: -1 } };
    const data = await load({
      slots,
      source: source("csv", [path], { x, age: column("column", "age", { missing: 30 }) }),
    });
    expect([...(data.columns["x"] as Float32Array)]).toEqual([2, 1, -1, 3]);
    expect([...(data.columns["age"] as Float32Array)]).toEqual([30, 40]);
    expect(await refusal(load({ slots, source: source("csv", [path], { x }) }))).toMatch(
      /a\.csv: row 1 \(line 2\), column `age`: the value is missing/,
    );
  });

  it("number categories in their order, sparse numbers too, and know them again", async () => {
    const base = folder();
    const slots = [input("film", [], 3), target("stars", null)];
    const recipe = (path: string) => source("csv", [path], { film: column("category", "id") });
    const path = put(base, "a.csv", "id,stars\n900,1\n7,2\n30,3\n7,4\n");
    const data = await load({ slots, source: recipe(path) });
    expect([...(data.columns["film"] as Int32Array)]).toEqual([2, 0, 1, 0]);
    expect(data.labels["film"]).toEqual(["7", "30", "900"]);
    const later = put(base, "b.csv", "id,stars\n30,1\n1,2\n");
    expect(await refusal(load({ slots, source: recipe(later), labels: data.labels }))).toMatch(
      /b\.csv: row 2 \(line 3\), column `id`: `1` is no label of `film`/,
    );
    const more = put(base, "c.csv", "id,stars\n1,1\n2,2\n3,1\n4,1\n");
    expect(await refusal(load({ slots, source: recipe(more) }))).toMatch(/row 4 .*`4` is one label too many/);
  });

  it("take texts apart into characters, with an end", async () => {
    const path = put(folder(), "a.csv", "word,kind\nab,x\nb,y\n");
    const slots = [varying(input("word", [], 3), 1, 3), target("kind", 2)];
    const form = column("characters", "word", { end: true });
    const data = await load({ slots, source: source("csv", [path], { word: form }) });
    expect((data.columns["word"] as readonly Int32Array[]).map((row) => [...row])).toEqual([
      [1, 2, 0],
      [2, 0],
    ]);
    expect(data.labels["word"]).toEqual(["", "a", "b"]);
  });

  it("take texts apart into words, the rare ones as one, the long ones cut", async () => {
    const path = put(folder(), "a.jsonl", '{"t": "to be, or to be", "y": 0}\n{"t": "or", "y": 1}\n');
    const slots = [varying(input("t", [], 4), 1, 4), target("y", 2)];
    const form = column("words", "t", { unknown: true, cut: true });
    const data = await load({ slots, source: source("jsonl", [path], { t: form }) });
    expect(data.labels["t"]).toEqual(["\u{fffd}", "be", "or", "to"]);
    expect((data.columns["t"] as readonly Int32Array[]).map((row) => [...row])).toEqual([[3, 1, 0, 2], [2]]);
  });

  const texts: readonly (readonly [string, string, RegExp])[] = [
    ["a text too long", "abab,x\n", /row 2 .*it has 4 symbols, and input `word` takes at most 3/],
    ["an empty text", '"",x\n', /it has 0 symbols, and input `word` takes at least 1/],
    [
      "more characters than there is room for",
      "abc,x\nd,y\n",
      /holds 4 different characters, and `word` has 3/,
    ],
  ];
  it.each(texts)("refuse %s", async (_, rows, message) => {
    const path = put(folder(), "a.csv", `word,kind\na,x\n${rows}`);
    const slots = [varying(input("word", [], 3), 1, 3), target("kind", 2)];
    const recipe = source("csv", [path], { word: column("characters", "word") });
    expect(await refusal(load({ slots, source: recipe }))).toMatch(message);
  });

  const forms: readonly (readonly [string, ReturnType<typeof column>, RegExp])[] = [
    ["an unknown form", column("letters", "x"), /no columns of the form `letters\(…\)`/],
    ["an unknown option", column("category", "x", { end: true }), /`category\(…\)` has no option `end`/],
    ["a flag that is none", column("words", "x", { end: 1 }), /`end` of `words\(…\)` is `true` or `false`/],
    ["a column that is not there", column("category", "z"), /it has no column `z` for `x`/],
  ];
  it.each(forms)("refuse %s", async (_, x, message) => {
    const path = put(folder(), "a.csv", "x,y\n1,0\n");
    const slots = [input("x", [], 2), target("y", 2)];
    expect(await refusal(load({ slots, source: source("csv", [path], { x }) }))).toMatch(message);
  });
});
