/** Owns what is said of a word that stands for nothing declared: keys and forms of recipes, labels, types, leading words. */
import { leadingWords, reservedWords } from "../../../grammar/tokens.ts";
import type { Token } from "../../syntax/parse.ts";
import type { Analysis } from "./analysis.ts";
import { type Context, contextAt } from "./context.ts";
import { calledSignature } from "./called.ts";
import { keyHelp } from "./knowledge/recipe-keys.ts";
import { signatureOfForm } from "./knowledge/recipe-forms.ts";
import { signatureText } from "./knowledge/signature.ts";
import {
  bodyStatements,
  clauseWords,
  declarationStarts,
  languageWords,
  typeNames,
} from "./knowledge/words.ts";

export interface PlainWord {
  readonly token: Token;
  /** As a line of the program; null where the words alone say it. */
  readonly head: string | null;
  readonly doc: string;
}

export function plainWordAt(analysis: Analysis, offset: number): PlainWord | null {
  const tokens = analysis.tokens();
  const place = tokens.findIndex(({ span }) => span.start <= offset && offset <= span.end);
  const token = [tokens[place], tokens[place + 1]].find(
    (one) =>
      one !== undefined &&
      one.span.start <= offset &&
      offset <= one.span.end &&
      /^[A-Za-z_]\w*$/.test(one.text),
  );
  if (token === undefined) return null;
  const following = tokens[tokens.indexOf(token) + 1]?.text;
  const context = contextAt(tokens, analysis.source.text, token.span.start);
  const told =
    ofRecipe(analysis, token, following, context) ??
    ofCall(analysis, token, following, context) ??
    ofType(token, context) ??
    ofLanguage(token);
  return told === null ? null : { token, ...told };
}

type Told = Omit<PlainWord, "token"> | null;

function ofRecipe(analysis: Analysis, token: Token, following: string | undefined, context: Context): Told {
  const { recipe, place, call } = context;
  if (recipe === null) return null;
  const { text } = token;
  if (following === ":" && call === null) {
    const help = keyHelp[text];
    return help === undefined ? null : { head: null, doc: help.doc };
  }
  const key = context.key ?? "";
  if (following === "(") {
    const form = signatureOfForm(text, key, call?.callee.text ?? null);
    if (form !== null) return { head: signatureText(form), doc: form.doc ?? "" };
  }
  if (text === "val")
    return { head: null, doc: "Losses and metrics on what is held back: `val.accuracy`, `val.loss`." };
  const ofScores = place.kind === "score" || (key === "minimize" && call === null);
  if (text === "loss" && ofScores) return { head: null, doc: "The sum of all losses of the model." };
  return null;
}

/** A label, or a word that stands behind one. */
function ofCall(analysis: Analysis, { text }: Token, following: string | undefined, context: Context): Told {
  const signature = calledSignature(analysis, context);
  if (signature === null) return null;
  const { parameters, doc } = signature;
  if (following === ":") {
    const parameter = parameters.find(({ name }) => name === text);
    return parameter === undefined ? null : { head: parameter.text, doc: doc ?? "" };
  }
  const taking = parameters.find(
    ({ name, words }) => words.includes(text) && name === (context.call?.label ?? name),
  );
  return taking === undefined ? null : { head: taking.text, doc: "" };
}

function ofType({ text }: Token, { place }: Context): Told {
  if (place.kind !== "type") return null;
  const type = typeNames.find(({ name }) => name === text);
  return { head: null, doc: type?.doc ?? "A word that may be given here." };
}

const words: ReadonlySet<string> = new Set([...leadingWords, ...reservedWords]);

function ofLanguage({ text }: Token): Told {
  const given = languageWords.find(({ name, doc }) => name === text && doc !== "");
  if (given !== undefined) return { head: null, doc: given.doc };
  if (!words.has(text)) return null;
  const start = [...declarationStarts, ...bodyStatements].find(({ word }) => word === text);
  const doc = start?.doc ?? clauseWords[text];
  return doc === undefined ? null : { head: null, doc };
}
