/** Owns signature help: the signature of the call around the cursor, and which of its parameters is being written. */
import type { SignatureHelp } from "vscode-languageserver";
import { calledSignature } from "../called.ts";
import { contextAt } from "../context.ts";
import { type PositionParams, type Session, placeOf } from "../session.ts";
import { signatureText } from "../knowledge/signature.ts";

export function signatureHelp(session: Session, params: PositionParams): SignatureHelp | null {
  const place = placeOf(session, params);
  if (place === null) return null;
  const { analysis, offset } = place;
  const context = contextAt(analysis.tokens(), analysis.source.text, offset);
  const { call } = context;
  const signature = calledSignature(analysis, context);
  if (call === null || signature === null) return null;
  const label = signatureText(signature);
  const named = signature.parameters.findIndex(({ name }) => name === call.label);
  const positional = call.position + (call.piped ? 1 : 0);
  const last = signature.parameters.length - 1;
  let at = signature.name.length + 1;
  const parameters = signature.parameters.map(({ text }) => {
    const start = at;
    at += text.length + ", ".length;
    return { label: [start, start + text.length] as [number, number] };
  });
  return {
    signatures: [
      {
        label,
        parameters,
        ...(signature.doc === null
          ? {}
          : { documentation: { kind: "markdown" as const, value: signature.doc } }),
      },
    ],
    activeSignature: 0,
    activeParameter: named >= 0 ? named : Math.min(positional, Math.max(0, last)),
  };
}
