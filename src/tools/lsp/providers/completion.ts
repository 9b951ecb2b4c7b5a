/** Owns completion: what may stand at the cursor, with signatures. */
import { type CompletionItem, CompletionItemKind, InsertTextFormat } from "vscode-languageserver";
import { builtins, later } from "../../../check/elaborate/builtin.ts";
import { initializerNames } from "../../../check/elaborate/initializer.ts";
import { resolvePath } from "../../../check/program.ts";
import { settingKeys } from "../../../check/model/recipe.ts";
import { type NamedSymbol, type SymbolSort, type Visible } from "../../../check/symbols/index.ts";
import { libraryIndex } from "../../../library/table.generated.ts";
import { operations } from "../../../ops/index.ts";
import type { Analysis } from "../analysis.ts";
import { type CallPlace, type Context, contextAt } from "../context.ts";
import { keyHelp } from "../recipe-keys.ts";
import { type PositionParams, type Session, placeOf, toldOf } from "../session.ts";
import { type Signature, signatureOf, signatureText } from "../signature.ts";
import { bodyStatements, declarationStarts, typeNames } from "../words.ts";
import { shapeText } from "./inlay-hints.ts";

interface Asked {
  readonly session: Session;
  readonly analysis: Analysis;
  readonly offset: number;
  readonly context: Context;
  readonly visible: Visible;
}

export function completion(session: Session, params: PositionParams): CompletionItem[] {
  const place = placeOf(session, params);
  if (place === null) return [];
  const { analysis, offset } = place;
  const context = contextAt(analysis.tokens(), analysis.source.text, offset);
  const visible = analysis.index().at(context.wordStart);
  const items = itemsAt({ session, analysis, offset, context, visible });
  const seen = new Set<string>();
  return items.filter(({ label }) => !seen.has(label) && seen.add(label).size > 0);
}

function itemsAt(asked: Asked): readonly CompletionItem[] {
  const { context, visible } = asked;
  const { place } = context;
  switch (place.kind) {
    case "nowhere":
      return [];
    case "path":
      return paths(asked);
    case "imported":
      return exportsOf(asked, place.rest);
    case "declaration":
      return declarationStarts.map((start) => snippet(asked, start.word, start.snippet, start.doc));
    case "type":
      return typeNames.map(({ name, doc }) => ({
        label: name,
        kind: CompletionItemKind.TypeParameter,
        documentation: doc,
      }));
    case "dimension":
      return dimensions(asked);
    case "model":
      return [...asked.analysis.index().globals.values()]
        .filter(({ sort }) => sort === "model")
        .map(plainItem);
    case "statement":
      return [
        ...bodyStatements
          .filter(({ bodies }) => bodies.includes(bodyKind(visible)))
          .map((start) => snippet(asked, start.word, start.snippet, start.doc)),
        ...values(asked),
      ];
    case "value":
      return [...values(asked), ...callees(asked, () => true)];
    case "callee":
      return calleesFor(asked, place.of);
    case "held":
      return visible.values.filter(({ sort }) => sort === "state" || sort === "carry").map(plainItem);
    case "key":
      return settingKeys.map((key) => ({
        label: key,
        kind: CompletionItemKind.Property,
        insertText: `${key}: `,
        ...documented(keyHelp[key]?.doc ?? null),
      }));
    case "setting":
      return settingValues(asked, place.key);
    case "score":
      return scores(asked);
    case "argument":
      return [...labels(asked, place.call), ...values(asked), ...callees(asked, () => true)];
    case "labelled":
      return labelled(asked, place.call, place.label);
  }
}

function bodyKind({ body }: Visible): string {
  const owner = body?.owner;
  return owner?.kind === "definition" ? owner.sort : (owner?.kind ?? "model");
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

function plainItem(symbol: NamedSymbol): CompletionItem {
  return {
    label: symbol.name,
    kind: kinds[symbol.sort] ?? (symbol.callable ? CompletionItemKind.Function : CompletionItemKind.Variable),
    detail: symbol.sort,
    ...documented(symbol.doc),
  };
}

function documented(doc: string | null): Pick<CompletionItem, "documentation"> {
  return doc === null ? {} : { documentation: { kind: "markdown", value: doc } };
}

function snippet({ session }: Asked, label: string, body: string, doc: string): CompletionItem {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    documentation: doc,
    ...(session.client.snippets
      ? { insertText: body, insertTextFormat: InsertTextFormat.Snippet }
      : { insertText: label }),
  };
}

