/** Owns completions within `train` blocks: keys, their forms, losses and metrics, inputs and targets, parts of the model. */
import { type CompletionItem, CompletionItemKind, InsertTextFormat } from "vscode-languageserver";
import { settingKeys } from "../../../check/model/recipe.ts";
import type { BodyTable, NamedSymbol } from "../../../check/symbols/index.ts";
import { libraryIndex } from "../../../library/table.generated.ts";
import { calledSignature } from "../called.ts";
import type { CallPlace } from "../context.ts";
import { formNames, isSource, signatureOfForm, takenBy } from "../knowledge/recipe-forms.ts";
import { keyHelp } from "../knowledge/recipe-keys.ts";
import { type Asked, callItem, calledItem, documented, plainItem, wordItem } from "./items.ts";
import { callees, labelItem, labels, labelled } from "./values.ts";

export function keys(): readonly CompletionItem[] {
  return settingKeys.map((key) => ({
    label: key,
    kind: CompletionItemKind.Property,
    insertText: `${key}: `,
    ...documented(keyHelp[key]?.doc ?? null),
  }));
}

function modelBody({ analysis, context }: Asked): BodyTable | undefined {
  return analysis
    .index()
    .bodies.find(({ owner }) => owner.kind === "model" && owner.name.text === context.recipe);
}

function valuesOf(asked: Asked, wanted: (symbol: NamedSymbol) => boolean): readonly CompletionItem[] {
  return [...(modelBody(asked)?.values.values() ?? [])].filter(wanted).map(plainItem);
}

function ports(asked: Asked): readonly CompletionItem[] {
  return valuesOf(asked, ({ sort }) => sort === "input" || sort === "target");
}

/** What `over` may name: shares, and bindings whose calls have parameters. */
export function parts(asked: Asked): readonly CompletionItem[] {
  return valuesOf(asked, ({ sort }) => ["share", "binding", "parameter"].includes(sort));
}

export function scores(asked: Asked): readonly CompletionItem[] {
  const body = modelBody(asked);
  const named = [...(body?.scores.values() ?? []), ...(body?.losses.values() ?? [])].map(plainItem);
  return [...named, { label: "loss", kind: CompletionItemKind.Field, detail: "the sum of all losses" }];
}

/** Behind `key:`. */
export function settingValues(asked: Asked, key: string): readonly CompletionItem[] {
  const forms = (keyHelp[key]?.values ?? []).map((form) => {
    const label = form.replace(/\$\{\d+:([^}]*)\}/g, "$1");
    const item = { label, kind: CompletionItemKind.Snippet };
    return asked.session.client.snippets
      ? { ...item, insertText: form, insertTextFormat: InsertTextFormat.Snippet }
      : item;
  });
  const clauses = key === "minimize" ? ["with", "over"] : key === "validate" ? ["every"] : [];
  return [
    ...forms,
    ...(key === "minimize" ? scores(asked).filter(({ detail }) => detail !== "score") : []),
    ...(key === "validate" || key === "augment" ? ports(asked) : []),
    ...clauses.map((label) => wordItem(label)),
    ...(["stop", "keep", "reduce"].includes(key) ? [val] : []),
  ];
}

const val: CompletionItem = {
  label: "val",
  kind: CompletionItemKind.Variable,
  detail: "what is held back",
  sortText: "0val",
};

/** Behind `->` in an `augment` line: the library's under their short names, and layers of the user's own. */
export function augmentations(asked: Asked): readonly CompletionItem[] {
  const { session, visible } = asked;
  const drawn = [...libraryIndex]
    .filter(([name, file]) => file === "augmentation.nn" && name.startsWith("random_"))
    .flatMap(([name]) => {
      const symbol = visible.calleeOf(name);
      return symbol === null ? [] : [callItem(session, symbol, name.replace("random_", ""))];
    });
  const own = callees(
    asked,
    ({ sort, source }) => sort === "layer" && source !== null && !source.name.startsWith("library/"),
  );
  return [...own, ...drawn];
}

/** Within a call that is a form of the recipe; null where it is a layer, a schedule or an optimizer. */
export function formArguments(asked: Asked, call: CallPlace): readonly CompletionItem[] | null {
  const { context, analysis } = asked;
  const { key, place } = context;
  if (key === null || signatureOfForm(call.callee.text, key, call.within) === null) return null;
  if (place.kind === "labelled") return formValue(asked, call, place.label);
  const source = isSource(call.callee.text);
  const slots = source
    ? ports(asked)
        .filter(({ label }) => !call.labels.includes(label))
        .map(({ label, detail = "" }) => labelItem(label, detail))
    : [];
  const position = calledSignature(analysis, context)?.parameters[call.position];
  const here = position === undefined || takenBy(position) !== "score" ? [] : [val];
  return [...slots, ...labels(asked, call), ...here];
}

function formValue(asked: Asked, call: CallPlace, label: string): readonly CompletionItem[] {
  const { session, context, analysis } = asked;
  const parameter = calledSignature(analysis, context)?.parameters.find(({ name }) => name === label);
  if (parameter === undefined)
    return isSource(call.callee.text)
      ? formNames(context.key ?? "", call.callee.text).flatMap((name) => {
          const form = signatureOfForm(name, context.key ?? "", call.callee.text);
          return form === null
            ? []
            : [
                {
                  label: name,
                  kind: CompletionItemKind.Function,
                  ...documented(form.doc),
                  ...calledItem(session, form),
                },
              ];
        })
      : [];
  if (takenBy(parameter) === "port") return ports(asked);
  if (takenBy(parameter) === "score") return [val];
  return labelled(asked, label);
}
