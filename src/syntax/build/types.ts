/** Owns the way from the concrete tree of signatures and types to their syntax tree. */
import type { CstNode } from "chevrotain";
import type { ComparisonOperator, Parameter, Result, ShapeType, Type } from "../ast.ts";
import { expressionIn, expressionsIn, sum } from "./expressions.ts";
import { missingAfter, nameOf, nodeOf, nodesOf, spanOf, tokenOf, type Reading } from "./tree.ts";

export function parametersIn(reading: Reading, parent: CstNode | undefined): readonly Parameter[] {
  const node = parent && nodeOf(parent, "parameters");
  return (node === undefined ? [] : nodesOf(node, "parameter")).flatMap((child): Parameter[] => {
    const name = tokenOf(child, "Name");
    if (name === undefined) return [];
    return [
      {
        kind: "parameter",
        span: spanOf(reading, child),
        name: nameOf(reading, name),
        type: typeIn(reading, child),
        fallback: tokenOf(child, "Assign") === undefined ? null : expressionIn(reading, child),
      },
    ];
  });
}

export function resultsIn(reading: Reading, parent: CstNode | undefined): readonly Result[] {
  const node = parent && nodeOf(parent, "results");
  return (node === undefined ? [] : nodesOf(node, "result")).map((child) => {
    const name = tokenOf(child, "Name");
    return { name: name === undefined ? null : nameOf(reading, name), type: typeIn(reading, child) };
  });
}

/** The type among the children of `parent`; where it is missing, a shape of one missing dimension. */
export function typeIn(reading: Reading, parent: CstNode, label = "type"): Type {
  const node = nodeOf(parent, label);
  return node === undefined ? missingType(reading, parent) : type(reading, node);
}

function type(reading: Reading, node: CstNode): Type {
  const options = nodesOf(node, "alternative").map((child) => alternative(reading, child));
  if (options.length > 1) return { kind: "union", span: spanOf(reading, node), options };
  return options[0] ?? missingType(reading, node);
}

function missingType(reading: Reading, parent: CstNode): ShapeType {
  const missing = missingAfter(reading, parent);
  return { kind: "shape", span: missing.span, dimensions: [missing] };
}

function shape(reading: Reading, node: CstNode): ShapeType {
  const dimensions = expressionsIn(reading, node);
  const broken = node.recoveredNode === true ? [missingAfter(reading, node)] : [];
  return { kind: "shape", span: spanOf(reading, node), dimensions: [...dimensions, ...broken] };
}

function alternative(reading: Reading, node: CstNode): Type {
  const written = nodeOf(node, "shape");
  if (written !== undefined) return shape(reading, written);
  const index = nodeOf(node, "indexType");
  if (index !== undefined) {
    const each = nodeOf(index, "shape");
    return {
      kind: "index",
      span: spanOf(reading, index),
      size: expressionIn(reading, index),
      shape: each === undefined ? null : shape(reading, each),
    };
  }
  const layer = nodeOf(node, "layerType");
  if (layer !== undefined) {
    return {
      kind: "layerType",
      span: spanOf(reading, layer),
      tensors: nodesOf(layer, "tensor").map((tensor) => type(reading, tensor)),
      result: typeIn(reading, layer, "result"),
    };
  }
  const named = nodeOf(node, "namedType");
  const name = named && tokenOf(named, "Name");
  if (named === undefined || name === undefined) return missingType(reading, node);
  const operator = tokenOf(named, "Compare");
  const value = nodeOf(named, "sum");
  return {
    kind: "named",
    span: spanOf(reading, named),
    name: nameOf(reading, name),
    bound:
      operator === undefined
        ? null
        : {
            operator: operator.image as ComparisonOperator,
            value: value === undefined ? missingAfter(reading, named) : sum(reading, value),
          },
  };
}
