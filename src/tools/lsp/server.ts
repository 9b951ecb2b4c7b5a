/** Owns the language server: what it can do, and which provider answers which request. */
import {
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { fileURLToPath } from "node:url";
import { codeActions } from "./providers/code-actions.ts";
import { codeLenses } from "./providers/code-lens.ts";
import { completion } from "./providers/completion.ts";
import { definition } from "./providers/definition.ts";
import { shownDiagnostics } from "./providers/diagnostics.ts";
import { foldingRanges } from "./providers/folding.ts";
import { formatting } from "./providers/formatting.ts";
import { hover } from "./providers/hover.ts";
import { inlayHints } from "./providers/inlay-hints.ts";
import { picture } from "./providers/picture.ts";
import { highlights, references } from "./providers/references.ts";
import { prepareRename, rename } from "./providers/rename.ts";
import { legend, semanticTokens } from "./providers/semantic-tokens.ts";
import { signatureHelp } from "./providers/signature-help.ts";
import { documentSymbols, workspaceSymbols } from "./providers/symbols.ts";
import { type Session, createSession } from "./session.ts";

/** Milliseconds without a keystroke before mistakes are told. */
const pause = 120;

/** Serves one client until it says goodbye. */
export function serve(connection: Connection, version: string): void {
  const documents = new TextDocuments(TextDocument);
  let session: Session = createSession([], { snippets: false, picture: false, refresh: false });
  let watches = false;
  const told = new Set<string>();
  let waiting: NodeJS.Timeout | undefined;
  /** Whether what takes longer than typing allows is to be looked for, too. */
  let thorough = false;

  connection.onInitialize((params): InitializeResult => {
    session = createSession(foldersOf(params), {
      snippets: params.capabilities.textDocument?.completion?.completionItem?.snippetSupport ?? false,
      refresh:
        (params.capabilities.workspace?.inlayHint?.refreshSupport ?? false) &&
        (params.capabilities.workspace?.codeLens?.refreshSupport ?? false),
      picture: (params.initializationOptions as { picture?: boolean } | undefined)?.picture ?? false,
    });
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false;
    return { serverInfo: { name: "nnc", version }, capabilities };
  });
  connection.onInitialized(() => {
    if (watches)
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: "**/*.nn" }],
      });
  });

  /** Programs that import what was changed have their mistakes told anew, too: all open ones are asked. */
  const tellSoon = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, pause);
  };
  const tell = (): void => {
    if (thorough)
      for (const name of session.workspace.openNames()) session.analyses.of(name)?.gradientMistakes();
    thorough = false;
    const open = session.workspace.openNames().filter((name) => !session.places.isLibrary(name));
    const reached = new Set(open.flatMap((name) => [...(session.analyses.of(name)?.sources.keys() ?? [])]));
    for (const name of [...told].filter((name) => !reached.has(name))) {
      told.delete(name);
      void connection.sendDiagnostics({ uri: session.places.uriOf(name), diagnostics: [] });
    }
    for (const name of reached) {
      told.add(name);
      const diagnostics = shownDiagnostics(session, name);
      const uri = session.places.uriOf(name);
      const version = documents.get(uri)?.version;
      void connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
    }
    if (!session.client.refresh) return;
    void connection.languages.inlayHint.refresh();
    void connection.sendRequest(CodeLensRefreshRequest.type);
  };
  documents.onDidChangeContent(({ document }) => {
    session.workspace.open(session.places.nameOf(document.uri), document.getText());
    tellSoon();
  });
  documents.onDidOpen(() => void (thorough = true));
  documents.onDidSave(() => {
    thorough = true;
    tellSoon();
  });
  documents.onDidClose(({ document }) => {
    session.workspace.close(session.places.nameOf(document.uri));
    tellSoon();
  });
  connection.onDidChangeWatchedFiles(tellSoon);

  connection.onCompletion((params) => completion(session, params));
  connection.onSignatureHelp((params) => signatureHelp(session, params));
  connection.onHover((params) => hover(session, params));
  connection.onDefinition((params) => definition(session, params));
  connection.onReferences((params) => references(session, params));
  connection.onDocumentHighlight((params) => highlights(session, params));
  connection.onPrepareRename((params) => prepareRename(session, params));
  connection.onRenameRequest((params) => rename(session, params));
  connection.onDocumentSymbol((params) => documentSymbols(session, params));
  connection.onWorkspaceSymbol(({ query }) => workspaceSymbols(session, query));
  connection.onFoldingRanges((params) => foldingRanges(session, params));
  connection.onDocumentFormatting((params) => formatting(session, params));
  connection.onCodeAction((params) => codeActions(session, params));
  connection.onCodeLens((params) => codeLenses(session, params));
  connection.languages.inlayHint.on((params) => inlayHints(session, params));
  connection.languages.semanticTokens.on((params) => semanticTokens(session, params));
  connection.onRequest("nn/picture", (params: Parameters<typeof picture>[1]) => picture(session, params));

  documents.listen(connection);
  connection.listen();
}

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  completionProvider: { triggerCharacters: [">", "(", ",", ".", ":", '"', "/", " "] },
  signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: [")"] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
  codeLensProvider: {},
  inlayHintProvider: true,
  semanticTokensProvider: { legend, full: true },
};

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.filter((uri) => uri.startsWith("file:")).map((uri) => fileURLToPath(uri));
}
