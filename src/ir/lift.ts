/** Owns taking what one step of a recurrence computes for all steps at once: its reads gain the axis of the steps. */
import type { Comprehension, IndexExpression, IndexVariable } from "./comprehension.ts";
import type { IndexNode, Value } from "./graph.ts";
import { variableIndex } from "./indices.ts";
import { mapIndex, mapScalar, type Substitution } from "./rewrite.ts";
import { indexScalar } from "./scalars.ts";

/** All steps of an inner value side by side: an outer value, and the axis that the steps lie along. */
export interface Stack {
  readonly outer: Value;
  readonly axis: number;
}

/** A value's stack, or that it is the place of the step itself; null where it is the same at every step. */
export type StackOf = (value: Value) => Stack | "place" | null;

/** Operands and comprehension of a node at the step `time`, which neither domain nor target hold yet. */
export function atStep(
  { operands, comprehension }: IndexNode,
  time: IndexVariable,
  stackOf: StackOf,
): { readonly operands: readonly Value[]; readonly comprehension: Comprehension } {
  const stacks = operands.map(stackOf);
  const now = variableIndex(time);
  const placed = (operand: number, at: readonly IndexExpression[]): readonly IndexExpression[] => {
    const stack = stacks[operand];
    return stack === undefined || stack === null || stack === "place"
      ? at
      : [...at.slice(0, stack.axis), now, ...at.slice(stack.axis)];
  };
  const substitution: Substitution = {
    read: (operand, at) =>
      stacks[operand] === "place" ? indexScalar(now) : { kind: "read", operand, at: placed(operand, at) },
    indexRead: (operand, at) =>
      stacks[operand] === "place" ? now : { kind: "read", operand, at: placed(operand, at) },
  };
  return {
    operands: operands.map((operand, i) => {
      const stack = stacks[i];
      return stack === undefined || stack === null || stack === "place" ? operand : stack.outer;
    }),
    comprehension: {
      ...comprehension,
      target: comprehension.target.map((at) => mapIndex(at, substitution)),
      body: mapScalar(comprehension.body, substitution),
    },
  };
}
