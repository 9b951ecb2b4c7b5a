/** Owns what a model may do along lengths that vary: whatever speaks of a sample's length belongs to one sample. */
import { type Dimension, printDimension, variesBySample } from "../../ir/dimension.ts";
import { type Frame, userFrame } from "../../ir/frame.ts";
import type { GraphFunction, IndexNode, Node, ScanNode, Value } from "../../ir/graph.ts";
import type { Network } from "../../ir/network.ts";
import {
  lengthsSpokenOf,
  mixedVariables,
  sampleAxis,
  sampleVariables,
  varyingVariables,
} from "../../ir/samples.ts";
import { printShape } from "../../ir/type.ts";
import { lengthWithoutSample } from "../../report/catalogue/check.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";

/** What stands between a network and its meaning for each sample at its own length; each line of the program once. */
export function lengthProblems(network: Network): readonly Diagnostic[] {
  const { predict, evaluate, train, entries } = network;
  const found = new Map<number, Diagnostic>();
  for (const fn of [predict, evaluate, train, ...entries.map((entry) => entry.function)])
    for (const { frame, length, shape, several } of problemsOf(fn)) {
      const { span } = userFrame(frame);
      const inner = frame.span.source === span.source ? null : frame.span;
      const facts = { span, inner, length: printDimension(length), shape: printShape(shape), several };
      if (!found.has(span.start)) found.set(span.start, lengthWithoutSample.build(facts));
    }
  return [...found.values()];
}

interface Problem {
  readonly frame: Frame;
  readonly length: Dimension;
  readonly shape: readonly Dimension[];
  /** Whether it has two axes of samples; else none. */
  readonly several: boolean;
}

function problemsOf(fn: GraphFunction): readonly Problem[] {
  const problems: Problem[] = [];
  /** What follows from constants and lengths alone; of that, what differs from sample to sample. */
  const constant = new Set<Value>();
  const differing = new Map<Value, Dimension>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      if (node.kind === "scan") {
        visit(node.nodes);
        problems.push(...carriedApart(node));
        continue;
      }
      if (node.operands.every((operand) => constant.has(operand))) constant.add(node.result);
      const length = lengthOf(node, differing);
      if (length === null) continue;
      const samples = sampleVariables(node.comprehension).length;
      if (samples === 0 && constant.has(node.result)) differing.set(node.result, length);
      else if (samples !== 1 || leavesSample(node))
        problems.push({ frame: node.frame, length, shape: node.result.type.shape, several: samples > 1 });
    }
  };
  visit(fn.nodes);
  return problems;
}

/** The length that a node asks of a sample; null where it asks none. */
function lengthOf(node: IndexNode, differing: ReadonlyMap<Value, Dimension>): Dimension | null {
  const { comprehension, operands } = node;
  const several = sampleVariables(comprehension).length > 1;
  const mixed = mixedVariables(comprehension);
  const along = varyingVariables(comprehension).find(
    (variable) => several || mixed.has(variable) || leavesSample(node),
  );
  const [spoken] = lengthsSpokenOf(comprehension);
  const read = operands.map((operand) => differing.get(operand)).find((length) => length !== undefined);
  return along?.extent ?? spoken ?? read ?? null;
}

/** Whether samples are reduced and a length of theirs is kept. */
function leavesSample({ comprehension }: IndexNode): boolean {
  const mixed = mixedVariables(comprehension);
  return (
    sampleVariables(comprehension).some((variable) => mixed.has(variable)) &&
    varyingVariables(comprehension).some((variable) => !mixed.has(variable))
  );
}

/** What is carried along a length is that of a sample. */
function carriedApart({ steps, carries, frame }: ScanNode): readonly Problem[] {
  if (!variesBySample(steps)) return [];
  return carries
    .filter(({ inner }) => sampleAxis(inner.type) < 0)
    .map(({ inner }) => ({ frame, length: steps, shape: inner.type.shape, several: false }));
}
