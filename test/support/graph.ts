/** Owns short ways of putting graphs together and running them in tests. */
import { type Tensor, evaluateFunction, tensor } from "../../src/evaluate/index.ts";
import { GraphBuilder } from "../../src/ir/build.ts";
import { type DimensionSymbol, literal } from "../../src/ir/dimension.ts";
import type { Frame } from "../../src/ir/frame.ts";
import type { GraphFunction, Value } from "../../src/ir/graph.ts";
import { type ElementType, type TensorType, float } from "../../src/ir/type.ts";
import { operations } from "../../src/ops/index.ts";
import type { Built, OptionValue, Problem } from "../../src/ops/operation.ts";

export const source = { name: "test.nn", text: "model Test {\n  y = x\n}\n" };

export const frame: Frame = {
  layer: "Test",
  span: { source, start: 15, end: 20 },
  path: "",
  statics: {},
  parent: null,
};

export const batch: DimensionSymbol = { kind: "batch", name: "batch", minimum: 1, maximum: null };

export function typeOf(shape: readonly number[], element: ElementType = float): TensorType {
  return { element, shape: shape.map((size) => literal(size)) };
}

/** Adds an operation to a function being built; a problem throws its message. */
export class Graph {
  readonly builder: GraphBuilder;
  readonly arguments: Value[] = [];

  constructor(builder = new GraphBuilder()) {
    this.builder = builder;
  }

  argument(type: TensorType, name: string): Value {
    const value = this.builder.value(type, name);
    this.arguments.push(value);
    return value;
  }

  apply(
    name: string,
    operands: readonly Value[],
    options: Readonly<Record<string, OptionValue>> = {},
    binding: string | null = null,
  ): Value {
    const built = build(
      name,
      operands.map(({ type }) => type),
      options,
    );
    if (built.kind === "problem") throw new Error(built.message);
    const { type, comprehension } = built;
    return this.builder.add({ operation: name, operands, type, comprehension, frame, name: binding });
  }

  number(value: number): Value {
    return this.apply("constant", [], { value });
  }

  finish(...results: readonly Value[]): GraphFunction {
    return {
      name: "test",
      arguments: this.arguments.map((value) => ({
        role: { kind: "parameter", name: value.name ?? "" },
        value,
      })),
      nodes: this.builder.nodes,
      results: results.map((value, place) => ({ role: { kind: "output", name: `y${place}` }, value })),
    };
  }
}

export function build(
  name: string,
  types: readonly TensorType[],
  options: Readonly<Record<string, OptionValue>> = {},
): Built | Problem {
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  return operation.build(types, options);
}

/** An operation on tensors: floats unless an element type is given. */
export function run(
  name: string,
  operands: readonly (Tensor & { readonly element?: ElementType })[],
  options: Readonly<Record<string, OptionValue>> = {},
): Tensor {
  const graph = new Graph();
  const values = operands.map(({ shape, element }, place) =>
    graph.argument(typeOf(shape, element), `x${place}`),
  );
  const result = graph.apply(name, values, options);
  const inputs = new Map(values.map((value, place) => [value, operands[place]!]));
  return evaluateFunction(graph.finish(result), inputs, { sizes: new Map(), seed: 1, step: 0 }).get(result)!;
}

export function indices(size: number, shape: readonly number[], values: readonly number[]) {
  return { ...tensor(shape, values), element: { kind: "index", size } as const };
}

export function truths(shape: readonly number[], values: readonly number[]) {
  return { ...tensor(shape, values), element: { kind: "bool" } as const };
}
