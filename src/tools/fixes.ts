/** Owns applying fixes: the edits that certainly mend a cause, put into the texts they are of. */
import type { Diagnostic, Fix } from "../report/diagnostic.ts";

export interface FixedFile {
  readonly name: string;
  readonly text: string;
  /** How many fixes are in it. */
  readonly fixes: number;
}

/** The files that fixes change. Of fixes that touch the same text the first is taken: another round may take the next. */
export function applyFixes(diagnostics: readonly Diagnostic[]): readonly FixedFile[] {
  const files = new Map<string, { readonly text: string; readonly taken: Fix[] }>();
  for (const { fix } of diagnostics) {
    const source = fix?.edits[0]?.span.source;
    if (fix === undefined || source === undefined) continue;
    if (fix.edits.some(({ span }) => span.source !== source)) continue;
    const file = files.get(source.name) ?? { text: source.text, taken: [] };
    files.set(source.name, file);
    if (!file.taken.some((other) => overlap(other, fix))) file.taken.push(fix);
  }
  return [...files].map(([name, { text, taken }]) => {
    const edits = taken.flatMap((fix) => fix.edits).sort((a, b) => b.span.start - a.span.start);
    const mended = edits.reduce(
      (whole, edit) => whole.slice(0, edit.span.start) + edit.text + whole.slice(edit.span.end),
      text,
    );
    return { name, text: mended, fixes: taken.length };
  });
}

function overlap(a: Fix, b: Fix): boolean {
  return a.edits.some((one) =>
    b.edits.some((other) => one.span.start <= other.span.end && other.span.start <= one.span.end),
  );
}
