/** Owns the TextMate grammar, made from the token table: what VS Code, Shiki, GitHub and JetBrains colour `.nn` by. */
import { arrow, highlightTable as table } from "./highlighting.ts";

export interface TextMateRule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Readonly<Record<string, TextMateRule>>;
  readonly beginCaptures?: Readonly<Record<string, TextMateRule>>;
  readonly endCaptures?: Readonly<Record<string, TextMateRule>>;
  readonly patterns?: readonly TextMateRule[];
}

export interface TextMateGrammar {
  readonly $schema: string;
  readonly information_for_contributors: readonly string[];
  readonly name: string;
  readonly scopeName: string;
  readonly fileTypes: readonly string[];
  readonly patterns: readonly TextMateRule[];
  readonly repository: Readonly<Record<string, TextMateRule>>;
}

const name = "[A-Za-z_]\\w*";
const words = (list: readonly string[]): string => `\\b(?:${list.join("|")})\\b`;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const include = (...keys: readonly string[]): readonly TextMateRule[] =>
  keys.map((key) => ({ include: `#${key}` }));

/** A leading word leads where a name follows; a clause or an operator after it makes it a name itself. */
const beforeName = `(?=\\s+(?!${words([...table.clauses, ...table.control, ...table.logical])})[A-Za-z_])`;

const assignments = new Set(["="]);
const comparisons = table.operators.filter((text) => /^[=!<>]=?$/.test(text) && !assignments.has(text));
const arithmetic = table.operators.filter((text) => /^(?:[-+*/%@]|\*\*)$/.test(text));
const signs = (list: readonly string[]): string => list.map(escaped).join("|");

/** The whole grammar. No rule but a string's spans lines: half-written code colours what follows it as ever. */
export function textMateGrammar(): TextMateGrammar {
  return {
    $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
    information_for_contributors: [
      "Generated from grammar/tokens.ts by `npm run grammar`; edit grammar/textmate.ts.",
    ],
    name: "nn",
    scopeName: "source.nn",
    fileTypes: ["nn"],
    patterns: include("all"),
    repository: {
      all: {
        patterns: [...include("brackets", "labels", "inner")],
      },
      inner: {
        patterns: include(
          ...["comments", "strings", "numbers", "declarations", "statements", "clauses", "words"],
          ...["types", "calls", "members", "operators", "punctuation"],
        ),
      },
      comments: {
        patterns: [
          { name: "comment.line.documentation.nn", match: table.documentation },
          { name: "comment.line.double-slash.nn", match: table.comment },
        ],
      },
      strings: {
        name: "string.quoted.double.nn",
        begin: '"',
        end: '"|$',
        beginCaptures: { 0: { name: "punctuation.definition.string.begin.nn" } },
        endCaptures: { 0: { name: "punctuation.definition.string.end.nn" } },
        patterns: [{ name: "constant.character.escape.nn", match: "\\\\." }],
      },
      numbers: {
        patterns: [
          {
            name: "invalid.illegal.number.nn",
            match: `(?:(?<![\\w.])|(?<!\\.)(?=\\.))(?:${table.malformedNumber})`,
          },
          { name: "constant.numeric.nn", match: `(?<![\\w])(?:${table.number})` },
        ],
      },
      declarations: {
        patterns: [
          {
            match: `(${words(["model", "train"])})\\s+(${name})`,
            captures: { 1: { name: "storage.type.nn" }, 2: { name: "entity.name.type.nn" } },
          },
          {
            match: `(${words(table.declaring.filter((word) => !["model", "train", "import", "const", "metric"].includes(word)))})\\s+(?!${words(table.clauses)})(${name})`,
            captures: { 1: { name: "storage.type.nn" }, 2: { name: "entity.name.function.nn" } },
          },
          {
            match: `(${words(["const"])})\\s+(${name})`,
            captures: { 1: { name: "storage.type.nn" }, 2: { name: "variable.other.constant.nn" } },
          },
          { name: "keyword.control.import.nn", match: '\\bimport\\b(?=\\s*\\{)|\\bfrom\\b(?=\\s*")' },
        ],
      },
      statements: {
        patterns: [
          {
            match: `(${words(["input", "target", "param", "state", "carry", "collect", "share", "output"])})\\s+(?!${words(table.clauses)})(${name})`,
            captures: { 1: { name: "storage.modifier.nn" }, 2: { name: "variable.other.definition.nn" } },
          },
          { name: "storage.modifier.nn", match: `${words(table.leading)}${beforeName}` },
        ],
      },
      clauses: {
        patterns: [
          {
            match: `(\\bevery\\b)\\s+([^\\n:{}]*?)\\s*(${words(["steps", "epochs"])})`,
            captures: {
              1: { name: "keyword.other.nn" },
              2: { patterns: include("inner") },
              3: { name: "keyword.other.nn" },
            },
          },
          {
            name: "keyword.other.nn",
            match: `${words(table.clauses.filter((word) => !["steps", "epochs", "reversed"].includes(word)))}(?=\\s+[\\w("])|\\breversed\\b(?=\\s*\\{)`,
          },
        ],
      },
      words: {
        patterns: [
          { name: "keyword.control.nn", match: words(table.control) },
          { name: "keyword.operator.word.nn", match: words(table.logical) },
          { name: "constant.language.nn", match: words(table.constants) },
          { name: "variable.language.nn", match: words(table.language) },
        ],
      },
      types: { name: "support.type.nn", match: `(?<=[:|,(>] |[:|(])${words(table.types)}(?!\\s*[:=])` },
      calls: {
        patterns: [
          {
            match: `(${escaped(arrow)})\\s*(${name})`,
            captures: {
              1: { name: "keyword.operator.pipe.nn" },
              2: { name: "entity.name.function.call.nn" },
            },
          },
          { name: "entity.name.function.call.nn", match: `${name}(?=\\s*\\()` },
        ],
      },
      members: {
        match: `(?<!\\.)(\\.)(${name})`,
        captures: { 1: { name: "punctuation.accessor.nn" }, 2: { name: "variable.other.member.nn" } },
      },
      labels: {
        match: `(?:^|(?<=[(,{]))\\s*(${name})\\s*(:)`,
        captures: { 1: { name: "variable.parameter.nn" }, 2: { name: "punctuation.separator.label.nn" } },
      },
      brackets: {
        begin: "\\[",
        end: "\\]|$",
        beginCaptures: { 0: { name: "punctuation.section.brackets.begin.nn" } },
        endCaptures: { 0: { name: "punctuation.section.brackets.end.nn" } },
        patterns: include("brackets", "inner"),
      },
      operators: {
        patterns: [
          { name: "keyword.operator.pipe.nn", match: escaped(arrow) },
          { name: "keyword.operator.range.nn", match: "\\.\\.\\.?" },
          { name: "keyword.operator.comparison.nn", match: signs(comparisons) },
          { name: "keyword.operator.arithmetic.nn", match: signs(arithmetic) },
          { name: "keyword.operator.assignment.nn", match: "=" },
          { name: "keyword.operator.alternative.nn", match: "\\|" },
        ],
      },
      punctuation: {
        patterns: [
          { name: "punctuation.section.block.nn", match: "[{}]" },
          { name: "punctuation.section.parens.nn", match: "[()]" },
          { name: "punctuation.separator.nn", match: "[,:]" },
        ],
      },
    },
  };
}
