/** Owns the proof that completion and signature help know what may stand at the cursor, in the middle of writing too. */
import type { CompletionItem, SignatureHelp } from "vscode-languageserver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, type Place, startEditor } from "./client.ts";
import { after, blocks, net } from "./net.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({ "blocks.nn": blocks, "net.nn": net }, { picture: true });
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});

async function labels(place: Place): Promise<readonly string[]> {
  const items = await editor.at<CompletionItem[]>("textDocument/completion", place);
  return items.map(({ label }) => label);
}

describe("completion", () => {
  it("knows what can be called after a pipe, with signatures", async () => {
    const place = editor.write("net.nn", net.replace("-> dense(10)", "-> ‸"));
    const items = await editor.at<CompletionItem[]>("textDocument/completion", place);
    const dense = items.find(({ label }) => label === "dense");
    expect(dense?.detail).toContain("units: int");
    expect(dense?.insertText).toBe("dense(${1:units})");
    const names = items.map(({ label }) => label);
    expect(names).toEqual(expect.arrayContaining(["residual", "relu", "softmax", "flatten"]));
    expect(names).not.toContain("adam");
    expect(names).not.toContain("accuracy");
  });

  it("knows named arguments that are not given yet, and their words", async () => {
    expect(await labels(editor.write("net.nn", net.replace("dense(10)", "dense(10, ‸)")))).toContain("bias:");
    const given = await labels(editor.write("net.nn", net.replace("dense(10)", "dense(units: 10, ‸)")));
    expect(given).not.toContain("units:");
    expect(await labels(editor.write("net.nn", net.replace("dense(10)", "dense(10, bias: ‸)")))).toEqual([
      "true",
      "false",
    ]);
  });

  it("knows values that are bound before the cursor, with their shapes", async () => {
    const place = editor.write("net.nn", net.replace("softmax(logits)", "‸softmax(logits)"));
    const items = await editor.at<CompletionItem[]>("textDocument/completion", place);
    expect(items.find(({ label }) => label === "logits")?.detail).toBe("[batch, 10]");
    const early = await labels(editor.write("net.nn", net.replace("h = pixels", "h = ‸pixels")));
    expect(early).toContain("pixels");
    expect(early).not.toContain("logits");
  });

  it("knows dimensions in shapes and behind over:", async () => {
    const layer =
      "layer f(x: [batch, time, n], units: int) -> [batch, units] {\n  param w: [‸] = zeros()\n}\n";
    expect(await labels(editor.write("layer.nn", layer))).toEqual(
      expect.arrayContaining(["time", "n", "units", "batch"]),
    );
    const over = "layer f(x: [batch, time, n]) -> [batch, n] {\n  return mean(x, over: ‸)\n}\n";
    expect(await labels(editor.write("layer.nn", over))).toEqual(expect.arrayContaining(["time", "n"]));
  });

  it("knows the keys of a recipe, optimizers, schedules and metrics", async () => {
    const key = await labels(editor.write("net.nn", net.replace("  keep: ", "  ‸\n  keep: ")));
    expect(key).toEqual(expect.arrayContaining(["epochs", "batch", "stop", "seed"]));
    const optimizer = await labels(editor.write("net.nn", net.replace("with adam", "with ‸")));
    expect(optimizer).toEqual(expect.arrayContaining(["adam", "sgd"]));
    expect(optimizer).not.toContain("dense");
    const schedule = await labels(editor.write("net.nn", net.replace("rate: cosine(1e-2)", "rate: ‸")));
    expect(schedule).toContain("warmup");
    expect(await labels(editor.write("net.nn", net.replace("val.accuracy", "val.‸")))).toEqual([
      "accuracy",
      "cross_entropy",
      "loss",
    ]);
  });

  it("knows statements, declarations, models, losses and metrics", async () => {
    expect(await labels(editor.write("net.nn", net.replace("  output", "  ‸\n  output")))).toEqual(
      expect.arrayContaining(["share", "loss", "entry", "h"]),
    );
    expect(await labels(editor.write("net.nn", `${net}\n‸`))).toEqual(
      expect.arrayContaining(["layer", "model", "train"]),
    );
    expect(await labels(editor.write("net.nn", net.replace("train Net", "train ‸")))).toEqual(["Net"]);
    expect(await labels(editor.write("net.nn", net.replace("loss cross_entropy", "loss ‸")))).toContain(
      "mse",
    );
    const metrics = await labels(editor.write("net.nn", net.replace("metric accuracy", "metric ‸")));
    expect(metrics).toContain("accuracy");
    expect(metrics).not.toContain("dense");
  });

  it("knows other files and what they export", async () => {
    expect(await labels(editor.write("net.nn", net.replace("./blocks.nn", "./‸")))).toContain("./blocks.nn");
    expect(await labels(editor.write("net.nn", net.replace("{ residual, width }", "{ ‸ }")))).toEqual([
      "residual",
      "width",
    ]);
  });

  it("works in the middle of writing", async () => {
    const open = "model A {\n  input x: [4]\n  h = x -> dense(3, ‸\n\nmodel B {\n  input y: [3]\n}\n";
    expect(await labels(editor.write("open.nn", open))).toContain("bias:");
    expect(await labels(editor.write("open.nn", "model A {\n  input x: [4]\n  h = x -> ‸"))).toContain(
      "dense",
    );
    expect(await labels(editor.write("open.nn", "model A {\n  input x: [4]\n  y = 2 * ‸"))).toContain("x");
    expect(
      await labels(
        editor.write(
          "open.nn",
          "model A {\n  input x: [4]\n  loss mse(x, x)\n}\ntrain A {\n  stop: patience(val.‸",
        ),
      ),
    ).toContain("mse");
  });

  it("is silent in comments and texts", async () => {
    expect(await labels(editor.write("net.nn", after("/// A small cl")))).toEqual([]);
    const text = net.replace("keep:", 'data: csv("di‸")\n  keep:');
    expect(await labels(editor.write("net.nn", text))).toEqual([]);
  });
});

describe("signature help", () => {
  const active = async (place: Place): Promise<string> => {
    const help = await editor.at<SignatureHelp | null>("textDocument/signatureHelp", place);
    if (help === null) return "";
    const [signature] = help.signatures;
    const [start, end] = signature!.parameters![help.activeParameter!]!.label as [number, number];
    return signature!.label.slice(start, end);
  };

  it("marks the parameter that is being written, after a pipe and by label", async () => {
    expect(await active(editor.write("net.nn", after("-> dense(")))).toBe("units: int");
    expect(await active(editor.write("net.nn", after("softmax(")))).toBe("x: [..., n]");
    expect(await active(editor.write("net.nn", after("cross_entropy(logits, ")))).toMatch(/^\w+: index/);
    expect(await active(editor.write("net.nn", after("adam(rate: ")))).toMatch(/^rate: schedule/);
    expect(await active(editor.write("net.nn", after("cosine(")))).not.toBe("");
  });

  it("works in an open call", async () => {
    const open = "model A {\n  input x: [4]\n  h = x -> dense(3, ‸";
    expect(await active(editor.write("open.nn", open))).toBe("bias: bool = true");
    expect(await active(editor.write("open.nn", "model A {\n  input x: [4]\n  h = x ‸"))).toBe("");
  });
});
