/** Owns dead code: nodes that no result needs. */
import {
  type GraphFunction,
  type Node,
  operandsOf,
  resultsOf,
  type ScanNode,
  type Value,
} from "../ir/graph.ts";
import { undecided } from "../ir/decided.ts";
import { pass } from "./pass.ts";

export const dead = pass({
  name: "dead",
  doc: "Nodes that no result depends on are left out. Arguments stay: they are the signature.",
  on: "graph",
  run: withoutDeadNodes,
});

export function withoutDeadNodes(fn: GraphFunction): GraphFunction {
  const deciders = new Set<Value>();
  for (;;) {
    const needed = new Set(fn.results.map(({ value }) => value));
    const nodes = neededNodes(fn.nodes, needed, deciders);
    // What decides a length is needed by all that goes along it.
    const missing = nodes === fn.nodes ? [] : undecided(fn.nodes, nodes);
    if (missing.length === 0) return nodes === fn.nodes ? fn : { ...fn, nodes };
    for (const value of missing) deciders.add(value);
  }
}

/** Adds what the kept nodes read to `needed`; `deciders` are kept wherever they stand. */
function neededNodes(
  nodes: readonly Node[],
  needed: Set<Value>,
  deciders: ReadonlySet<Value>,
): readonly Node[] {
  const kept = nodes.toReversed().flatMap((node): readonly Node[] => {
    const reached = resultsOf(node).some((value) => needed.has(value) || deciders.has(value));
    if (!reached && !holdsDecider(node, deciders)) return [];
    const alive = node.kind === "scan" ? neededOfScan(node, needed, deciders) : node;
    for (const operand of operandsOf(alive)) needed.add(operand);
    return [alive];
  });
  const same = kept.length === nodes.length && kept.every((node, i) => node === nodes[nodes.length - 1 - i]);
  return same ? nodes : kept.reverse();
}

function holdsDecider(node: Node, deciders: ReadonlySet<Value>): boolean {
  if (deciders.size === 0 || node.kind === "index") return false;
  return node.nodes.some(
    (inner) => resultsOf(inner).some((value) => deciders.has(value)) || holdsDecider(inner, deciders),
  );
}

/** Carries feed one another from step to step: one that nothing outside needs may be needed by the next. */
function neededOfScan(scan: ScanNode, outside: ReadonlySet<Value>, deciders: ReadonlySet<Value>): ScanNode {
  const collects = scan.collects.filter(({ result }) => outside.has(result));
  let carries = scan.carries.filter(({ last }) => outside.has(last));
  for (;;) {
    const needed = new Set([...carries.map(({ next }) => next), ...collects.map(({ inner }) => inner)]);
    const nodes = neededNodes(scan.nodes, needed, deciders);
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
