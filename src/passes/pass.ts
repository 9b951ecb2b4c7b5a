/** Owns the form of a pass over the graph, and the walk from operands to users that rewriting passes share. */
import type { GraphFunction, Node, Value } from "../ir/graph.ts";
import { makeNode } from "../ir/build.ts";

export interface Pass {
  /** Its name in `--emit after:NAME`, in its file and in its goldens. */
  readonly name: string;
  readonly doc: string;
  readonly on: "graph";
  /** The same function of its arguments, in as many nodes or fewer. */
  readonly run: (fn: GraphFunction) => GraphFunction;
}

export function pass(form: Pass): Pass {
  return form;
}

/** What is known at a node: every operand has been visited. */
export interface Visited {
  /** The node that makes a value; undefined for arguments. */
  readonly producerOf: (value: Value) => Node | undefined;
  /** Whether callers of the function see the value, so that its node must stay. */
  readonly isResult: (value: Value) => boolean;
}

/** What stands in the place of a node: itself, another node of the same result, or a value made before. */
export type Rewritten =
  { readonly kind: "node"; readonly node: Node } | { readonly kind: "value"; readonly value: Value };

export type Rewriting = (node: Node, visited: Visited) => Rewritten;

/** Visits every node once, operands first, with operands already replaced: linear in nodes. */
export function sweep(fn: GraphFunction, rewriting: Rewriting): GraphFunction {
  const replaced = new Map<Value, Value>();
  const producers = new Map<Value, Node>();
  const results = new Set(fn.results.map(({ value }) => value));
  const visited: Visited = {
    producerOf: (value) => producers.get(value),
    isResult: (value) => results.has(value),
  };
  const nodes: Node[] = [];
  for (const old of fn.nodes) {
    const rewritten = rewriting(withOperands(old, replaced), visited);
    if (rewritten.kind === "value") {
      replaced.set(old.result, rewritten.value);
    } else {
      nodes.push(rewritten.node);
      producers.set(old.result, rewritten.node);
    }
  }
  const same = nodes.length === fn.nodes.length && nodes.every((node, place) => node === fn.nodes[place]);
  if (same) return fn;
  return {
    ...fn,
    nodes,
    results: fn.results.map(({ role, value }) => ({ role, value: replaced.get(value) ?? value })),
  };
}

function withOperands(node: Node, replaced: ReadonlyMap<Value, Value>): Node {
  if (!node.operands.some((operand) => replaced.has(operand))) return node;
  const operands = node.operands.map((operand) => replaced.get(operand) ?? operand);
  return makeNode({ ...node, operands }, node.result);
}
