/** Owns source text: a file's name and content, spans within it, and positions by line and column. */

/** One `.nn` file as it was read. `name` is what messages show (a path as the user gave it). */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets within one source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Line and column, both counted from 1; the column in UTF-16 units, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function positionAt(source: Source, offset: number): Position {
  const before = source.text.slice(0, Math.min(offset, source.text.length));
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let i = 0; i < lineStart; i += 1) if (before.charCodeAt(i) === 10) line += 1;
  return { line, column: before.length - lineStart + 1 };
}

/** The smallest span that holds both; the two must lie in the same source. */
export function cover(a: Span, b: Span): Span {
  return { source: a.source, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

export function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}

/** The line of text that holds the offset, without its line break. */
export function lineText(source: Source, line: number): string {
  return source.text.split("\n")[line - 1]?.replace(/\r$/, "") ?? "";
}
