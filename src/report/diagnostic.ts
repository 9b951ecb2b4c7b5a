/** Owns the form of a diagnostic: what every message of the compiler consists of, whoever renders it. */
import type { Span } from "../text/source.ts";

export type Severity = "error" | "warning";

/** A further place that explains the message: where a value came from, where a need arose. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** Edits that certainly mend the cause. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

export interface Diagnostic {
  /** A stable code of the catalogue, as `E0203`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Where the need arose. */
  readonly span: Span;
  /** What is said under the marked text. */
  readonly label?: string;
  readonly related: readonly Related[];
  /** Facts that belong to no place, each a line after `=`. */
  readonly notes: readonly string[];
  /** A way out. */
  readonly help?: string;
  readonly fix?: Fix;
}
