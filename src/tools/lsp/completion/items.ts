/** Owns how symbols and words look in a list of completions. */
import { type CompletionItem, CompletionItemKind, InsertTextFormat } from "vscode-languageserver";
import type { NamedSymbol, SymbolSort, Visible } from "../../../check/symbols/index.ts";
import type { Analysis } from "../analysis.ts";
import type { Context } from "../context.ts";
import { type Signature, signatureOf, signatureText } from "../knowledge/signature.ts";
import type { Session } from "../session.ts";

/** Where completions are asked for. */
export interface Asked {
  readonly session: Session;
  readonly analysis: Analysis;
  readonly context: Context;
  readonly visible: Visible;
}

const kinds: Readonly<Partial<Record<SymbolSort, CompletionItemKind>>> = {
  model: CompletionItemKind.Class,
  constant: CompletionItemKind.Constant,
  dimension: CompletionItemKind.TypeParameter,
  share: CompletionItemKind.Method,
  entry: CompletionItemKind.Method,
  loss: CompletionItemKind.Field,
  score: CompletionItemKind.Field,
  parameter: CompletionItemKind.Field,
  state: CompletionItemKind.Field,
};

export function plainItem(symbol: NamedSymbol): CompletionItem {
  return {
    label: symbol.name,
    kind: kinds[symbol.sort] ?? (symbol.callable ? CompletionItemKind.Function : CompletionItemKind.Variable),
    detail: symbol.sort,
    ...documented(symbol.doc),
  };
}

export function documented(doc: string | null): Pick<CompletionItem, "documentation"> {
  return doc === null || doc === "" ? {} : { documentation: { kind: "markdown", value: doc } };
}

export function wordItem(label: string, doc: string | null = null): CompletionItem {
  return { label, kind: CompletionItemKind.Keyword, ...documented(doc) };
}

/** A text with places to fill in, where the client can do that. */
export function snippetItem({ session }: Asked, label: string, body: string, doc: string): CompletionItem {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    ...documented(doc),
    ...(session.client.snippets
      ? { insertText: body, insertTextFormat: InsertTextFormat.Snippet }
      : { insertText: label }),
  };
}

const order: Readonly<Partial<Record<SymbolSort, string>>> = {
  share: "0",
  layer: "1",
  metric: "1",
  optimizer: "1",
};

/** Something that can be called, under its own name or, as in `augment` lines, a shorter one. */
export function callItem(session: Session, symbol: NamedSymbol, name = symbol.name): CompletionItem {
  const signature = signatureOf(symbol);
  const item: CompletionItem = {
    ...plainItem(symbol),
    label: name,
    kind: kinds[symbol.sort] ?? CompletionItemKind.Function,
    sortText: `${order[symbol.sort] ?? "2"}${name}`,
    ...documented(symbol.doc ?? signature?.doc ?? null),
  };
  return signature === null ? item : { ...item, ...calledItem(session, { ...signature, name }) };
}

/** The signature, and the name with places for the options that must be given. */
export function calledItem(
  { client }: Session,
  signature: Signature,
): Pick<CompletionItem, "detail" | "insertText" | "insertTextFormat"> {
  const { name, parameters } = signature;
  const detail = signatureText(signature);
  const due = parameters.filter(({ required, tensor }) => required && !tensor);
  if (!client.snippets || due.length === 0) return { detail };
  const filled = due.map((parameter, place) => `\${${place + 1}:${parameter.name}}`);
  return {
    detail,
    insertText: `${name}(${filled.join(", ")})`,
    insertTextFormat: InsertTextFormat.Snippet,
  };
}
