/** Owns the way from the concrete tree of an expression to its syntax tree. */
import type { CstNode, IToken } from "chevrotain";
import { cover } from "../../text/source.ts";
import type {
  Argument,
  BinaryOperator,
  ComparisonOperator,
  Conditional,
  Expression,
  Stage,
  StringLiteral,
  Subscript,
} from "../ast.ts";
import { stringValue } from "../literals.ts";
import { missingAfter, nameOf, nodeOf, nodesOf, spanOf, tokenOf, tokensOf, type Reading } from "./tree.ts";

/** The expression among the children of `parent`, or what stands in for one that is missing. */
export function expressionIn(reading: Reading, parent: CstNode, label = "expression"): Expression {
  const node = nodeOf(parent, label);
  return node === undefined ? missingAfter(reading, parent) : expression(reading, node);
}

export function expressionsIn(
  reading: Reading,
  parent: CstNode,
  label = "expression",
): readonly Expression[] {
  return nodesOf(parent, label).map((node) => expression(reading, node));
}

export function expression(reading: Reading, node: CstNode): Expression {
  const input = partOf(reading, node, "disjunction", disjunction);
  const stages = stagesIn(reading, node);
  if (stages.length === 0) return input;
  return { kind: "pipe", span: spanOf(reading, node), input, stages };
}

export function stagesIn(reading: Reading, node: CstNode): readonly Stage[] {
  return nodesOf(node, "stage").flatMap((child): Stage[] => {
    const callee = tokenOf(child, "Name");
    if (callee === undefined) return [];
    const written = nodeOf(child, "arguments");
    return [
      {
        kind: "stage",
        span: spanOf(reading, child),
        callee: nameOf(reading, callee),
        members: tokensOf(child, "Word").map((token) => nameOf(reading, token)),
        arguments: written === undefined ? null : argumentsOf(reading, written),
      },
    ];
  });
}

export function argumentsOf(reading: Reading, node: CstNode): readonly Argument[] {
  return nodesOf(node, "argument").map((child) => {
    const label = tokenOf(child, "Word");
    return {
      label: label === undefined ? null : nameOf(reading, label),
      value: expressionIn(reading, child),
      span: spanOf(reading, child),
    };
  });
}

export function stringOf(reading: Reading, token: IToken): StringLiteral {
  return { kind: "string", span: spanOf(reading, token), value: stringValue(token.image) };
}

type Read = (reading: Reading, node: CstNode) => Expression;

function partOf(reading: Reading, parent: CstNode, label: string, read: Read): Expression {
  const node = nodeOf(parent, label);
  return node === undefined ? missingAfter(reading, parent) : read(reading, node);
}

/** `a - b - c`: the operands of one level, leaning to the left. */
function chained(
  reading: Reading,
  node: CstNode,
  operand: string,
  operator: { readonly tokens: string } | BinaryOperator,
  read: Read,
): Expression {
  const operands = nodesOf(node, operand).map((child) => read(reading, child));
  const signs = typeof operator === "string" ? [] : tokensOf(node, operator.tokens);
  const count = typeof operator === "string" ? operands.length - 1 : signs.length;
  let left = operands[0] ?? missingAfter(reading, node);
  for (let index = 0; index < count; index += 1) {
    const right = operands[index + 1] ?? missingAfter(reading, node);
    const sign = typeof operator === "string" ? operator : (signs[index]!.image as BinaryOperator);
    left = { kind: "binary", span: cover(left.span, right.span), operator: sign, left, right };
  }
  return left;
}

const disjunction: Read = (reading, node) => chained(reading, node, "conjunction", "or", conjunction);
const conjunction: Read = (reading, node) => chained(reading, node, "negation", "and", negation);

function negation(reading: Reading, node: CstNode): Expression {
  if (tokenOf(node, "Not") === undefined) return partOf(reading, node, "comparison", comparison);
  const operand = partOf(reading, node, "negation", negation);
  return { kind: "unary", span: spanOf(reading, node), operator: "not", operand };
}

function comparison(reading: Reading, node: CstNode): Expression {
  const operators = tokensOf(node, "Compare").map(({ image }) => image as ComparisonOperator);
  const read = nodesOf(node, "range").map((child) => range(reading, child));
  if (operators.length === 0) return read[0] ?? missingAfter(reading, node);
  const operands = [...read];
  while (operands.length <= operators.length) operands.push(missingAfter(reading, node));
  return { kind: "comparison", span: spanOf(reading, node), operands, operators };
}

