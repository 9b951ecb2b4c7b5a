/** Owns the language for highlight.js: `hljs.registerLanguage("nn", nn)`. */
import type { HLJSApi, Language } from "highlight.js";
import table from "../../../grammar/nn.highlight.json" with { type: "json" };

const name = "[A-Za-z_]\\w*";

/** `nn` and `nnc` in fenced code blocks. */
export default function nn(_hljs: HLJSApi): Language {
  const followed = new RegExp(
    `\\b(?:${[...table.declaring, ...table.leading].join("|")})\\b(?=\\s+(?!(?:${table.clauses.join("|")})\\b)[A-Za-z_{])`,
  );
  return {
    name: "nn",
    aliases: ["nnc"],
    // Words that only lead are names elsewhere: those that always mean one thing are given as keywords.
    keywords: {
      $pattern: name,
      keyword: [...table.control, ...table.logical],
      literal: table.constants,
      built_in: table.language,
    },
    contains: [
      { scope: "doctag", match: new RegExp(table.documentation) },
      { scope: "comment", match: new RegExp(table.comment) },
      { scope: "string", begin: /"/, end: /"|$/, contains: [{ scope: "char.escape", match: /\\./ }] },
      { scope: "number", match: new RegExp(`\\b(?:${table.number})`) },
      {
        match: [/\b(?:layer|metric|optimizer|schedule|model|train|entry)/, /\s+/, new RegExp(name)],
        scope: { 1: "keyword", 3: "title.function" },
      },
      { scope: "keyword", match: followed },
      { scope: "keyword", match: new RegExp(`\\b(?:${table.clauses.join("|")})\\b(?=\\s+[\\w("]|\\s*\\{)`) },
      { scope: "attr", match: new RegExp(`\\b${name}(?=\\s*:)`) },
      { scope: "type", match: new RegExp(`\\b(?:${table.types.join("|")})\\b(?!\\s*=)`) },
      { match: [/->/, /\s*/, new RegExp(name)], scope: { 1: "operator", 3: "title.function" } },
      {
        scope: "title.function",
        match: new RegExp(
          `\\b(?!(?:${[...table.control, ...table.logical].join("|")})\\b)${name}(?=\\s*\\()`,
        ),
      },
      {
        scope: "operator",
        match: new RegExp(
          table.operators.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"),
        ),
      },
    ],
  };
}
