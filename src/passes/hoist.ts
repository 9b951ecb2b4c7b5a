/**
 * Owns moving work out of recurrences: what is the same at every step is computed once, and sums that nothing carried
 * reaches, as `x[:, t] @ w`, for all steps at once: one contraction over batch and time instead of one a step.
 */
import { GraphBuilder, makeNode } from "../ir/build.ts";
import { carriedLength, everyIndexNode, spokenOf } from "../ir/decided.ts";
import { type IndexVariable, isGather } from "../ir/comprehension.ts";
import type { GraphFunction, IndexNode, Node, ScanNode, Value } from "../ir/graph.ts";
import { variableIndex } from "../ir/indices.ts";
import { atStep, type StackOf } from "../ir/lift.ts";
import { partsOfScalar } from "../ir/rewrite.ts";
import { pass } from "./pass.ts";

export const hoist = pass({
  name: "hoist",
  doc: "Out of recurrences goes what no step changes, and every sum that depends on nothing carried, taken for all steps at once.",
  on: "graph",
  run: withoutWorkInSteps,
});

export function withoutWorkInSteps(fn: GraphFunction): GraphFunction {
  if (fn.nodes.every(({ kind }) => kind === "index")) return fn;
  return { ...fn, nodes: hoisted(fn.nodes, GraphBuilder.after(fn)) };
}

/** Innermost recurrences first: what leaves one may leave the one around it too. */
function hoisted(nodes: readonly Node[], builder: GraphBuilder): readonly Node[] {
  return nodes.flatMap((node) =>
    node.kind === "index" ? [node] : hoistedFrom({ ...node, nodes: hoisted(node.nodes, builder) }, builder),
  );
}

/** How a value within changes from step to step: not at all, with the step alone, or with what is carried. */
type Change = "none" | "step" | "carry";

function changesIn(scan: ScanNode): (value: Value) => Change {
  const decided = new Set(everyIndexNode(scan.nodes).flatMap((node) => carriedLength(node)?.symbol ?? []));
  const changes = new Map<Value, Change>();
  for (const { inner } of scan.carries) changes.set(inner, "carry");
  for (const { inner } of scan.sequences) changes.set(inner, "step");
  if (scan.place !== null) changes.set(scan.place, "step");
  const of = (value: Value): Change => changes.get(value) ?? "none";
  for (const node of scan.nodes) {
    if (node.kind === "scan") {
      for (const { last } of node.carries) changes.set(last, "carry");
      for (const { result } of node.collects) changes.set(result, "carry");
      continue;
    }
    const read = node.operands.map(of);
    // What goes along a length that the step decides belongs to the step.
    const own = spokenOf(node).some((symbol) => decided.has(symbol));
    const stays = own || draws(node) || read.includes("carry") || !isGather(node.comprehension);
    changes.set(node.result, stays ? "carry" : read.includes("step") ? "step" : "none");
  }
  return of;
}

/** Draws stay where they are: what they are is told by the step. */
function draws({ comprehension }: IndexNode): boolean {
  return [...partsOfScalar(comprehension.body)].some(({ kind }) => kind === "random");
}

/** Sums that change with the step alone, what they are made of and what is made of them. */
function worthLifting(nodes: readonly IndexNode[]): ReadonlySet<IndexNode> {
  const made = new Set<Value>();
  const found = new Set<IndexNode>();
  for (const node of nodes) {
    if (node.comprehension.reducer === null && !node.operands.some((operand) => made.has(operand))) continue;
    made.add(node.result);
    found.add(node);
  }
  const needed = new Set([...found].flatMap(({ operands }) => operands));
  for (const node of nodes.toReversed()) {
    if (!needed.has(node.result)) continue;
    found.add(node);
    for (const operand of node.operands) needed.add(operand);
  }
  return found;
}

/** The nodes that now stand before the recurrence, and the recurrence with what is left. */
function hoistedFrom(scan: ScanNode, builder: GraphBuilder): readonly Node[] {
  // What is run for some samples alone is not worked out for all.
  if (scan.lengths !== undefined) return [scan];
  const changeOf = changesIn(scan);
  const inner = scan.nodes.filter((node): node is IndexNode => node.kind === "index");
  const fixed = new Set(inner.filter(({ result }) => changeOf(result) === "none"));
  const lifted = worthLifting(inner.filter(({ result }) => changeOf(result) === "step"));
  if (fixed.size + lifted.size === 0) return [scan];
  const sequences = [...scan.sequences];
  const stackOf: StackOf = (value) => {
    if (value === scan.place) return "place";
    return sequences.find((sequence) => sequence.inner === value) ?? null;
  };
  const before = inner.flatMap((node): readonly Node[] => {
    if (fixed.has(node)) return [node];
    if (!lifted.has(node)) return [];
    const { result } = node;
    const time: IndexVariable = { name: "t", extent: scan.steps };
    const { operands, comprehension } = atStep(node, time, stackOf);
    const type = { ...result.type, shape: [scan.steps, ...result.type.shape] };
    const outer = builder.value(type, result.name);
    sequences.push({ outer, axis: 0, inner: result });
    const all = {
      ...comprehension,
      domain: [time, ...comprehension.domain],
      target: [variableIndex(time), ...comprehension.target],
    };
    return [makeNode({ ...node, operands, comprehension: all }, outer)];
  });
  const moved = new Set<Node>([...fixed, ...lifted]);
  return [...before, { ...scan, sequences, nodes: scan.nodes.filter((node) => !moved.has(node)) }];
}
