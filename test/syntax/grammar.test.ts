/** Owns the laws of the grammar itself: LL(2), no ambiguity, and the limits that keep recursion bounded. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { Grammar } from "../../grammar/parser.ts";
import { parse } from "../../src/syntax/parse.ts";

const codes = (text: string): string[] =>
  parse({ name: "test.nn", text }).diagnostics.map(({ code }) => code);

vi.setConfig({ testTimeout: 60_000 });

describe("the grammar", () => {
  it("has no ambiguity within two tokens", () => {
    expect(() => new Grammar({ validated: true })).not.toThrow();
  });

  const folder = new URL("../programs/", import.meta.url);
  const programs = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".nn"),
  );

  it.each(programs)("reads %s", (name) => {
    expect(codes(readFileSync(new URL(name, folder), "utf8"))).toEqual([]);
  });

  it("lets leading words be names, and any word be a label or a member", () => {
    const words = [
      "input",
      "loss",
      "next",
      "param",
      "steps",
      "over",
      "with",
      "every",
      "index",
      "from",
      "as",
      "reversed",
    ];
    for (const word of words) {
      expect(
        codes(`model M { ${word} = 1 ${word}[i] = ${word} y = f(${word}: ${word}) -> ${word}.${word} }`),
      ).toEqual([]);
    }
    for (const word of ["if", "in", "for", "not", "true"]) {
      expect(codes(`model M { y = f(${word}: 1).${word} }`)).toEqual([]);
      expect(codes(`model M { ${word} = 1 }`)).toHaveLength(1);
    }
    expect(codes("train M { every: 3 with: 4 over: 5 validate: a with b every 3 steps }")).toEqual([]);
  });
});

describe("limits", () => {
  const within = (depth: number, open: string, close: string): string =>
    `const a = ${open.repeat(depth)}1${close.repeat(depth)}`;

  it("takes nesting up to a hundred and no more", () => {
    for (const [open, close] of [
      ["(", ")"],
      ["[", "]"],
      ["f(", ")"],
      ["x[", "]"],
      ["-", ""],
      ["not ", ""],
      ["2 ** ", ""],
      ["if a { ", " } else { 1 }"],
      ["if a { 1 } else { ", " }"],
    ] as const) {
      expect(codes(within(100, open, close))).toEqual([]);
      expect(codes(within(101, open, close))).toEqual(["E0108"]);
    }
    const alternatives = (count: number): string => `layer f() { if a { }${" else if b { }".repeat(count)} }`;
    expect(codes(alternatives(90))).toEqual([]);
    expect(codes(alternatives(101))).toEqual(["E0108"]);
  });

  it("takes chains up to a thousand and no more", () => {
    for (const link of [" + 1", " * 2", ".a", "(1)", "[1]", " and b", " < 2"]) {
      expect(codes(`const a = b${link.repeat(1000)}`)).toEqual([]);
      expect(codes(`const a = b${link.repeat(1001)}`)).toEqual(["E0111"]);
    }
    expect(codes(`const a = b${" -> f".repeat(5000)}`)).toEqual([]);
    expect(codes(`const a = [${"1 + 2, ".repeat(5000)}3]`)).toEqual([]);
    expect(codes(`layer f() { ${"a = b + c d = -e ".repeat(5000)} }`)).toEqual([]);
  });

  it("answers a megabyte of open brackets with one error", () => {
    for (const text of [
      "(".repeat(1 << 20),
      "[".repeat(1 << 20),
      "{".repeat(1 << 20),
      `const a = ${"-".repeat(1 << 20)}`,
    ]) {
      expect(codes(text)).toEqual(["E0108"]);
    }
  });

  it("answers what is no program", () => {
    expect(codes("")).toEqual(["E0109"]);
    expect(codes("  // nothing but a comment\n")).toEqual(["E0109"]);
    expect(codes("\u007fELF\0\0\u0001")).toEqual(["E0103"]);
    expect(codes("\uFFFD\uFFFDab\uFFFD")).toEqual(["E0103"]);
  });
});
