/** Owns the proof that a function of the graph is well formed, for tests to ask after every pass. */
import { type Comprehension, type Scalar, isGather, reducedVariables } from "./comprehension.ts";
import {
  type GraphFunction,
  type IndexNode,
  insideOf,
  type Node,
  operandsOf,
  resultsOf,
  type ScanNode,
  type Value,
} from "./graph.ts";
import { isLiteral, printDimension, sameDimension } from "./dimension.ts";
import { provenInside } from "./indices.ts";
import { verifyMaps } from "./verify-maps.ts";
import { type ElementType, printShape, sameShape } from "./type.ts";
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
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      const value = resultsOf(node)[0] ?? null;
      const need = (operand: Value): void => {
        if (!made.has(operand)) faults.push({ value, message: `%${operand.id} is used before it is made` });
      };
      operandsOf(node).forEach(need);
      if (node.kind === "scan") {
        insideOf(node).forEach(make);
        visit(node.nodes);
        for (const { next } of node.carries) need(next);
        for (const { inner } of node.collects) need(inner);
      }
      const messages = node.kind === "scan" ? verifyScan(node) : verifyNode(node);
      for (const message of messages) faults.push({ value, message });
      resultsOf(node).forEach(make);
    }
  };
  visit(fn.nodes);
  for (const { value } of fn.results) {
    if (!made.has(value)) faults.push({ value: null, message: `the result %${value.id} is never made` });
  }
  return faults;
}

/** Inner values are outer ones without the axis of the steps; what is carried keeps its type. */
function verifyScan({ steps, sequences, carries, collects }: ScanNode): readonly string[] {
  const faults: string[] = [];
  const along = (outer: Value, axis: number, inner: Value): void => {
    const shape = outer.type.shape.filter((_, place) => place !== axis);
    const extent = outer.type.shape[axis];
    if (extent === undefined || !sameDimension(extent, steps))
      faults.push(`%${outer.id} has no steps along axis ${axis}`);
    if (!sameShape(shape, inner.type.shape)) faults.push(`%${inner.id} is no step of %${outer.id}`);
  };
  for (const { outer, axis, inner } of sequences) along(outer, axis, inner);
  for (const { inner, axis, result } of collects) along(result, axis, inner);
  for (const { initial, inner, next, last } of carries) {
    const same = [initial, next, last].every((value) => sameShape(value.type.shape, inner.type.shape));
    if (!same) faults.push(`%${inner.id} changes its shape from step to step`);
  }
  return faults;
}

function verifyNode(node: IndexNode): readonly string[] {
  return [...verifyForm(node), ...verifyMaps(node), ...verifyElement(node)];
}

/** The domain, the target and the reducer fit each other and the type of the result. */
function verifyForm({ comprehension, result }: IndexNode): readonly string[] {
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
function verifyElement({ comprehension, operands, result }: IndexNode): readonly string[] {
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
        return scalar.function === "select"
          ? scalar.arguments.slice(1).every(below)
          : isDrawnBelow(scalar, size);
      case "inside":
        return size >= 2;
      case "dimension":
      case "random":
        return false;
    }
  };
  return below(body) ? [] : [`the body is not an index below ${size}`];
}

/** `floor(u · n)` with u drawn from [0, 1) and n no more than the size: u is at most 1 - 2⁻²⁴, which rounds to n nowhere. */
function isDrawnBelow(scalar: Scalar, size: number): boolean {
  if (scalar.kind !== "apply" || scalar.function !== "floor") return false;
  const [product] = scalar.arguments;
  if (product?.kind !== "apply" || product.function !== "multiply") return false;
  const [drawn, factor] = product.arguments;
  const uniform = drawn?.kind === "random" && drawn.distribution === "uniform";
  return uniform && factor?.kind === "constant" && factor.value <= size;
}

function sizeOf(operands: readonly Value[], operand: number): number | null {
  const element = operands[operand]?.type.element;
  return element?.kind === "index" ? element.size : null;
}
