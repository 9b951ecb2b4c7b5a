/** Owns the statements of a body, in order: bindings, static choices and loops, and what only some bodies hold. */
import { bindingCount, misplaced, notIterable, requirementFailed } from "../../report/catalogue/check.ts";
import type { Binding, Block, Choice, Loop, Require, Return, Share, Statement } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { evaluatedOnce, givenArguments } from "./arguments.ts";
import { blocksOf } from "./children.ts";
import { calleeNamed } from "./call.ts";
import { type Elaboration, type Scope, bind, complain, spend, tell } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate, staticCondition } from "./expression.ts";
import { equation } from "./equation.ts";
import {
  type BoundStage,
  type Meaning,
  describe,
  numeric,
  printMeaning,
  unknown,
} from "../statics/meaning.ts";
import { bindingLabel, shareLabels } from "../names/naming.ts";
import { runScan } from "./scan.ts";

/** Runs a block; what it returned, or null where it came to its end. */
export function runBlock(elaboration: Elaboration, scope: Scope, block: Block): Meaning | null {
  for (const statement of block.statements) {
    const returned = runStatement(elaboration, scope, statement);
    if (returned !== null) return returned;
  }
  return null;
}

function runStatement(elaboration: Elaboration, scope: Scope, statement: Statement): Meaning | null {
  scope.statement = statement.span;
  switch (statement.kind) {
    case "binding":
      within(scope, bindingLabel(statement.names.map((name) => name.text)), () =>
        runBinding(elaboration, scope, statement),
      );
      return null;
    case "equation":
      within(scope, statement.name.text, () => {
        const meaning = equation(elaboration, scope, statement);
        bind(elaboration, scope, statement.name.text, meaning, statement.name.span);
        if (meaning.kind !== "unknown")
          tell(elaboration, statement.name.span, "binding", printMeaning(meaning));
      });
      return null;
    case "share":
      runShare(elaboration, scope, statement);
      return null;
    case "require":
      // A layer whose requirement fails gives nothing: what would follow from it is no further mistake.
      return runRequire(elaboration, scope, statement) || !scope.duties.returns ? null : unknown;
    case "return":
      return runReturn(elaboration, scope, statement);
    case "choice":
      return runChoice(elaboration, scope, statement);
    case "for":
      return runLoop(elaboration, scope, statement);
    case "scan":
      if (!runScan(elaboration, scope, statement)) forget(scope, statement);
      return null;
    case "entry":
      return duty(elaboration, scope, statement, scope.duties.entry);
    case "carry":
      return duty(elaboration, scope, statement, scope.duties.carry);
    case "next":
      return duty(elaboration, scope, statement, scope.duties.next);
    case "input":
    case "target":
      return duty(elaboration, scope, statement, scope.duties.port);
    case "output":
      return duty(elaboration, scope, statement, scope.duties.output);
    case "loss":
    case "metric":
      return duty(elaboration, scope, statement, scope.duties.score);
    case "collect":
      return duty(elaboration, scope, statement, scope.duties.collect);
    case "param":
    case "state":
      return duty(elaboration, scope, statement, scope.duties.hold);
    case "update":
      return duty(elaboration, scope, statement, scope.duties.update);
  }
}

/** Statements that only some bodies hold. */
function duty<S extends Statement>(
  elaboration: Elaboration,
  scope: Scope,
  statement: S,
  act: ((statement: S, scope: Scope) => void) | null,
): null {
  const name =
    "name" in statement
      ? statement.name.text
      : "names" in statement
        ? bindingLabel(statement.names.map((n) => n.text))
        : "";
  if (act === null) {
    complain(
      elaboration,
      scope,
      misplaced.build({ span: statement.span, statement: statement.kind, body: scope.kind }),
    );
    if (!scope.bindings.has(name)) forget(scope, statement);
  } else within(scope, name, () => act(statement, scope));
  return null;
}

/** What a statement would have made is unknown, and silent. */
function forget(scope: Scope, statement: Statement): void {
  for (const name of namesMadeBy(statement))
    scope.bindings.set(name, { meaning: unknown, span: statement.span });
}

export function namesMadeBy(statement: Statement): readonly string[] {
  const inner = blocksOf(statement).flatMap((block) => block.statements.flatMap(namesMadeBy));
  if (statement.kind === "binding" || statement.kind === "output")
    return statement.names.map((name) => name.text);
  return "name" in statement ? [statement.name.text, ...inner] : inner;
}

/** While a binding is made, its name stands in the paths of parameters. */
function within(scope: Scope, binding: string, act: () => void): void {
  const outer = scope.binding;
  scope.binding = binding;
  act();
  scope.binding = outer;
}

