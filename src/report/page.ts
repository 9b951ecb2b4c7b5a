/** Owns the page of a message: what it means, and an example of the mistake and of the way out. */
import type { Entry } from "./catalogue/define.ts";
import { examples } from "./examples/index.ts";

/** What is shown of an example's line depends on whether it is part of the mistake or of the way out. */
export type LineKind = "wrong" | "mended" | "same";

export interface ExampleLine {
  readonly kind: LineKind;
  /** As it is shown, with its mark. */
  readonly text: string;
}

export interface Page {
  readonly heading: string;
  /** One line a paragraph; lines that are set in stay as they are. */
  readonly paragraphs: readonly string[];
  /** Empty for messages that no program of one file makes. */
  readonly example: readonly ExampleLine[];
}

export function pageOf(entry: Entry): Page {
  const text = examples[entry.code]?.trimEnd() ?? "";
  return {
    heading: `${entry.severity}[${entry.code}]: ${entry.title}`,
    paragraphs: entry.explanation.split("\n"),
    example: text === "" ? [] : text.split("\n").map((line) => ({ kind: kindOf(line), text: line })),
  };
}

function kindOf(line: string): LineKind {
  if (line.startsWith("- ")) return "wrong";
  return line.startsWith("+ ") ? "mended" : "same";
}
