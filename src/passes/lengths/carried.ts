/**
 * Owns where lengths stand that numbers decide: what is made of one is made where the number is known, in each step of the
 * recurrence that carries it, or behind the node that counts.
 */
import { insideOf, type Node, resultsOf, type ScanNode, type Value } from "../../ir/graph.ts";

/** The nodes with `by` in the place of `length`, and what is made of it where `by` stands. */
export function decidedBy(nodes: readonly Node[], length: Value, by: Value): readonly Node[] {
  const made = new Set([length]);
  const moved = nodes.filter((node) => {
    const depends = node.kind === "index" && isSize(node, made);
    if (depends) for (const value of resultsOf(node)) made.add(value);
    return depends;
  });
  const now = (value: Value): Value => (value === length ? by : value);
  const renamed = (some: readonly Node[]): readonly Node[] => some.map((node) => withValues(node, now));
  const placed = (node: Node): readonly Node[] => {
    if (resultsOf(node).includes(by)) return [node, ...renamed(moved)];
    if (node.kind === "index") return [withValues(node, now)];
    const inside = insideOf(node).includes(by)
      ? [...renamed(moved), ...renamed(node.nodes)]
      : node.nodes.flatMap(placed);
    return [withValues({ ...node, nodes: inside }, now)];
  };
  return nodes.filter((node) => !moved.includes(node)).flatMap(placed);
}

/** Whether a node works out a size of lengths alone. */
function isSize(node: Node & { readonly kind: "index" }, made: ReadonlySet<Value>): boolean {
  return node.operation === "size" && node.operands.some((operand) => made.has(operand));
}

/** The node reading other values. */
function withValues(node: Node, now: (value: Value) => Value): Node {
  if (node.kind === "index") return { ...node, operands: node.operands.map(now) };
  const scan: ScanNode = node;
  return {
    ...scan,
    ...(scan.lengths === undefined ? {} : { lengths: now(scan.lengths) }),
    sequences: scan.sequences.map((each) => ({ ...each, outer: now(each.outer) })),
    carries: scan.carries.map((each) => ({ ...each, initial: now(each.initial), next: now(each.next) })),
    nodes: scan.nodes.map((inner) => withValues(inner, now)),
    collects: scan.collects.map((each) => ({ ...each, inner: now(each.inner) })),
  };
}
