/** Owns the numbers that an entry is called with, as `temperature: float = 0.8`: one for all samples of a call. */
import { type DeclaredSymbol, symbolic } from "../../ir/dimension.ts";
import type { EntryNumber } from "../../ir/network.ts";
import { floats } from "../../ir/type.ts";
import { entryCountUnfit, entryNumberUnfit, settingUnfit } from "../../report/catalogue/check.ts";
import type { Entry, Expression, Name } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, bind, complain, tell } from "../elaborate/elaboration.ts";
import { evaluate } from "../elaborate/expression.ts";
import { addArgument } from "../elaborate/graph-builder.ts";
import * as exact from "../statics/exact.ts";
import { describe, tensor, unknown } from "../statics/meaning.ts";

/** Binds it as a scalar; null with a message where it is none. */
export function declareNumber(
  elaboration: Elaboration,
  scope: Scope,
  entry: Entry,
  { name, type, fallback, span }: Entry["parameters"][number],
): EntryNumber | null {
  const forget = (): null => {
    scope.bindings.set(name.text, { meaning: unknown, span: name.span });
    return null;
  };
  if (type.kind !== "named" || (type.name.text !== "float" && type.name.text !== "int")) {
    complain(elaboration, null, entryNumberUnfit.build({ span: type.span, found: textOf(span) }));
    return forget();
  }
  const whole = type.name.text === "int";
  const bound = boundOf(elaboration, scope, type.bound);
  const given = fallback === null ? null : numberOf(elaboration, scope, fallback);
  if (bound === "wrong" || given === "wrong") return forget();
  if (bound !== null && given !== null && !holds(given, bound)) {
    const due = `a number ${bound.operator} ${bound.limit}`;
    const facts = { span: fallback!.span, key: name.text, due, found: `the number ${given}` };
    complain(elaboration, null, settingUnfit.build(facts));
    return forget();
  }
  if (whole) {
    const symbol = lengthOf(elaboration, name, bound, given);
    if (symbol === null) {
      complain(
        elaboration,
        null,
        entryCountUnfit.build({ span: type.span, name: name.text, found: textOf(span) }),
      );
      return forget();
    }
    const dimension = symbolic(symbol, { span: name.span });
    scope.bindings.set(name.text, { meaning: { kind: "dimension", dimension }, span: name.span });
    tell(elaboration, name.span, "dimension", `up to ${symbol.maximum}`);
    return { name: name.text, span, fallback: given, bound, length: symbol };
  }
  const role = { kind: "input" as const, name: `${entry.name.text}.${name.text}` };
  const value = addArgument(elaboration.graph, role, floats([]), name.text);
  bind(elaboration, scope, name.text, tensor(value), name.span);
  tell(elaboration, name.span, "input", "float[]");
  return { name: name.text, span, fallback: given, bound, length: null };
}

/** `length: int <= 1000` is a length of 1 to 1000; null where it has no such bound, or a fallback that is no length. */
function lengthOf(
  elaboration: Elaboration,
  { text, span }: Name,
  bound: Bound | null,
  given: number | null,
): DeclaredSymbol | null {
  if (bound?.operator !== "<=" || !Number.isInteger(bound.limit) || bound.limit < 1) return null;
  if (given !== null && !(Number.isInteger(given) && given >= 1)) return null;
  const { lengths } = elaboration.registry;
  const place = `${span.source.name}:${span.start}`;
  const symbol = lengths.get(place) ?? { kind: "length", name: text, minimum: 1, maximum: bound.limit };
  lengths.set(place, symbol);
  return symbol;
}

type Bound = NonNullable<EntryNumber["bound"]>;

function boundOf(
  elaboration: Elaboration,
  scope: Scope,
  written: { readonly operator: string; readonly value: Expression } | null,
): Bound | null | "wrong" {
  if (written === null) return null;
  const limit = numberOf(elaboration, scope, written.value);
  if (limit === "wrong") return "wrong";
  const operator = (["<", "<=", ">", ">="] as const).find((one) => one === written.operator);
  if (operator !== undefined) return { operator, limit };
  const text = `${written.operator} ${textOf(written.value.span)}`;
  complain(elaboration, null, entryNumberUnfit.build({ span: written.value.span, found: text }));
  return "wrong";
}

function numberOf(elaboration: Elaboration, scope: Scope, expression: Expression): number | "wrong" {
  const meaning = evaluate(elaboration, scope, expression);
  if (meaning.kind === "number") return exact.toNumber(meaning.number);
  if (meaning.kind !== "unknown") {
    const facts = {
      key: "a number of an entry",
      due: "a number known at compile time",
      found: describe(meaning),
    };
    complain(elaboration, null, settingUnfit.build({ span: expression.span, ...facts }));
  }
  return "wrong";
}

function holds(value: number, { operator, limit }: Bound): boolean {
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
  }
}
