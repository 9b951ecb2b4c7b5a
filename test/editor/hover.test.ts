/** Owns the proof that hints and hovers tell shapes, costs, documentation and equations, in broken files too. */
import type { Hover, InlayHint } from "vscode-languageserver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, type Place, startEditor } from "./client.ts";
import { after, blocks, net, wholeFile } from "./net.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({ "blocks.nn": blocks, "net.nn": net }, { picture: true });
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});

async function hoverText(place: Place): Promise<string> {
  const found = await editor.at<Hover | null>("textDocument/hover", place);
  return found === null ? "" : (found.contents as { value: string }).value;
}

async function hints(file: string, marked: string): Promise<readonly string[]> {
  const place = editor.write(file, marked);
  const found = await editor.at<InlayHint[]>("textDocument/inlayHint", place, wholeFile);
  const lines = place.text.split("\n");
  return found.map(({ label, position }) => {
    const before = lines[position.line]!.slice(0, position.character);
    return `${/[\w.()]+$/.exec(before)?.[0] ?? before} ${label as string}`;
  });
}

describe("inlay hints", () => {
  it("tell the shape after each pipe step and binding", async () => {
    expect(await hints("net.nn", net)).toEqual(
      expect.arrayContaining([
        "h [batch, 32]",
        "flatten [batch, 64]",
        "dense(width) [batch, 32]",
        "residual(hidden) [batch, 32]",
        "dropout(0.1) [batch, 32]",
        "dense(10) [batch, 10]",
        "logits [batch, 10]",
        "probs [batch, 10]",
      ]),
    );
  });

  it("tell each shape of a line in a loop", async () => {
    const text =
      "model A {\n  input x: [8]\n  h = x\n  for k in 1..4 { h = h -> dense(4 * k) }\n  output y = h\n}\n";
    expect(await hints("loop.nn", text)).toContain("k) [batch, 4] | [batch, 8] | [batch, 12]");
  });

  it("tell shapes of an imported file from the open program that calls it", async () => {
    editor.write("net.nn", net);
    expect(await hints("blocks.nn", blocks)).toEqual(
      expect.arrayContaining(["dense(inner) [batch, 16]", "relu [batch, 16]", "dense(n) [batch, 32]"]),
    );
    editor.close("blocks.nn");
  });

  it("are told up to where a file is broken", async () => {
    const broken = net.replace("logits = h -> dropout(0.1) -> dense(10)", "logits = h -> dropout(0.1) ->");
    expect(await hints("broken.nn", broken)).toEqual(
      expect.arrayContaining(["dense(width) [batch, 32]", "flatten [batch, 64]"]),
    );
  });
});

describe("hover", () => {
  it("tells shape, parameters, multiply-adds, documentation and equation of a call", async () => {
    const text = await hoverText(editor.write("net.nn", after("dropout(0.1) -> dens")));
    expect(text).toContain("layer dense(x: [..., n], units: int, bias: bool = true) -> [..., units]");
    expect(text).toContain("`[batch, 10]`");
    expect(text).toContain("330 parameters");
    expect(text).toContain("320 multiply-adds");
    expect(text).toContain("A fully connected layer");
    expect(text).toMatch(/sum\(.*\*.*over: \w+\)/);
  });

  it("tells the type of a binding where it is read, as it is there", async () => {
    expect(await hoverText(editor.write("net.nn", after("softmax(logi")))).toContain(
      "logits: float[batch, 10]",
    );
    expect(await hoverText(editor.write("net.nn", after("cross_entropy(logits, digi")))).toContain(
      "target digit: index(10)[batch]",
    );
    const twice = "model A {\n  input x: [8]\n  h = x -> dense(3)\n  h = h‸ -> dense(2)\n  output y = h\n}\n";
    expect(await hoverText(editor.write("twice.nn", twice))).toContain("h: float[batch, 3]");
  });

  it("tells of operations, imports, options and recipe keys", async () => {
    expect(await hoverText(editor.write("net.nn", after("output probs = soft")))).toContain("softmax");
    expect(await hoverText(editor.write("net.nn", after("import { resid")))).toContain(
      "Adds what a layer makes",
    );
    expect(
      await hoverText(editor.write("net.nn", after("validate: split(0.2").replace("split", "split"))),
    ).toBe("");
    expect(await hoverText(editor.write("net.nn", after("  valid")))).toContain("held back");
    expect(await hoverText(editor.write("net.nn", after("dense(wid")))).toContain("width");
  });

  it("works in a broken file", async () => {
    const broken = net.replace("output probs = softmax(logits)", "output probs = softmax(");
    expect(await hoverText(editor.write("broken.nn", after("-> dens", broken)))).toContain("layer dense");
    expect(await hoverText(editor.write("broken.nn", after("h -> drop", broken)))).toContain("`[batch, 32]`");
  });
});
