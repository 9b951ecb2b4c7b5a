/** Owns the proof that the language server answers as an editor needs it, in whole files and in broken ones. */
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  SemanticTokens,
  SignatureHelp,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, type Place, edited, startEditor, textIn, withEdits } from "./client.ts";

const blocks = `/// Adds what a layer makes of its input.
layer residual(x: [..., n], inner: int) -> [..., n] {
  return x + (x -> dense(inner) -> relu -> dense(n))
}

const width = 32
`;

const net = `import { residual, width } from "./blocks.nn"

/// A small classifier.
model Net(hidden: int = 16) {
  input  pixels: [8, 8]
  target digit: index(10)

  h = pixels -> flatten -> dense(width)
  for k in 0..2 { h = h -> residual(hidden) }
  logits = h -> dropout(0.1) -> dense(10)

  output probs = softmax(logits)
  loss cross_entropy(logits, digit)
  metric accuracy(logits, digit)
}

train Net {
  minimize: loss with adam(rate: cosine(1e-2))
  validate: split(0.2, stratify: digit)
  keep:     best(val.accuracy)
}
`;

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({ "blocks.nn": blocks, "net.nn": net }, { picture: true });
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});

/** The file with the mark behind a piece of it. */
function after(piece: string, text = net): string {
  const at = text.indexOf(piece);
  if (at === -1) throw new Error(`the text holds no ${piece}`);
  return `${text.slice(0, at + piece.length)}‸${text.slice(at + piece.length)}`;
}

async function hoverText(place: Place): Promise<string> {
  const found = await editor.at<Hover | null>("textDocument/hover", place);
  return found === null ? "" : (found.contents as { value: string }).value;
}

async function labels(place: Place): Promise<readonly string[]> {
  const items = await editor.at<CompletionItem[]>("textDocument/completion", place);
  return items.map(({ label }) => label);
}

const wholeFile = { range: { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } } };

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

describe("diagnostics", () => {
  it("come with what explains them, and go when the mistake does", async () => {
    editor.write("net.nn", net.replace("accuracy(logits, digit)", "accuracy(logitz, digit)"));
    const [mistake] = await editor.diagnostics("net.nn");
    expect(mistake?.message).toContain("logitz");
    expect(mistake?.code).toMatch(/^E\d{4}$/);
    editor.write("net.nn", net);
    expect(await editor.diagnostics("net.nn")).toEqual([]);
  });

  it("read unsaved buffers in the files that import them", async () => {
    editor.write("net.nn", net);
    editor.write("blocks.nn", blocks.replace("const width = 32", 'const width = "wide"'));
    expect((await editor.diagnostics("net.nn")).length).toBeGreaterThan(0);
    editor.write("blocks.nn", blocks.replace("const width = 32", "const breadth = 32"));
    expect((await editor.diagnostics("net.nn"))[0]?.message).toContain("width");
    editor.write("blocks.nn", blocks);
    expect(await editor.diagnostics("net.nn")).toEqual([]);
    editor.close("blocks.nn");
  });

  it("come from every stage of writing", async () => {
    for (let end = 40; end < net.length; end += 61) {
      editor.write("typed.nn", net.slice(0, end));
      for (const { message, range } of await editor.diagnostics("typed.nn")) {
        expect(message).not.toMatch(/TypeError|undefined|at .*\.js/);
        expect(range.start.line).toBeLessThanOrEqual(range.end.line);
      }
    }
    editor.close("typed.nn");
  });
});

describe("an editor that asks anew when told to", () => {
  it("is given the shapes of before at once, moved along, and then those of now", async () => {
    const quick = await startEditor({}, {}, { refresh: true });
    quick.write("net.nn", net.replace('import { residual, width } from "./blocks.nn"\n', blocks));
    expect(await quick.diagnostics("net.nn")).toEqual([]);
    const before = quick.refreshes();
    const text = `// One line more.\n${net.replace('import { residual, width } from "./blocks.nn"\n', blocks)}`;
    const changed = text.replace("const width = 32", "const width = 24");
    const place = quick.write("net.nn", changed);
    const hintsNow = async (): Promise<readonly string[]> => {
      const found = await quick.at<InlayHint[]>("textDocument/inlayHint", place, wholeFile);
      return found.map(
        ({ label, position }) => `${changed.split("\n")[position.line]!.trim()} ${label as string}`,
      );
    };
    expect(await hintsNow()).toContain("h = pixels -> flatten -> dense(width) [batch, 32]");
    expect(await quick.diagnostics("net.nn")).toEqual([]);
    expect(quick.refreshes()).toBeGreaterThan(before);
    expect(await hintsNow()).toContain("h = pixels -> flatten -> dense(width) [batch, 24]");
    expect(await quick.stop()).toBe(0);
  });

  it("is told on saving of paths that nothing can be learnt along", async () => {
    const text = (loss: string): string =>
      `model A {\n  input x: [4]\n  target y: [4]\n  h = x -> dense(4)\n  output h = h\n  loss ${loss}\n}\n`;
    editor.write("stuck.nn", text("mse(h, y)"));
    expect(await editor.diagnostics("stuck.nn")).toEqual([]);
    editor.write("stuck.nn", text("mse(round(h), y)"));
    expect(await editor.diagnostics("stuck.nn")).toEqual([]);
    editor.save("stuck.nn");
    expect((await editor.diagnostics("stuck.nn"))[0]?.message).toContain("no gradient passes `round`");
    editor.close("stuck.nn");
  });
});

