/** Owns the walk back through nodes: each hands the cotangent of its result on to its operands. */
import type { GraphBuilder } from "../ir/build.ts";
import { type Node, resultsOf, type Value } from "../ir/graph.ts";
import type { Cotangents } from "./cotangents.ts";
import type { GradientProblem } from "./problem.ts";
import { differentiateNode } from "./node.ts";
import { gradientOf } from "./paths.ts";
import { passBackScan } from "./scan.ts";

export interface Backward {
  /** Takes the nodes of the gradient. */
  readonly builder: GraphBuilder;
  readonly cotangents: Cotangents;
  readonly leadsTo: ReadonlyMap<Value, Value>;
  /** A part of the cotangent of an operand. */
  readonly contribute: (operand: Value, part: Value) => void;
}

/** The same nodes, their scans collecting what gradients read. */
export type Passed = { readonly kind: "passed"; readonly nodes: readonly Node[] } | GradientProblem;

export function passBack(nodes: readonly Node[], backward: Backward): Passed {
  const { builder, cotangents, leadsTo, contribute } = backward;
  const passed: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (node.kind === "scan") {
      const scan = passBackScan(node, backward);
      if (scan.kind === "problem") return scan;
      passed.unshift(scan);
      continue;
    }
    passed.unshift(node);
    const parameter = resultsOf(node).map((value) => leadsTo.get(value))[0];
    const cotangent = cotangents.of(node.result, node.frame);
    if (parameter === undefined || cotangent === null) continue;
    const rule = gradientOf(node);
    if (rule.kind === "stopped") continue;
    const failure =
      rule.kind === "none"
        ? { operation: node.operation, reason: rule.reason }
        : differentiateNode(node, cotangent, (operand) => leadsTo.has(operand), builder, contribute);
    if (failure !== null) return { kind: "problem", ...failure, frame: node.frame, parameter };
  }
  return { kind: "passed", nodes: passed };
}