function runBinding(elaboration: Elaboration, scope: Scope, { names, value }: Binding): void {
  const meaning = evaluate(elaboration, scope, value);
  const items = partsOf(meaning, names.length);
  if (items === null && meaning.kind !== "unknown")
    complain(
      elaboration,
      scope,
      bindingCount.build({ span: value.span, names: names.length, found: describe(meaning) }),
    );
  for (const [place, name] of names.entries()) {
    const item = items?.[place] ?? unknown;
    if (name.text === "_") continue;
    const kept = item.kind === "number" ? numeric(item.number, item.origin, item.axis) : item;
    bind(elaboration, scope, name.text, kept, name.span);
    if (item.kind !== "unknown") tell(elaboration, name.span, "binding", printMeaning(item));
  }
}

/** As many meanings as there are names; null where their number differs. */
export function partsOf(meaning: Meaning, count: number): readonly Meaning[] | null {
  if (meaning.kind === "unknown") return Array.from({ length: count }, () => unknown);
  if (meaning.kind === "several") return meaning.items.length === count ? meaning.items : null;
  if (count === 1) return [meaning];
  return meaning.kind === "list" && meaning.items.length === count ? meaning.items : null;
}

function runShare(elaboration: Elaboration, scope: Scope, { name, stages, span }: Share): void {
  const labels = shareLabels(stages);
  const bound: BoundStage[] = [];
  for (const [place, stage] of stages.entries()) {
    const callee = calleeNamed(elaboration, scope, stage.callee);
    if (callee === null) {
      bind(elaboration, scope, name.text, unknown, name.span);
      return;
    }
    const given = givenArguments(elaboration, scope, stage.arguments ?? []).map(evaluatedOnce);
    bound.push({ callee, given, label: labels[place]!, span: stage.span });
  }
  const path = [scope.frame.path, ...scope.loops, name.text].filter((part) => part !== "").join(".");
  const sharing = { name: name.text, path, span };
  bind(elaboration, scope, name.text, { kind: "layer", stages: bound, shared: sharing }, name.span);
}

/** Whether the requirement holds; false with a message. */
function runRequire(elaboration: Elaboration, scope: Scope, { condition, reason }: Require): boolean {
  const holds = staticCondition(elaboration, scope, condition);
  if (holds !== false) return holds === true;
  complain(
    elaboration,
    scope,
    requirementFailed.build({
      span: condition.span,
      layer: scope.frame.layer,
      reason: reason.value,
      condition: textOf(condition.span),
      values: valuesIn(scope, textOf(condition.span)),
    }),
  );
  return false;
}

/** The static values that a condition speaks of, as `rate = 1.5`. */
function valuesIn(scope: Scope, text: string): readonly string[] {
  return [...scope.bindings].flatMap(([name, { meaning }]) =>
    meaning.kind === "number" && new RegExp(`\\b${name}\\b`).test(text)
      ? [`${name} = ${printMeaning(meaning)}`]
      : [],
  );
}

function runReturn(elaboration: Elaboration, scope: Scope, statement: Return): Meaning | null {
  if (!scope.duties.returns) {
    complain(
      elaboration,
      scope,
      misplaced.build({ span: statement.span, statement: "return", body: scope.kind }),
    );
    return null;
  }
  const values = statement.values.map((value) => evaluate(elaboration, scope, value));
  return values.length === 1 ? values[0]! : { kind: "several", items: values };
}

function runChoice(elaboration: Elaboration, scope: Scope, choice: Choice): Meaning | null {
  const condition = staticCondition(elaboration, scope, choice.condition);
  if (condition === null) {
    forget(scope, choice);
    return null;
  }
  if (condition) return runBlock(elaboration, scope, choice.then);
  if (choice.otherwise === null) return null;
  return choice.otherwise.kind === "block"
    ? runBlock(elaboration, scope, choice.otherwise)
    : runChoice(elaboration, scope, choice.otherwise);
}

function runLoop(elaboration: Elaboration, scope: Scope, loop: Loop): Meaning | null {
  const range = evaluate(elaboration, scope, loop.range);
  if (range.kind !== "list") {
    if (range.kind !== "unknown")
      complain(elaboration, scope, notIterable.build({ span: loop.range.span, found: describe(range) }));
    forget(scope, loop);
    return null;
  }
  const outer = scope.loops;
  for (const [place, item] of range.items.entries()) {
    if (!spend(elaboration, scope, loop.span)) return null;
    const shown =
      item.kind === "number" && exact.isWhole(item.number) ? exact.printExact(item.number) : String(place);
    scope.loops = [...outer, `${loop.variable.text}[${shown}]`];
    bind(elaboration, scope, loop.variable.text, item, loop.variable.span);
    const returned = runBlock(elaboration, scope, loop.body);
    if (returned !== null) return returned;
  }
  scope.loops = outer;
  return null;
}
