/** Owns giving the arguments of a call to the parameters of what is called: by place, by name, none twice. */
import {
  argumentTwice,
  missingArgument,
  tooManyArguments,
  unknownLabel,
} from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Argument, Expression } from "../../syntax/ast.ts";
import { type Span, textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import { evaluate } from "./expression.ts";
import { type Given, type Meaning } from "../statics/meaning.ts";

/** A parameter as calls see it. */
export interface Formal {
  readonly name: string;
  readonly tensor: boolean;
  readonly required: boolean;
  /** Takes as many as there are. */
  readonly variadic: boolean;
  /** Where it is declared; null for operations. */
  readonly span: Span | null;
}

export function tensorFormal(name: string, required = true): Formal {
  return { name, tensor: true, required, variadic: false, span: null };
}

export function optionFormal(name: string, required = false): Formal {
  return { name, tensor: false, required, variadic: false, span: null };
}

/** Arguments as a call writes them, to be evaluated in the caller's scope once it is known what is expected. */
export function givenArguments(
  elaboration: Elaboration,
  scope: Scope,
  list: readonly Argument[],
): readonly Given[] {
  return list.map((argument) => ({
    label: argument.label?.text ?? null,
    labelSpan: argument.label?.span ?? argument.span,
    span: argument.value.span,
    word: bareWord(argument.value),
    evaluate: (expected) => evaluate(elaboration, scope, argument.value, expected),
  }));
}

function bareWord(expression: Expression): string | null {
  return expression.kind === "name" ? expression.name.text : null;
}

/** An argument that is known already, as what a pipe passes. */
export function givenMeaning(meaning: Meaning, span: Span): Given {
  return { label: null, labelSpan: span, span, word: null, evaluate: () => meaning };
}

/** The same arguments, each evaluated at most once: a shared layer's options are what they were. */
export function evaluatedOnce(given: Given): Given {
  let known: Meaning | null = null;
  return { ...given, evaluate: (expected) => (known ??= given.evaluate(expected)) };
}

/** Which argument goes to which parameter; null where the call does not fit, with messages. */
export function matchArguments(
  elaboration: Elaboration,
  scope: Scope,
  callee: string,
  formals: readonly Formal[],
  given: readonly Given[],
  span: Span,
): ReadonlyMap<string, readonly Given[]> | null {
  const matched = new Map<string, Given[]>();
  let fits = true;
  const wrong = (diagnostic: Parameters<typeof complain>[2]): void => {
    complain(elaboration, scope, diagnostic);
    fits = false;
  };
  for (const argument of given) {
    if (argument.label !== null) continue;
    const formal = formals.find(({ name, variadic }) => variadic || !matched.has(name));
    if (formal === undefined) {
      const takes = formals.map(({ name }) => name);
      wrong(tooManyArguments.build({ span: argument.span, callee, takes }));
      break;
    }
    matched.set(formal.name, [...(matched.get(formal.name) ?? []), argument]);
  }
  for (const argument of given) {
    if (argument.label === null) continue;
    const formal = formals.find(({ name }) => name === argument.label);
    if (formal === undefined) {
      const names = formals.map(({ name }) => name);
      const suggestion = suggest(argument.label, names);
      wrong(
        unknownLabel.build({ span: argument.labelSpan, callee, label: argument.label, names, suggestion }),
      );
    } else if (matched.has(formal.name)) {
      const before = matched.get(formal.name)![0]!.span;
      wrong(argumentTwice.build({ span: argument.labelSpan, callee, name: formal.name, before }));
    } else matched.set(formal.name, [argument]);
  }
  const missing = formals.filter(({ name, required }) => required && !matched.has(name));
  if (fits && missing.length > 0) {
    const first = missing[0]!;
    const names = missing.map(({ name }) => name);
    const taken = numbersTakenAsTensors(formals, matched);
    wrong(missingArgument.build({ span, callee, names, tensor: first.tensor || taken.length > 0, taken }));
  }
  return fits ? matched : null;
}

/** A number in the place of a tensor is allowed, and mostly a tensor forgotten. */
function numbersTakenAsTensors(
  formals: readonly Formal[],
  matched: ReadonlyMap<string, readonly Given[]>,
): readonly string[] {
  return formals.flatMap(({ name, tensor }) => {
    const text = tensor ? (matched.get(name) ?? []).map(({ span }) => textOf(span)).join(", ") : "";
    return /^[\d.]+$/.test(text) ? [`\`${text}\` was taken as \`${name}\``] : [];
  });
}
