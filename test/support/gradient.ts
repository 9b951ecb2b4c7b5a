/** Owns comparing a function's gradients with central finite differences, in double precision. */
import { expect } from "vitest";
import {
  type EvaluationContext,
  type Tensor,
  elementCount,
  evaluateFunction,
  resolveShape,
} from "../../src/evaluate/index.ts";
import { differentiate } from "../../src/grad/index.ts";
import type { GraphFunction, Value } from "../../src/ir/graph.ts";
import { uniformAt } from "../../src/ir/random.ts";
import { verifyFunction } from "../../src/ir/verify.ts";
import type { TensorType } from "../../src/ir/type.ts";

export interface Range {
  readonly from: number;
  readonly to: number;
}

export const context: EvaluationContext = { sizes: new Map(), seed: 5, step: 2 };

/** Values without ties or kinks to speak of: distinct draws in a range, whole numbers for indices. */
export function draw(
  type: TensorType,
  seed: number,
  stream: number,
  within: EvaluationContext,
  range: Range = { from: -2, to: 2 },
): Tensor {
  const shape = resolveShape(type, within.sizes);
  const data = Float64Array.from({ length: elementCount(shape) }, (_, element) => {
    const u = uniformAt({ seed, stream, step: 0, sample: 0, element });
    if (type.element.kind === "index") return Math.floor(u * type.element.size);
    if (type.element.kind === "bool") return u < 0.5 ? 0 : 1;
    return range.from + u * (range.to - range.from);
  });
  return { shape, data };
}

/** Fails where a gradient of `of` is off by more than one in a million from finite differences. */
export function expectTrueGradients(
  fn: GraphFunction,
  of: Value,
  parameters: readonly Value[],
  inputs: ReadonlyMap<Value, Tensor>,
  within: EvaluationContext = context,
): void {
  const differentiated = differentiate(fn, of, parameters);
  if (differentiated.kind === "problem")
    throw new Error(`${differentiated.operation}: ${differentiated.reason}`);
  expect(verifyFunction(differentiated.fn)).toEqual([]);
  const values = evaluateFunction(differentiated.fn, inputs, within);
  for (const parameter of parameters) {
    const gradient = values.get(differentiated.gradients.get(parameter)!)!;
    const at = inputs.get(parameter)!;
    expect(gradient.shape).toEqual(at.shape);
    for (let element = 0; element < at.data.length; element += 1) {
      const valueAt = (offset: number): number => {
        const data = Float64Array.from(at.data);
        data[element] = data[element]! + offset;
        const moved = new Map(inputs).set(parameter, { ...at, data });
        return evaluateFunction(fn, moved, within).get(of)!.data[0]!;
      };
      const step = 1e-5;
      const slope = (valueAt(step) - valueAt(-step)) / (2 * step);
      const own = gradient.data[element]!;
      const error = Math.abs(own - slope) / Math.max(1, Math.abs(slope));
      expect(error, `d/d${parameter.name}[${element}] is ${own}, by differences ${slope}`).toBeLessThan(1e-6);
    }
  }
}
