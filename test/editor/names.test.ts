/** Owns the proof that definitions, references and renaming follow names across files, broken ones too. */
import type { Location, WorkspaceEdit } from "vscode-languageserver";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, type Place, edited, startEditor, textIn } from "./client.ts";
import { after, blocks, net } from "./net.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({ "blocks.nn": blocks, "net.nn": net }, { picture: true });
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});

describe("definition, references and rename", () => {
  const definitionOf = (marked: string, file = "net.nn"): Promise<Location | null> =>
    editor.at<Location | null>("textDocument/definition", editor.write(file, marked));

  it("leads to bindings, other files and into the library", async () => {
    const logits = await definitionOf(after("softmax(logi"));
    expect(textIn(net, logits!.range)).toBe("logits");
    expect(logits!.range.start.line).toBe(9);
    const residual = await definitionOf(after("-> resid"));
    expect(residual!.uri).toBe(editor.uri("blocks.nn"));
    expect(textIn(blocks, residual!.range)).toBe("residual");
    expect((await definitionOf(after('"./blo')))!.uri).toBe(editor.uri("blocks.nn"));
    const dense = await definitionOf(after("-> dens"));
    const library = readFileSync(fileURLToPath(dense!.uri), "utf8");
    expect(dense!.uri).toMatch(/library\/layers\.nn$/);
    expect(textIn(library, dense!.range)).toBe("dense");
    expect((await definitionOf(after("val.accu")))!.range.start.line).toBe(13);
  });

  it("leads to the binding before, where a name is bound again", async () => {
    const text = "model A {\n  input x: [8]\n  h = x -> dense(3)\n  h = h‸ -> dense(2)\n  output y = h\n}\n";
    expect((await definitionOf(text, "twice.nn"))!.range.start.line).toBe(2);
  });

  it("leads through a broken file", async () => {
    const broken = net.replace("loss cross_entropy(logits, digit)", "loss cross_entropy(logits,");
    expect((await definitionOf(after("softmax(logi", broken)))!.range.start.line).toBe(9);
  });

  it("finds references in all files, open or not", async () => {
    editor.close("broken.nn");
    const place = editor.write("net.nn", after("-> resid"));
    const found = await editor.at<Location[]>("textDocument/references", place, {
      context: { includeDeclaration: true },
    });
    const uris = found.map(({ uri }) => uri).sort();
    expect(uris).toEqual([editor.uri("blocks.nn"), editor.uri("net.nn"), editor.uri("net.nn")]);
  });

  const renamed = (place: Place, newName: string): Promise<WorkspaceEdit> =>
    editor.at<WorkspaceEdit>("textDocument/rename", place, { newName });

  it("renames across files", async () => {
    editor.close("broken.nn");
    const place = editor.write("net.nn", after("-> resid"));
    const edit = await renamed(place, "skip");
    expect(edited(net, edit, editor.uri("net.nn"))).toBe(net.replaceAll("residual", "skip"));
    expect(edited(blocks, edit, editor.uri("blocks.nn"))).toBe(blocks.replaceAll("residual", "skip"));
  });

  it("renames a binding with all that is bound to its name, and inputs in recipes", async () => {
    const edit = await renamed(editor.write("net.nn", after("\n  h")), "hidden_state");
    expect(edited(net, edit, editor.uri("net.nn"))).toBe(net.replace(/\bh\b/g, "hidden_state"));
    const digit = await renamed(editor.write("net.nn", after("stratify: dig")), "label");
    expect(edited(net, digit, editor.uri("net.nn"))).toBe(net.replace(/\bdigit\b/g, "label"));
  });

  it("renames dimensions, options with their labels, and indices", async () => {
    const text =
      "layer mix(x: [batch, time, n], units: int) -> [batch, time, units] {\n  param w: [n, units] = zeros()\n" +
      "  y[b, t, o] = sum(x[b, t, i] * w[i, o], over: i)\n  return y\n}\n\n" +
      "model M {\n  input x: [4, 3]\n  output y = mix(x, units: 2)\n}\n";
    const units = await renamed(editor.write("mix.nn", after("uni", text)), "width");
    expect(edited(text, units, editor.uri("mix.nn"))).toBe(text.replace(/\bunits\b/g, "width"));
    const index = await renamed(editor.write("mix.nn", after("over: i", text)), "j");
    expect(edited(text, index, editor.uri("mix.nn"))).toBe(
      text.replace("x[b, t, i] * w[i, o], over: i", "x[b, t, j] * w[j, o], over: j"),
    );
  });

  it("renames in a broken file", async () => {
    const broken = net.replace("metric accuracy(logits, digit)", "metric accuracy(logits,");
    const edit = await renamed(editor.write("broken.nn", after("\n  logi", broken)), "scores");
    expect(edited(broken, edit, editor.uri("broken.nn"))).toBe(broken.replace(/\blogits\b/g, "scores"));
    editor.close("broken.nn");
  });

  it("refuses what must not be renamed", async () => {
    await expect(renamed(editor.write("net.nn", after("-> dens")), "full")).rejects.toThrow(/library/);
    await expect(renamed(editor.write("net.nn", after("= softm")), "full")).rejects.toThrow(
      /library|built into/,
    );
    await expect(renamed(editor.write("net.nn", after("\n  logi")), "for")).rejects.toThrow(/reserved/);
    await expect(renamed(editor.write("net.nn", after("\n  logi")), "h")).rejects.toThrow(/already/);
    await expect(renamed(editor.write("net.nn", after("\n  logi")), "2x")).rejects.toThrow(/no name/);
    await expect(renamed(editor.write("net.nn", after("val.accu")), "right")).rejects.toThrow(
      /after its call/,
    );
  });
});
