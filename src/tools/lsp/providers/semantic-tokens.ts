/** Owns semantic tokens: what names stand for, beyond what a lexer can see. */
import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from "vscode-languageserver";
import type { SymbolSort, Use } from "../../../check/symbols/index.ts";
import { type DocumentParams, type Session, analysisOf } from "../session.ts";

const types = [
  "class",
  "function",
  "parameter",
  "variable",
  "property",
  "typeParameter",
  "method",
  "event",
] as const;
const modifiers = ["declaration", "readonly", "modification", "defaultLibrary"] as const;
type TokenType = (typeof types)[number];

export const legend: SemanticTokensLegend = { tokenTypes: [...types], tokenModifiers: [...modifiers] };

const typeOf: Readonly<Record<SymbolSort, TokenType>> = {
  model: "class",
  layer: "function",
  metric: "function",
  optimizer: "function",
  schedule: "function",
  operation: "function",
  initializer: "function",
  share: "method",
  entry: "method",
  recipe: "event",
  constant: "variable",
  option: "parameter",
  tensor: "parameter",
  dimension: "typeParameter",
  input: "variable",
  target: "variable",
  parameter: "property",
  state: "property",
  carry: "property",
  collect: "property",
  binding: "variable",
  output: "property",
  loss: "property",
  score: "property",
  index: "variable",
  loop: "variable",
};

const fixed = new Set<SymbolSort>(["constant", "input", "target", "loop", "index", "option"]);

export function semanticTokens(session: Session, params: DocumentParams): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  const analysis = analysisOf(session, params);
  let end = 0;
  for (const use of analysis?.index().uses ?? []) {
    if (use.span.start < end) continue;
    end = use.span.end;
    const { line, character } = session.places.range(use.span).start;
    const type = use.role === "labels" ? "parameter" : typeOf[use.symbol.sort];
    builder.push(line, character, use.span.end - use.span.start, types.indexOf(type), bits(session, use));
  }
  return builder.build();
}

function bits(session: Session, { symbol, role }: Use): number {
  const { source, sort } = symbol;
  const flags: Readonly<Record<(typeof modifiers)[number], boolean>> = {
    declaration: role === "declares",
    readonly: fixed.has(sort),
    modification: role === "writes",
    defaultLibrary: source === null || session.places.isLibrary(source.name),
  };
  return modifiers.reduce((sum, name, place) => sum + (flags[name] ? 1 << place : 0), 0);
}
