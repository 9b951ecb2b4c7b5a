/** Owns what every provider is given: the workspace, what is known of its files, and places in them. */
import type { Position, TextDocumentIdentifier } from "vscode-languageserver";
import type { FileIndex } from "../../check/symbols/index.ts";
import { type Analyses, type Analysis, createAnalyses } from "./analysis.ts";
import type { Settled } from "./settled.ts";
import { type Places, places } from "./places.ts";
import { type Workspace, createWorkspace } from "./workspace.ts";

export interface Session {
  readonly workspace: Workspace;
  readonly analyses: Analyses;
  readonly places: Places;
  /** What the client can show. */
  readonly client: {
    readonly snippets: boolean;
    readonly picture: boolean;
    /** Whether it asks anew for hints and lenses when told to: then it need not wait for them. */
    readonly refresh: boolean;
  };
}

export function createSession(folders: readonly string[], client: Session["client"]): Session {
  const workspace = createWorkspace(folders);
  return { workspace, analyses: createAnalyses(workspace), places: places(), client };
}

export interface DocumentParams {
  readonly textDocument: TextDocumentIdentifier;
}

export interface PositionParams extends DocumentParams {
  readonly position: Position;
}

export function analysisOf(session: Session, { textDocument }: DocumentParams): Analysis | null {
  return session.analyses.of(session.places.nameOf(textDocument.uri));
}

/**
 * What is known of shapes: of the newest text, or, for a client that asks anew once there is more to say, what is known
 * without waiting.
 */
export function toldOf({ client }: Session, analysis: Analysis): Settled {
  return client.refresh
    ? analysis.settled()
    : { facts: analysis.checked().facts, networks: analysis.networks() };
}

/** The file and the offset that a request speaks of. */
export function placeOf(
  session: Session,
  params: PositionParams,
): { readonly analysis: Analysis; readonly offset: number } | null {
  const analysis = analysisOf(session, params);
  if (analysis === null) return null;
  return { analysis, offset: session.places.offsetAt(analysis.source, params.position) };
}

/** The names of every file of the workspace. */
export function everyIndex(session: Session): readonly FileIndex[] {
  return session.workspace.names().flatMap((name) => {
    const analysis = session.analyses.of(name);
    return analysis === null ? [] : [analysis.index()];
  });
}

/** Open files that import a file, directly or not, and the file itself. */
export function readersOf(session: Session, name: string): readonly Analysis[] {
  return [...new Set([name, ...session.workspace.openNames()])].flatMap((other) => {
    const analysis = session.analyses.of(other);
    return analysis !== null && analysis.sources.has(name) ? [analysis] : [];
  });
}
