/** Owns the types of options: what may stand for one, and checking what was given. */
import { variesBySample } from "../../ir/dimension.ts";
import { notWhole, optionUnfit, wordUnknown } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { NamedType, Parameter, Type } from "../../syntax/ast.ts";
import { type Span, textOf } from "../../text/source.ts";
import { staticComparison } from "./arithmetic.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import * as exact from "./exact.ts";
import { evaluate } from "../elaborate/expression.ts";
import { type Expected, type Given, type Meaning, describe, numeric } from "./meaning.ts";

const builtinTypes = new Set(["int", "float", "bool", "string", "schedule", "list"]);

export function alternatives(type: Type): readonly Type[] {
  return type.kind === "union" ? type.options : [type];
}

/** What may stand as an argument for a parameter of this type. */
export function expectedBy(type: Type): Expected {
  const named = alternatives(type).filter((option) => option.kind === "named");
  const layer = alternatives(type).find((option) => option.kind === "layerType");
  return {
    words: wordsOf(type),
    layerTensors: layer === undefined ? null : layer.tensors.length,
    schedule: named.some(({ name }) => name.text === "schedule"),
  };
}

function wordsOf(type: Type): readonly string[] {
  return alternatives(type).flatMap((option) =>
    option.kind === "named" && !builtinTypes.has(option.name.text) ? [option.name.text] : [],
  );
}

/** The value of an option, checked against its type; null with a message. `caller` is where messages belong. */
export function optionOf(
  elaboration: Elaboration,
  caller: Scope,
  owner: Scope,
  callee: string,
  parameter: Parameter,
  given: Given,
): Meaning | null {
  const words = wordsOf(parameter.type);
  if (given.word !== null && words.length > 0 && onlyWords(parameter.type) && !words.includes(given.word)) {
    const bound = caller.bindings.get(given.word);
    if (bound === undefined) {
      const suggestion = suggest(given.word, words);
      complain(
        elaboration,
        caller,
        wordUnknown.build({
          span: given.span,
          word: given.word,
          option: parameter.name.text,
          words,
          suggestion,
        }),
      );
      return null;
    }
  }
  const meaning = given.evaluate(expectedBy(parameter.type));
  if (meaning.kind === "unknown") return null;
  for (const option of alternatives(parameter.type)) {
    const accepted = accept(elaboration, owner, option, meaning, given.span, parameter.name.text);
    if (accepted !== null) return accepted;
  }
  const due = describeType(parameter.type);
  if (meaning.kind === "number" && /whole/.test(due)) {
    const text = textOf(given.span);
    complain(
      elaboration,
      caller,
      notWhole.build({
        span: given.span,
        text,
        value: exact.printExact(meaning.number),
        due: `\`${parameter.name.text}\` of \`${callee}\``,
      }),
    );
  } else {
    complain(
      elaboration,
      caller,
      optionUnfit.build({
        span: given.span,
        callee,
        option: parameter.name.text,
        due,
        found: describe(meaning),
      }),
    );
  }
  return null;
}

function onlyWords(type: Type): boolean {
  return alternatives(type).every((option) => option.kind === "named" && !builtinTypes.has(option.name.text));
}

function accept(
  elaboration: Elaboration,
  owner: Scope,
  type: Type,
  meaning: Meaning,
  span: Span,
  name: string,
): Meaning | null {
  if (type.kind === "layerType") return meaning.kind === "layer" ? meaning : null;
  if (type.kind !== "named") return null;
  switch (type.name.text) {
    case "int":
      if (meaning.kind === "dimension" && variesBySample(meaning.dimension))
        return withinBound(elaboration, owner, type, meaning) ? meaning : null;
      if (meaning.kind !== "number" || !exact.isWhole(meaning.number)) return null;
      return withinBound(elaboration, owner, type, meaning) ? named(meaning, span, name) : null;
    case "float":
      if (meaning.kind !== "number" || !withinBound(elaboration, owner, type, meaning)) return null;
      return numeric(meaning.number, meaning.origin);
    case "bool":
      return meaning.kind === "boolean" ? meaning : null;
    case "string":
      return meaning.kind === "string" ? meaning : null;
    case "list":
      return meaning.kind === "list" ? meaning : null;
    case "schedule":
      if (meaning.kind === "number")
        return { kind: "schedule", form: { kind: "fixed", number: meaning.number } };
      return meaning.kind === "schedule" ? meaning : null;
    default:
      return meaning.kind === "word" && meaning.text === type.name.text ? meaning : null;
  }
}

/** An `int` can be a dimension, so it remembers where it was given. */
function named(meaning: Meaning & { readonly kind: "number" }, span: Span, name: string): Meaning {
  const from = meaning.origin;
  const origin = from ?? {
    span,
    via: { text: `\`${name}\` is ${exact.printExact(meaning.number)} here`, from: null },
  };
  return numeric(meaning.number, origin, { constant: exact.toNumber(meaning.number), terms: [], origin });
}

function withinBound(elaboration: Elaboration, owner: Scope, type: NamedType, meaning: Meaning): boolean {
  if (type.bound === null) return true;
  const limit = evaluate(elaboration, owner, type.bound.value);
  return staticComparison(type.bound.operator, meaning, limit) !== false;
}

export function describeType(type: Type): string {
  const texts = alternatives(type).map((option) => {
    if (option.kind === "layerType") return "a layer";
    if (option.kind === "shape" || option.kind === "index") return "a tensor";
    const { text } = option.kind === "named" ? option.name : { text: "" };
    const bound =
      option.kind === "named" && option.bound !== null ? ` ${textOf(option.bound.value.span)}` : "";
    const operator = option.kind === "named" && option.bound !== null ? ` ${option.bound.operator}` : "";
    switch (text) {
      case "int":
        return `a whole number${operator}${bound}`;
      case "float":
        return `a number known at compile time${operator}${bound}`;
      case "bool":
        return "`true` or `false`";
      case "string":
        return "a string";
      case "list":
        return "a list";
      case "schedule":
        return "a number or a schedule";
      default:
        return `\`${text}\``;
    }
  });
  return texts.join(" or ");
}
