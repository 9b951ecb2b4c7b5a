/** Owns the form of a catalogue entry: a stable code, a title, and a typed function that builds the diagnostic. */
import type { Diagnostic, Fix, Related, Severity } from "../diagnostic.ts";
import type { Span } from "../../text/source.ts";

/** What one occurrence of a message says; the code and severity come from its entry. */
export interface Wording {
  readonly message: string;
  /** Where the need arose. */
  readonly span: Span;
  readonly label?: string | undefined;
  readonly related?: readonly Related[];
  readonly notes?: readonly string[];
  readonly help?: string | undefined;
  readonly fix?: Fix | undefined;
}

/** One entry of the catalogue. `Facts` are what the message needs to know about the mistake. */
export interface Message<Facts> {
  /** A stable code, as `E0203`; never given to another mistake. */
  readonly code: string;
  readonly severity: Severity;
  /** One line for `nnc explain`. */
  readonly title: string;
  /** A paragraph for `nnc explain`: what is wrong, why it is an error, and how it is mended. */
  readonly explanation: string;
  build(facts: Facts): Diagnostic;
}

/** An entry whose facts are of no interest: what the catalogue lists. */
export type Entry = Omit<Message<never>, "build">;

export interface Definition<Facts> {
  readonly code: string;
  /** By default an error. */
  readonly severity?: Severity;
  readonly title: string;
  readonly explanation: string;
  say(facts: Facts): Wording;
}

/**
 * Defines a message: `const unknownName = message({ code: "E0201", …, say: (facts: { … }) => ({ … }) })`, afterwards
 * `unknownName.build({ … })`.
 */
export function message<Facts>(definition: Definition<Facts>): Message<Facts> {
  const { code, severity = "error", title, explanation } = definition;
  return {
    code,
    severity,
    title,
    explanation,
    build(facts) {
      const { message: text, span, label, related = [], notes = [], help, fix } = definition.say(facts);
      return {
        code,
        severity,
        message: text,
        span,
        related,
        notes,
        ...(label === undefined ? {} : { label }),
        ...(help === undefined ? {} : { help }),
        ...(fix === undefined ? {} : { fix }),
      };
    },
  };
}
