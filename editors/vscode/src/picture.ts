/** Owns the panel with the picture of a network: drawn by the server, anew whenever its program changes. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { Picture } from "../../../src/tools/lsp/providers/picture.ts";

/** Milliseconds without a keystroke before the picture is drawn anew. */
const pause = 250;

export interface Pictures extends vscode.Disposable {
  /** Of a model, or of the first of the program that is being edited. */
  readonly show: (uri?: string, model?: string) => Promise<void>;
}

interface Shown {
  readonly panel: vscode.WebviewPanel;
  readonly uri: string;
  readonly model: string | undefined;
}

export function createPictures(client: LanguageClient): Pictures {
  let shown: Shown | null = null;
  let waiting: NodeJS.Timeout | undefined;

  const draw = async (): Promise<void> => {
    if (shown === null) return;
    const { panel, uri, model } = shown;
    const request = { textDocument: { uri }, ...(model === undefined ? {} : { model }) };
    const picture = await client.sendRequest<Picture | null>("nn/picture", request);
    if (shown?.panel !== panel) return;
    panel.title = picture === null ? "Network" : picture.model;
    // While a line is being written the last good picture stays.
    if (picture?.svg !== null && picture !== null) panel.webview.html = page(picture.svg);
    else if (panel.webview.html === "") panel.webview.html = page("<p>The program has mistakes.</p>");
  };

  const changes = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (shown === null || document.languageId !== "nn") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => void draw(), pause);
  });

  return {
    show: async (given, model) => {
      const uri = given ?? vscode.window.activeTextEditor?.document.uri.toString();
      if (uri === undefined) return;
      shown?.panel.dispose();
      const panel = vscode.window.createWebviewPanel(
        "nn.network",
        model ?? "Network",
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableScripts: true },
      );
      shown = { panel, uri, model };
      panel.onDidDispose(() => {
        if (shown?.panel === panel) shown = null;
      });
      panel.webview.onDidReceiveMessage(({ line }: { line: number }) => void reveal(uri, line));
      await draw();
    },
    dispose: () => {
      clearTimeout(waiting);
      changes.dispose();
      shown?.panel.dispose();
    },
  };
}

async function reveal(uri: string, line: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const place = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(place, place),
  });
}

/** A click on a box leads to its line. */
function page(body: string): string {
  const nonce = Array.from({ length: 24 }, () => Math.floor(Math.random() * 36).toString(36)).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">
<style>body { color: var(--vscode-editor-foreground); display: grid; justify-items: center; } [data-line] { cursor: pointer; }</style>
</head>
<body>
${body}
<script nonce="${nonce}">
const editor = acquireVsCodeApi();
for (const box of document.querySelectorAll("[data-line]"))
  box.addEventListener("click", () => editor.postMessage({ line: Number(box.dataset.line) }));
</script>
</body>
</html>`;
}
