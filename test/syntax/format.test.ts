/** Owns the laws of the printer: reading what it prints gives the tree it was given, and printing again changes nothing. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { tokenize } from "../../grammar/tokens.ts";
import type { SourceFile } from "../../src/syntax/ast.ts";
import { format } from "../../src/syntax/format.ts";
import { parse } from "../../src/syntax/parse.ts";
import { sourceFile } from "./arbitrary.ts";

const read = (text: string): SourceFile => {
  const { file, diagnostics } = parse({ name: "test.nn", text });
  expect(diagnostics.map(({ code, message }) => `${code} ${message} in\n${text}`)).toEqual([]);
  return file;
};

/** A tree without its places and its comments. */
const bare = (file: SourceFile): unknown =>
  JSON.parse(
    JSON.stringify(file.declarations, (field, value: unknown) =>
      field === "span" || field === "source" ? undefined : value,
    ),
  );

const folder = new URL("../programs/", import.meta.url);
const programs = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".nn"))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));

/** Every comment of a text, in order. */
const commentsOf = (text: string): string[] => tokenize(text).comments.map(({ image }) => image.trimEnd());

/** The tokens of a program on one line. */
const onOneLine = (text: string): string =>
  tokenize(text)
    .tokens.map(({ image }) => image)
    .join(" ");

vi.setConfig({ testTimeout: 60_000 });

describe("parse after format", () => {
  it("is the identity on made trees", () => {
    fc.assert(
      fc.property(sourceFile, (made) => {
        const printed = format(made);
        expect(bare(read(printed))).toEqual(bare(made));
        expect(format(read(printed))).toBe(printed);
      }),
      { numRuns: 200, seed: 2026 },
    );
  });

  it.each(programs)("is the identity on $name", ({ text }) => {
    const printed = format(read(text));
    expect(bare(read(printed))).toEqual(bare(read(text)));
    expect(format(read(printed))).toBe(printed);
    expect(commentsOf(printed)).toEqual(commentsOf(text));
    for (const line of printed.split("\n")) expect(line).toBe(line.trimEnd());
  });
});

describe("newlines", () => {
  it.each(programs)("mean nothing in $name", ({ text }) => {
    const undocumented = (file: SourceFile): unknown =>
      JSON.parse(JSON.stringify(bare(file), (field, value: unknown) => (field === "doc" ? null : value)));
    expect(undocumented(read(onOneLine(text)))).toEqual(undocumented(read(text)));
  });

  it("mean nothing in made trees", () => {
    fc.assert(
      fc.property(sourceFile, (made) => {
        const undocumented = JSON.parse(
          JSON.stringify(made.declarations, (field, value: unknown) => (field === "doc" ? null : value)),
        ) as SourceFile["declarations"];
        const plain: SourceFile = { ...made, declarations: undocumented };
        expect(bare(read(onOneLine(format(plain))))).toEqual(bare(plain));
      }),
      { numRuns: 200, seed: 2026 },
    );
  });
});

describe("comments", () => {
  /** Comments put at random between the tokens of a program. */
  const strewn = fc
    .tuple(
      fc.constantFrom(...programs),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(3)), { maxLength: 12 }),
    )
    .map(([{ text }, places]) => {
      const { tokens } = tokenize(text);
      const inserted = new Map(places.map(([place, form]) => [Math.floor(place * tokens.length), form]));
      let at = 0;
      let out = "";
      tokens.forEach((token, index) => {
        out += text.slice(at, token.startOffset);
        const form = inserted.get(index);
        if (form !== undefined) out += ["// c\n", "\n// c\n", "\n\n// c\n\n", "/// d\n"][form];
        out += token.image;
        at = token.startOffset + token.image.length;
      });
      return out + text.slice(at);
    });

  it("survive wherever they stand, and stay where they were put", () => {
    fc.assert(
      fc.property(strewn, (text) => {
        const file = read(text);
        const printed = format(file);
        expect(bare(read(printed))).toEqual(bare(file));
        expect(
          commentsOf(printed)
            .map((each) => each.replace("///", "//"))
            .sort(),
        ).toEqual(
          commentsOf(text)
            .map((each) => each.replace("///", "//"))
            .sort(),
        );
        expect(format(read(printed))).toBe(printed);
      }),
      { numRuns: 200, seed: 2026 },
    );
  });
});
