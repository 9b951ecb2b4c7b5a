/** Owns the examples of the documentation: fences that open with ```nn, what they stand in, and what is made of them. */
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { renderPretty } from "../../src/report/render.ts";
import { type Checked } from "../../src/check/check.ts";
import { checkText } from "../check/programs.ts";

const root = join(import.meta.dirname, "../..");

/**
 * The line that opens a fence: "```nn" is a file, "```nn in model" stands in a model with the input `x: [8]` and the
 * target `kind: index(3)`, "```nn in recipe" in a `train` block; a code at the end is the message the example gets.
 */
export interface Example {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly place: "file" | "model" | "recipe";
  readonly code: string | null;
}

/** The pages that speak of the language. */
export const pages: readonly string[] = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true })
    .map((name) => join("docs", String(name)))
    .filter((name) => name.endsWith(".md"))
    .sort(),
];

export function pageText(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

const fence = /^```nn( in (?<place>model|recipe))?( (?<code>[EW]\d{4}))?\n(?<text>[\s\S]*?)\n```$/gm;

export function examplesOf(page: string, content: string = pageText(page)): readonly Example[] {
  return [...content.matchAll(fence)].map((match) => ({
    file: relative(root, join(root, page)),
    line: content.slice(0, match.index).split("\n").length,
    text: match.groups!["text"]!,
    place: (match.groups!["place"] ?? "file") as Example["place"],
    code: match.groups!["code"] ?? null,
  }));
}

/** The example as a whole program. */
export function programOf({ text, place }: Example): string {
  const indented = text.replace(/^(?=.)/gm, "  ");
  switch (place) {
    case "file":
      return text;
    case "model":
      return `model Example {\n  input x: [8]\n  target kind: index(3)\n${indented}\n  output seen = x\n  metric known = mean(one_hot(kind), over: -1)\n}\n`;
    case "recipe":
      return [
        "model Example {\n  input x: [8]\n  target kind: index(3)\n  share coder = dense(4) -> tanh\n  share judge = dense(3)",
        "  scores = x -> coder -> judge\n  output probs = softmax(scores)\n  loss told = cross_entropy(scores, kind)",
        `  loss small = mean(x ** 2 * coder(x)[:, :1], over: -1)\n  metric accuracy(scores, kind)\n}\n\ntrain Example {\n${indented}\n}\n`,
      ].join("\n");
  }
}

export function checked(example: Example): Checked {
  return checkText(programOf(example));
}

/** Messages as a reader sees them, lines counted within the example. */
export function messagesOf(example: Example): string {
  const { diagnostics } = checkText(example.place === "file" ? example.text : programOf(example));
  return renderPretty(diagnostics, { color: false }).trimEnd();
}
