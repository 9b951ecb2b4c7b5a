/** Owns diagnostics as the protocol has them: of a file, whichever open program found them. */
import { type Diagnostic as Shown, DiagnosticSeverity } from "vscode-languageserver";
import type { Diagnostic } from "../../../report/diagnostic.ts";
import { type Session, readersOf } from "../session.ts";

/** Mistakes within one file, each once. */
export function diagnosticsOf(session: Session, name: string): readonly Diagnostic[] {
  const seen = new Set<string>();
  return readersOf(session, name)
    .flatMap((analysis) => analysis.diagnostics())
    .filter(({ code, message, span }) => {
      const key = `${code} ${span.start} ${span.end} ${message}`;
      const fresh = span.source.name === name && !seen.has(key);
      seen.add(key);
      return fresh;
    });
}

export function shownDiagnostics(session: Session, name: string): Shown[] {
  return diagnosticsOf(session, name).map((diagnostic) => shown(session, diagnostic));
}

export function shown(session: Session, diagnostic: Diagnostic): Shown {
  const { code, severity, message, label, notes, help, span, related } = diagnostic;
  const lines = [message, label, ...notes, help === undefined ? undefined : `help: ${help}`];
  return {
    range: session.places.range(span),
    severity: severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: "nnc",
    message: lines.filter((line) => line !== undefined).join("\n"),
    relatedInformation: related.map((other) => ({
      location: session.places.location(other.span),
      message: other.message,
    })),
  };
}
