/** Owns the extension: starts the language server and shows networks beside their text. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { createPictures } from "./picture.ts";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = serverModule(context);
  const args = module.endsWith("nnc.js") ? ["lsp"] : [];
  const run = { module, args, transport: TransportKind.stdio };
  const client = new LanguageClient(
    "nn",
    "nn language server",
    { run, debug: run },
    {
      documentSelector: [
        { language: "nn", scheme: "file" },
        { language: "nn", scheme: "untitled" },
      ],
      initializationOptions: { picture: true },
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.nn") },
    },
  );
  const pictures = createPictures(client);
  context.subscriptions.push(
    client,
    pictures,
    // A code lens names the model; a button above the text gives only the file.
    vscode.commands.registerCommand("nn.showNetwork", (uri?: vscode.Uri | string, model?: unknown) =>
      pictures.show(uri?.toString(), typeof model === "string" ? model : undefined),
    ),
    vscode.commands.registerCommand("nn.restartServer", () => client.restart()),
  );
  await client.start();
}

/** As set, the workspace's own, or the one that came along. */
function serverModule(context: vscode.ExtensionContext): string {
  const settings = vscode.workspace.getConfiguration("nn.server");
  const bundled = context.asAbsolutePath("out/server.mjs");
  if (settings.get<boolean>("bundled", false) || !vscode.workspace.isTrusted) return bundled;
  const chosen = settings.get<string>("path", "");
  if (chosen !== "") return chosen;
  const own = (vscode.workspace.workspaceFolders ?? [])
    .map(({ uri }) => join(uri.fsPath, "node_modules/nnc/dist/nnc.js"))
    .find((path) => existsSync(path));
  return own ?? bundled;
}
