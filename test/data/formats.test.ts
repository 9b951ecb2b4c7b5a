/** Owns the proof that series, texts, pictures and sounds become samples, and that broken ones are refused by name. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { folder, input, load, put, refusal, source, target, wav } from "./files.ts";

const numbers = (column: unknown) => [...(column as Float32Array)];

describe("series", () => {
  const table = "day,a,b\nmon,0,10\ntue,1,11\nwed,2,12\nthu,3,13\nfri,4,14\n";
  const slots = [input("past", [2, 2]), target("next", null, [1])];

  it("are windows of all columns of numbers, and what the last of them does next", async () => {
    const path = put(folder(), "a.csv.gz", gzipSync(table));
    const data = await load({ slots, source: source("series", [path], { window: 2, horizon: 1 }) });
    expect(data.count).toBe(3);
    expect(numbers(data.columns["past"])).toEqual([0, 10, 1, 11, 1, 11, 2, 12, 2, 12, 3, 13]);
    expect(numbers(data.columns["next"])).toEqual([12, 13, 14]);
  });

  it("take named columns, a stride and a part of the rows", async () => {
    const path = put(folder(), "a.csv", table);
    const named = { past: ["b", "a"], next: "a", stride: 2, from: 1 };
    const data = await load({ slots, source: source("series", [path], named) });
    expect(numbers(data.columns["past"])).toEqual([11, 1, 12, 2]);
    expect(numbers(data.columns["next"])).toEqual([3]);
  });

  const wrong: readonly (readonly [string, Record<string, string | number>, RegExp])[] = [
    ["too few rows", { to: 2 }, /holds 2 rows to take samples of, and one takes 3/],
    ["another window", { window: 3 }, /input `past` is \[2, 2\], and the series gives 3 rows/],
    ["half a stride", { stride: 0.5 }, /`stride` of the recipe's data is a whole number/],
    ["words", { next: "day" }, /row 1 \(line 2\), column `day`: `mon` is no number/],
    ["one column for two", { past: "a" }, /takes 2 columns of the series, and there are 1: a/],
  ];
  it.each(wrong)("refuse %s", async (_, named, message) => {
    const path = put(folder(), "a.csv", table);
    expect(await refusal(load({ slots, source: source("series", [path], named) }))).toMatch(message);
  });
});

describe("sequences", () => {
  const table = "id,part,a,b,bad\n1,x,60,70,0\n1,x,61,70,1\n2,y,60,72,0\n2,y,60,72,0\n2,y,61,70,0\n";
  const steps = (minimum: number, maximum: number) => ({ shape: [], size: 1, steps: { minimum, maximum } });
  const rows = (column: unknown) => (column as readonly Int32Array[]).map((row) => [...row]);

  it("hold symbols side by side, and what follows them", async () => {
    const path = put(folder(), "a.csv", table);
    const slots = [
      { ...input("notes", [], 4), ...steps(1, 8) },
      { ...target("following", 4), ...steps(1, 8) },
    ];
    const notes = { call: "category", positional: [["a", "b"]], named: {} };
    const data = await load({
      slots,
      source: source("csv", [path], { sequence: "id", notes }),
      beside: ["part"],
    });
    expect(data.labels["notes"]).toEqual(["60", "61", "70", "72"]);
    expect(rows(data.columns["notes"])).toEqual([
      [0, 2, 1],
      [0, 3, 0, 3, 1],
    ]);
    expect(rows(data.columns["following"])).toEqual([
      [2, 1, 2],
      [3, 0, 3, 1, 2],
    ]);
    expect(data.beside["part"]).toEqual(["x", "y"]);
  });

  it("hold several numbers a step, cut to a window, and one target each", async () => {
    const path = put(folder(), "a.csv", table);
    const slots = [
      { ...input("readings", [2]), shape: [2], steps: { minimum: 1, maximum: 2 } },
      target("bad", 2),
    ];
    const named = { sequence: "id", readings: ["a", "b"] };
    const data = await load({ slots, source: source("csv", [path], { ...named, window: 2 }) });
    expect(rows(data.columns["readings"])).toEqual([
      [60, 70, 61, 70],
      [60, 72, 60, 72],
      [61, 70],
    ]);
    expect(numbers(data.columns["bad"])).toEqual([1, 0, 0]);
    expect(await refusal(load({ slots, source: source("csv", [path], named) }))).toMatch(
      /row 3 \(line 4\): `2` has 3 steps, and input `readings` takes at most 2/,
    );
    expect(
      await refusal(load({ slots, source: source("csv", [path], { ...named, sequence: "ID" }) })),
    ).toMatch(/no column `ID` for `sequence`/);
  });
});

describe("texts", () => {
  const slots = [input("read", [2], 4), target("following", 4, [2])];

  it("are windows side by side, and the symbols that follow", async () => {
    const path = put(folder(), "a.txt", "abcadb");
    const data = await load({ slots, source: source("text", [path], { characters: 4, window: 2 }) });
    expect(data.labels["read"]).toEqual(["a", "b", "c", "d"]);
    expect(numbers(data.columns["read"])).toEqual([0, 1, 2, 0]);
    expect(numbers(data.columns["following"])).toEqual([1, 2, 0, 3]);
    const again = put(folder(), "b.txt", "bda");
    const later = await load({ slots, source: source("text", [again], {}), labels: data.labels });
    expect(numbers(later.columns["read"])).toEqual([1, 3]);
    const foreign = put(folder(), "c.txt", "a\nb");
    expect(
      await refusal(load({ slots, source: source("text", [foreign], {}), labels: data.labels })),
    ).toMatch(/c\.txt: row 2 \(line 1\): `\n` is not in the vocabulary/);
  });

  it("of words number the rare ones as one", async () => {
    const path = put(folder(), "a.txt", "so so so, and so on and on");
    const data = await load({ slots, source: source("text", [path], { words: 4 }) });
    expect(data.labels["read"]).toEqual(["\u{fffd}", "and", "on", "so"]);
  });

  const wrong: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ["too many characters", "abcde", /holds 5 different characters, and the vocabulary has 4/],
    ["too little", "ab", /holds 2 characters, and one sample takes 3/],
    ["what is no text", Uint8Array.of(0xff, 0xfe, 0x41), /no text in UTF-8/],
  ];
  it.each(wrong)("refuse %s", async (_, content, message) => {
    const path = put(folder(), "a.txt", content);
    expect(await refusal(load({ slots, source: source("text", [path], {}) }))).toMatch(message);
  });
});

describe("pictures", () => {
  const slots = [input("image", [1, 2, 3]), target("kind", 2)];
  const png = (data: readonly number[], channels: number, depth: 8 | 16 = 8, width = 2) =>
    encode({
      width,
      height: 1,
      channels,
      depth,
      data: depth === 8 ? Uint8Array.from(data) : Uint16Array.from(data),
    });

  function clothes(files: Readonly<Record<string, Uint8Array>>): string {
    const base = folder();
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(base, name.split("/")[0]!), { recursive: true });
      put(base, name, content);
    }
    return base;
  }

  it("are labelled by their folder; gray is repeated, what is seen through is left out, depths are alike", async () => {
    const base = clothes({
      "shirt/b.png": png([1, 2, 3, 4, 5, 6], 3),
      "coat/a.png": png([0, 65535], 1, 16),
      "coat/b.png": png([1, 2, 3, 255, 4, 5, 6, 0], 4),
    });
    const data = await load({ slots, source: source("images", [join(base, "*/*.png")]) });
    expect(data.labels["kind"]).toEqual(["coat", "shirt"]);
    expect(numbers(data.columns["kind"])).toEqual([0, 0, 1]);
    expect(numbers(data.columns["image"])).toEqual([
      0, 0, 0, 255, 255, 255, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6,
    ]);
  });

  it("may be labelled by a part of their name", async () => {
    const base = clothes({ "all/coat_1.png": png([0, 1], 1), "all/hat_2.png": png([2, 3], 1) });
    const named = source("images", [join(base, "all/{what}_*.png")], { kind: "what" });
    expect((await load({ slots, source: named })).labels["kind"]).toEqual(["coat", "hat"]);
  });

  const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      "of another size",
      png([1, 2, 3], 1, 8, 3),
      /coat\/a\.png: the picture is 1 × 3, and input `image` is \[1, 2, 3\]/,
    ],
    ["cut off", png([1, 2, 3, 4, 5, 6], 3).slice(0, 45), /coat\/a\.png: the picture is damaged/],
    ["of another format", new TextEncoder().encode("GIF89a"), /coat\/a\.png: this is no PNG picture/],
    ["empty", new Uint8Array(0), /coat\/a\.png: the file is empty/],
  ];
  it.each(wrong)("refuse one %s", async (_, content, message) => {
    const base = clothes({ "coat/a.png": content, "hat/b.png": png([1, 2], 1) });
    const recipe = source("images", [join(base, "*/*.png")]);
    expect(await refusal(load({ slots, source: recipe }))).toMatch(message);
  });

  it("must be there", async () => {
    const recipe = source("images", [join(folder(), "*.png")]);
    expect(await refusal(load({ slots, source: recipe }))).toMatch(/no file is called so/);
  });
});

