/** Owns how words and signs are coloured: the token table sorted into classes, as data that any highlighter can take. */
import {
  Arrow,
  DocumentationComment,
  leadingWords,
  LineComment,
  MalformedNumber,
  NumberLiteral,
  reservedWords,
  tokenTypes,
} from "./tokens.ts";

/** What words are, and patterns as sources of regular expressions that JavaScript and Oniguruma both read. */
export interface HighlightTable {
  /** `if`, `for`, `scan`: they steer, wherever they stand. */
  readonly control: readonly string[];
  /** `and`, `or`, `not`. */
  readonly logical: readonly string[];
  readonly constants: readonly string[];
  /** Before the name of what a file declares: `layer dense`. */
  readonly declaring: readonly string[];
  /** Before the name of what a body declares: `param w`. */
  readonly leading: readonly string[];
  /** Within a line, before what they take: `with adam`, `over time`. */
  readonly clauses: readonly string[];
  /** Types of options and indices, and what a shape may name anywhere. */
  readonly types: readonly string[];
  readonly language: readonly string[];
  /** Longest first. */
  readonly operators: readonly string[];
  readonly number: string;
  readonly malformedNumber: string;
  readonly documentation: string;
  readonly comment: string;
}

const logical = ["and", "or", "not"];
const constants = ["true", "false"];
const declaring = ["layer", "metric", "optimizer", "schedule", "model", "train", "const", "import", "entry"];
const clauses = ["from", "as", "over", "with", "every", "steps", "epochs", "reversed"];
const types = ["int", "float", "bool", "string", "list", "schedule", "index"];
const signs = new Set(["(", ")", "[", "]", "{", "}", ",", ":", "."]);

export const highlightTable: HighlightTable = {
  control: reservedWords.filter((word) => !logical.includes(word) && !constants.includes(word)),
  logical: reservedWords.filter((word) => logical.includes(word)),
  constants: reservedWords.filter((word) => constants.includes(word)),
  declaring: leadingWords.filter((word) => declaring.includes(word)),
  leading: leadingWords.filter(
    (word) =>
      (!declaring.includes(word) || word === "metric") && !clauses.includes(word) && !types.includes(word),
  ),
  clauses: leadingWords.filter((word) => clauses.includes(word)),
  types,
  language: ["batch", "training"],
  operators: tokenTypes
    .flatMap(({ PATTERN }) => (typeof PATTERN === "string" && /^\W+$/.test(PATTERN) ? [PATTERN] : []))
    .filter((text) => !signs.has(text))
    .sort((a, b) => b.length - a.length),
  number: sourceOf(NumberLiteral.PATTERN),
  malformedNumber: sourceOf(MalformedNumber.PATTERN),
  documentation: sourceOf(DocumentationComment.PATTERN),
  comment: sourceOf(LineComment.PATTERN),
};

export const arrow = String(Arrow.PATTERN);

function sourceOf(pattern: unknown): string {
  if (!(pattern instanceof RegExp)) throw new Error("this token has no pattern of its own");
  return pattern.source.replaceAll("\\/", "/");
}
