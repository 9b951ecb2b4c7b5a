/** Owns the three ways in which diagnostics are told: to people, as JSON, and as SARIF. */
import { positionAt, type Span } from "../text/source.ts";
import type { Diagnostic, Fix } from "./diagnostic.ts";
import { excerpt } from "./excerpt.ts";
import { paints } from "./paint.ts";

export { renderSarif } from "./sarif.ts";

/** The text for a terminal: each message with the lines it speaks of, then how many there were. */
export function renderPretty(diagnostics: readonly Diagnostic[], options: { color: boolean }): string {
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, options));
  return blocks.length === 0 ? "" : [...blocks, `${summary(diagnostics)}\n`].join("\n");
}

/** One message, as `renderPretty` tells it. */
export function renderOne(diagnostic: Diagnostic, options: { color: boolean }): string {
  const paint = paints(options.color);
  const { severity, code, message, notes, help } = diagnostic;
  const head = paint[severity](`${severity}[${code}]`) + paint.strong(`: ${message}`);
  const { lines, gutter } = excerpt(diagnostic, paint);
  const margin = " ".repeat(gutter + 1);
  const facts = notes.map((note) => `${margin}${paint.frame("=")} ${continued(note, margin.length + 2)}`);
  const ways =
    help === undefined ? [] : [`${margin}${paint.help("help")}: ${continued(help, margin.length + 6)}`];
  return `${[head, ...lines, ...facts, ...ways].join("\n")}\n`;
}

function continued(text: string, margin: number): string {
  return text.replaceAll("\n", `\n${" ".repeat(margin)}`);
}

/** `2 errors, 1 warning` */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const { errors, warnings } = counts(diagnostics);
  const some = (count: number, what: string): string[] =>
    count === 0 ? [] : [`${count} ${what}${count === 1 ? "" : "s"}`];
  return [...some(errors, "error"), ...some(warnings, "warning")].join(", ");
}

function counts(diagnostics: readonly Diagnostic[]): { readonly errors: number; readonly warnings: number } {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: diagnostics.length - errors };
}

/** A place as JSON tells it: lines and columns from 1, the end exclusive. */
export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface JsonDiagnostic extends JsonPlace {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly label: string | null;
  readonly related: readonly (JsonPlace & { readonly message: string })[];
  readonly notes: readonly string[];
  readonly help: string | null;
  readonly fix: {
    readonly title: string;
    readonly edits: readonly (JsonPlace & { readonly text: string })[];
  } | null;
}

export interface JsonReport {
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly errors: number;
  readonly warnings: number;
}

/** One document, also where there is nothing to tell. */
export function renderJson(diagnostics: readonly Diagnostic[]): JsonReport {
  return { diagnostics: diagnostics.map(jsonOf), ...counts(diagnostics) };
}

function jsonOf({
  code,
  severity,
  message,
  span,
  label,
  related,
  notes,
  help,
  fix,
}: Diagnostic): JsonDiagnostic {
  return {
    code,
    severity,
    message,
    ...placeOf(span),
    label: label ?? null,
    related: related.map((each) => ({ ...placeOf(each.span), message: each.message })),
    notes,
    help: help ?? null,
    fix: fix === undefined ? null : jsonFix(fix),
  };
}

function jsonFix({ title, edits }: Fix): NonNullable<JsonDiagnostic["fix"]> {
  return { title, edits: edits.map(({ span, text }) => ({ ...placeOf(span), text })) };
}

function placeOf(span: Span): JsonPlace {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  return {
    file: span.source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
