/** Owns completions that speak of other files: their paths, and what they export. */
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver";
import { resolvePath } from "../../../check/program.ts";
import { type Asked, callItem } from "./items.ts";

export function exportsOf({ session, analysis }: Asked, path: string): readonly CompletionItem[] {
  const other = session.analyses.of(resolvePath(analysis.source.name, path));
  if (path === "" || other === null) return [];
  return [...other.index().globals.values()]
    .filter(({ source, sort }) => source === other.source && sort !== "model")
    .map((symbol) => callItem(session, symbol))
    .map(({ insertText: _text, insertTextFormat: _format, ...item }) => item);
}

/** Other programs of the workspace, as seen from this file. */
export function paths({ session, analysis }: Asked, written: string): readonly CompletionItem[] {
  const here = analysis.source.name.split("/").slice(0, -1);
  return session.workspace
    .names()
    .filter((name) => name !== analysis.source.name)
    .map((name) => relative(here, name.split("/")))
    .filter((path) => path.startsWith(written))
    .map((path) => ({
      label: path,
      kind: CompletionItemKind.File,
      insertText: path.slice(written.lastIndexOf("/") + 1),
    }));
}

function relative(from: readonly string[], to: readonly string[]): string {
  let common = 0;
  while (common < from.length && from[common] === to[common]) common += 1;
  const up = from.length - common;
  return [...(up === 0 ? ["."] : Array.from({ length: up }, () => "..")), ...to.slice(common)].join("/");
}