/** Values bound before the cursor, with their shapes, and constants. */
function values({ session, analysis, visible }: Asked): readonly CompletionItem[] {
  const { facts } = toldOf(session, analysis);
  const types = new Map(
    facts.flatMap(({ span, text }) =>
      span.source.name === analysis.source.name ? [[span.start, text] as const] : [],
    ),
  );
  const bound = visible.values.map((symbol) => {
    const told = symbol.declarations
      .map(({ span }) => types.get(span.start))
      .findLast((text) => text !== undefined);
    return {
      ...plainItem(symbol),
      sortText: `0${symbol.name}`,
      ...(told === undefined ? {} : { detail: shapeText(told) }),
    };
  });
  const constants = [...analysis.index().globals.values()]
    .filter(({ sort }) => sort === "constant")
    .map(plainItem);
  const given = ["batch", "training", "pi", "true", "false"].map((label) => ({
    label,
    kind: CompletionItemKind.Keyword,
  }));
  return [...bound, ...constants, ...given];
}

function dimensions({ analysis, visible }: Asked): readonly CompletionItem[] {
  const named = visible.values.filter(
    ({ sort }) => sort === "dimension" || sort === "option" || sort === "loop" || sort === "index",
  );
  const constants = [...analysis.index().globals.values()].filter(({ sort }) => sort === "constant");
  return [
    ...[...named, ...constants].map(plainItem),
    { label: "batch", kind: CompletionItemKind.TypeParameter, detail: "the samples of a step" },
  ];
}

/** Everything that can be called, of the sorts that are wanted. */
function callees(
  { session, analysis, visible }: Asked,
  wanted: (symbol: NamedSymbol) => boolean,
): readonly CompletionItem[] {
  const own = visible.values.filter(({ callable }) => callable);
  const global = [...analysis.index().globals.values()].filter(({ callable }) => callable);
  const shared = [...libraryIndex.keys(), ...operations.keys(), ...builtins].filter(
    (name) => !later.has(name),
  );
  const symbols = [...own, ...global, ...shared.flatMap((name) => visible.calleeOf(name) ?? [])];
  return symbols.filter(wanted).map((symbol) => callItem(session, symbol));
}

const order: Readonly<Partial<Record<SymbolSort, string>>> = {
  share: "0",
  layer: "1",
  metric: "1",
  optimizer: "1",
};

function callItem(session: Session, symbol: NamedSymbol): CompletionItem {
  const signature = signatureOf(symbol);
  const item: CompletionItem = {
    ...plainItem(symbol),
    kind: kinds[symbol.sort] ?? CompletionItemKind.Function,
    sortText: `${order[symbol.sort] ?? "2"}${symbol.name}`,
    ...documented(symbol.doc ?? signature?.doc ?? null),
  };
  if (signature === null) return item;
  const text = signatureText(signature);
  return { ...item, detail: text, ...called(session, signature) };
}

/** The name with places for the options that must be given. */
function called(
  { client }: Session,
  { name, parameters }: Signature,
): Pick<CompletionItem, "insertText" | "insertTextFormat"> {
  const due = parameters.filter(({ required, tensor }) => required && !tensor);
  if (!client.snippets || due.length === 0) return {};
  const filled = due.map((parameter, place) => `\${${place + 1}:${parameter.name}}`);
  return { insertText: `${name}(${filled.join(", ")})`, insertTextFormat: InsertTextFormat.Snippet };
}

function calleesFor(asked: Asked, of: "stage" | "loss" | "metric" | "optimizer"): readonly CompletionItem[] {
  switch (of) {
    case "stage":
      return callees(asked, ({ sort }) => !["metric", "optimizer", "schedule"].includes(sort));
    case "optimizer":
      return callees(asked, ({ sort }) => sort === "optimizer");
    case "metric":
      return callees(asked, ({ sort }) => sort === "metric");
    case "loss":
      return callees(
        asked,
        ({ sort, source, name }) =>
          sort === "layer" &&
          (source?.name.startsWith("library/") ? libraryIndex.get(name) === "losses.nn" : true),
      );
  }
}

/** Options of the open call that are not given yet. */
function labels({ visible }: Asked, call: CallPlace): readonly CompletionItem[] {
  const symbol = visible.calleeOf(call.callee.text);
  const signature = symbol === null ? null : signatureOf(symbol);
  return (signature?.parameters ?? [])
    .filter(({ name, tensor }) => !tensor && !call.labels.includes(name))
    .map(({ name, text }) => ({
      label: `${name}:`,
      kind: CompletionItemKind.Property,
      detail: text,
      insertText: `${name}: `,
      filterText: name,
      sortText: `0${name}`,
    }));
}

