/** Owns what the names within a `train` block stand for: losses, metrics, parts of the model, columns of data. */
import type { Expression, Name, Path, Recipe, Setting } from "../../syntax/ast.ts";
import { expressionsWithin } from "../elaborate/children.ts";
import { type Reading, readCall, readExpression, readMembers } from "./reading.ts";
import type { NamedSymbol } from "./symbol.ts";

/** `reading` is that of the model's body. */
export function readRecipe(reading: Reading, recipe: Recipe): void {
  for (const setting of recipe.settings) {
    readSetting(reading, setting);
    for (const { over, with: optimizer } of setting.clauses) {
      for (const { head, steps } of over) readPath(reading, head, steps);
      readExpression(reading, optimizer);
    }
    if (setting.every !== null) readExpression(reading, setting.every.count);
  }
}

/** `over encoder.dense.w, stage[1].block`: a subscript chooses one of what a loop made, and names nothing. */
function readPath(reading: Reading, head: Name, steps: Path["steps"]): void {
  const of = reading.valueOf(head.text);
  reading.note(head, of, "reads");
  const names = steps.flatMap((step) => (step.kind === "member" ? [step.name] : []));
  readMembers(reading, of, names);
}

function readSetting(reading: Reading, { key, value }: Setting): void {
  switch (key.text) {
    case "minimize": {
      const loss = (name: string): NamedSymbol | null =>
        reading.table?.losses.get(name) ?? reading.valueOf(name);
      readExpression({ ...reading, valueOf: loss }, value);
      return;
    }
    case "data":
    case "test":
      if (value.kind !== "call") return;
      for (const { label, value: given } of value.arguments) {
        if (label !== null) reading.note(label, portOf(reading, label), "labels");
        readExpression(reading, given);
      }
      return;
    case "augment": {
      // The library's `random_shift` is called `shift` here; a layer of the file or of what it imports goes before it.
      const layer = (name: string): NamedSymbol | null => {
        const found = reading.calleeOf(name);
        const own = found !== null && found.source !== null && found.id !== reading.libraryCallee(name)?.id;
        return own ? found : (reading.libraryCallee(`random_${name}`) ?? found);
      };
      readExpression({ ...reading, calleeOf: layer }, value);
      return;
    }
    default:
      readScores(reading, value);
  }
}

/** The callees here are forms of the recipe and no layers; `val.accuracy` is a metric or a loss. */
function readScores(reading: Reading, expression: Expression): void {
  if (
    expression.kind === "member" &&
    expression.object.kind === "name" &&
    expression.object.name.text === "val"
  ) {
    const { name } = expression;
    const table = reading.table;
    reading.note(name, table?.scores.get(name.text) ?? table?.losses.get(name.text) ?? null, "reads");
  } else if (expression.kind === "name")
    reading.note(expression.name, reading.valueOf(expression.name.text), "reads");
  else if (expression.kind === "call" && expression.callee.kind === "name") {
    const callee = reading.calleeOf(expression.callee.name.text);
    if (callee?.sort === "schedule") readCall(reading, expression.callee.name, expression.arguments);
    else for (const { value } of expression.arguments) readScores(reading, value);
  } else for (const part of expressionsWithin(expression)) readScores(reading, part);
}

function portOf(reading: Reading, label: Name): NamedSymbol | null {
  const found = reading.table?.values.get(label.text);
  return found?.sort === "input" || found?.sort === "target" ? found : null;
}
