/** Owns the lines of source that a message shows, with marks under the places it speaks of. */
import { lineText, positionAt, type Source, type Span } from "../text/source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { cutColumns, showLine } from "./measure.ts";
import type { Paint, Paints } from "./paint.ts";

/** Lines wider than this are cut around what is marked. */
const widest = 120;

/** A stretch of one line with what is said under it. */
interface Mark {
  readonly source: Source;
  readonly line: number;
  /** Offsets within the line. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly primary: boolean;
}

/** The excerpt of a message, file by file, that of the message itself first; and the width of its line numbers. */
export function excerpt(
  diagnostic: Diagnostic,
  paint: Paints,
): { readonly lines: readonly string[]; readonly gutter: number } {
  const marks = [
    markOf(diagnostic.span, diagnostic.label ?? "", true),
    ...diagnostic.related.map(({ span, message }) => markOf(span, message, false)),
  ];
  const gutter = Math.max(...marks.map(({ line }) => String(line).length));
  const margin = " ".repeat(gutter + 1);
  const sources = [...new Set(marks.map(({ source }) => source))];
  const lines = sources.flatMap((source) => {
    const here = marks.filter((mark) => mark.source === source);
    const { line, start } = here[0]!;
    const title = `${margin}${paint.frame("┌─")} ${source.name}:${line}:${start + 1}`;
    const numbers = [...new Set(here.map((mark) => mark.line))].sort((a, b) => a - b);
    const shown = numbers.flatMap((number) => {
      return markedLine(
        source,
        number,
        here.filter((mark) => mark.line === number),
        { gutter, paint, severity: paint[diagnostic.severity] },
      );
    });
    const bar = `${margin}${paint.frame("│")}`;
    return [title, bar, ...shown, bar];
  });
  return {
    lines: diagnostic.notes.length + (diagnostic.help === undefined ? 0 : 1) > 0 ? lines : lines.slice(0, -1),
    gutter,
  };
}

/** What lies on several lines is marked on its first. */
function markOf(span: Span, message: string, primary: boolean): Mark {
  const { source } = span;
  const from = positionAt(source, span.start);
  const to = positionAt(source, span.end);
  const text = lineText(source, from.line);
  const end = to.line === from.line ? to.column - 1 : text.trimEnd().length;
  return {
    source,
    line: from.line,
    start: from.column - 1,
    end: Math.max(end, from.column - 1),
    message,
    primary,
  };
}

interface Setting {
  readonly gutter: number;
  readonly paint: Paints;
  readonly severity: Paint;
}

/** A line and the lines of marks under it: from the right to the left, so that no message runs into a mark. */
function markedLine(
  source: Source,
  number: number,
  marks: readonly Mark[],
  setting: Setting,
): readonly string[] {
  const { gutter, paint, severity } = setting;
  const whole = showLine(lineText(source, number));
  const placed = marks
    .map((mark) => {
      const from = whole.column(mark.start);
      return { ...mark, from, to: Math.max(from + 1, whole.column(mark.end)) };
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const window = windowOf(whole.width, placed[0]!.from, Math.max(...placed.map(({ to }) => to)));
  const cut = cutColumns(whole.text, window.from, window.to);
  const text = `${window.from > 0 ? "…" : ""}${cut}${window.to < whole.width ? "…" : ""}`;
  const shift = window.from > 0 ? 1 - window.from : 0;

  const bar = `${" ".repeat(gutter + 1)}${paint.frame("│")}`;
  const lines = [`${paint.frame(`${String(number).padStart(gutter)} │`)} ${text}`.trimEnd()];
  let waiting = placed;
  while (waiting.length > 0) {
    // A row holds marks that do not touch; only the last of them has its message beside it.
    const row = waiting.filter((mark, place) =>
      waiting.slice(0, place).every((other) => other.to < mark.from),
    );
    const fitting = row.filter((mark) => mark === row[row.length - 1] || mark.message === "");
    const drawn = fitting.length === 0 ? row.slice(-1) : fitting;
    let column = 0;
    let under = "";
    for (const { from, to, message, primary } of drawn) {
      const start = Math.max(0, from + shift);
      const length = Math.max(1, Math.min(to, window.to) - Math.max(from, window.from));
      const colour = primary ? severity : paint.related;
      const said = message === "" ? "" : ` ${message.replaceAll("\n", " ")}`;
      under += " ".repeat(Math.max(0, start - column)) + colour((primary ? "^" : "-").repeat(length) + said);
      column = start + length + said.length;
    }
    lines.push(`${bar} ${under}`);
    waiting = waiting.filter((mark) => !drawn.includes(mark));
  }
  return lines;
}

/** Which columns of a line are shown: all, or about `widest` of them around what is marked. */
function windowOf(width: number, from: number, to: number): { readonly from: number; readonly to: number } {
  if (width <= widest) return { from: 0, to: width };
  const marked = Math.min(to - from, widest - 20);
  const before = Math.max(0, from - Math.floor((widest - marked) / 2));
  const start = before < 10 ? 0 : before;
  return { from: start, to: Math.min(width, start + widest) };
}
