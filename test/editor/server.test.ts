/** Owns the proof that the server tells mistakes, mends them, draws networks and knows the structure of files. */
import type {
  CodeAction,
  CodeLens,
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  SemanticTokens,
  SymbolInformation,
  TextEdit,
} from "vscode-languageserver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, edited, startEditor, withEdits } from "./client.ts";
import { blocks, net, wholeFile } from "./net.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({ "blocks.nn": blocks, "net.nn": net }, { picture: true });
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
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
