/** Owns inlay hints: the shape after each step of a pipe and of each binding. */
import { type InlayHint, InlayHintKind, type InlayHintParams } from "vscode-languageserver";
import type { Fact } from "../../../check/check.ts";
import { type Session, analysisOf, readersOf, toldOf } from "../session.ts";
import { shapeText } from "../shape-text.ts";

/** A line in a loop, or a layer that is called often, has a shape each time: so many are shown. */
const mostShapes = 3;

const told = new Set<Fact["kind"]>(["stage", "binding"]);

export function inlayHints(session: Session, params: InlayHintParams): InlayHint[] {
  const analysis = analysisOf(session, params);
  if (analysis === null) return [];
  const { source } = analysis;
  const [from, to] = [params.range.start, params.range.end].map((at) =>
    session.places.offsetAt(source, at),
  ) as [number, number];
  const shapes = new Map<number, string[]>();
  for (const reader of readersOf(session, source.name)) {
    for (const { kind, span, text } of toldOf(session, reader).facts) {
      if (!told.has(kind) || span.source.name !== source.name || span.end < from || span.start > to) continue;
      const known = shapes.get(span.end) ?? [];
      const shape = shapeText(text);
      if (!known.includes(shape)) shapes.set(span.end, [...known, shape]);
    }
  }
  return [...shapes].map(([end, texts]) => ({
    position: session.places.range({ source, start: end, end }).start,
    label: [...texts.slice(0, mostShapes), ...(texts.length > mostShapes ? ["…"] : [])].join(" | "),
    kind: InlayHintKind.Type,
    paddingLeft: true,
  }));
}
