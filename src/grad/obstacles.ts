/** Owns a quick look for what no gradient passes: without building gradients, which takes longer than checking. */
import type { Scalar } from "../ir/comprehension.ts";
import { everyIndexNode } from "../ir/decided.ts";
import type { IndexNode } from "../ir/graph.ts";
import type { Network } from "../ir/network.ts";
import { scalarRules } from "../ops/scalar/rules.ts";
import { gradientOf } from "./paths.ts";
import { hasPlace } from "./reducers.ts";

/**
 * Whether anything in the network could stand between a loss and a parameter. Where it is false, `objectiveGradients`
 * finds no problem; where it is true, it may still lie off every path.
 */
export function mayStopGradients({ train, evaluate }: Network): boolean {
  return [train, evaluate].some(({ nodes }) => everyIndexNode(nodes).some(isObstacle));
}

function isObstacle(node: IndexNode): boolean {
  const { reducer, body } = node.comprehension;
  if (gradientOf(node).kind === "none" || holdsObstacle(body)) return true;
  return (reducer === "max" || reducer === "min") && !hasPlace(node.comprehension);
}

function holdsObstacle(scalar: Scalar): boolean {
  if (scalar.kind !== "apply") return false;
  return scalarRules[scalar.function].derivative.kind === "none" || scalar.arguments.some(holdsObstacle);
}
