/** Owns the graph language: functions of tensor operations in single assignment; state is a value in and a value out. */
import type { Comprehension } from "./comprehension.ts";
import type { Frame } from "./frame.ts";
import type { TensorType } from "./type.ts";

/** Compared by identity; `id` is unique within its function and gives printers a name. */
export interface Value {
  readonly id: number;
  readonly type: TensorType;
  /** The binding that the user gave it, for readers. */
  readonly name: string | null;
}

export interface Node {
  readonly kind: "index";
  /** The operation of `ops` that made it: decides about its gradient, exporters and headings. */
  readonly operation: string;
  readonly operands: readonly Value[];
  readonly comprehension: Comprehension;
  readonly result: Value;
  readonly frame: Frame;
}

export type ArgumentRole =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "target"; readonly name: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "state"; readonly name: string }
  /** Of an optimizer: the tensors it moves, their gradients, its own state; all of shape `[parameters]`, or of one parameter. */
  | { readonly kind: "moved" }
  | { readonly kind: "gradient" }
  | { readonly kind: "slot"; readonly name: string }
  /** Rank 0, from the host: steps done before this one, and steps in all. */
  | { readonly kind: "step" }
  | { readonly kind: "total" }
  /** What a metric collected over a data set: its batch axis is `samples`. */
  | { readonly kind: "collected"; readonly name: string };

export type ResultRole =
  | { readonly kind: "output"; readonly name: string }
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
