/** Owns the proof that prettier, with the plugin, writes what `nnc fmt` writes. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as prettier from "prettier";
import { describe, expect, it } from "vitest";
import { format } from "../../src/syntax/format.ts";
import { parse } from "../../src/syntax/parse.ts";
import { programs, root } from "./programs.ts";

const plugins = [pathToFileURL(join(root, "dist/prettier.js")).href];

describe("the prettier plugin", () => {
  it.each([...programs])("formats %s as nnc fmt does", async (path, text) => {
    const crooked = text.replace(/^ {2}/gm, "     ");
    const due = format(parse({ name: path, text: crooked }).file);
    expect(await prettier.format(crooked, { filepath: path, plugins })).toBe(due);
    expect(await prettier.check(due, { filepath: path, plugins })).toBe(true);
  });

  it("keeps to the one form whatever other languages are given", async () => {
    const text = programs.get("examples/digits.nn")!;
    const options = { filepath: "digits.nn", plugins, printWidth: 40, tabWidth: 8, useTabs: true };
    expect(await prettier.format(text, options)).toBe(
      await prettier.format(text, { filepath: "digits.nn", plugins }),
    );
  });

  it("shows where a program cannot be read", async () => {
    const broken = "model A {\n  input x: [4\n}\n";
    await expect(prettier.format(broken, { filepath: "a.nn", plugins })).rejects.toThrow(
      /E\d{4}.*\n[^]*2 \|/,
    );
  });
});
