/** Owns how strings are written: escapes, read and printed. */

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** What a string as written says; an unknown escape, reported elsewhere, stands for itself. */
export function stringValue(written: string): string {
  const closed = written.length > 1 && written.endsWith('"');
  return written
    .slice(1, closed ? -1 : undefined)
    .replace(/\\(.)/gsu, (escape, character: string) => escapes.get(character) ?? escape);
}

/** A string as it is written, quotes and all. */
export function writtenString(value: string): string {
  const inside = value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return `"${inside}"`;
}

/** The escapes of a written string that are none: where each begins, counted from the quote, and its text. */
export function unknownEscapes(
  written: string,
): readonly { readonly offset: number; readonly text: string }[] {
  return [...written.matchAll(/\\(.)/gsu)]
    .filter(([, character]) => !escapes.has(character!))
    .map((match) => ({ offset: match.index, text: match[0] }));
}
