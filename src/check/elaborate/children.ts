/** Owns walking the syntax tree: the expressions directly within an expression or statement, and blocks within. */
import type { Argument, Block, Expression, Statement } from "../../syntax/ast.ts";

/** In text order; callees by name are no values and are left out. */
export function expressionsWithin(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "parenthesized":
      return [expression.inner];
    case "list":
      return expression.items;
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise];
    case "pipe":
      return [expression.input, ...expression.stages.flatMap((stage) => valuesOf(stage.arguments ?? []))];
    case "binary":
      return [expression.left, expression.right];
    case "comparison":
      return expression.operands;
    case "range":
      return [expression.from, expression.to];
    case "unary":
      return [expression.operand];
    case "call":
      return [
        ...(expression.callee.kind === "name" ? [] : [expression.callee]),
        ...valuesOf(expression.arguments),
      ];
    case "member":
      return [expression.object];
    case "subscripted":
      return [
        expression.object,
        ...expression.subscripts.flatMap((part) =>
          part.kind === "at" ? [part.index] : [part.from, part.to].filter((end) => end !== null),
        ),
      ];
    case "number":
    case "string":
    case "boolean":
    case "ellipsis":
    case "name":
    case "missing":
      return [];
  }
}

function valuesOf(list: readonly Argument[]): readonly Expression[] {
  return list.map((argument) => argument.value);
}

/** The expressions of a statement itself, without those of blocks and types within it. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "binding":
    case "output":
    case "param":
    case "state":
    case "carry":
    case "collect":
    case "update":
    case "next":
    case "equation":
    case "loss":
    case "metric":
      return [statement.value];
    case "return":
      return statement.values;
    case "for":
      return [statement.range];
    case "scan":
      return [statement.over];
    case "choice":
    case "require":
      return [statement.condition];
    case "share":
      return statement.stages.flatMap((stage) => valuesOf(stage.arguments ?? []));
    case "input":
    case "target":
    case "entry":
      return [];
  }
}

/** The blocks within a statement; the `else if` of a choice is a block of its own. */
export function blocksOf(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case "for":
    case "scan":
      return [statement.body];
    case "choice": {
      const { then, otherwise } = statement;
      if (otherwise === null) return [then];
      const rest: Block =
        otherwise.kind === "block"
          ? otherwise
          : { kind: "block", span: otherwise.span, statements: [otherwise] };
      return [then, rest];
    }
    default:
      return [];
  }
}

/** Names of values that an expression reads, each once, in order. */
export function freeNames(expression: Expression): readonly string[] {
  const names = (part: Expression): readonly string[] =>
    part.kind === "name" ? [part.name.text] : expressionsWithin(part).flatMap(names);
  return [...new Set(names(expression))];
}
