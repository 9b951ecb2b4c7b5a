/** Owns silencing: `// allow W0402: reason` at the end of a line, or alone on the line above. */
import { allowedWithoutReason } from "../../report/catalogue/check.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import type { Source } from "../../text/source.ts";

interface Allowance {
  readonly code: string;
  /** Of the lines it speaks for. */
  readonly from: number;
  readonly to: number;
}

/** Warnings that no line allows; and a warning for each line that does not say why. */
export function withoutAllowed(
  sources: readonly Source[],
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  const diagnostics = [...found];
  for (const source of sources) {
    for (const match of source.text.matchAll(/\/\/[ \t]*allow[ \t]+([EW]\d{4})\b[ \t]*(:[ \t]*\S.*)?/g)) {
      const [comment, code, reason] = match;
      const span = { source, start: match.index, end: match.index + comment.trimEnd().length };
      if (reason === undefined) {
        diagnostics.push(allowedWithoutReason.build({ span, code: code! }));
        continue;
      }
      const { from, to } = linesFor(source.text, match.index, code!);
      const kept = diagnostics.filter(
        ({ severity, code: other, span: at }) =>
          severity === "error" || other !== code || at.source !== source || at.start < from || at.start > to,
      );
      diagnostics.splice(0, diagnostics.length, ...kept);
    }
  }
  return diagnostics;
}

/** The line of the comment, and the one after it where the comment stands alone. */
function linesFor(text: string, at: number, code: string): Allowance {
  const from = text.lastIndexOf("\n", at) + 1;
  const end = lineEnd(text, at);
  const alone = text.slice(from, at).trim() === "";
  return { code, from, to: alone && end < text.length ? lineEnd(text, end + 1) : end };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
