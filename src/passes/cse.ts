/** Owns common subexpressions: what is computed twice is computed once. */
import type { IndexNode, Value } from "../ir/graph.ts";
import { type SymbolNumbers, comprehensionKey, dimensionKey } from "../ir/key.ts";
import { operations } from "../ops/index.ts";
import { type Rewriting, pass, sweep } from "./pass.ts";

export const cse = pass({
  name: "cse",
  doc: "Nodes that compute the same of the same operands become one; random draws only where stream and place are equal.",
  on: "graph",
  run: (fn) => sweep(fn, mergeEqualNodes),
});

/** A fresh table of the nodes seen so far. */
export function mergeEqualNodes(): Rewriting {
  const seen = new Map<string, Value>();
  const symbols: SymbolNumbers = new Map();
  return (node, { isResult }) => {
    const key = nodeKey(node, symbols);
    const known = seen.get(key);
    if (known === undefined) {
      seen.set(key, node.result);
      return { kind: "node", node };
    }
    // A result keeps its value: callers see it in a place of its own.
    if (isResult(node.result)) return { kind: "node", node };
    return { kind: "value", value: known };
  };
}

function nodeKey(node: IndexNode, symbols: SymbolNumbers): string {
  const { operation, operands, comprehension, result } = node;
  const { element, shape } = result.type;
  // What stops a gradient is not the same as what does not, though it computes the same.
  const gradient = operations.get(operation)?.gradient.kind ?? "derived";
  return [
    gradient === "derived" ? "" : operation,
    element.kind === "index" ? `index${element.size}` : element.kind,
    shape.map((dimension) => dimensionKey(dimension, symbols)).join(),
    comprehensionKey(comprehension, (operand) => `%${operands[operand]!.id}`, symbols),
  ].join("|");
}
