/** Owns going to definitions, those of the library among them. */
import type { Location } from "vscode-languageserver";
import { resolvePath } from "../../../check/program.ts";
import { declarationBefore, useAt } from "../analysis.ts";
import { type PositionParams, type Session, placeOf } from "../session.ts";

export function definition(session: Session, params: PositionParams): Location | null {
  const place = placeOf(session, params);
  if (place === null) return null;
  const { analysis, offset } = place;
  for (const declaration of analysis.file.declarations) {
    if (declaration.kind !== "import") continue;
    const { span, value } = declaration.from;
    if (offset < span.start || offset > span.end) continue;
    const source = session.workspace.source(resolvePath(analysis.source.name, value));
    return source === null ? null : session.places.location({ source, start: 0, end: 0 });
  }
  const use = useAt(analysis.index(), offset);
  if (use === null) return null;
  const declared = declarationBefore(use.symbol, use.span.start);
  return declared === null ? null : session.places.location(declared.span);
}