/** What an option takes: its words, a schedule, a layer, dimensions; else any value. */
function labelled(asked: Asked, call: CallPlace, label: string): readonly CompletionItem[] {
  const symbol = asked.visible.calleeOf(call.callee.text);
  const parameter = (symbol === null ? null : signatureOf(symbol))?.parameters.find(
    ({ name }) => name === label,
  );
  const words = (parameter?.words ?? []).map((word) => ({
    label: word,
    kind: CompletionItemKind.EnumMember,
    sortText: `0${word}`,
  }));
  if (words.length > 0) return words;
  if (label === "over" || parameter?.takes === "dimensions") return dimensions(asked);
  if (parameter?.takes === "schedule")
    return [...callees(asked, ({ sort }) => sort === "schedule"), ...values(asked)];
  if (parameter?.takes === "layer") return callees(asked, ({ sort }) => sort === "layer" || sort === "share");
  return [...values(asked), ...callees(asked, () => true), ...initializers(asked)];
}

function initializers({ visible }: Asked): readonly CompletionItem[] {
  const held = visible.body?.owner.kind === "definition";
  return held ? initializerNames.map((label) => ({ label, kind: CompletionItemKind.Function })) : [];
}

function modelBody({ analysis, context }: Asked) {
  return analysis
    .index()
    .bodies.find(({ owner }) => owner.kind === "model" && owner.name.text === context.recipe);
}

function scores(asked: Asked): readonly CompletionItem[] {
  const body = modelBody(asked);
  const named = [...(body?.scores.values() ?? []), ...(body?.losses.values() ?? [])].map(plainItem);
  return [...named, { label: "loss", kind: CompletionItemKind.Field, detail: "the sum of all losses" }];
}

function settingValues(asked: Asked, key: string): readonly CompletionItem[] {
  const body = modelBody(asked);
  const forms = (keyHelp[key]?.values ?? []).map((form) => {
    const label = form.replace(/\$\{\d+:([^}]*)\}/g, "$1");
    return asked.session.client.snippets
      ? {
          label,
          kind: CompletionItemKind.Snippet,
          insertText: form,
          insertTextFormat: InsertTextFormat.Snippet,
        }
      : { label, kind: CompletionItemKind.Snippet };
  });
  const clauses = key === "minimize" ? ["with", "over"] : key === "validate" ? ["every"] : [];
  const losses = key === "minimize" ? scores(asked).filter(({ detail }) => detail !== "score") : [];
  const ports =
    key === "validate"
      ? [...(body?.values.values() ?? [])].filter(({ sort }) => sort === "input" || sort === "target")
      : [];
  return [
    ...forms,
    ...losses,
    ...ports.map(plainItem),
    ...clauses.map((label) => ({ label, kind: CompletionItemKind.Keyword })),
    ...(["stop", "keep"].includes(key) ? [{ label: "val", kind: CompletionItemKind.Variable }] : []),
  ];
}

function exportsOf({ session, analysis }: Asked, path: string): readonly CompletionItem[] {
  const other = session.analyses.of(resolvePath(analysis.source.name, path));
  if (path === "" || other === null) return [];
  return [...other.index().globals.values()]
    .filter(({ source, sort }) => source === other.source && sort !== "model")
    .map((symbol) => callItem(session, symbol))
    .map(({ insertText: _text, insertTextFormat: _format, ...item }) => item);
}

/** Other programs of the workspace, as seen from this file. */
function paths({ session, analysis, context }: Asked): readonly CompletionItem[] {
  const here = analysis.source.name.split("/").slice(0, -1);
  const written = context.place.kind === "path" ? context.place.written : "";
  return session.workspace
    .names()
    .filter((name) => name !== analysis.source.name)
    .map((name) => relative(here, name.split("/")))
    .filter((path) => path.startsWith(written))
    .map((path) => ({
      label: path,
      kind: CompletionItemKind.File,
      insertText: path.slice(written.lastIndexOf("/") + 1),
    }));
}

function relative(from: readonly string[], to: readonly string[]): string {
  let common = 0;
  while (common < from.length && from[common] === to[common]) common += 1;
  const up = from.length - common;
  return [...(up === 0 ? ["."] : Array.from({ length: up }, () => "..")), ...to.slice(common)].join("/");
}
