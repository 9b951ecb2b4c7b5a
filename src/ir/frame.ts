/** Owns frames: who asked for a piece of arithmetic, from the line of the user's model down to the library's. */
import type { Span } from "../text/source.ts";

export interface Frame {
  /** The layer, metric, optimizer, schedule or model whose body is being elaborated. */
  readonly layer: string;
  /** The call, in the file of the caller; of a model its declaration. */
  readonly span: Span;
  /** Its place in the names of parameters: `hidden.dense_2`; empty for the model itself. */
  readonly path: string;
  /** Options that were chosen at compile time, for headings and exporters. */
  readonly statics: Readonly<Record<string, string | number | boolean>>;
  readonly parent: Frame | null;
}

/** The outermost frame below the model: the line that the user wrote. */
export function userFrame(frame: Frame): Frame {
  let at = frame;
  while (at.parent !== null && at.parent.parent !== null) at = at.parent;
  return at;
}

/** For a function without nodes, which no line of a program asked for. */
export const nowhere: Frame = {
  layer: "",
  span: { source: { name: "", text: "" }, start: 0, end: 0 },
  path: "",
  statics: {},
  parent: null,
};
