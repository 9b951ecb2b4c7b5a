/** Owns what the parts of a comprehension are written with: the graph, and what its operands are called there. */
import type { Scalar } from "../../ir/comprehension.ts";
import type { Value } from "../../ir/graph.ts";
import type { TensorType } from "../../ir/type.ts";
import type { Spread } from "./spread.ts";
import type { GraphWriter, Sort } from "./writer.ts";

export interface Context {
  readonly writer: GraphWriter;
  readonly operands: readonly Value[];
  readonly nameOf: (value: Value) => string;
  /** How many values an index operand's elements may take; null of others. */
  readonly indexSize: (operand: number) => number | null;
  /** The input that a draw became. */
  readonly noise: (draw: Extract<Scalar, { kind: "random" }>) => Spread;
}

export function sortOf({ element }: TensorType): Sort {
  return element.kind === "float" ? "float" : element.kind === "bool" ? "truth" : "whole";
}
