/** Owns SARIF 2.1.0: the form in which code hosts and editors take diagnostics (OASIS, 2020). */
import { positionAt, type Span } from "../text/source.ts";
import { catalogue } from "./catalogue/index.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** A SARIF log of one run, with a rule for every code that occurs. */
export function renderSarif(diagnostics: readonly Diagnostic[]): object {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "nnc", rules: codes.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) => resultOf(diagnostic, codes)),
      },
    ],
  };
}

function ruleOf(code: string): object {
  const entry = catalogue.find((each) => each.code === code);
  if (entry === undefined) return { id: code };
  return { id: code, shortDescription: { text: entry.title }, fullDescription: { text: entry.explanation } };
}

function resultOf(diagnostic: Diagnostic, codes: readonly string[]): object {
  const { code, severity, message, span, label, related, notes, help, fix } = diagnostic;
  const further = [label, ...notes, help].filter((text) => text !== undefined);
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: [message, ...further].join("\n") },
    locations: [locationOf(span)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((each, id) => ({
            id,
            ...locationOf(each.span),
            message: { text: each.message },
          })),
        }),
    ...(fix === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: fix.title },
              artifactChanges: fix.edits.map(({ span: place, text }) => ({
                artifactLocation: { uri: uriOf(place) },
                replacements: [{ deletedRegion: regionOf(place), insertedContent: { text } }],
              })),
            },
          ],
        }),
  };
}

function locationOf(span: Span): { physicalLocation: object } {
  return { physicalLocation: { artifactLocation: { uri: uriOf(span) }, region: regionOf(span) } };
}

function uriOf({ source }: Span): string {
  return encodeURI(source.name.replaceAll("\\", "/"));
}

function regionOf(span: Span): object {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
