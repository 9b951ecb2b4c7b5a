/**
 * Owns the gradient of a scan: a scan that runs the other way. What it reads of the forward steps is collected by the
 * forward scan; what it gives to values from outside is one sum over all steps, taken after it: the gradient of a
 * weight is a single contraction over batch and time, not one for each step.
 */
import { type GraphBuilder, makeNode, valuesMade } from "../ir/build.ts";
import type { Comprehension, IndexVariable } from "../ir/comprehension.ts";
import { carriedLength, everyIndexNode } from "../ir/decided.ts";
import { type IndexNode, insideOf, type Node, type ScanNode, type Value } from "../ir/graph.ts";
import { atStep, type Stack, type StackOf } from "../ir/lift.ts";
import { type Backward, passBack } from "./backward.ts";
import { Cotangents, filledWith } from "./cotangents.ts";
import type { GradientProblem } from "./problem.ts";

/** What belongs to one step lies together. */
const stackAxis = 0;

function stackedType(value: Value, axis: number, { steps }: ScanNode): Value["type"] {
  const { element, shape } = value.type;
  return { element, shape: [...shape.slice(0, axis), steps, ...shape.slice(axis)] };
}

/** Stacks of the inner values of one scan; those it does not collect yet are added to its collects. */
class Stacks {
  readonly #scan: ScanNode;
  readonly #builder: GraphBuilder;
  readonly #known = new Map<Value, Stack>();
  readonly added: ScanNode["collects"][number][] = [];

  constructor(scan: ScanNode, builder: GraphBuilder) {
    this.#scan = scan;
    this.#builder = builder;
    for (const { inner, outer, axis } of scan.sequences) this.#known.set(inner, { outer, axis });
    for (const { inner, result, axis } of scan.collects) this.#known.set(inner, { outer: result, axis });
  }

  of(inner: Value): Stack {
    const known = this.#known.get(inner);
    if (known !== undefined) return known;
    const axis = stackAxis;
    const outer = this.#builder.value(stackedType(inner, axis, this.#scan), inner.name);
    this.added.push({ inner, axis, result: outer });
    this.#known.set(inner, { outer, axis });
    return { outer, axis };
  }
}

/** A part that a step gives to an outer value, and the node that makes it. */
interface OuterPart {
  readonly operand: Value;
  readonly part: Value;
}

/** The sum of a node's results over all steps, outside the scan. */
function summedOverSteps(
  node: IndexNode,
  { steps }: ScanNode,
  stackOf: StackOf,
  builder: GraphBuilder,
): Value {
  const time: IndexVariable = { name: "t", extent: steps };
  const { operation, frame, result } = node;
  const { operands, comprehension } = atStep(node, time, stackOf);
  const { domain, target, body } = comprehension;
  const summed: Comprehension = { domain: [...domain, time], target, reducer: "sum", body };
  return builder.add({ operation, operands, type: result.type, comprehension: summed, frame });
}

