/** Owns the proof that the index maps of a node use what there is, and stay within bounds where that can be seen. */
import type { IndexExpression, Scalar } from "./comprehension.ts";
import { type Dimension, printDimension } from "./dimension.ts";
import type { IndexNode } from "./graph.ts";
import { linearize, provenInside } from "./indices.ts";
import { printIndex } from "./print-comprehension.ts";
import { freeVariables, freeVariablesOfIndex, indicesOf } from "./rewrite.ts";
import { printShape } from "./type.ts";

export function verifyMaps(node: IndexNode): readonly string[] {
  const { comprehension, operands, result } = node;
  const { domain, target, body } = comprehension;
  const faults: string[] = [];
  const nameOf = (operand: number): string => `%${operands[operand]?.id ?? "?"}`;

  const known = new Set(domain);
  const used = [...freeVariables(body), ...target.flatMap((at) => [...freeVariablesOfIndex(at)])];
  for (const variable of new Set(used)) {
    if (!known.has(variable)) faults.push(`${variable.name} is no variable of the domain`);
  }

  const sizeOf = (operand: number): number | null => {
    const element = operands[operand]?.type.element;
    return element?.kind === "index" ? element.size : null;
  };
  /** A place that is affine and holds no guard must be provably inside. */
  const inBounds = (at: readonly IndexExpression[], shape: readonly Dimension[], guarded: boolean): void => {
    for (const [axis, index] of at.entries()) {
      visitIndex(index, guarded);
      const seen = linearize(index) !== null || index.kind === "read";
      if (guarded || !seen || provenInside(index, shape[axis]!, sizeOf)) continue;
      faults.push(`${printIndex(index, nameOf)} may lie outside of ${printDimension(shape[axis]!)}`);
    }
  };
  const visitRead = (operand: number, at: readonly IndexExpression[], guarded: boolean): void => {
    const value = operands[operand];
    if (value === undefined) faults.push(`there is no operand ${operand}`);
    else if (value.type.shape.length !== at.length) {
      faults.push(`%${value.id} is read at ${at.length} places, and is ${printShape(value.type.shape)}`);
    } else inBounds(at, value.type.shape, guarded);
  };
  const visitIndex = (index: IndexExpression, guarded: boolean): void => {
    switch (index.kind) {
      case "read":
        if (sizeOf(index.operand) === null) faults.push(`${nameOf(index.operand)} is no index tensor`);
        visitRead(index.operand, index.at, guarded);
        return;
      case "sum":
        for (const term of index.terms) visitIndex(term, guarded);
        return;
      case "scaled":
        visitIndex(index.of, guarded);
        return;
      case "quotient":
      case "remainder":
        if (!(Number.isInteger(index.by) && index.by > 0)) faults.push(`a place is divided by ${index.by}`);
        visitIndex(index.of, guarded);
        return;
      case "constant":
      case "variable":
      case "dimension":
    }
  };
  const visit = (scalar: Scalar, guarded: boolean): void => {
    if (scalar.kind === "read") visitRead(scalar.operand, scalar.at, guarded);
    else for (const index of indicesOf(scalar)) visitIndex(index, guarded);
    if (scalar.kind !== "apply") return;
    const [condition, ...branches] = scalar.arguments;
    const selects = scalar.function === "select";
    if (condition !== undefined) visit(condition, guarded);
    for (const branch of branches) visit(branch, guarded || selects);
  };
  visit(body, false);
  if (target.length === result.type.shape.length) inBounds(target, result.type.shape, false);
  return faults;
}
