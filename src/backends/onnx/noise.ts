/** Owns draws as inputs: an ONNX model draws nothing itself, so that whoever runs it decides about seed and generator. */
import type { Scalar } from "../../ir/comprehension.ts";
import {
  type Dimension,
  type DimensionSymbol,
  addDimensions,
  literal,
  symbolic,
} from "../../ir/dimension.ts";
import type { IndexNode, Node } from "../../ir/graph.ts";
import { boundsOf } from "../../ir/indices.ts";
import { partsOfScalar } from "../../ir/rewrite.ts";

export type Draw = Extract<Scalar, { kind: "random" }>;

/** What one line of the program draws: for each sample so many numbers. */
export interface Noise {
  readonly stream: number;
  readonly distribution: Draw["distribution"];
  readonly name: string;
  /** `[batch, elements]`, or `[elements]` where no sample is involved. */
  readonly shape: readonly Dimension[];
}

export function noisesOf(nodes: readonly Node[], batch: DimensionSymbol): readonly Noise[] {
  const found = new Map<number, Noise>();
  for (const { node, draw } of drawsIn(nodes)) {
    const { highest } = boundsOf(draw.element, (operand) => sizeOfIndex(node, operand));
    if (highest === null) throw new Error("how much a line draws has no bound");
    const count = addDimensions(highest, literal(1));
    const known = found.get(draw.stream);
    if (known !== undefined && known.shape.at(-1)!.constant >= count.constant) continue;
    found.set(draw.stream, {
      stream: draw.stream,
      distribution: draw.distribution,
      name: node.result.name ?? "noise",
      shape: [...(draw.sample === null ? [] : [symbolic(batch)]), count],
    });
  }
  return [...found.values()];
}

export function sizeOfIndex({ operands }: IndexNode, operand: number): number | null {
  const element = operands[operand]?.type.element;
  return element?.kind === "index" ? element.size : null;
}

function* drawsIn(nodes: readonly Node[]): Generator<{ readonly node: IndexNode; readonly draw: Draw }> {
  for (const node of nodes) {
    if (node.kind === "scan") yield* drawsIn(node.nodes);
    else
      for (const part of partsOfScalar(node.comprehension.body))
        if (part.kind === "random") yield { node, draw: part };
  }
}
