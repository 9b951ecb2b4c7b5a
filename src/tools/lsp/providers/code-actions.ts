/** Owns code actions: the mends that diagnostics bring along, one by one or all at once. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import type { Diagnostic, Fix } from "../../../report/diagnostic.ts";
import { type Session, analysisOf } from "../session.ts";
import { diagnosticsOf, shown } from "./diagnostics.ts";

export function codeActions(session: Session, params: CodeActionParams): CodeAction[] {
  const analysis = analysisOf(session, params);
  if (analysis === null) return [];
  const { source } = analysis;
  const [start, end] = [params.range.start, params.range.end].map((at) =>
    session.places.offsetAt(source, at),
  ) as [number, number];
  const all = diagnosticsOf(session, source.name).flatMap((diagnostic) =>
    diagnostic.fix === undefined ? [] : [{ diagnostic, fix: diagnostic.fix }],
  );
  const here = all.filter(({ diagnostic: { span } }) => span.start <= end && start <= span.end);
  const actions = here.map(({ diagnostic, fix }) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [shown(session, diagnostic)],
    isPreferred: true,
    edit: editOf(session, [fix]),
  }));
  const wanted = params.context.only;
  const everything = all.length > 0 && (wanted?.some((kind) => kind.startsWith("source")) ?? all.length > 1);
  return [
    ...actions.filter(({ kind }) => wanted === undefined || wanted.some((each) => kind.startsWith(each))),
    ...(everything ? [fixAll(session, all)] : []),
  ];
}

function fixAll(
  session: Session,
  all: readonly { readonly diagnostic: Diagnostic; readonly fix: Fix }[],
): CodeAction {
  const taken: { readonly start: number; readonly end: number; readonly name: string }[] = [];
  const apart = all.filter(({ fix }) => {
    const spans = fix.edits.map(({ span: { source, start, end } }) => ({ start, end, name: source.name }));
    const clash = spans.some((span) =>
      taken.some((other) => other.name === span.name && span.start <= other.end && other.start <= span.end),
    );
    if (!clash) taken.push(...spans);
    return !clash;
  });
  return {
    title: "Mend everything that can be mended",
    kind: CodeActionKind.SourceFixAll,
    edit: editOf(
      session,
      apart.map(({ fix }) => fix),
    ),
  };
}

function editOf(session: Session, fixes: readonly Fix[]): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const { edits } of fixes)
    for (const { span, text } of edits) {
      const uri = session.places.uriOf(span.source.name);
      (changes[uri] ??= []).push({ range: session.places.range(span), newText: text });
    }
  return { changes };
}
