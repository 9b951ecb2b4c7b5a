/** Owns the proof that a function of the graph is well formed, for tests to ask after every pass. */
import { type Comprehension, type Scalar, isGather, reducedVariables } from "./comprehension.ts";
import type { GraphFunction, Node, Value } from "./graph.ts";
import { isLiteral, printDimension, sameDimension } from "./dimension.ts";
import { provenInside } from "./indices.ts";
import { verifyMaps } from "./verify-maps.ts";
import { type ElementType, printShape } from "./type.ts";
import { isTruth } from "./scalars.ts";

export interface Fault {
  /** The value of the node at fault; null where it is the function's. */
  readonly value: Value | null;
  readonly message: string;
}

/** What is wrong, in the order of the nodes; empty where all is well. */
export function verifyFunction(fn: GraphFunction): readonly Fault[] {
  const faults: Fault[] = [];
  const made = new Set<Value>();
  const ids = new Set<number>();
  const make = (value: Value): void => {
    if (made.has(value)) faults.push({ value, message: `%${value.id} is made twice` });
    else if (ids.has(value.id)) faults.push({ value, message: `two values are called %${value.id}` });
    made.add(value);
    ids.add(value.id);
  };
  for (const { value } of fn.arguments) make(value);
  for (const node of fn.nodes) {
    for (const operand of node.operands) {
      if (made.has(operand)) continue;
      faults.push({ value: node.result, message: `%${operand.id} is used before it is made` });
    }
    for (const message of verifyNode(node)) faults.push({ value: node.result, message });
    make(node.result);
  }
  for (const { value } of fn.results) {
    if (!made.has(value)) faults.push({ value: null, message: `the result %${value.id} is never made` });
  }
  return faults;
}

function verifyNode(node: Node): readonly string[] {
  return [...verifyForm(node), ...verifyMaps(node), ...verifyElement(node)];
}

/** The domain, the target and the reducer fit each other and the type of the result. */
function verifyForm({ comprehension, result }: Node): readonly string[] {
  const { domain, target, reducer } = comprehension;
  const { shape } = result.type;
  const faults: string[] = [];
  if (new Set(domain).size < domain.length) faults.push("a variable stands twice in the domain");
  if (target.length !== shape.length) {
    return [...faults, `the target has ${target.length} places for a result ${printShape(shape)}`];
  }
  if (!isGather(comprehension)) {
    if (reducer !== "sum") faults.push(`a scatter sums, and this one has the reducer ${reducer}`);
    return faults;
  }
  for (const [axis, at] of target.entries()) {
    if (at.kind === "variable" && !sameDimension(at.variable.extent, shape[axis]!)) {
      const [have, want] = [printDimension(at.variable.extent), printDimension(shape[axis]!)];
      faults.push(`${at.variable.name} runs to ${have} along axis ${axis}, which has ${want}`);
    }
  }
  const reduced = reducedVariables(comprehension);
  if (reducer === null && reduced.length > 0) {
    faults.push(`nothing reduces ${reduced.map(({ name }) => name).join(", ")}`);
  }
  return faults;
}

/** The body gives elements of the kind that the result holds. */
function verifyElement({ comprehension, operands, result }: Node): readonly string[] {
  const { element } = result.type;
  const { reducer, body } = comprehension;
  const places = reducer === "argmax" || reducer === "argmin";
  const elementOf = (operand: number): ElementType | null => operands[operand]?.type.element ?? null;
  switch (element.kind) {
    case "float":
      return places ? ["places are indices, and the result holds floats"] : [];
    case "bool":
      return isTruth(body, (operand) => elementOf(operand)?.kind === "bool")
        ? []
        : ["the result holds truth values, and the body gives numbers"];
    case "index":
      return places
        ? verifyPlaces(comprehension, element.size)
        : verifyIndices(comprehension.body, operands, element.size);
  }
}

function verifyPlaces(comprehension: Comprehension, size: number): readonly string[] {
  const extents = reducedVariables(comprehension).map(({ extent }) => extent);
  if (!extents.every(isLiteral)) return [];
  const count = extents.reduce((product, { constant }) => product * constant, 1);
  return count <= size ? [] : [`there are ${count} places, and the result holds indices below ${size}`];
}

function verifyIndices(body: Scalar, operands: readonly Value[], size: number): readonly string[] {
  const below = (scalar: Scalar): boolean => {
    switch (scalar.kind) {
      case "constant":
        return Number.isInteger(scalar.value) && scalar.value >= 0 && scalar.value < size;
      case "index":
        return provenInside(scalar.of, { constant: size, terms: [] }, (operand) => sizeOf(operands, operand));
      case "read": {
        const own = sizeOf(operands, scalar.operand);
        return own !== null && own <= size;
      }
      case "apply":
        return scalar.function === "select" && scalar.arguments.slice(1).every(below);
      case "inside":
        return size >= 2;
      case "dimension":
      case "random":
        return false;
    }
  };
  return below(body) ? [] : [`the body is not an index below ${size}`];
}

function sizeOf(operands: readonly Value[], operand: number): number | null {
  const element = operands[operand]?.type.element;
  return element?.kind === "index" ? element.size : null;
}
