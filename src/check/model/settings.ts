/** Owns the settings of a recipe that are numbers or calls: counts, clipping, stopping, keeping. */
import type { Recipe } from "../../ir/network.ts";
import { settingForm, settingUnfit, unknownName } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Expression, Setting } from "../../syntax/ast.ts";
import { type Span, textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "../elaborate/expression.ts";
import { describe, plain } from "../statics/meaning.ts";
import { type SettingForm, formsOf, orderOf } from "./forms.ts";

/** A setting that is a call, as `patience(val.loss, epochs: 5)`. */
export interface Form {
  readonly span: Span;
  readonly arguments: ReadonlyMap<string, Expression>;
}

export function settingReader(
  elaboration: Elaboration,
  scope: Scope,
  settings: ReadonlyMap<string, Setting>,
) {
  return {
    /** A whole number of at least `least`; null where it is not set, or with a message. */
    count: (key: string, least: number): number | null => {
      const setting = settings.get(key);
      if (setting === undefined) return null;
      const meaning = evaluate(elaboration, scope, setting.value);
      if (
        meaning.kind === "number" &&
        exact.isWhole(meaning.number) &&
        exact.toNumber(meaning.number) >= least
      )
        return exact.toNumber(meaning.number);
      if (meaning.kind !== "unknown")
        complain(
          elaboration,
          null,
          settingUnfit.build({
            span: setting.value.span,
            key,
            due: `a whole number of at least ${least}`,
            found: describe(meaning),
          }),
        );
      return null;
    },
    form: (key: keyof typeof formsOf): Form | null => {
      const setting = settings.get(key);
      return setting === undefined ? null : formOf(elaboration, setting, formsOf[key]);
    },
  };
}

/** The arguments of a setting's call, by name; null with a message. All of the forms take the same. */
export function formOf(
  elaboration: Elaboration,
  setting: Setting,
  names: readonly [SettingForm, ...SettingForm[]],
): Form | null {
  const { value, key } = setting;
  const order: readonly string[] = orderOf[names[0]];
  if (value.kind === "missing") return null;
  const called = value.kind === "call" && value.callee.kind === "name" ? value.callee.name.text : null;
  if (value.kind !== "call" || called === null || !names.some((name) => name === called)) {
    const found = textOf(value.span);
    complain(
      elaboration,
      null,
      settingForm.build({ span: value.span, key: key.text, forms: names, order, found }),
    );
    return null;
  }
  const given = new Map<string, Expression>();
  let place = 0;
  for (const argument of value.arguments) {
    const name = argument.label?.text ?? order[place];
    if (argument.label === null) place += 1;
    if (name === undefined || !order.includes(name) || given.has(name)) {
      complain(
        elaboration,
        null,
        settingForm.build({
          span: argument.span,
          key: key.text,
          forms: names,
          order,
          found: textOf(argument.span),
        }),
      );
      return null;
    }
    given.set(name, argument.value);
  }
  return { span: value.span, arguments: given };
}

/** A number above 0 and below `bound`; null with a message. */
export function positive(
  elaboration: Elaboration,
  scope: Scope,
  key: string,
  form: Form,
  name: string,
  bound: number,
): number | null {
  const expression = form.arguments.get(name);
  const meaning = expression === undefined ? null : evaluate(elaboration, scope, expression, plain);
  if (meaning?.kind === "number") {
    const value = exact.toNumber(meaning.number);
    if (value > 0 && value < bound) return value;
  }
  if (meaning?.kind !== "unknown") {
    const due = bound === Infinity ? "a number above 0" : `a number between 0 and ${bound}`;
    complain(
      elaboration,
      null,
      settingUnfit.build({
        span: expression?.span ?? form.span,
        key,
        due,
        found: meaning === null ? "nothing" : describe(meaning),
      }),
    );
  }
  return null;
}

export function clipping(
  elaboration: Elaboration,
  scope: Scope,
  setting: Setting | undefined,
): Recipe["clip"] {
  if (setting === undefined) return null;
  const form = formOf(elaboration, setting, formsOf.clip);
  const limit =
    form === null ? null : positive(elaboration, scope, setting.key.text, form, "limit", Infinity);
  if (limit === null || setting.value.kind !== "call" || setting.value.callee.kind !== "name") return null;
  return { kind: setting.value.callee.name.text === "norm" ? "norm" : "value", limit };
}

/** `val.accuracy` is the metric `accuracy` on what is held back. */
function metricOf(elaboration: Elaboration, form: Form, names: readonly string[]): string | null {
  const expression = form.arguments.get("metric");
  const text = expression === undefined ? "" : textOf(expression.span);
  const member =
    expression?.kind === "member" &&
    expression.object.kind === "name" &&
    expression.object.name.text === "val"
      ? expression.name.text
      : null;
  if (member !== null && names.includes(member)) return member;
  const wanted = member ?? text;
  const suggestion = suggest(wanted, names) ?? (names.includes(wanted) ? wanted : null);
  complain(
    elaboration,
    null,
    unknownName.build({
      span: expression?.span ?? form.span,
      name: text,
      what: "metric",
      suggestion: suggestion === null ? null : `val.${suggestion}`,
      known: names.map((name) => `val.${name}`),
    }),
  );
  return null;
}

export function stopping(
  elaboration: Elaboration,
  scope: Scope,
  form: Form,
  names: readonly string[],
): Recipe["stop"] {
  const metric = metricOf(elaboration, form, names);
  const epochs = positive(elaboration, scope, "stop", form, "epochs", Infinity);
  return metric === null || epochs === null ? null : { metric, epochs };
}

export function keeping(
  elaboration: Elaboration,
  _scope: Scope,
  form: Form,
  names: readonly string[],
): Recipe["keep"] {
  const metric = metricOf(elaboration, form, names);
  return metric === null ? null : { metric };
}

/** `plateau(val.loss, epochs: 3, by: 0.1)` */
export function reducing(
  elaboration: Elaboration,
  scope: Scope,
  form: Form,
  names: readonly string[],
): Recipe["reduce"] {
  const metric = metricOf(elaboration, form, names);
  const epochs = positive(elaboration, scope, "reduce", form, "epochs", Infinity);
  const by = form.arguments.has("by") ? positive(elaboration, scope, "reduce", form, "by", 1) : 0.1;
  return metric === null || epochs === null || by === null ? null : { metric, epochs, by };
}

export function averaging(elaboration: Elaboration, scope: Scope, form: Form): Recipe["average"] {
  const decay = positive(elaboration, scope, "average", form, "decay", 1);
  return decay === null ? null : { kind: "ema", decay };
}
