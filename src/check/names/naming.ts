/** Owns the names of calls in the paths of parameters: `dense`, then `dense_2`, by text order within one binding. */
import type { Block, Call, Expression, Stage, Statement } from "../../syntax/ast.ts";
import { blocksOf, expressionsOf, expressionsWithin } from "../elaborate/children.ts";

interface Found {
  readonly call: Stage | Call;
  readonly name: string;
  /** The binding and the loops around it: what must tell equal calls apart within. */
  readonly group: string;
  readonly start: number;
}

/**
 * Labels for every call of a body. The second `conv2d` in the text of one binding is `conv2d_2`, whatever `if`
 * chooses; loops and bindings stand in the path already.
 */
export function callLabels(body: Block): ReadonlyMap<Stage | Call, string> {
  const found: Found[] = [];
  collectBlock(body, "", found);
  return numbered(found);
}

/** Labels of the stages of one `share` line. */
export function shareLabels(stages: readonly Stage[]): readonly string[] {
  const labels = numbered(
    stages.map((call) => ({ call, name: call.callee.text, group: "", start: call.span.start })),
  );
  return stages.map((stage) => labels.get(stage)!);
}

function numbered(found: readonly Found[]): ReadonlyMap<Stage | Call, string> {
  const counts = new Map<string, number>();
  const labels = new Map<Stage | Call, string>();
  for (const { call, name, group } of found.toSorted((a, b) => a.start - b.start)) {
    const key = `${group}|${name}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    labels.set(call, count === 1 ? name : `${name}_${count}`);
  }
  return labels;
}

function collectBlock(block: Block, loops: string, found: Found[]): void {
  for (const statement of block.statements) {
    const group = `${loops}|${bindingOf(statement)}`;
    for (const expression of expressionsOf(statement)) collectExpression(expression, group, found);
    const within = statement.kind === "for" ? `${loops}|${statement.variable.text}` : loops;
    for (const inner of blocksOf(statement)) collectBlock(inner, within, found);
  }
}

/** What the path of a call in this statement says before the call's own name. */
function bindingOf(statement: Statement): string {
  if ("names" in statement) return bindingLabel(statement.names.map((name) => name.text));
  return "name" in statement ? statement.name.text : "";
}

/** How a binding stands in a path: several names are joined. */
export function bindingLabel(names: readonly string[]): string {
  return names.filter((name) => name !== "_").join("_");
}

function collectExpression(expression: Expression, group: string, found: Found[]): void {
  if (expression.kind === "pipe") {
    for (const stage of expression.stages)
      found.push({ call: stage, name: stage.callee.text, group, start: stage.callee.span.start });
  } else if (expression.kind === "call" && expression.callee.kind === "name") {
    found.push({ call: expression, name: expression.callee.name.text, group, start: expression.span.start });
  }
  for (const inner of expressionsWithin(expression)) collectExpression(inner, group, found);
}
