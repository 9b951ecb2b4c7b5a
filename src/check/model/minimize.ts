/** Owns `minimize` lines: what is minimised, over which parameters, with which optimizer. */
import type { Value } from "../../ir/graph.ts";
import type { Objective } from "../../ir/network.ts";
import { minimizeUnfit, noLoss, pathReachesNothing, settingUnfit } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Path, Recipe as RecipeSource, Setting } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "../elaborate/expression.ts";
import { describe, tensor, unknown } from "../statics/meaning.ts";
import { type ModelBody } from "./model.ts";
import { type Moved, optimizerGroup } from "./optimizer.ts";
import { tensorDue } from "../elaborate/operations.ts";

export function minimizeLines(
  training: Training,
  scope: Scope,
  lines: readonly Setting[],
  model: string,
  /** The default recipe: its line where there is none, its optimizer where a line names none. */
  fallback: RecipeSource,
  extra: Map<string, Value>,
): readonly Objective[] {
  const { elaboration, objectives } = training;
  if (objectives.size === 0) {
    const { losses } = training.body.scored;
    if (losses.size === 0 && lines.length > 0 && lines[0] !== fallback.settings[0])
      complain(elaboration, null, noLoss.build({ span: lines[0]!.span }));
    // Mistakes after `with` are told beside those of the losses.
    for (const clause of lines.flatMap(({ clauses }) => clauses))
      optimizerGroup(elaboration, scope, clause.with, []);
    return [];
  }
  const used = lines.length > 0 ? lines : fallback.settings;
  const result: Objective[] = [];
  for (const line of used) {
    const bindings = new Map(scope.bindings);
    // Losses with a mistake of their own stay silent here.
    for (const name of [...training.body.scored.losses, "loss"])
      bindings.set(name, { meaning: unknown, span: line.span });
    for (const [name, value] of objectives) bindings.set(name, { meaning: tensor(value), span: line.span });
    const seen: Scope = { ...scope, bindings, binding: "minimize" };
    const value = tensorDue(elaboration, seen, evaluate(elaboration, seen, line.value), line.value.span);
    if (value === null) {
      for (const clause of line.clauses) optimizerGroup(elaboration, scope, clause.with, []);
      continue;
    }
    if (value.type.shape.length > 0) {
      complain(
        elaboration,
        null,
        minimizeUnfit.build({
          span: line.value.span,
          found: describe(tensor(value)),
          losses: [...objectives.keys()],
        }),
      );
      continue;
    }
    const text = textOf(line.value.span).replace(/\s+/g, " ");
    const turns = result.filter(
      (other) => other.name === text || other.name.startsWith(`${text}, turn `),
    ).length;
    const name = turns === 0 ? text : `${text}, turn ${turns + 1}`;
    if (objectives.get(name) !== value) extra.set(name, value);
    const reached = training.reached(value);
    const clauses = line.clauses.length > 0 ? line.clauses : (fallback.settings[0]?.clauses ?? []);
    const groups = clauses.flatMap((clause) => {
      const moved = clause.over.length === 0 ? reached : movedBy(elaboration, scope, clause.over, reached);
      if (moved.length === 0) return [];
      const group = optimizerGroup(
        elaboration,
        { ...scope, frame: { ...scope.frame, layer: model } },
        clause.with,
        moved,
        training.eased,
      );
      return group === null ? [] : [group];
    });
    result.push({ name, groups, every: rhythmOf(elaboration, scope, line) });
  }
  return result;
}

/** `every 5 steps`: 1 where nothing is said. */
function rhythmOf(elaboration: Elaboration, scope: Scope, { every }: Setting): number {
  if (every === null) return 1;
  const count = evaluate(elaboration, scope, every.count);
  const whole = count.kind === "number" && exact.isWhole(count.number) ? exact.toNumber(count.number) : 0;
  if (whole >= 1 && every.unit === "steps") return whole;
  if (count.kind !== "unknown")
    complain(
      elaboration,
      null,
      settingUnfit.build({
        span: every.count.span,
        key: "every",
        due: "a whole number of `steps`, at least 1, in a `minimize` line",
        found: every.unit === "epochs" ? "a number of epochs" : describe(count),
      }),
    );
  return 1;
}

/** The parameters under the paths of an `over` clause, of those that the objective reaches. */
function movedBy(
  elaboration: Elaboration,
  scope: Scope,
  paths: readonly Path[],
  reached: readonly Moved[],
): readonly Moved[] {
  const moved = new Set<Moved>();
  for (const path of paths) {
    const text = pathText(elaboration, scope, path);
    if (text === null) continue;
    const under = reached.filter(
      ({ name }) => name === text || name.startsWith(`${text}.`) || name.startsWith(`${text}[`),
    );
    if (under.length === 0) {
      const heads = [...new Set(reached.map(({ name }) => name.split(/[.[]/)[0]!))];
      complain(
        elaboration,
        null,
        pathReachesNothing.build({ span: path.span, path: text, heads, suggestion: suggest(text, heads) }),
      );
    }
    for (const parameter of under) moved.add(parameter);
  }
  return reached.filter((parameter) => moved.has(parameter));
}

function pathText(elaboration: Elaboration, scope: Scope, path: Path): string | null {
  let text = path.head.text;
  for (const step of path.steps) {
    if (step.kind === "member") text += `.${step.name.text}`;
    else {
      const meaning = evaluate(elaboration, scope, step.index);
      if (meaning.kind !== "number") return null;
      text += `[${exact.printExact(meaning.number)}]`;
    }
  }
  return text;
}

/** What `minimize` lines see of the training function. */
export interface Training {
  readonly elaboration: Elaboration;
  readonly body: ModelBody;
  /** Rank-0 means by loss name, and `loss`, their sum. */
  readonly objectives: ReadonlyMap<string, Value>;
  /** Parameters by what an objective reaches, in order of declaration. */
  readonly reached: (objective: Value) => readonly Moved[];
  /** Whether the recipe lets rates fall when there is no progress. */
  readonly eased?: boolean;
}
