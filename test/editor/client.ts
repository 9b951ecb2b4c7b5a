/** Owns an editor for tests: a real server process, spoken to over the protocol, with the cursor written into the text. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Diagnostic,
  type ProtocolConnection,
  type Position,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
  StreamMessageReader,
  StreamMessageWriter,
  createProtocolConnection,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { root } from "./programs.ts";

/** Stands for the cursor in the texts of tests. */
export const cursor = "‸";

export interface Editor {
  /** Opens or changes a file; gives where the mark is, and the text without it. */
  readonly write: (file: string, marked: string) => Place;
  readonly request: <Result>(method: string, params: object) => Promise<Result>;
  /** Asks about the place of a cursor. */
  readonly at: <Result>(method: string, place: Place, more?: object) => Promise<Result>;
  /** The diagnostics of a file once they say something about its newest text. */
  readonly diagnostics: (file: string) => Promise<readonly Diagnostic[]>;
  /** How often the server asked for hints to be asked for again. */
  readonly refreshes: () => number;
  readonly process: number;
  readonly uri: (file: string) => string;
  readonly save: (file: string) => void;
  readonly close: (file: string) => void;
  readonly stop: () => Promise<number | null>;
}

export interface Place {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
  readonly text: string;
}

/** Starts a server in an empty folder that holds these files. */
export async function startEditor(
  files: Readonly<Record<string, string>> = {},
  initializationOptions: object = {},
  {
    server = [join(root, "dist/nnc.js"), "lsp", "--stdio"],
    refresh = false,
  }: { readonly server?: readonly string[]; readonly refresh?: boolean } = {},
): Promise<Editor> {
  if (!server.some((part) => existsSync(part))) throw new Error(`${server[0]!} is not built`);
  const folder = mkdtempSync(join(tmpdir(), "nnc-editor-"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const child = spawn(process.execPath, [...server], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout!),
    new StreamMessageWriter(child.stdin!),
  );
  connection.listen();
  const uri = (file: string): string => pathToFileURL(join(folder, file)).href;
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "test" }],
    capabilities: {
      textDocument: { completion: { completionItem: { snippetSupport: true } } },
      ...(refresh
        ? { workspace: { inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } } }
        : {}),
    },
    initializationOptions,
  });
  await connection.sendNotification("initialized", {});
  return editorOver(connection, child, folder, uri);
}

function editorOver(
  connection: ProtocolConnection,
  child: ChildProcess,
  folder: string,
  uri: (file: string) => string,
): Editor {
  const versions = new Map<string, number>();
  const told = new Map<string, readonly Diagnostic[]>();
  const waiting = new Map<string, () => void>();
  connection.onNotification(
    "textDocument/publishDiagnostics",
    (params: { uri: string; version?: number; diagnostics: readonly Diagnostic[] }) => {
      const newest = [...versions].find(([file]) => uri(file) === params.uri)?.[1];
      if (params.version !== undefined && params.version !== newest) return;
      told.set(params.uri, params.diagnostics);
      waiting.get(params.uri)?.();
    },
  );
  let refreshed = 0;
  connection.onRequest("workspace/inlayHint/refresh", () => void (refreshed += 1));
  connection.onRequest("workspace/codeLens/refresh", () => null);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    uri,
    write: (file, marked) => {
      const text = marked.replace(cursor, "");
      const before = versions.get(file);
      versions.set(file, (before ?? 0) + 1);
      const textDocument = { uri: uri(file), version: versions.get(file)! };
      told.clear();
      if (before === undefined)
        void connection.sendNotification("textDocument/didOpen", {
          textDocument: { ...textDocument, languageId: "nn", text },
        });
      else
        void connection.sendNotification("textDocument/didChange", {
          textDocument,
          contentChanges: [{ text }],
        });
      const position = positionIn(text, Math.max(0, marked.indexOf(cursor)));
      return { textDocument: { uri: uri(file) }, position, text };
    },
    process: child.pid!,
    refreshes: () => refreshed,
    request: (method, params) => connection.sendRequest(method, params),
    at: (method, { textDocument, position }, more = {}) =>
      connection.sendRequest(method, { textDocument, position, ...more }),
    diagnostics: async (file) => {
      const key = uri(file);
      if (!told.has(key)) await new Promise<void>((resolve) => waiting.set(key, resolve));
      waiting.delete(key);
      return told.get(key)!;
    },
    save: (file) => {
      told.clear();
      void connection.sendNotification("textDocument/didSave", { textDocument: { uri: uri(file) } });
    },
    close: (file) => {
      versions.delete(file);
      told.clear();
      void connection.sendNotification("textDocument/didClose", { textDocument: { uri: uri(file) } });
    },
    stop: async () => {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const code = await exited;
      connection.dispose();
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

export function positionIn(text: string, offset: number): Position {
  return TextDocument.create("", "nn", 0, text).positionAt(offset);
}

/** The text of a range. */
export function textIn(text: string, range: Range): string {
  const document = TextDocument.create("", "nn", 0, text);
  return text.slice(document.offsetAt(range.start), document.offsetAt(range.end));
}

export function withEdits(text: string, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create("", "nn", 0, text), [...edits]);
}

/** The text of a file after a workspace edit. */
export function edited(text: string, edit: WorkspaceEdit, uri: string): string {
  return withEdits(text, edit.changes?.[uri] ?? []);
}
