/** Owns the names of calls in the paths of parameters: `dense`, then `dense_2`, by text order within one binding. */
import type { Block, Call, Expression, Stage, Statement } from "../syntax/ast.ts";

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
  for (const statement of block.statements) collectStatement(statement, loops, found);
}

function collectStatement(statement: Statement, loops: string, found: Found[]): void {
  const inBinding = (name: string, ...expressions: readonly Expression[]): void => {
    for (const expression of expressions) collectExpression(expression, `${loops}|${name}`, found);
  };
  switch (statement.kind) {
    case "binding":
    case "output":
      return inBinding(bindingLabel(statement.names.map((name) => name.text)), statement.value);
    case "param":
    case "state":
    case "carry":
    case "collect":
    case "update":
    case "next":
    case "equation":
    case "loss":
    case "metric":
      return inBinding(statement.name.text, statement.value);
    case "return":
      return inBinding("", ...statement.values);
    case "for":
      inBinding("", statement.range);
      return collectBlock(statement.body, `${loops}|${statement.variable.text}`, found);
    case "choice":
      inBinding("", statement.condition);
      collectBlock(statement.then, loops, found);
      if (statement.otherwise?.kind === "block") collectBlock(statement.otherwise, loops, found);
      else if (statement.otherwise !== null) collectStatement(statement.otherwise, loops, found);
      return;
    case "scan":
      return collectBlock(statement.body, loops, found);
    case "require":
      return inBinding("", statement.condition);
    case "input":
    case "target":
    case "share":
    case "entry":
      return;
  }
}

/** How a binding stands in a path: several names are joined. */
export function bindingLabel(names: readonly string[]): string {
  return names.filter((name) => name !== "_").join("_");
}

function collectExpression(expression: Expression, group: string, found: Found[]): void {
  const inside = (...parts: readonly Expression[]): void => {
    for (const part of parts) collectExpression(part, group, found);
  };
  switch (expression.kind) {
    case "pipe":
      inside(expression.input);
      for (const stage of expression.stages) {
        found.push({ call: stage, name: stage.callee.text, group, start: stage.callee.span.start });
        inside(...(stage.arguments ?? []).map((argument) => argument.value));
      }
      return;
    case "call":
      if (expression.callee.kind === "name")
        found.push({
          call: expression,
          name: expression.callee.name.text,
          group,
          start: expression.span.start,
        });
      return inside(...expression.arguments.map((argument) => argument.value));
    case "parenthesized":
      return inside(expression.inner);
    case "list":
      return inside(...expression.items);
    case "conditional":
      return inside(expression.condition, expression.then, expression.otherwise);
    case "binary":
      return inside(expression.left, expression.right);
    case "comparison":
      return inside(...expression.operands);
    case "range":
      return inside(expression.from, expression.to);
    case "unary":
      return inside(expression.operand);
    case "member":
      return inside(expression.object);
    case "subscripted":
      inside(expression.object);
      for (const subscript of expression.subscripts) {
        if (subscript.kind === "at") inside(subscript.index);
        else inside(...[subscript.from, subscript.to].filter((end) => end !== null));
      }
      return;
    case "number":
    case "string":
    case "boolean":
    case "ellipsis":
    case "name":
    case "missing":
      return;
  }
}
