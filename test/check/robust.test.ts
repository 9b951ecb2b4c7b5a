import { readFileSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkText } from "./programs.ts";

const folder = new URL("../programs/north-star/", import.meta.url);
const programs = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
const tokens = programs.map(
  (text) => text.match(/\/\/[^\n]*|"[^"]*"|\w+|\s+|->|\*\*|\.\.\.|\.\.|[^\s\w]/g) ?? [],
);
const words = tokens.flat().filter((token) => !/^(\s|\/\/)/.test(token));

const change = fc.record({
  at: fc.nat(),
  with: fc.nat(),
  how: fc.constantFrom("remove", "replace", "insert"),
});

describe("the checker", () => {
  it("never fails on a broken program", () => {
    fc.assert(
      fc.property(
        fc.nat(programs.length - 1),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (which, changes) => {
          const text = [...tokens[which]!];
          for (const { at, how, with: word } of changes) {
            const put = how === "remove" ? [] : [` ${words[word % words.length]!} `];
            text.splice(at % text.length, how === "insert" ? 0 : 1, ...put);
          }
          const { diagnostics } = checkText(text.join(""));
          expect(diagnostics.filter(({ code }) => code === "E0282")).toEqual([]);
          for (const { span, related } of diagnostics) {
            for (const { start, end, source } of [span, ...related.map((other) => other.span)])
              expect(0 <= start && start <= end && end <= source.text.length).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
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