/** The scan with what its gradient reads collected; nodes of the gradient go to the builder. */
export function passBackScan(scan: ScanNode, backward: Backward): ScanNode | GradientProblem {
  const { builder, cotangents, leadsTo, contribute } = backward;
  const { frame } = scan;
  const ofCollects = scan.collects.flatMap(({ inner, axis, result }) => {
    const outer = leadsTo.has(result) ? cotangents.of(result, frame) : null;
    return outer === null ? [] : [{ inner, axis, outer }];
  });
  const ofLast = new Map(
    scan.carries.flatMap(({ last }) => {
      const cotangent = leadsTo.has(last) ? cotangents.of(last, frame) : null;
      return cotangent === null ? [] : [[last, cotangent] as const];
    }),
  );
  if (ofCollects.length === 0 && ofLast.size === 0) return scan;
  const decider = everyIndexNode(scan.nodes).find((node) => carriedLength(node) !== null);
  if (decider !== undefined) {
    const reached = [...ofCollects.map((one) => one.inner), ...scan.carries.map(({ last }) => last)];
    const parameter = reached.map((value) => leadsTo.get(value)).find((value) => value !== undefined)!;
    const reason = "goes along a length that each step decides, and back through the steps nothing does yet";
    return { kind: "problem", operation: "carry", reason, frame: decider.frame, parameter };
  }

  const inner = builder.inside();
  const insideCotangents = new Cotangents(inner);
  const inside = new Set([...insideOf(scan), ...valuesMade(scan.nodes)]);
  const sequences = ofCollects.map(({ inner: value, axis, outer }) => {
    const step = inner.value(value.type);
    insideCotangents.contribute(value, step);
    return { outer, axis, inner: step };
  });
  const active = scan.carries.filter((carry) => leadsTo.has(carry.inner) || leadsTo.has(carry.next));
  const carried = active.map(({ next }) => {
    const cotangent = inner.value(next.type);
    insideCotangents.contribute(next, cotangent);
    return cotangent;
  });
  const outerParts: OuterPart[] = [];
  const passed = passBack(scan.nodes, {
    builder: inner,
    cotangents: insideCotangents,
    leadsTo,
    contribute: (operand, part) => {
      if (inside.has(operand)) insideCotangents.contribute(operand, part);
      else outerParts.push({ operand, part });
    },
  });
  if (passed.kind === "problem") return passed;
  // Scans inside now collect what their gradients read.
  for (const value of valuesMade(passed.nodes)) inside.add(value);

  const cotangentOf = (value: Value): Value =>
    insideCotangents.of(value, frame) ?? filledWith(inner, 0, value.type, frame);
  const carries = active.map((carry, i) => ({
    initial: ofLast.get(carry.last) ?? filledWith(builder, 0, carry.last.type, frame),
    inner: carried[i]!,
    next: cotangentOf(carry.inner),
    last: builder.value(carry.inner.type),
  }));
  const collects = scan.sequences
    .filter((sequence) => leadsTo.has(sequence.inner))
    .map((sequence) => {
      const result = builder.value(sequence.outer.type);
      return { inner: cotangentOf(sequence.inner), axis: sequence.axis, result, of: sequence.outer };
    });

  const forward = new Stacks(scan, builder);
  const parts = new Set(outerParts.map(({ part }) => part));
  const own = inner.nodes;
  const makers = new Map(
    own.flatMap((node) => (node.kind === "index" ? [[node.result, node] as const] : [])),
  );
  const stay = own.filter((node) => node.kind === "scan" || !parts.has(node.result));
  const renamed = renameForward(stay, inside, forward, scan, inner);
  const gradient: ScanNode = {
    kind: "scan",
    steps: scan.steps,
    reversed: !scan.reversed,
    sequences: [...sequences, ...renamed.sequences],
    place: renamed.place,
    carries: carries.map((carry) => ({ ...carry, next: renamed.now(carry.next) })),
    nodes: renamed.nodes,
    collects: collects.map(({ inner: value, axis, result }) => ({ inner: renamed.now(value), axis, result })),
    frame,
  };
  const backwardStacks = new Stacks(gradient, builder);
  const madeBackward = new Set([...insideOf(gradient), ...valuesMade(gradient.nodes)]);
  const stackOf = (value: Value): Stack | "place" | null => {
    if (value === scan.place || value === gradient.place) return "place";
    if (inside.has(value)) return forward.of(value);
    return madeBackward.has(value) ? backwardStacks.of(value) : null;
  };
  // The stacks that the sums read must be known before the scan that collects them is appended.
  const after = builder.inside();
  const sums = outerParts.map(({ operand, part }) => ({
    operand,
    sum: summedOverSteps(makers.get(part)!, scan, stackOf, after),
  }));
  builder.append({ ...gradient, collects: [...gradient.collects, ...backwardStacks.added] });
  for (const node of after.nodes) builder.append(node);
  for (const { operand, sum } of sums) contribute(operand, sum);
  for (const { of, result } of collects) contribute(of, result);
  active.forEach(({ initial }, i) => {
    if (leadsTo.has(initial)) contribute(initial, carries[i]!.last);
  });
  return { ...scan, nodes: passed.nodes, collects: [...scan.collects, ...forward.added] };
}

interface Renamed {
  readonly nodes: readonly Node[];
  readonly sequences: ScanNode["sequences"];
  readonly place: Value | null;
  readonly now: (value: Value) => Value;
}

/** Nodes of the gradient read values of the forward step as sequences over their stacks. */
function renameForward(
  nodes: readonly Node[],
  inside: ReadonlySet<Value>,
  forward: Stacks,
  scan: ScanNode,
  builder: GraphBuilder,
): Renamed {
  const known = new Map<Value, Value>();
  const sequences: ScanNode["sequences"][number][] = [];
  let place: Value | null = null;
  const now = (value: Value): Value => {
    if (!inside.has(value)) return value;
    const before = known.get(value);
    if (before !== undefined) return before;
    const fresh = builder.value(value.type, value.name);
    known.set(value, fresh);
    if (value === scan.place) place = fresh;
    else sequences.push({ ...forward.of(value), inner: fresh });
    return fresh;
  };
  const rename = (node: Node): Node => {
    if (node.kind === "index") return makeNode({ ...node, operands: node.operands.map(now) }, node.result);
    return {
      ...node,
      sequences: node.sequences.map((each) => ({ ...each, outer: now(each.outer) })),
      carries: node.carries.map((each) => ({ ...each, initial: now(each.initial), next: now(each.next) })),
      nodes: node.nodes.map(rename),
      collects: node.collects.map((each) => ({ ...each, inner: now(each.inner) })),
    };
  };
  const renamed = nodes.map(rename);
  return {
    nodes: renamed,
    sequences,
    get place() {
      return place;
    },
    now,
  };
}
