/** Owns the count of a network's multiply-adds: of every sum of products, as many as its loops have points. */
import { type Dimension, mostValue, resolveDimension, variesBySample } from "../ir/dimension.ts";
import type { Comprehension, Scalar } from "../ir/comprehension.ts";
import type { Frame } from "../ir/frame.ts";
import type { IndexNode, Node } from "../ir/graph.ts";
import type { LayerSummary, Network } from "../ir/network.ts";

export interface WorkCount {
  /** For one sample; a varying length counts at its longest. */
  readonly total: number;
  /** Of the lines of the summary, in their order; what belongs to no line is in the total only. */
  readonly byLayer: readonly number[];
}

export function countMultiplyAdds(network: Network): WorkCount {
  const byLayer = network.layers.map(() => 0);
  let total = 0;
  const count = (nodes: readonly Node[], times: number): void => {
    for (const node of nodes) {
      if (node.kind === "scan") {
        count(node.nodes, times * sizeOf(node.steps, network));
        continue;
      }
      const own = times * multiplyAddsOf(node, network);
      total += own;
      const layer = layerOf(node.frame, network.layers);
      if (layer !== -1) byLayer[layer]! += own;
    }
  };
  count(network.predict.nodes, 1);
  return { total, byLayer };
}

/** Of the calls that were asked for and all that they call; the turns of a loop together. */
export function multiplyAddsWithin(network: Network, asked: (frame: Frame) => boolean): number {
  const count = (nodes: readonly Node[]): number =>
    nodes.reduce((sum, node) => {
      if (node.kind === "scan") return sum + sizeOf(node.steps, network) * count(node.nodes);
      return within(node.frame, asked) ? sum + multiplyAddsOf(node, network) : sum;
    }, 0);
  return count(network.predict.nodes);
}

/** Whether this frame or one of those that led to it was asked for. */
export function within(frame: Frame, asked: (frame: Frame) => boolean): boolean {
  for (let at: Frame | null = frame; at !== null; at = at.parent) if (asked(at)) return true;
  return false;
}

function multiplyAddsOf({ comprehension }: IndexNode, network: Network): number {
  if (!isContraction(comprehension)) return 0;
  return comprehension.domain.reduce((product, { extent }) => product * sizeOf(extent, network), 1);
}

/** For one sample at its longest. */
function sizeOf(dimension: Dimension, network: Network): number {
  return variesBySample(dimension)
    ? mostValue(dimension)
    : resolveDimension(dimension, new Map([[network.batch, 1]]));
}

/** Whether it sums products of two tensors' elements. */
function isContraction({ reducer, body }: Comprehension): boolean {
  return reducer === "sum" && readsMultiplied(body);
}

function readsMultiplied(body: Scalar): boolean {
  if (body.kind !== "apply") return false;
  if (body.function === "multiply") return body.arguments.every(reads);
  return body.arguments.some(readsMultiplied);
}

function reads(scalar: Scalar): boolean {
  return scalar.kind === "read" || (scalar.kind === "apply" && scalar.arguments.some(reads));
}

/** The innermost line of the summary that asked for this node; -1 where none did. */
function layerOf(frame: Frame, layers: readonly LayerSummary[]): number {
  for (let asker: Frame | null = frame; asker !== null; asker = asker.parent) {
    const { span } = asker;
    const found = layers.findIndex(
      (layer) =>
        layer.span.source === span.source && layer.span.start === span.start && layer.span.end === span.end,
    );
    if (found !== -1) return found;
  }
  return -1;
}
