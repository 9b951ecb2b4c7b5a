/** Owns a definition's signature on one line. */
import type { Definition } from "../../src/syntax/ast.ts";
import { textOf } from "../../src/text/source.ts";

/** As `dense(x: [..., n], units: int, bias: bool = true) -> [..., units]`. */
export function formatText({ name, parameters, results, body }: Definition): string {
  const { source } = name.span;
  const last = results.at(-1)?.type.span.end ?? parameters.at(-1)?.span.end ?? name.span.end;
  const head = textOf({ source, start: name.span.start, end: Math.min(last, body.span.start) });
  const closed = results.length === 0 && parameters.length > 0 ? `${head})` : head;
  return closed.replace(/\s+/g, " ");
}
