/** Owns the way from the concrete tree of blocks and statements to their syntax tree. */
import type { CstNode, IToken } from "chevrotain";
import { cover } from "../../text/source.ts";
import type { Block, Choice, Expression, Name, Statement } from "../ast.ts";
import { argumentsOf, expression, expressionIn, expressionsIn, stagesIn, stringOf } from "./expressions.ts";
import { missingAfter, nameOf, namesOf, nodeOf, nodesOf, spanOf, tokenOf, type Reading } from "./tree.ts";
import { parametersIn, resultsIn, typeIn } from "./types.ts";

/** The block among the children of `parent`; where it is missing, an empty one. */
export function blockIn(reading: Reading, parent: CstNode): Block {
  const node = nodeOf(parent, "block");
  if (node === undefined) return { kind: "block", span: missingAfter(reading, parent).span, statements: [] };
  return block(reading, node);
}

function block(reading: Reading, node: CstNode): Block {
  const statements = nodesOf(node, "statement").flatMap((child) => statement(reading, child) ?? []);
  return { kind: "block", span: spanOf(reading, node), statements };
}

/** Null where too little was read: no name to bind, or no form to tell. */
function statement(reading: Reading, parent: CstNode): Statement | null {
  const node = Object.values(parent.children)
    .flat()
    .find((child): child is CstNode => "children" in child);
  if (node === undefined) return null;
  return builders[node.name]?.(reading, node) ?? null;
}

function documented(reading: Reading, node: CstNode): { span: Statement["span"]; doc: string | null } {
  const span = spanOf(reading, node);
  return { span, doc: reading.documentation(span.start) };
}

function named(reading: Reading, node: CstNode | undefined): Name | null {
  const token = node && tokenOf(node, "Name");
  return token === undefined ? null : nameOf(reading, token);
}

const kindOf = (node: CstNode): IToken["image"] => tokenOf(node, "kind")!.image;

const builders: Readonly<Record<string, (reading: Reading, node: CstNode) => Statement | null>> = {
  port(reading, node) {
    const name = named(reading, node);
    if (name === null) return null;
    const kind = kindOf(node) as "input" | "target";
    return { kind, ...documented(reading, node), name, type: typeIn(reading, node) };
  },

  held(reading, node) {
    const name = named(reading, node);
    if (name === null) return null;
    const kind = kindOf(node) as "param" | "state" | "carry" | "collect";
    const value = expressionIn(reading, node);
    return { kind, ...documented(reading, node), name, type: typeIn(reading, node), value };
  },

  advance(reading, node) {
    const name = named(reading, node);
    if (name === null) return null;
    const kind = kindOf(node) as "update" | "next";
    return { kind, span: spanOf(reading, node), name, value: expressionIn(reading, node) };
  },

  share(reading, node) {
    const name = named(reading, node);
    if (name === null) return null;
    return { kind: "share", ...documented(reading, node), name, stages: stagesIn(reading, node) };
  },

  output(reading, node) {
    const names = namesOf(reading, nodeOf(node, "names"));
    if (names.length === 0) return null;
    return { kind: "output", ...documented(reading, node), names, value: expressionIn(reading, node) };
  },

  loss(reading, node) {
    const name = named(reading, node);
    if (name === null) return null;
    const kind = kindOf(node) as "loss" | "metric";
    const written = nodeOf(node, "arguments");
    const value: Expression =
      written === undefined
        ? expressionIn(reading, node)
        : {
            kind: "call",
            span: cover(name.span, spanOf(reading, written)),
            callee: { kind: "name", span: name.span, name },
            arguments: argumentsOf(reading, written),
          };
    return { kind, ...documented(reading, node), name, value, named: written === undefined };
  },

  entry(reading, node) {
    const head = nodeOf(node, "entryHead");
    const name = named(reading, head);
    if (name === null) return null;
    return {
      kind: "entry",
      ...documented(reading, node),
      name,
      parameters: parametersIn(reading, head),
      results: resultsIn(reading, head),
      body: blockIn(reading, node),
    };
  },

  requirement(reading, node) {
    const string = tokenOf(node, "String");
    const span = spanOf(reading, node);
    return {
      kind: "require",
      span,
      condition: expressionIn(reading, node),
      reason:
        string === undefined
          ? { kind: "string", span: missingAfter(reading, node).span, value: "" }
          : stringOf(reading, string),
    };
  },

  returning(reading, node) {
    const values = expressionsIn(reading, node);
    return {
      kind: "return",
      span: spanOf(reading, node),
      values: values.length > 0 ? values : [missingAfter(reading, node)],
    };
  },

  choice,

  loop(reading, node) {
    const head = nodeOf(node, "loopHead");
    const variable = named(reading, head);
    if (head === undefined || variable === null) return null;
    const range = expressionIn(reading, head);
    return { kind: "for", span: spanOf(reading, node), variable, range, body: blockIn(reading, node) };
  },

  scan(reading, node) {
    const head = nodeOf(node, "scanHead");
    const variable = named(reading, head);
    if (head === undefined || variable === null) return null;
    return {
      kind: "scan",
      span: spanOf(reading, node),
      variable,
      over: expressionIn(reading, head),
      reversed: tokenOf(head, "Reversed") !== undefined,
      body: blockIn(reading, node),
    };
  },

  binding(reading, node) {
    const names = namesOf(reading, nodeOf(node, "names"));
    if (names.length === 0) return null;
    return { kind: "binding", ...documented(reading, node), names, value: expressionIn(reading, node) };
  },

  equation(reading, node) {
    const name = named(reading, node);
    if (name === null) return null;
    return {
      kind: "equation",
      ...documented(reading, node),
      name,
      indices: nodesOf(node, "index").map((index) => expression(reading, index)),
      value: expressionIn(reading, node),
    };
  },
};

/** One node for each `if` of the chain, the last innermost. */
function choice(reading: Reading, node: CstNode): Choice | null {
  const whole = spanOf(reading, node);
  const heads = nodesOf(node, "choiceHead");
  const blocks = nodesOf(node, "block");
  const last = nodeOf(node, "otherwise");
  let otherwise: Choice["otherwise"] = last === undefined ? null : block(reading, last);
  for (let index = heads.length - 1; index >= 0; index -= 1) {
    const head = heads[index]!;
    const body = blocks[index];
    otherwise = {
      kind: "choice",
      span: { ...whole, start: spanOf(reading, head).start },
      condition: expressionIn(reading, head),
      then:
        body === undefined
          ? { kind: "block", span: missingAfter(reading, head).span, statements: [] }
          : block(reading, body),
      otherwise,
    };
  }
  return otherwise?.kind === "choice" ? otherwise : null;
}
