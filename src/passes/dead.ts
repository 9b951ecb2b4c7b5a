/** Owns dead code: nodes that no result needs. */
import {
  type GraphFunction,
  type Node,
  operandsOf,
  resultsOf,
  type ScanNode,
  type Value,
} from "../ir/graph.ts";
import { pass } from "./pass.ts";

export const dead = pass({
  name: "dead",
  doc: "Nodes that no result depends on are left out. Arguments stay: they are the signature.",
  on: "graph",
  run: withoutDeadNodes,
});

export function withoutDeadNodes(fn: GraphFunction): GraphFunction {
  const needed = new Set(fn.results.map(({ value }) => value));
  const nodes = neededNodes(fn.nodes, needed);
  return nodes === fn.nodes ? fn : { ...fn, nodes };
}

/** Adds what the kept nodes read to `needed`. */
function neededNodes(nodes: readonly Node[], needed: Set<Value>): readonly Node[] {
  const kept = nodes.toReversed().flatMap((node): readonly Node[] => {
    if (!resultsOf(node).some((value) => needed.has(value))) return [];
    const alive = node.kind === "scan" ? neededOfScan(node, needed) : node;
    for (const operand of operandsOf(alive)) needed.add(operand);
    return [alive];
  });
  const same = kept.length === nodes.length && kept.every((node, i) => node === nodes[nodes.length - 1 - i]);
  return same ? nodes : kept.reverse();
}

/** Carries feed one another from step to step: one that nothing outside needs may be needed by the next. */
function neededOfScan(scan: ScanNode, outside: ReadonlySet<Value>): ScanNode {
  const collects = scan.collects.filter(({ result }) => outside.has(result));
  let carries = scan.carries.filter(({ last }) => outside.has(last));
  for (;;) {
    const needed = new Set([...carries.map(({ next }) => next), ...collects.map(({ inner }) => inner)]);
    const nodes = neededNodes(scan.nodes, needed);
    const found = scan.carries.filter((carry) => carries.includes(carry) || needed.has(carry.inner));
    if (found.length > carries.length) {
      carries = found;
      continue;
    }
    const sequences = scan.sequences.filter(({ inner }) => needed.has(inner));
    const place = scan.place !== null && needed.has(scan.place) ? scan.place : null;
    const same =
      nodes === scan.nodes &&
      place === scan.place &&
      carries.length === scan.carries.length &&
      collects.length === scan.collects.length &&
      sequences.length === scan.sequences.length;
    return same ? scan : { ...scan, nodes, carries, collects, sequences, place };
  }
}
