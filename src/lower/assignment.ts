/** Owns assignments: the flat form of the loops stage, one tensor each, made of the nodes of a graph function. */
import {
  type Comprehension,
  type IndexExpression,
  type IndexVariable,
  isGather,
  reducedVariables,
  type Scalar,
} from "../ir/comprehension.ts";
import {
  type Dimension,
  type DimensionSymbol,
  mostValue,
  resolveDimension,
  variesBySample,
} from "../ir/dimension.ts";
import type { Frame } from "../ir/frame.ts";
import type { IndexNode, Value } from "../ir/graph.ts";
import type { Tensor } from "./tensor.ts";
import type { Axis, Place, Term } from "./term.ts";

/** `target[at] = value` for every point of `axes`, which are those of the target, in order, unless it scatters or is zeroed. */
export interface Assignment {
  readonly target: Tensor;
  readonly axes: readonly Axis[];
  /** Where each value goes. Plain axes, except in a scatter or where the target is zeroed. */
  readonly at: readonly Place[];
  /** The target starts at zero and values are added. */
  readonly scatter: boolean;
  /** The target starts at zero; each value has a place of its own. */
  readonly zeroed: boolean;
  /** Its value is a sum that goes on from what the target holds. */
  readonly goesOn?: boolean;
  readonly value: Term;
  readonly operation: string;
  readonly frame: Frame;
}

/** What symbols come to when the network runs at its capacity. */
export interface Sizes {
  readonly capacity: ReadonlyMap<DimensionSymbol, number>;
}

function hasBatch(dimension: Dimension): boolean {
  return dimension.terms.some(({ symbol }) => symbol.kind === "batch");
}

/** The shape at capacity; a length that varies has room for the longest. */
export function shapeAtCapacity(shape: readonly Dimension[], sizes: Sizes): readonly number[] {
  return shape.map((dimension) =>
    variesBySample(dimension) ? mostValue(dimension) : resolveDimension(dimension, sizes.capacity),
  );
}

export function isBatched(shape: readonly Dimension[]): boolean {
  return shape[0] !== undefined && hasBatch(shape[0]);
}

/** A dimension as a place: literal, or linear in the number of samples. */
function dimensionPlace(dimension: Dimension, sizes: Sizes): Place {
  const terms: Place[] = [];
  let constant = dimension.constant;
  for (const { coefficient, symbol } of dimension.terms) {
    if (symbol.kind === "batch") terms.push({ kind: "scaled", factor: coefficient, of: { kind: "count" } });
    else constant += coefficient * (sizes.capacity.get(symbol) ?? 0);
  }
  return terms.length === 0
    ? { kind: "literal", value: constant }
    : { kind: "sum", terms: [...terms, { kind: "literal", value: constant }] };
}

/** Turns the comprehension of one node into terms over the tensors that its operands became. */
class NodeReader {
  readonly #operands: readonly Tensor[];
  readonly #axes: ReadonlyMap<IndexVariable, Axis>;
  readonly #sizes: Sizes;

  constructor(operands: readonly Tensor[], axes: ReadonlyMap<IndexVariable, Axis>, sizes: Sizes) {
    this.#operands = operands;
    this.#axes = axes;
    this.#sizes = sizes;
  }

  place(index: IndexExpression): Place {
    switch (index.kind) {
      case "constant":
        return { kind: "literal", value: index.value };
      case "variable":
        return { kind: "axis", axis: this.#axes.get(index.variable)! };
      case "dimension":
        return dimensionPlace(index.dimension, this.#sizes);
      case "sum":
        return { kind: "sum", terms: index.terms.map((term) => this.place(term)) };
      case "scaled":
        return { kind: "scaled", factor: index.factor, of: this.place(index.of) };
      case "quotient":
      case "remainder":
        return { kind: index.kind, of: this.place(index.of), by: index.by };
      case "read":
        return { kind: "element", tensor: this.#operands[index.operand]!, at: this.places(index.at) };
    }
  }

  places(indices: readonly IndexExpression[]): readonly Place[] {
    return indices.map((index) => this.place(index));
  }

  term(scalar: Scalar): Term {
    switch (scalar.kind) {
      case "constant":
        return { kind: "number", value: scalar.value };
      case "dimension":
        return { kind: "place", of: dimensionPlace(scalar.dimension, this.#sizes) };
      case "index":
        return { kind: "place", of: this.place(scalar.of) };
      case "inside":
        return {
          kind: "inside",
          of: this.place(scalar.of),
          extent: dimensionPlace(scalar.extent, this.#sizes),
        };
      case "read":
        return { kind: "read", tensor: this.#operands[scalar.operand]!, at: this.places(scalar.at) };
      case "apply":
        return {
          kind: "apply",
          function: scalar.function,
          arguments: scalar.arguments.map((argument) => this.term(argument)),
        };
      case "random":
        return {
          kind: "random",
          distribution: scalar.distribution,
          stream: scalar.stream,
          sample: scalar.sample === null ? null : this.place(scalar.sample),
          element: this.place(scalar.element),
        };
    }
  }
}

function axesOf(comprehension: Comprehension, sizes: Sizes): ReadonlyMap<IndexVariable, Axis> {
  return new Map(
    comprehension.domain.map((variable) => [
      variable,
      {
        name: variable.name,
        extent: resolveDimension(variable.extent, sizes.capacity),
        counted: hasBatch(variable.extent),
      },
    ]),
  );
}

function assignmentOf(node: IndexNode, tensors: ReadonlyMap<Value, Tensor>, sizes: Sizes): Assignment {
  const { comprehension } = node;
  const axes = axesOf(comprehension, sizes);
  const reader = new NodeReader(
    node.operands.map((operand) => tensors.get(operand)!),
    axes,
    sizes,
  );
  const body = reader.term(comprehension.body);
  const common = {
    target: tensors.get(node.result)!,
    operation: node.operation,
    frame: node.frame,
    zeroed: false,
  };
  const at = reader.places(comprehension.target);
  if (!isGather(comprehension)) {
    return { ...common, axes: [...axes.values()], at, scatter: true, value: body };
  }
  const over = reducedVariables(comprehension).map((variable) => axes.get(variable)!);
  const value: Term =
    over.length === 0 || comprehension.reducer === null
      ? body
      : { kind: "reduced", reduction: { reducer: comprehension.reducer, over, body } };
  const free = at.map((place) => (place as { readonly axis: Axis }).axis);
  return { ...common, axes: free, at, scatter: false, value };
}

/** One assignment for each node, in order. `tensors` must hold every value that they read or make. */
export function assignmentsOf(
  nodes: readonly IndexNode[],
  tensors: ReadonlyMap<Value, Tensor>,
  sizes: Sizes,
): readonly Assignment[] {
  return nodes.map((node) => assignmentOf(node, tensors, sizes));
}
