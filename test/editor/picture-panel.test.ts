/** Owns the proof that the extension's command shows a network beside its text: by a stand-in for VS Code's window, over a real server. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Browser } from "playwright-core";
import type { LanguageClient } from "vscode-languageclient/node";
import { createPictures } from "../../editors/vscode/src/picture.ts";
import { openBrowser, withoutBrowser } from "../bundlers/browser.ts";
import { type Editor, startEditor } from "./client.ts";

interface Changed {
  readonly document: { readonly languageId: string };
}

/** What of the window the extension uses, and what became of it. */
const stage = vi.hoisted(() => ({
  panels: [] as {
    title: string;
    column: number;
    webview: { html: string; onDidReceiveMessage: (take: (message: { line: number }) => void) => void };
    send: (message: { line: number }) => void;
    gone: boolean;
  }[],
  edited: (_change: Changed): void => undefined,
  shown: [] as { path: string; line: number }[],
}));

vi.mock("vscode", () => ({
  ViewColumn: { One: 1, Beside: -2 },
  Position: class {
    constructor(
      readonly line: number,
      readonly character: number,
    ) {}
  },
  Range: class {
    constructor(
      readonly start: { readonly line: number },
      readonly end: unknown,
    ) {}
  },
  Uri: { parse: (text: string) => text },
  workspace: {
    onDidChangeTextDocument: (listener: (change: Changed) => undefined) => {
      stage.edited = listener;
      return { dispose: () => undefined };
    },
    openTextDocument: (uri: string) => Promise.resolve(uri),
  },
  window: {
    activeTextEditor: undefined,
    createWebviewPanel: (_type: string, title: string, { viewColumn }: { viewColumn: number }) => {
      let take: (message: { line: number }) => void = () => undefined;
      let closed: () => void = () => undefined;
      const panel = {
        title,
        column: viewColumn,
        gone: false,
        webview: { html: "", onDidReceiveMessage: (listener: typeof take) => void (take = listener) },
        send: (message: { line: number }) => take(message),
        onDidDispose: (listener: typeof closed) => void (closed = listener),
        dispose: () => {
          panel.gone = true;
          closed();
        },
      };
      stage.panels.push(panel);
      return panel;
    },
    showTextDocument: (path: string, { selection }: { selection: { start: { line: number } } }) => {
      stage.shown.push({ path, line: selection.start.line });
      return Promise.resolve();
    },
  },
}));

const program = (layer: string): string =>
  `model Net {\n  input x: [4]\n  h = x -> ${layer}\n  output y = h -> softmax\n}\n`;

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({}, { picture: true });
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});
beforeEach(() => {
  stage.panels.length = 0;
  stage.shown.length = 0;
});

/** Asks the real server. */
const pictures = () =>
  createPictures({
    sendRequest: (method: string, params: object) => editor.request(method, params),
  } as unknown as LanguageClient);

const edit = { document: { languageId: "nn" } };

describe("the command that shows a network", () => {
  it("opens it beside the text, draws it anew, and keeps it while a line is half-written", async () => {
    editor.write("net.nn", program("dense(3)"));
    const panel = pictures();
    await panel.show(editor.uri("net.nn"));
    const [shown] = stage.panels;
    expect(shown).toMatchObject({ column: -2, title: "Net" });
    expect(shown!.webview.html).toContain("dense(3)");
    editor.write("net.nn", program("dense(5)"));
    stage.edited(edit);
    await vi.waitFor(() => expect(shown!.webview.html).toContain("dense(5)"), 5000);
    editor.write("net.nn", program("dens"));
    stage.edited(edit);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(shown!.webview.html).toContain("dense(5)");
    // Asked for again, there is still one.
    await panel.show(editor.uri("net.nn"), "Net");
    expect(stage.panels.map(({ gone }) => gone)).toEqual([true, false]);
    panel.dispose();
    expect(stage.panels.every(({ gone }) => gone)).toBe(true);
  });

  it("says so where a program has mistakes from the first", async () => {
    editor.write("net.nn", program("dens(3)"));
    const panel = pictures();
    await panel.show(editor.uri("net.nn"));
    expect(stage.panels[0]!.webview.html).toContain("The program has mistakes.");
    panel.dispose();
  });

  it.skipIf(withoutBrowser !== null)("leads from a box that is clicked to its line", async () => {
    editor.write("net.nn", program("dense(3)"));
    const panel = pictures();
    await panel.show(editor.uri("net.nn"));
    const browser: Browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
      await page.addInitScript(
        "globalThis.told = []; globalThis.acquireVsCodeApi = () => ({ postMessage: (message) => told.push(message) })",
      );
      // As a page of its own, so that its policy counts.
      await page.route("http://panel.test/", (route) =>
        route.fulfill({ contentType: "text/html", body: stage.panels[0]!.webview.html }),
      );
      await page.goto("http://panel.test/");
      await page.locator("[data-line]", { hasText: "dense(3)" }).first().click();
      const [message] = await page.evaluate<readonly { line: number }[]>("told");
      expect(complaints).toEqual([]);
      stage.panels[0]!.send(message!);
      await vi.waitFor(() => expect(stage.shown).toEqual([{ path: editor.uri("net.nn"), line: 2 }]));
    } finally {
      await browser.close();
      panel.dispose();
    }
  });
});
