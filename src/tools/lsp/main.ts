/** Owns `nnc lsp`: the language server over standard input and output. */
import { ProposedFeatures, createConnection } from "vscode-languageserver/node";
import { serve } from "./server.ts";

/** Runs until the client closes; the connection ends the process. */
export function runServer(version: string): Promise<number> {
  serve(createConnection(ProposedFeatures.all, process.stdin, process.stdout), version);
  return new Promise((resolve) => process.stdin.once("close", () => resolve(0)));
}
