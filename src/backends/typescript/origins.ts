/**
 * Owns where lines of a generated module come from: comments that mark it while the text is printed and formatted, and
 * the source map made of them.
 */
import { positionAt, type Source, type Span } from "../../text/source.ts";

const sign = "//@nn";

/** The lines after it come from this place. A line of its own. */
export function mark({ source, start }: Span): string {
  const { line, column } = positionAt(source, start);
  return `${sign} ${line}:${column} ${JSON.stringify(source.name)}`;
}

/** The lines after it come from no place of the program. A line of its own. */
export const endMark = sign;

/** A place in a source; line and column counted from 1. */
export interface Origin {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

export interface TracedText {
  readonly text: string;
  /** Of each line; null where no place of the program is behind it. */
  readonly origins: readonly (Origin | null)[];
}

/** Takes the marks out of a text, whether it was formatted since or not. */
export function traced(marked: string): TracedText {
  const lines: string[] = [];
  const origins: (Origin | null)[] = [];
  let origin: Origin | null = null;
  for (const line of marked.split("\n")) {
    const given = line.trimStart();
    if (given.startsWith(sign)) origin = originOf(given);
    else {
      lines.push(line);
      origins.push(origin);
    }
  }
  return { text: lines.join("\n"), origins };
}

function originOf(line: string): Origin | null {
  const found = /^\S+ (\d+):(\d+) (.*)$/.exec(line);
  if (found === null) return null;
  return { line: Number(found[1]), column: Number(found[2]), source: JSON.parse(found[3]!) as string };
}

/** A source map of version 3 (ECMA-426). */
export interface SourceMap {
  readonly version: 3;
  readonly file: string;
  readonly sources: string[];
  readonly sourcesContent: string[];
  readonly names: string[];
  readonly mappings: string;
}

/**
 * The map of a module: one segment a line, also where nothing is behind it, because readers otherwise take the place of
 * the line before. `addressOf` says how the map names a source.
 */
export function sourceMap(
  { origins }: TracedText,
  file: string,
  sources: ReadonlyMap<string, Source>,
  addressOf: (source: string) => string,
): SourceMap {
  const names = [...new Set(origins.flatMap((origin) => (origin === null ? [] : [origin.source])))];
  let before = { source: 0, line: 0, column: 0 };
  const lines = origins.map((origin) => {
    if (origin === null) return variableLength(0);
    const place = { source: names.indexOf(origin.source), line: origin.line - 1, column: origin.column - 1 };
    const steps = [0, place.source - before.source, place.line - before.line, place.column - before.column];
    before = place;
    return steps.map(variableLength).join("");
  });
  return {
    version: 3,
    file,
    sources: names.map(addressOf),
    sourcesContent: names.map((name) => sources.get(name)?.text ?? ""),
    names: [],
    mappings: lines.join(";"),
  };
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base-64 digits of five bits each, the lowest first, the sign in the lowest bit. */
function variableLength(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += letters[rest > 0 ? digit | 32 : digit]!;
  } while (rest > 0);
  return text;
}