describe("sounds", () => {
  const slots = [{ ...input("sound", []), steps: { minimum: 2, maximum: 4 } }, target("digit", 10)];

  it("are numbers from -1 to 1, channels averaged, each as long as it is", async () => {
    const base = folder();
    put(base, "3_a.wav", wav({ samples: [0, 16384, -32768] }));
    put(base, "7_b.wav", wav({ samples: [0, 16384, 32767, -32767], channels: 2 }));
    const recipe = source("sounds", [join(base, "{digit}_*.wav")], { rate: 8000 });
    const data = await load({ slots, source: recipe });
    expect((data.columns["sound"] as readonly Float32Array[]).map((row) => [...row])).toEqual([
      [0, 0.5, -1],
      [0.25, 0],
    ]);
    expect(numbers(data.columns["digit"])).toEqual([3, 7]);
  });

  const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
    [
      "at another rate",
      wav({ samples: [1, 2], rate: 44100 }),
      /44100 samples a second, and the recipe says `rate: 8000`/,
    ],
    ["too long", wav({ samples: [1, 2, 3, 4, 5] }), /has 5 samples, and input `sound` takes 2 to 4/],
    [
      "cut off",
      wav({ samples: [1, 2, 3, 4] }).slice(0, 48),
      /its part `data` promises 8 bytes, but 4 follow/,
    ],
    [
      "packed otherwise",
      wav({ samples: [1, 2], code: 85 }),
      /of a kind that cannot be read here \(code 85, 16 bits\)/,
    ],
    ["of another format", new TextEncoder().encode("ID3 and so on"), /1_a\.wav: this is no WAV sound/],
  ];
  it.each(wrong)("refuse one %s", async (_, content, message) => {
    const base = folder();
    put(base, "1_a.wav", content);
    const recipe = source("sounds", [join(base, "{digit}_*.wav")], { rate: 8000 });
    expect(await refusal(load({ slots, source: recipe }))).toMatch(message);
  });
});
