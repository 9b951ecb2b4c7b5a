/** Owns formatting: the one printer, as edits that leave alone the lines that are right already. */
import type { TextEdit } from "vscode-languageserver";
import { format } from "../../../syntax/format.ts";
import { type DocumentParams, type Session, analysisOf } from "../session.ts";

/** Nothing where the file has mistakes of form: what cannot be read is not rewritten. */
export function formatting(session: Session, params: DocumentParams): TextEdit[] {
  const analysis = analysisOf(session, params);
  if (analysis === null) return [];
  const { source } = analysis;
  const { file, diagnostics } = session.workspace.read(source);
  if (diagnostics.some(({ severity }) => severity === "error")) return [];
  const edit = lineEdit(source.text, format(file));
  return edit === null ? [] : [{ range: session.places.range({ source, ...edit.span }), newText: edit.text }];
}

/** The lines that differ: from the first to the last. */
function lineEdit(
  before: string,
  after: string,
): { readonly span: { readonly start: number; readonly end: number }; readonly text: string } | null {
  if (before === after) return null;
  const [old, made] = [before, after].map((text) => text.split(/(?<=\n)/)) as [string[], string[]];
  const most = Math.min(old.length, made.length);
  let [head, tail] = [0, 0];
  while (head < most && old[head] === made[head]) head += 1;
  while (tail < most - head && old.at(-1 - tail) === made.at(-1 - tail)) tail += 1;
  const start = old.slice(0, head).join("").length;
  const end = before.length - old.slice(old.length - tail).join("").length;
  return { span: { start, end }, text: made.slice(head, made.length - tail).join("") };
}
