/** Owns the texts of reading and printing: for each program in `test/golden/syntax`, what is made of it. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderPretty } from "../../src/report/render.ts";
import { format } from "../../src/syntax/format.ts";
import { concreteTree, lex, parse } from "../../src/syntax/parse.ts";
import { printAst, printCst, printTokens } from "../../src/syntax/print.ts";
import type { Source } from "../../src/text/source.ts";
import { expectGolden } from "../golden.ts";

const folder = new URL("../golden/syntax/", import.meta.url);
const read = (name: string): Source => ({ name, text: readFileSync(new URL(name, folder), "utf8") });
const cases = readdirSync(folder).filter((name) => name.endsWith(".nn") && !name.endsWith(".formatted.nn"));

describe.each(cases)("%s", (name) => {
  const source = read(name);
  const golden = `syntax/${name.replace(/\.nn$/, "")}`;
  const { file, diagnostics } = parse(source);

  if (diagnostics.length > 0) {
    it("is told what is wrong", () =>
      expectGolden(`${golden}.errors`, renderPretty(diagnostics, { color: false })));
  } else {
    it("is laid out", () => expectGolden(`${golden}.formatted.nn`, format(file)));
  }
  it("has a tree", () => expectGolden(`${golden}.ast`, printAst(file)));
});

it("shows tokens and rules", () => {
  const source: Source = {
    name: "small.nn",
    text: '/// A model.\nmodel M { x = 0..3 -> f("a\\n") }  // done\n',
  };
  expectGolden("syntax/small.tokens", printTokens(lex(source)));
  expectGolden("syntax/small.cst", printCst(concreteTree(source), source));
});

it("tells every mistake of a file, each once", () => {
  const source = read("mistakes.nn");
  const lines = parse(source).diagnostics.map(
    ({ span }) => source.text.slice(0, span.start).split("\n").length,
  );
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines).toHaveLength(28);
});

it("binds names in spite of mistakes in what they are bound to", () => {
  const text =
    "model M {\n  input x: [8 8]\n  h = x -> dense(64,, 3)\n  y = h ->\n  z = (1 + \n  output p = y\n}\n";
  const { file, diagnostics } = parse({ name: "test.nn", text });
  expect(diagnostics).toHaveLength(4);
  const [model] = file.declarations;
  const statements = model?.kind === "model" ? model.body.statements : [];
  expect(
    statements.map((each) =>
      "name" in each ? each.name.text : "names" in each ? each.names[0]?.text : each.kind,
    ),
  ).toEqual(["x", "h", "y", "z", "p"]);
});
