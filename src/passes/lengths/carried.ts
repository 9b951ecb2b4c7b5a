/**
 * Owns lengths that each step of a recurrence has of its own, as that of a text said so far: what would be made of them
 * before the recurrence is made in each step, of the value that carries them.
 */
import type { IndexNode, Node, ScanNode, Value } from "../../ir/graph.ts";
import { type DeclaredSymbol, declaredSymbols } from "../../ir/dimension.ts";

/** The length whose value a node of the operation `carried` reads, and that value; null for any other node. */
export function carriedLength(
  node: IndexNode,
): { readonly symbol: DeclaredSymbol; readonly by: Value } | null {
  if (node.operation !== "carried") return null;
  const symbol = node.result.type.shape.flatMap(declaredSymbols).find(({ carried }) => carried === true);
  const by = node.operands.find(({ type }) => type.shape.length === 1);
  return symbol === undefined || by === undefined ? null : { symbol, by };
}

/** The nodes with `by`, which a recurrence among them carries, in the place of `length`. */
export function intoSteps(nodes: readonly Node[], length: Value, by: Value): readonly Node[] {
  const made = new Set([length]);
  const moved = nodes.filter((node) => {
    const depends = node.kind === "index" && node.operands.some((operand) => made.has(operand));
    if (depends) made.add(node.result);
    return depends;
  });
  const now = (value: Value): Value => (value === length ? by : value);
  const placed = (node: Node): Node => {
    if (node.kind === "index") return node;
    const carries = node.carries.some(({ inner }) => inner === by);
    if (!carries) return { ...node, nodes: node.nodes.map(placed) };
    return { ...node, nodes: [...moved, ...node.nodes].map((inner) => withValues(inner, now)) };
  };
  return nodes.filter((node) => !moved.includes(node)).map(placed);
}

/** The node reading other values. */
function withValues(node: Node, now: (value: Value) => Value): Node {
  if (node.kind === "index") return { ...node, operands: node.operands.map(now) };
  const scan: ScanNode = node;
  return {
    ...scan,
    sequences: scan.sequences.map((each) => ({ ...each, outer: now(each.outer) })),
    carries: scan.carries.map((each) => ({ ...each, initial: now(each.initial), next: now(each.next) })),
    nodes: scan.nodes.map((inner) => withValues(inner, now)),
    collects: scan.collects.map((each) => ({ ...each, inner: now(each.inner) })),
  };
}
