import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { check } from "../../src/check/check.ts";
import type { Reader } from "../../src/check/program.ts";
import { parse } from "../../src/syntax/parse.ts";
import { checkText } from "./programs.ts";

const folder = new URL("../", import.meta.url);
const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => /^(programs|laws)\/.*\.nn$/.test(name))
  .map((name) => readFileSync(new URL(name, folder), "utf8"));
const pieces = (text: string) => text.match(/\/\/[^\n]*|"[^"]*"|\w+|\s+|->|\*\*|\.\.\.|\.\.|[^\s\w]/g) ?? [];
const programs = texts.map(pieces);
/** Programs of a few lines, many of which can be checked in a second. */
const small = programs.filter((tokens) => tokens.length < 400);
const words = programs.flat().filter((token) => !/^(\s|\/\/)/.test(token));

const change = fc.record({
  at: fc.nat(),
  with: fc.nat(words.length - 1),
  how: fc.constantFrom("remove", "replace", "insert"),
});

/** How many of each kind. */
const runs = 10_000;

/** Library files are read once for all. */
const known = new Map<string, ReturnType<typeof parse>>();
const read: Reader = (source) => {
  if (source.name === "program.nn") return parse(source);
  const found = known.get(source.name) ?? parse(source);
  known.set(source.name, found);
  return found;
};

/** Diagnostics or success: no fault of the compiler, and every place within its file. */
function survives(text: string): void {
  const source = { name: "program.nn", text };
  const { diagnostics } = check(source.name, new Map([[source.name, source]]), {}, read);
  expect(diagnostics.filter(({ code }) => code === "E0282")).toEqual([]);
  for (const { span, related } of diagnostics) {
    for (const { start, end, source } of [span, ...related.map((other) => other.span)])
      expect(0 <= start && start <= end && end <= source.text.length).toBe(true);
  }
}

/** Mutations of the programs, a few words each. */
function mutated(among: readonly (readonly string[])[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(among.length - 1), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([which, changes]) => {
      const text = [...among[which]!];
      for (const { at, how, with: word } of changes) {
        const put = how === "remove" ? [] : [` ${words[word]!} `];
        text.splice(at % text.length, how === "insert" ? 0 : 1, ...put);
      }
      return text.join("");
    });
}

vi.setConfig({ testTimeout: 1_800_000 });

describe("the checker", () => {
  it("never fails on a broken program", () => {
    fc.assert(fc.property(mutated(small), survives), { numRuns: runs, seed: 2026 });
  });

  it("never fails on a broken program of some size", () => {
    fc.assert(fc.property(mutated(programs), survives), { numRuns: runs / 100, seed: 2026 });
  });

  it("never fails on words in any order", () => {
    const around = fc.constantFrom(
      ["", ""],
      ["model Net {\n  input x: [8]\n", "\n  output y = x\n}\n"],
      [
        "layer f(x: [batch, n]) -> [batch, n] {\n",
        "\n return x }\nmodel Net {\n input x: [8]\n output y = f(x)\n}\n",
      ],
    );
    const word = fc.nat(words.length - 1).map((at) => words[at]!);
    const text = fc
      .tuple(around, fc.array(word, { maxLength: 40 }))
      .map(([[before, after], inner]) => `${before}${inner.join(" ")}${after}`);
    fc.assert(fc.property(text, survives), { numRuns: runs, seed: 2026 });
  });

  it.each([
    [
      "loops within loops",
      "model Net {\n  input x: [4]\n  for i in 0..100000 { for j in 0..100000 { a = i } }\n  output y = x\n}",
    ],
    [
      "recursion that doubles",
      "layer f(x: [...], depth: int) -> [...] {\n  if depth == 0 { return x }\n  return f(f(x, depth - 1), depth - 1)\n}\nmodel Net {\n  input x: [4]\n  output y = f(x, 40)\n}",
    ],
  ])("gives up on %s with a message", (_, text) => {
    expect(checkText(text).diagnostics.map(({ code }) => code)).toEqual(["E0230"]);
  });

  it("says once what a layer called in several places does wrong", () => {
    const text =
      "layer f(x: [batch, n]) -> [batch, n] { return x + reluu(x) }\nmodel Net {\n  input x: [4]\n  output y = f(x) + f(f(x))\n}";
    expect(checkText(text).diagnostics).toHaveLength(1);
  });
});