function range(reading: Reading, node: CstNode): Expression {
  const from = partOf(reading, node, "sum", sum);
  if (tokenOf(node, "DoubleDot") === undefined) return from;
  const to = nodesOf(node, "sum")[1];
  return {
    kind: "range",
    span: spanOf(reading, node),
    from,
    to: to === undefined ? missingAfter(reading, node) : sum(reading, to),
  };
}

export const sum: Read = (reading, node) => chained(reading, node, "product", { tokens: "AddSign" }, product);
const product: Read = (reading, node) => chained(reading, node, "unary", { tokens: "MultiplySign" }, unary);

function unary(reading: Reading, node: CstNode): Expression {
  const span = spanOf(reading, node);
  const sign = tokenOf(node, "AddSign");
  if (sign !== undefined) {
    return {
      kind: "unary",
      span,
      operator: sign.image as "+" | "-",
      operand: partOf(reading, node, "unary", unary),
    };
  }
  const base = partOf(reading, node, "postfix", postfix);
  if (tokenOf(node, "Power") === undefined) return base;
  return {
    kind: "binary",
    span,
    operator: "**",
    left: base,
    right: partOf(reading, node, "exponent", unary),
  };
}

function postfix(reading: Reading, node: CstNode): Expression {
  let object = partOf(reading, node, "primary", primary);
  for (const suffix of nodesOf(node, "suffix")) {
    const span = cover(object.span, spanOf(reading, suffix));
    const written = nodeOf(suffix, "arguments");
    const subscripts = nodeOf(suffix, "subscripts");
    const member = tokenOf(suffix, "Word");
    if (written !== undefined) {
      object = { kind: "call", span, callee: object, arguments: argumentsOf(reading, written) };
    } else if (subscripts !== undefined) {
      object = {
        kind: "subscripted",
        span,
        object,
        subscripts: nodesOf(subscripts, "subscript").map((child) => subscript(reading, child)),
      };
    } else if (member !== undefined) {
      object = { kind: "member", span, object, name: nameOf(reading, member) };
    }
  }
  return object;
}

function subscript(reading: Reading, node: CstNode): Subscript {
  const span = spanOf(reading, node);
  const from = nodeOf(node, "from");
  if (tokenOf(node, "Colon") === undefined)
    return { kind: "at", span, index: expressionIn(reading, node, "from") };
  const to = nodeOf(node, "to");
  return {
    kind: "slice",
    span,
    from: from === undefined ? null : expression(reading, from),
    to: to === undefined ? null : expression(reading, to),
  };
}

function primary(reading: Reading, node: CstNode): Expression {
  const span = spanOf(reading, node);
  const { children } = node;
  const number = tokenOf(node, "Number");
  if (number !== undefined) {
    // A malformed number, `2x`, is reported already: its digits are taken.
    return { kind: "number", span, value: Number.parseFloat(number.image), text: number.image };
  }
  const string = tokenOf(node, "String");
  if (string !== undefined) return stringOf(reading, string);
  if (children["True"] !== undefined) return { kind: "boolean", span, value: true };
  if (children["False"] !== undefined) return { kind: "boolean", span, value: false };
  if (children["Ellipsis"] !== undefined) return { kind: "ellipsis", span };
  const name = tokenOf(node, "Name");
  if (name !== undefined) return { kind: "name", span, name: nameOf(reading, name) };
  const parenthesized = nodeOf(node, "parenthesized");
  if (parenthesized !== undefined) {
    return { kind: "parenthesized", span, inner: expressionIn(reading, parenthesized) };
  }
  const list = nodeOf(node, "list");
  if (list !== undefined) return { kind: "list", span, items: expressionsIn(reading, list) };
  const choice = nodeOf(node, "conditional");
  if (choice !== undefined) return conditional(reading, choice);
  return missingAfter(reading, node);
}

function conditional(reading: Reading, node: CstNode): Conditional {
  const first = nodeOf(node, "conditionalCase");
  const further = nodeOf(node, "conditional");
  return {
    kind: "conditional",
    span: spanOf(reading, node),
    condition: expressionIn(reading, first ?? node, "condition"),
    then: first === undefined ? missingAfter(reading, node) : expressionIn(reading, first),
    otherwise: further === undefined ? expressionIn(reading, node) : conditional(reading, further),
  };
}
