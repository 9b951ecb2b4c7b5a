/** Owns references: every place, in every file of the workspace, that speaks of the same thing. */
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type ReferenceParams,
} from "vscode-languageserver";
import type { Use } from "../../../check/symbols/index.ts";
import { useAt } from "../analysis.ts";
import { type PositionParams, type Session, everyIndex, placeOf } from "../session.ts";

export function references(session: Session, params: ReferenceParams): Location[] {
  const place = placeOf(session, params);
  const use = place === null ? null : useAt(place.analysis.index(), place.offset);
  if (use === null) return [];
  return usesOf(session, use.symbol.id)
    .filter(({ role }) => params.context.includeDeclaration || role !== "declares")
    .map(({ span }) => session.places.location(span));
}

export function usesOf(session: Session, id: string): readonly Use[] {
  return everyIndex(session).flatMap(({ uses }) => uses.filter(({ symbol }) => symbol.id === id));
}

export function highlights(session: Session, params: PositionParams): DocumentHighlight[] {
  const place = placeOf(session, params);
  const use = place === null ? null : useAt(place.analysis.index(), place.offset);
  if (place === null || use === null) return [];
  return place.analysis
    .index()
    .uses.filter(({ symbol }) => symbol.id === use.symbol.id)
    .map(({ span, role }) => ({
      range: session.places.range(span),
      kind:
        role === "declares" || role === "writes" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}
