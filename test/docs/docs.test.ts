import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.ts";
import { checked, examplesOf, pageText, pages, programOf } from "./examples.ts";
import { languagePage } from "./language.ts";
import { messagesPage } from "./messages.ts";

const examples = pages.flatMap((page) => examplesOf(page));

describe("examples of the documentation", () => {
  it("are there", () => expect(examples.length).toBeGreaterThan(20));

  it.each(examples.map((example) => [`${example.file}:${example.line}`, example] as const))(
    "%s",
    (_, example) => {
      const { diagnostics, models } = checked(example);
      const codes = diagnostics.map(({ code, message }) => `${code} ${message}`);
      if (example.code !== null) {
        expect(diagnostics.map(({ code }) => code)).toContain(example.code);
        return;
      }
      expect(codes).toEqual([]);
      if (models.length !== 1) return;
      const source = { name: "example.nn", text: programOf(example) };
      const { module, diagnostics: found } = compile({
        entry: source.name,
        sources: new Map([[source.name, source]]),
        language: "typescript",
        kernels: "scalar",
        inference: false,
      });
      expect(found).toEqual([]);
      expect(module).not.toBeNull();
    },
  );
});

describe("docs/language.md", () => {
  const page = "docs/language.md";

  it("has its grammar, its index and its messages from the compiler", async () => {
    const made = await languagePage(page, pageText(page));
    if (process.env["NNC_ACCEPT"] === "1") writeFileSync(join(import.meta.dirname, "../..", page), made);
    expect(pageText(page)).toBe(made);
  });
});

describe("docs/messages.md", () => {
  const page = "docs/messages.md";

  it("has the page of every message", async () => {
    const made = await messagesPage();
    if (process.env["NNC_ACCEPT"] === "1") writeFileSync(join(import.meta.dirname, "../..", page), made);
    expect(pageText(page)).toBe(made);
  });
});