describe("code actions, lenses, pictures", () => {
  it("mend what a diagnostic can mend", async () => {
    const text = net.replace("softmax(logits)", "softmx(logits)");
    const place = editor.write("net.nn", text.replace("softmx", "soft‸mx"));
    const actions = await editor.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: place.textDocument,
      range: { start: place.position, end: place.position },
      context: { diagnostics: [] },
    });
    expect(actions.length).toBeGreaterThan(0);
    expect(edited(text, actions[0]!.edit!, editor.uri("net.nn"))).toBe(net);
  });

  it("tell parameters and bytes above a model", async () => {
    const { textDocument } = editor.write("net.nn", net);
    const [lens] = await editor.request<CodeLens[]>("textDocument/codeLens", { textDocument });
    expect(lens?.command?.title).toMatch(/^4,554 parameters · 17\.8 KB · 4,416 multiply-adds a sample$/);
    expect(lens?.command?.command).toBe("nn.showNetwork");
    expect(lens?.range.start.line).toBe(3);
  });

  it("draw the network", async () => {
    const { textDocument } = editor.write("net.nn", net);
    const { svg, models } = await editor.request<{ svg: string; models: string[] }>("nn/picture", {
      textDocument,
    });
    expect(models).toEqual(["Net"]);
    for (const piece of [
      "pixels",
      "flatten",
      "dense(width)",
      "residual(hidden)",
      "dense(10)",
      "probs",
      "[batch, 10]",
    ])
      expect(svg).toContain(piece);
    expect(svg.match(/residual\(hidden\)/g)).toHaveLength(2);
    // From pixels over flatten, dense, two residuals, dense and softmax to probs.
    expect(svg.match(/marker-end/g)).toHaveLength(7);
  });
});

describe("structure", () => {
  it("outlines files, broken ones too", async () => {
    const { textDocument } = editor.write("net.nn", net);
    const outline = await editor.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument });
    expect(outline.map(({ name, detail }) => [detail, name].join(" "))).toEqual(["model Net", "train Net"]);
    expect(outline[0]?.children?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["hidden", "pixels", "digit", "logits", "probs"]),
    );
    const broken = editor.write("broken.nn", net.replace("[8, 8]", "[8, "));
    const rest = await editor.request<DocumentSymbol[]>("textDocument/documentSymbol", {
      textDocument: broken.textDocument,
    });
    expect(rest.map(({ name }) => name)).toEqual(["Net", "Net"]);
    editor.close("broken.nn");
  });

  it("finds declarations in all files", async () => {
    const found = await editor.request<SymbolInformation[]>("workspace/symbol", { query: "rsd" });
    expect(found.map(({ name }) => name)).toEqual(["residual"]);
  });

  it("says what names stand for", async () => {
    const { textDocument } = editor.write("net.nn", net);
    const { data } = await editor.request<SemanticTokens>("textDocument/semanticTokens/full", {
      textDocument,
    });
    let [line, character] = [0, 0];
    const told: string[] = [];
    const types = [
      "class",
      "function",
      "parameter",
      "variable",
      "property",
      "typeParameter",
      "method",
      "event",
    ];
    for (let at = 0; at < data.length; at += 5) {
      line += data[at]!;
      character = data[at] === 0 ? character + data[at + 1]! : data[at + 1]!;
      const text = net.split("\n")[line]!.slice(character, character + data[at + 2]!);
      told.push(`${text} ${types[data[at + 3]!]}${data[at + 4]! & 8 ? " library" : ""}`);
    }
    expect(told).toEqual(
      expect.arrayContaining([
        "Net class",
        "residual function",
        "dense function library",
        "hidden parameter",
      ]),
    );
  });

  it("folds blocks, broken ones too", async () => {
    const { textDocument } = editor.write("net.nn", net);
    const folds = await editor.request<FoldingRange[]>("textDocument/foldingRange", { textDocument });
    expect(folds.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [3, 13],
      [16, 19],
    ]);
    const broken = editor.write("broken.nn", net.replace("softmax(logits)", "softmax("));
    const rest = await editor.request<FoldingRange[]>("textDocument/foldingRange", {
      textDocument: broken.textDocument,
    });
    expect(rest.map(({ startLine }) => startLine)).toEqual([3, 16]);
    editor.close("broken.nn");
  });

  it("formats as nnc fmt does, and leaves alone what it cannot read", async () => {
    const options = { options: { tabSize: 2, insertSpaces: true } };
    const crooked = net.replace(
      "  loss cross_entropy(logits, digit)",
      "    loss   cross_entropy(logits,digit)",
    );
    const place = editor.write("net.nn", crooked);
    const formatted = await editor.at<TextEdit[]>("textDocument/formatting", place, options);
    const clean = editor.write("net.nn", net);
    const already = withEdits(net, await editor.at<TextEdit[]>("textDocument/formatting", clean, options));
    expect(withEdits(crooked, formatted)).toBe(already);
    expect(formatted[0]!.range.start.line).toBeGreaterThan(0);
    const broken = editor.write("broken.nn", "model {");
    expect(await editor.at("textDocument/formatting", broken, options)).toEqual([]);
    editor.close("broken.nn");
  });
});
