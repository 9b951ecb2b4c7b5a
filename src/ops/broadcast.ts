/** Owns broadcasting: shapes aligned at the right, equal or 1; a batch meets only the same batch, or a scalar. */
import type { IndexVariable, Scalar } from "../ir/comprehension.ts";
import {
  countsSamples,
  type Dimension,
  literalValue,
  printDimension,
  sameDimension,
} from "../ir/dimension.ts";
import { constantIndex, variableIndex } from "../ir/indices.ts";
import { read } from "../ir/scalars.ts";
import { printShape } from "../ir/type.ts";
import type { Problem } from "./operation.ts";
import { problem } from "./problem.ts";

/** The common shape, or which two disagree on which axis. `name` is the operation, for the message. */
export function broadcastShapes(
  name: string,
  shapes: readonly (readonly Dimension[])[],
): { readonly kind: "shape"; readonly shape: readonly Dimension[] } | Problem {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const common: Dimension[] = [];
  for (let axis = 0; axis < rank; axis += 1) {
    let chosen: { readonly dimension: Dimension; readonly operand: number; readonly axis: number } | null =
      null;
    for (const [operand, shape] of shapes.entries()) {
      const own = axis - (rank - shape.length);
      const dimension = shape[own];
      if (own < 0 || dimension === undefined) continue;
      const here = { dimension, operand, axis: own };
      if (chosen === null || (isOne(chosen.dimension) && !isOfSamples(shape, own))) chosen = here;
      else if (!sameDimension(chosen.dimension, dimension)) {
        if (isOne(dimension) && !isOfSamples(shapes[chosen.operand]!, chosen.axis)) continue;
        return disagreement(name, shapes, chosen, here);
      }
    }
    common.push(chosen!.dimension);
  }
  return { kind: "shape", shape: common };
}

/** Whether an axis tells samples apart. A second one, as in scores of all pairs, is an axis like others. */
function isOfSamples(shape: readonly Dimension[], axis: number): boolean {
  return countsSamples(shape[axis]!) && !shape.slice(0, axis).some(countsSamples);
}

/** `operand[…]` of a shape broadcast over the variables of the common shape. */
export function readBroadcast(
  operand: number,
  shape: readonly Dimension[],
  variables: readonly IndexVariable[],
): Scalar {
  const skipped = variables.length - shape.length;
  return read(
    operand,
    shape.map((dimension, axis) => {
      const variable = variables[skipped + axis]!;
      const stretched = isOne(dimension) && !sameDimension(dimension, variable.extent);
      return stretched ? constantIndex(0) : variableIndex(variable);
    }),
  );
}

function isOne(dimension: Dimension): boolean {
  return literalValue(dimension) === 1;
}

interface Place {
  readonly dimension: Dimension;
  readonly operand: number;
  readonly axis: number;
}

function disagreement(name: string, shapes: readonly (readonly Dimension[])[], a: Place, b: Place): Problem {
  const [first, second] = [shapes[a.operand]!, shapes[b.operand]!];
  const sizes = `${printDimension(a.dimension)} is not ${printDimension(b.dimension)}`;
  const batch = countsSamples(a.dimension) || countsSamples(b.dimension);
  return problem(
    `\`${name}\` cannot combine ${printShape(first)} with ${printShape(second)}: ${sizes}`,
    [
      { operand: a.operand, axis: a.axis },
      { operand: b.operand, axis: b.axis },
    ],
    batch
      ? "an axis of samples meets only the same axis of samples, or a scalar; shapes are aligned at the right"
      : "shapes are aligned at the right, and sizes must be equal or 1",
  );
}
