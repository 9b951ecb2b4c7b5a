/** Owns the names of values that an expression reads, each once, in order. */
import type { Expression } from "../syntax/ast.ts";

export function freeNames(expression: Expression): readonly string[] {
  return [...new Set(namesIn(expression))];
}

function namesIn(expression: Expression): readonly string[] {
  const inside = (...parts: readonly (Expression | null)[]): readonly string[] =>
    parts.flatMap((part) => (part === null ? [] : namesIn(part)));
  switch (expression.kind) {
    case "name":
      return [expression.name.text];
    case "parenthesized":
      return inside(expression.inner);
    case "list":
      return inside(...expression.items);
    case "conditional":
      return inside(expression.condition, expression.then, expression.otherwise);
    case "pipe":
      return inside(
        expression.input,
        ...expression.stages.flatMap((stage) => (stage.arguments ?? []).map((argument) => argument.value)),
      );
    case "binary":
      return inside(expression.left, expression.right);
    case "comparison":
      return inside(...expression.operands);
    case "range":
      return inside(expression.from, expression.to);
    case "unary":
      return inside(expression.operand);
    case "call":
      return inside(...expression.arguments.map((argument) => argument.value));
    case "member":
      return inside(expression.object);
    case "subscripted":
      return inside(
        expression.object,
        ...expression.subscripts.flatMap((part) =>
          part.kind === "at" ? [part.index] : [part.from, part.to],
        ),
      );
    case "number":
    case "string":
    case "boolean":
    case "ellipsis":
    case "missing":
      return [];
  }
}
