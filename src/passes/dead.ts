/** Owns dead code: nodes that no result needs. */
import type { GraphFunction, Node } from "../ir/graph.ts";
import { pass } from "./pass.ts";

export const dead = pass({
  name: "dead",
  doc: "Nodes that no result depends on are left out. Arguments stay: they are the signature.",
  on: "graph",
  run: withoutDeadNodes,
});

export function withoutDeadNodes(fn: GraphFunction): GraphFunction {
  const needed = new Set(fn.results.map(({ value }) => value));
  const kept: Node[] = [];
  for (const node of [...fn.nodes].reverse()) {
    if (!needed.has(node.result)) continue;
    kept.push(node);
    for (const operand of node.operands) needed.add(operand);
  }
  return kept.length === fn.nodes.length ? fn : { ...fn, nodes: kept.reverse() };
}
