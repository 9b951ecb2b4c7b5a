/** Owns gradient paths: which values lead on to a parameter, and where such paths end. */
import type { IndexNode, Node, ScanNode, Value } from "../ir/graph.ts";
import { operations } from "../ops/index.ts";

/** What the operation of a node says of its gradient. */
export function gradientOf(node: IndexNode) {
  return operations.get(node.operation)?.gradient ?? ({ kind: "derived" } as const);
}

/**
 * For each value that has a gradient path to a parameter: the first such parameter. Paths end at truth values, at
 * indices and at operations that stop them. What is inside scans is among the values.
 */
export function dependencies(
  nodes: readonly Node[],
  parameters: readonly Value[],
): ReadonlyMap<Value, Value> {
  const leadsTo = new Map(parameters.map((parameter) => [parameter, parameter]));
  follow(nodes, leadsTo);
  return leadsTo;
}

function follow(nodes: readonly Node[], leadsTo: Map<Value, Value>): void {
  for (const node of nodes) {
    if (node.kind === "scan") {
      followScan(node, leadsTo);
      continue;
    }
    if (node.result.type.element.kind !== "float" || gradientOf(node).kind === "stopped") continue;
    const through = node.operands.find((operand) => leadsTo.has(operand));
    if (through !== undefined && !leadsTo.has(node.result)) leadsTo.set(node.result, leadsTo.get(through)!);
  }
}

/** A carry leads where its start or its next value does: once round more for as many carries as turn out to. */
function followScan({ sequences, carries, nodes, collects }: ScanNode, leadsTo: Map<Value, Value>): void {
  const along = (from: Value, to: Value): boolean => {
    const parameter = leadsTo.get(from);
    if (parameter === undefined || leadsTo.has(to) || to.type.element.kind !== "float") return false;
    leadsTo.set(to, parameter);
    return true;
  };
  for (const { outer, inner } of sequences) along(outer, inner);
  for (const { initial, inner } of carries) along(initial, inner);
  do follow(nodes, leadsTo);
  while (carries.filter(({ next, inner }) => along(next, inner)).length > 0);
  for (const { next, inner, last } of carries) if (!along(next, last)) along(inner, last);
  for (const { inner, result } of collects) along(inner, result);
}
