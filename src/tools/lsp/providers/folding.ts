/** Owns folding: brackets over several lines, runs of comments, runs of imports. Told from tokens, so broken files fold. */
import { type FoldingRange, FoldingRangeKind } from "vscode-languageserver";
import type { Token } from "../../../syntax/parse.ts";
import { type DocumentParams, type Session, analysisOf } from "../session.ts";

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export function foldingRanges(session: Session, params: DocumentParams): FoldingRange[] {
  const analysis = analysisOf(session, params);
  if (analysis === null) return [];
  const lineOf = (offset: number): number =>
    session.places.range({ source: analysis.source, start: offset, end: offset }).start.line;
  const tokens = analysis.tokens();
  const comments = tokens.filter(({ type }) => type.endsWith("Comment"));
  const imports = analysis.file.declarations.filter(({ kind }) => kind === "import");
  return [
    ...brackets(tokens, lineOf),
    ...runs(
      comments.map(({ span }) => lineOf(span.start)),
      FoldingRangeKind.Comment,
    ),
    ...runs(
      imports.map(({ span }) => lineOf(span.start)),
      FoldingRangeKind.Imports,
    ),
  ];
}

function brackets(tokens: readonly Token[], lineOf: (offset: number) => number): FoldingRange[] {
  const open: Token[] = [];
  const ranges: FoldingRange[] = [];
  for (const token of tokens) {
    if (token.text in closing) open.push(token);
    else if (Object.values(closing).includes(token.text)) {
      const match = open.findLastIndex(({ text }) => closing[text] === token.text);
      if (match === -1) continue;
      const [startLine, endLine] = [lineOf(open[match]!.span.start), lineOf(token.span.start) - 1];
      open.length = match;
      if (endLine > startLine) ranges.push({ startLine, endLine });
    }
  }
  return ranges;
}

/** Neighbouring lines as one range. */
function runs(lines: readonly number[], kind: FoldingRangeKind): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let start: number | null = null;
  for (const [place, line] of lines.entries()) {
    start ??= line;
    if (lines[place + 1] === line + 1) continue;
    if (line > start) ranges.push({ startLine: start, endLine: line, kind });
    start = null;
  }
  return ranges;
}
