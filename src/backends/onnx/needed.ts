/** Owns the last look at a graph: outputs take the place of what they are, and what nobody reads is left out. */
import type { AttributeProto, GraphProto, NodeProto } from "./schema.ts";

/** The nodes that the outputs need, in order; one of the inside of a scan may read values of the outside. */
export function neededNodes(nodes: readonly NodeProto[], outputs: readonly string[]): readonly NodeProto[] {
  const needed = new Set(outputs);
  const kept: NodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    const attribute = node.attribute.map(withNeededInside);
    for (const name of readBy({ ...node, attribute })) needed.add(name);
    kept.unshift({ ...node, attribute });
  }
  return kept;
}

function withNeededInside(attribute: AttributeProto): AttributeProto {
  const { g } = attribute;
  if (g === undefined) return attribute;
  return {
    ...attribute,
    g: {
      ...g,
      node: neededNodes(
        g.node,
        g.output.map(({ name }) => name),
      ),
    },
  };
}

/** What a node reads, at its inputs and inside. */
export function readBy({ input, attribute }: NodeProto): readonly string[] {
  return [...input, ...attribute.flatMap(({ g }) => (g === undefined ? [] : insideReads(g)))];
}

function insideReads({ node, output }: GraphProto): readonly string[] {
  return [...node.flatMap(readBy), ...output.map(({ name }) => name)];
}

/** An output takes the place of the value it is, where that is a node's own and no output yet. */
export function withoutIdentities(
  nodes: readonly NodeProto[],
  outputs: readonly string[],
): readonly NodeProto[] {
  const made = new Set(nodes.filter(({ opType }) => opType !== "Identity").flatMap(({ output }) => output));
  const renamed = new Map<string, string>();
  const kept = nodes.filter(({ opType, input, output }) => {
    const source = input[0]!;
    if (opType !== "Identity" || !outputs.includes(output[0]!) || !made.has(source) || renamed.has(source))
      return true;
    renamed.set(source, output[0]!);
    return false;
  });
  const named = (name: string): string => renamed.get(name) ?? name;
  const rewrite = (node: NodeProto): NodeProto => ({
    ...node,
    name: named(node.name),
    input: node.input.map(named),
    output: node.output.map(named),
    attribute: node.attribute.map((attribute) =>
      attribute.g === undefined
        ? attribute
        : { ...attribute, g: { ...attribute.g, node: attribute.g.node.map(rewrite) } },
    ),
  });
  return kept.map(rewrite);
}
