/**
 * Owns lengths that numbers decide, as that of a text said so far, or of one up to its end: a node of the operation
 * `carried` reads, of each sample, how long it is, and is the first value along that length.
 */
import { type DeclaredSymbol, declaredSymbols } from "./dimension.ts";
import { type IndexNode, type Node, resultsOf, type Value } from "./graph.ts";
import { lengthsSpokenOf } from "./samples.ts";

/** The length whose value a node of the operation `carried` reads, and that value; null for any other node. */
export function carriedLength(
  node: IndexNode,
): { readonly symbol: DeclaredSymbol; readonly by: Value } | null {
  if (node.operation !== "carried") return null;
  const symbol = node.result.type.shape.flatMap(declaredSymbols).find(({ carried }) => carried === true);
  const by = node.operands.find(
    ({ type: { element, shape } }) =>
      shape.length === 1 && element.kind === "index" && element.size === (symbol?.maximum ?? 0) + 1,
  );
  return symbol === undefined || by === undefined ? null : { symbol, by };
}

/** Where the length is decided that nodes of `kept` speak of though no node of them decides it; all nodes are `nodes`. */
export function undecided(nodes: readonly Node[], kept: readonly Node[]): readonly Value[] {
  const deciders = everyIndexNode(nodes).filter((node) => carriedLength(node) !== null);
  if (deciders.length === 0) return [];
  const decided = new Set<DeclaredSymbol>();
  const spoken = new Set<DeclaredSymbol>();
  const visit = (some: readonly Node[]): void => {
    for (const node of some) {
      if (node.kind === "scan") {
        for (const { type } of resultsOf(node))
          for (const symbol of type.shape.flatMap(declaredSymbols)) spoken.add(symbol);
        visit(node.nodes);
        continue;
      }
      for (const symbol of spokenOf(node)) spoken.add(symbol);
      const own = carriedLength(node);
      if (own !== null) decided.add(own.symbol);
    }
  };
  visit(kept);
  return deciders.flatMap((node) => {
    const { symbol } = carriedLength(node)!;
    return spoken.has(symbol) && !decided.has(symbol) ? [node.result] : [];
  });
}

/** The lengths that a node goes along or speaks of. */
export function spokenOf({ comprehension, result }: IndexNode): readonly DeclaredSymbol[] {
  const extents = comprehension.domain.map(({ extent }) => extent);
  return [...result.type.shape, ...extents, ...lengthsSpokenOf(comprehension)].flatMap(declaredSymbols);
}

export function everyIndexNode(nodes: readonly Node[]): readonly IndexNode[] {
  return nodes.flatMap((node) => (node.kind === "scan" ? everyIndexNode(node.nodes) : [node]));
}
