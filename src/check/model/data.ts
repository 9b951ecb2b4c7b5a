/** Owns the settings of a recipe that are about data: where they come from, and which samples are held back. */
import type { DataSource, HeldBack, Recipe, Static, StaticCall } from "../../ir/network.ts";
import { settingForm, settingUnfit, unknownName } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Argument, Expression, Setting } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import { evaluate } from "../elaborate/expression.ts";
import * as exact from "../statics/exact.ts";
import { describe } from "../statics/meaning.ts";
import { formsOf } from "./forms.ts";
import { type ModelBody, staticOf } from "./model.ts";
import { type Form, formOf, positive } from "./settings.ts";

export function dataSource(
  elaboration: Elaboration,
  scope: Scope,
  setting: Setting | undefined,
): DataSource | null {
  if (setting === undefined || setting.value.kind === "missing") return null;
  const { value, key } = setting;
  if (value.kind !== "call" || value.callee.kind !== "name") {
    complain(
      elaboration,
      null,
      settingForm.build({
        span: value.span,
        key: key.text,
        forms: ["csv", "idx"],
        order: ["path"],
        found: textOf(value.span),
      }),
    );
    return null;
  }
  const read = (given: Expression): Static | StaticCall | null =>
    given.kind === "call" && given.callee.kind === "name"
      ? {
          call: given.callee.name.text,
          ...argumentsOf(given.arguments, (inner) => staticArgument(elaboration, scope, key.text, inner)),
        }
      : staticArgument(elaboration, scope, key.text, given);
  const { positional, named } = argumentsOf(value.arguments, read);
  return { kind: "source", format: value.callee.name.text, positional, named, span: value.span };
}

function argumentsOf<T>(given: readonly Argument[], read: (expression: Expression) => T | null) {
  const positional: T[] = [];
  const named: Record<string, T> = {};
  for (const { label, value } of given) {
    const found = read(value);
    if (found === null) continue;
    if (label === null) positional.push(found);
    else named[label.text] = found;
  }
  return { positional, named };
}

function staticArgument(
  elaboration: Elaboration,
  scope: Scope,
  key: string,
  expression: Expression,
): Static | null {
  const meaning = evaluate(elaboration, scope, expression);
  const fixed = staticOf(meaning);
  if (fixed === null && meaning.kind !== "unknown")
    complain(
      elaboration,
      null,
      settingUnfit.build({
        span: expression.span,
        key,
        due: "a value known at compile time",
        found: describe(meaning),
      }),
    );
  return fixed;
}

/** Data of its own, or a part of what `data` gives. */
export function testData(
  elaboration: Elaboration,
  scope: Scope,
  body: ModelBody,
  setting: Setting | undefined,
): Recipe["test"] {
  if (setting === undefined) return null;
  const isPart = formsOf.test.some((name) => name === calledName(setting.value));
  return isPart ? heldBack(elaboration, scope, body, setting) : dataSource(elaboration, scope, setting);
}

export function validation(
  elaboration: Elaboration,
  scope: Scope,
  body: ModelBody,
  setting: Setting | undefined,
): Recipe["validate"] {
  if (setting === undefined) return null;
  const held = heldBack(elaboration, scope, body, setting);
  if (held === null) return null;
  const { every } = setting;
  const count = every === null ? null : evaluate(elaboration, scope, every.count);
  const rhythm =
    every === null || count?.kind !== "number"
      ? null
      : { count: exact.toNumber(count.number), unit: every.unit };
  return { ...held, every: rhythm };
}

function calledName(value: Expression): string {
  return value.kind === "call" && value.callee.kind === "name" ? value.callee.name.text : "";
}

/** `split(0.2, stratify: species)`, `tail(0.2)` or `column("part", is: "valid")`; null with a message. */
function heldBack(
  elaboration: Elaboration,
  scope: Scope,
  body: ModelBody,
  setting: Setting,
): HeldBack | null {
  const kind = calledName(setting.value);
  if (kind === "column") {
    const form = formOf(elaboration, setting, ["column"]);
    const [column, is] = ["name", "is"].map((name) => text(elaboration, scope, setting, form, name));
    return typeof column === "string" && typeof is === "string" ? { kind, column, is } : null;
  }
  const form = formOf(elaboration, setting, ["split", "tail"]);
  const fraction = form === null ? null : positive(elaboration, scope, setting.key.text, form, "fraction", 1);
  if (form === null || fraction === null) return null;
  return {
    kind: kind === "tail" ? "tail" : "split",
    fraction,
    stratify: column(elaboration, body, form, "stratify"),
    group: column(elaboration, body, form, "group"),
  };
}

function text(
  elaboration: Elaboration,
  scope: Scope,
  { key }: Setting,
  form: Form | null,
  name: string,
): string | null {
  if (form === null) return null;
  const expression = form.arguments.get(name);
  const meaning = expression === undefined ? null : evaluate(elaboration, scope, expression);
  if (meaning?.kind === "string") return meaning.value;
  if (meaning?.kind !== "unknown")
    complain(
      elaboration,
      null,
      settingUnfit.build({
        span: expression?.span ?? form.span,
        key: key.text,
        due: name === "is" ? 'what the column says of them, as `is: "valid"`' : "the name of a column",
        found: meaning === null ? "nothing" : describe(meaning),
      }),
    );
  return null;
}

/** An input or target, or as text a further column of the data. */
function column(elaboration: Elaboration, body: ModelBody, form: Form, name: string): string | null {
  const expression = form.arguments.get(name);
  if (expression === undefined) return null;
  if (expression.kind === "string") return expression.value;
  const ports = [...body.inputs, ...body.targets].map((port) => port.name);
  if (expression.kind === "name" && ports.includes(expression.name.text)) return expression.name.text;
  const written = textOf(expression.span);
  complain(
    elaboration,
    null,
    unknownName.build({
      span: expression.span,
      name: written,
      what: "input or target",
      suggestion: suggest(written, ports),
    }),
  );
  return null;
}
