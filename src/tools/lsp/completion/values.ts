/** Owns completions within expressions: values, dimensions, what can be called, and the arguments of a call. */
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver";
import { builtins } from "../../../check/elaborate/builtin.ts";
import { initialNames } from "../../../check/elaborate/initializer.ts";
import { type NamedSymbol, builtInSymbol } from "../../../check/symbols/index.ts";
import { libraryIndex } from "../../../library/table.generated.ts";
import { operations } from "../../../ops/index.ts";
import { calledSignature } from "../called.ts";
import type { CallPlace } from "../context.ts";
import { languageWords } from "../knowledge/words.ts";
import { shapeText } from "../shape-text.ts";
import { toldOf } from "../session.ts";
import { type Asked, callItem, plainItem, wordItem } from "./items.ts";

/** Values bound before the cursor, with their shapes, and constants. */
export function values({ session, analysis, visible }: Asked): readonly CompletionItem[] {
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
  const given = languageWords.map(({ name, doc }) => wordItem(name, doc));
  return [...bound, ...constants({ analysis }), ...given];
}

function constants({ analysis }: Pick<Asked, "analysis">): readonly CompletionItem[] {
  return [...analysis.index().globals.values()].filter(({ sort }) => sort === "constant").map(plainItem);
}

export function dimensions({ analysis, visible }: Asked): readonly CompletionItem[] {
  const named = visible.values.filter(
    ({ sort }) => sort === "dimension" || sort === "option" || sort === "loop" || sort === "index",
  );
  return [
    ...named.map(plainItem),
    ...constants({ analysis }),
    { label: "batch", kind: CompletionItemKind.TypeParameter, detail: "the samples of a step" },
  ];
}

/** Everything that can be called, of the sorts that are wanted. */
export function callees(
  { session, analysis, visible }: Asked,
  wanted: (symbol: NamedSymbol) => boolean,
): readonly CompletionItem[] {
  const own = visible.values.filter(({ callable }) => callable);
  const global = [...analysis.index().globals.values()].filter(({ callable }) => callable);
  const shared = [...libraryIndex.keys(), ...operations.keys(), ...builtins];
  const symbols = [...own, ...global, ...shared.flatMap((name) => visible.calleeOf(name) ?? [])];
  return symbols.filter(wanted).map((symbol) => callItem(session, symbol));
}

export function calleesFor(
  asked: Asked,
  of: "stage" | "loss" | "metric" | "optimizer" | "initializer",
): readonly CompletionItem[] {
  switch (of) {
    case "stage":
      return callees(asked, ({ sort }) => !["metric", "optimizer", "schedule"].includes(sort));
    case "optimizer":
      return callees(asked, ({ sort }) => sort === "optimizer");
    case "metric":
      return callees(asked, ({ sort }) => sort === "metric");
    case "initializer":
      return [...initialNames].map((name) => callItem(asked.session, builtInSymbol(name, "initializer")));
    case "loss":
      return callees(
        asked,
        ({ sort, source, name }) =>
          sort === "layer" &&
          (source?.name.startsWith("library/") ? libraryIndex.get(name) === "losses.nn" : true),
      );
  }
}

/** What may stand as a further argument of a call. */
export function argument(asked: Asked, call: CallPlace): readonly CompletionItem[] {
  return [...labels(asked, call), ...values(asked), ...callees(asked, () => true)];
}

/** Options of the open call that are not given yet. */
export function labels({ analysis, context }: Asked, call: CallPlace): readonly CompletionItem[] {
  const parameters = calledSignature(analysis, context)?.parameters ?? [];
  return parameters
    .filter(({ name, tensor }) => !tensor && !call.labels.includes(name))
    .map(({ name, text }) => labelItem(name, text));
}

export function labelItem(name: string, detail: string): CompletionItem {
  return {
    label: `${name}:`,
    kind: CompletionItemKind.Property,
    detail,
    insertText: `${name}: `,
    filterText: name,
    sortText: `0${name}`,
  };
}

/** What an option takes: its words, a schedule, a layer, dimensions; else any value. */
export function labelled(asked: Asked, label: string): readonly CompletionItem[] {
  const signature = calledSignature(asked.analysis, asked.context);
  const parameter = signature?.parameters.find(({ name }) => name === label);
  const words = (parameter?.words ?? []).map((word) => ({
    label: word,
    kind: CompletionItemKind.EnumMember,
    sortText: `0${word}`,
  }));
  if (words.length > 0) return words;
  if (label === "over" || parameter?.takes === "dimensions") return dimensions(asked);
  if (parameter?.takes === "schedule")
    return [...callees(asked, ({ sort }) => sort === "schedule"), ...values(asked)];
  if (parameter?.takes === "layer")
    return callees(asked, ({ sort }) => sort === "layer" || sort === "share" || sort === "operation");
  return [...values(asked), ...callees(asked, () => true)];
}
