/** Owns the graph language: functions of tensor operations in single assignment; state is a value in and a value out. */
import type { Comprehension } from "./comprehension.ts";
import type { Dimension } from "./dimension.ts";
import type { Frame } from "./frame.ts";
import type { TensorType } from "./type.ts";

/** Compared by identity; `id` is unique within its function and gives printers a name. */
export interface Value {
  readonly id: number;
  readonly type: TensorType;
  /** The binding that the user gave it, for readers. */
  readonly name: string | null;
}

export type Node = IndexNode | ScanNode;

/** One comprehension over its operands. */
export interface IndexNode {
  readonly kind: "index";
  /** The operation of `ops` that made it: decides about its gradient, exporters and headings. */
  readonly operation: string;
  readonly operands: readonly Value[];
  readonly comprehension: Comprehension;
  readonly result: Value;
  readonly frame: Frame;
}

/**
 * A recurrence over `steps`: its nodes run once a step, from the first place to the last or, `reversed`, from the last
 * to the first. They read values of the outside as they are, the same at every step, besides those that stand inside.
 */
export interface ScanNode {
  readonly kind: "scan";
  readonly steps: Dimension;
  /**
   * Of each sample, how many steps are its own. Once those of all are done nothing changes that is read: no step need run
   * beyond the most of them, and what would have been collected there is anything.
   */
  readonly lengths?: Value;
  readonly reversed: boolean;
  /** One place along `axis` at every step; the inner value lacks that axis. */
  readonly sequences: readonly { readonly outer: Value; readonly axis: number; readonly inner: Value }[];
  /** The place of the step along the dimension, an index of rank 0; null where no node asks. */
  readonly place: Value | null;
  /** `inner` is `initial` at the first step and the `next` of the step before at others; `last` is the last `next`. */
  readonly carries: readonly {
    readonly initial: Value;
    readonly inner: Value;
    readonly next: Value;
    readonly last: Value;
  }[];
  /** In single assignment. */
  readonly nodes: readonly Node[];
  /** `inner` of every step, side by side along `axis` of the result. */
  readonly collects: readonly { readonly inner: Value; readonly axis: number; readonly result: Value }[];
  readonly frame: Frame;
}

/** The nodes of a function that runs no scan: a metric's or an optimizer's. Throws where it does. */
export function indexNodes(nodes: readonly Node[]): readonly IndexNode[] {
  return nodes.map((node) => {
    if (node.kind === "scan") throw new Error("no recurrence is expected here");
    return node;
  });
}

/** The values that a node reads. */
export function operandsOf(node: Node): readonly Value[] {
  if (node.kind === "index") return node.operands;
  const { sequences, carries, nodes, collects, lengths } = node;
  const inside = new Set([...insideOf(node), ...nodes.flatMap(resultsOf)]);
  const read = [
    ...nodes.flatMap(operandsOf),
    ...carries.map(({ next }) => next),
    ...collects.map(({ inner }) => inner),
  ].filter((value) => !inside.has(value));
  const passed = [
    ...(lengths === undefined ? [] : [lengths]),
    ...sequences.map(({ outer }) => outer),
    ...carries.map(({ initial }) => initial),
  ];
  return [...new Set([...passed, ...read])];
}

/** The values that a node makes. */
export function resultsOf(node: Node): readonly Value[] {
  if (node.kind === "index") return [node.result];
  return [...node.carries.map(({ last }) => last), ...node.collects.map(({ result }) => result)];
}

/** The values that stand inside a scan before its nodes run. */
export function insideOf(scan: ScanNode): readonly Value[] {
  const { sequences, carries, place } = scan;
  return [...[...sequences, ...carries].map(({ inner }) => inner), ...(place === null ? [] : [place])];
}

export type ArgumentRole =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "target"; readonly name: string }
  /** How long each sample is along a length that varies. */
  | { readonly kind: "length"; readonly name: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "state"; readonly name: string }
  /** A table of numbers that is known when the network is compiled: one of its `constants`. */
  | { readonly kind: "constant"; readonly name: string }
  /** Of an optimizer: the tensors it moves, their gradients, its own state; all of shape `[parameters]`, or of one parameter. */
  | { readonly kind: "moved" }
  | { readonly kind: "gradient" }
  | { readonly kind: "slot"; readonly name: string }
  /** Rank 0, from the host: steps done before this one, steps in all, and what rates are multiplied by. */
  | { readonly kind: "step" }
  | { readonly kind: "total" }
  | { readonly kind: "ease" }
  /** What a metric collected over a data set: its batch axis is `samples`. */
  | { readonly kind: "collected"; readonly name: string };

export type ResultRole =
  | { readonly kind: "output"; readonly name: string }
  /** How long each sample of an output is along a length that numbers decide. */
  | { readonly kind: "length"; readonly name: string }
  /** Rank 0: the sum over all valid elements, and how many (or what weight) they are; the loss is their quotient. */
  | { readonly kind: "lossTotal"; readonly name: string }
  | { readonly kind: "lossWeight"; readonly name: string }
  /** Rank 0: what one `minimize` line minimises; differentiated. */
  | { readonly kind: "objective"; readonly name: string }
  | { readonly kind: "state"; readonly name: string }
  | { readonly kind: "collect"; readonly metric: string; readonly name: string }
  | { readonly kind: "gradient"; readonly parameter: string }
  | { readonly kind: "moved" }
  | { readonly kind: "slot"; readonly name: string }
  /** Rank 0: the learning rate of this step, for reports. */
  | { readonly kind: "rate" }
  /** What a metric makes of what it collected. */
  | { readonly kind: "metric"; readonly name: string };

export interface GraphFunction {
  readonly name: string;
  readonly arguments: readonly { readonly role: ArgumentRole; readonly value: Value }[];
  /** In an order where every operand is made before it is used. */
  readonly nodes: readonly Node[];
  readonly results: readonly { readonly role: ResultRole; readonly value: Value }[];
}
