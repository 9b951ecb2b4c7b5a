import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { positionAt } from "../../src/text/source.ts";
import { expectGolden } from "../golden.ts";
import { checkText } from "./programs.ts";

describe("facts", () => {
  it.each(["digits", "iris"])("of %s.nn", (name) => {
    const text = readFileSync(new URL(`../programs/north-star/${name}.nn`, import.meta.url), "utf8");
    const lines = checkText(text).facts.map(({ span, kind, text: fact }) => {
      const { line, column } = positionAt(span.source, span.start);
      const told = span.source.text.slice(span.start, span.end).replace(/\s+/g, " ");
      return `${line}:${column} ${kind} ${told}: ${fact}`;
    });
    expectGolden(`check/facts-${name}.txt`, lines.join("\n"));
  });
});
