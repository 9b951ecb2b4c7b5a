/** Owns cotangents: what has come together for each value from all its uses, and the sums of it. */
import { type GraphBuilder, variablesOver } from "../ir/build.ts";
import type { Scalar } from "../ir/comprehension.ts";
import type { Frame } from "../ir/frame.ts";
import type { Value } from "../ir/graph.ts";
import { variableIndex } from "../ir/indices.ts";
import { apply, constant, readAt } from "../ir/scalars.ts";
import { type TensorType, float } from "../ir/type.ts";

/** What has come together for each value so far, from all its uses. */
export class Cotangents {
  readonly #parts = new Map<Value, Value[]>();
  readonly #builder: GraphBuilder;

  constructor(builder: GraphBuilder) {
    this.#builder = builder;
  }

  contribute(value: Value, part: Value): void {
    const parts = this.#parts.get(value);
    if (parts === undefined) this.#parts.set(value, [part]);
    else parts.push(part);
  }

  /** The sum of the parts, once all are known; null where there are none. */
  of(value: Value, frame: Frame): Value | null {
    const parts = this.#parts.get(value);
    if (parts === undefined) return null;
    const sum = parts.reduce((a, b) => addValues(this.#builder, a, b, frame));
    this.#parts.set(value, [sum]);
    return sum;
  }
}

function addValues(builder: GraphBuilder, a: Value, b: Value, frame: Frame): Value {
  return elementwiseNode(builder, "add", [a, b], frame, (reads) => apply("add", ...reads));
}

function elementwiseNode(
  builder: GraphBuilder,
  operation: string,
  operands: readonly [Value, ...Value[]],
  frame: Frame,
  body: (reads: readonly Scalar[]) => Scalar,
): Value {
  const { shape } = operands[0].type;
  const domain = variablesOver(shape);
  const reads = operands.map((_, place) => readAt(place, domain));
  return builder.add({
    operation,
    operands,
    type: { element: float, shape },
    comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: body(reads) },
    frame,
  });
}

export function filledWith(builder: GraphBuilder, value: number, { shape }: TensorType, frame: Frame): Value {
  const domain = variablesOver(shape);
  return builder.add({
    operation: "constant",
    operands: [],
    type: { element: float, shape },
    comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: constant(value) },
    frame,
  });
}
