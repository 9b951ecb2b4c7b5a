/** Owns completion: what may stand at the cursor, with signatures. */
import { type CompletionItem, CompletionItemKind } from "vscode-languageserver";
import type { Visible } from "../../../check/symbols/index.ts";
import { exportsOf, paths } from "../completion/files.ts";
import { type Asked, plainItem, snippetItem } from "../completion/items.ts";
import { augmentations, formArguments, keys, parts, scores, settingValues } from "../completion/recipe.ts";
import { argument, callees, calleesFor, dimensions, labelled, values } from "../completion/values.ts";
import { contextAt } from "../context.ts";
import { bodyStatements, declarationStarts, typeNames } from "../knowledge/words.ts";
import { type PositionParams, type Session, placeOf } from "../session.ts";

export function completion(session: Session, params: PositionParams): CompletionItem[] {
  const place = placeOf(session, params);
  if (place === null) return [];
  const { analysis, offset } = place;
  const context = contextAt(analysis.tokens(), analysis.source.text, offset);
  const visible = analysis.index().at(context.wordStart);
  const items = itemsAt({ session, analysis, context, visible });
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
      return paths(asked, place.written);
    case "imported":
      return exportsOf(asked, place.rest);
    case "declaration":
      return declarationStarts.map(({ word, snippet, doc }) => snippetItem(asked, word, snippet, doc));
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
          .map(({ word, snippet, doc }) => snippetItem(asked, word, snippet, doc)),
        ...values(asked),
      ];
    case "value":
      return [...values(asked), ...callees(asked, () => true)];
    case "callee":
      return place.of === "augmentation" ? augmentations(asked) : calleesFor(asked, place.of);
    case "held":
      return visible.values.filter(({ sort }) => sort === "state" || sort === "carry").map(plainItem);
    case "key":
      return keys();
    case "setting":
      return settingValues(asked, place.key);
    case "part":
      return parts(asked);
    case "score":
      return scores(asked);
    case "argument":
      return formArguments(asked, place.call) ?? argument(asked, place.call);
    case "labelled":
      return formArguments(asked, place.call) ?? labelled(asked, place.label);
  }
}

function bodyKind({ body }: Visible): string {
  const owner = body?.owner;
  return owner?.kind === "definition" ? owner.sort : (owner?.kind ?? "model");
}
