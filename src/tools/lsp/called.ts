/** Owns the signature of the call around a place: of what is declared or built in, or of a form of a recipe. */
import type { Analysis } from "./analysis.ts";
import type { Context } from "./context.ts";
import { signatureOfForm } from "./knowledge/recipe-forms.ts";
import { type Signature, signatureOf } from "./knowledge/signature.ts";

export function calledSignature(analysis: Analysis, { call, key }: Context): Signature | null {
  if (call === null) return null;
  const { callee, within } = call;
  const form = key === null ? null : signatureOfForm(callee.text, key, within);
  if (form !== null) return form;
  const index = analysis.index();
  // What the text itself says goes first: an initial value, or a layer of an `augment` line, is told by its place.
  const written = index.uses.find(({ span, role }) => role === "calls" && span.start === callee.span.start);
  const symbol = written?.symbol ?? index.at(callee.span.start).calleeOf(callee.text);
  return symbol === null ? null : signatureOf(symbol);
}
