/** Owns the law that reading never throws, and that what it reports lies within the text. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { leadingWords, reservedWords } from "../../grammar/tokens.ts";
import { format } from "../../src/syntax/format.ts";
import { parse } from "../../src/syntax/parse.ts";
import { printAst } from "../../src/syntax/print.ts";

const signs = [
  ..."(){}[]+-*/%@<>=.,:|",
  "->",
  "**",
  "==",
  "<=",
  "..",
  "...",
  "\n",
  "\n  ",
  "// c\n",
  "/// d\n",
];
const odd = ['"', '"abc"', '"\\q"', "1.", ".5", "2x", "é", ";", "\u0001", "\ud800", "漢", "\t", "\r\n"];
const piece = fc.constantFrom(...signs, ...odd, ...reservedWords, ...leadingWords, "x", "y", "1", "0.5");

const folder = new URL("../programs/", import.meta.url);
const programs = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".nn"))
  .map((name) => readFileSync(new URL(name, folder), "utf8"));

function survives(text: string): void {
  const { file, diagnostics } = parse({ name: "test.nn", text });
  for (const { span, related } of diagnostics) {
    for (const { start, end } of [span, ...related.map((each) => each.span)]) {
      expect(0 <= start && start <= end && end <= text.length).toBe(true);
    }
  }
  // What was read can be printed and shown, whatever is missing from it.
  expect(typeof format(file)).toBe("string");
  expect(printAst(file)).toContain("file");
}

vi.setConfig({ testTimeout: 60_000 });

it("takes random sequences of tokens", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom("", " "), (pieces, space) =>
      survives(pieces.join(space)),
    ),
    { numRuns: 7500, seed: 2026 },
  );
});

it("takes stretches of programs with pieces cut out, put in and moved", () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const stretch = fc.tuple(fc.constantFrom(...programs), place, fc.nat(15)).map(([program, from, count]) => {
    const lines = program.split("\n");
    const start = Math.floor(from * lines.length);
    return lines.slice(start, start + count).join("\n");
  });
  const edit = fc.tuple(place, fc.nat(12), fc.array(piece, { maxLength: 3 }));
  fc.assert(
    fc.property(stretch, fc.array(edit, { minLength: 1, maxLength: 6 }), (program, edits) => {
      let text = program;
      for (const [at, length, pieces] of edits) {
        const start = Math.floor(at * text.length);
        text = text.slice(0, start) + pieces.join(" ") + text.slice(start + length);
      }
      survives(text);
    }),
    { numRuns: 2500, seed: 2026 },
  );
});

it("takes text that is no program", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), survives), {
    numRuns: 500,
    seed: 2026,
  });
});
