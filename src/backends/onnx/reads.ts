/** Owns reads of a tensor at places that are expressions: nothing, Slice, Squeeze or Gather, axis by axis where that goes. */
import type { IndexExpression, IndexVariable } from "../../ir/comprehension.ts";
import { type Dimension, literalValue, sameDimension } from "../../ir/dimension.ts";
import { linearize, provenInside } from "../../ir/indices.ts";
import { freeVariablesOfIndex } from "../../ir/rewrite.ts";
import { type Context, sortOf } from "./context.ts";
import { indexSpread } from "./indices.ts";
import { type Spread, elementwise } from "./spread.ts";
import { FAR } from "./writer.ts";

export function readSpread(context: Context, operand: number, at: readonly IndexExpression[]): Spread {
  const value = context.operands[operand]!;
  return spreadOf(context, context.nameOf(value), value.type.shape, sortOf(value.type), at);
}

/** The elements of a tensor of that shape at those places. */
export function spreadOf(
  context: Context,
  name: string,
  shape: readonly Dimension[],
  sort: Spread["sort"],
  at: readonly IndexExpression[],
): Spread {
  const variables = at.flatMap((index) => [...freeVariablesOfIndex(index)]);
  if (new Set(variables).size < variables.length) return gatherFlat(context, name, shape, sort, at);
  let axes: readonly IndexVariable[] = [];
  // From the last axis on, so that the numbers of those before stay as they are.
  for (let axis = at.length - 1; axis >= 0; axis -= 1) {
    const read = readAxis(context, name, axis, shape[axis]!, at[axis]!);
    name = read.name;
    axes = [...read.axes, ...axes];
  }
  return { name, axes, sort };
}

function readAxis(
  context: Context,
  name: string,
  axis: number,
  extent: Dimension,
  at: IndexExpression,
): { readonly name: string; readonly axes: readonly IndexVariable[] } {
  const { writer, indexSize } = context;
  if (at.kind === "constant" && literalValue(extent) === 1)
    return { name: writer.op("Squeeze", [name, writer.wholes([axis])]), axes: [] };
  const inside = provenInside(at, extent, indexSize);
  const [variable, ...others] = freeVariablesOfIndex(at);
  if (variable !== undefined && others.length === 0 && inside) {
    if (at.kind === "variable" && sameDimension(variable.extent, extent)) return { name, axes: [variable] };
    const slice = sliceOf(at, variable, extent);
    if (slice !== null) {
      const { start, end, step } = slice;
      const bounds = [[start], [end], [axis], [step]].map((one) => writer.wholes(one));
      return { name: writer.op("Slice", [name, ...bounds]), axes: [variable] };
    }
  }
  const index = indexSpread(context, at, inside ? null : extent);
  return { name: writer.op("Gather", [name, index.name], { axis }), axes: index.axes };
}

/** `start + step · variable` as bounds of a Slice, where they are known. */
function sliceOf(
  at: IndexExpression,
  variable: IndexVariable,
  extent: Dimension,
): { readonly start: number; readonly end: number; readonly step: number } | null {
  const line = linearize(at);
  const step = line?.terms.get(variable);
  if (line === null || step === undefined) return null;
  const start = line.constant;
  const count = literalValue(variable.extent);
  if (count !== null) {
    const end = start + step * (count - 1) + Math.sign(step);
    return { start, step, end: end < 0 ? -FAR : end };
  }
  const rest = { ...extent, constant: extent.constant - start };
  return step === 1 && sameDimension(variable.extent, rest) ? { start, step, end: FAR } : null;
}

/** One Gather from all elements in a row: places that depend on each other, as of a diagonal. */
function gatherFlat(
  context: Context,
  name: string,
  shape: readonly Dimension[],
  sort: Spread["sort"],
  at: readonly IndexExpression[],
): Spread {
  const { writer } = context;
  const flat = writer.op("Reshape", [name, writer.wholes([-1])]);
  const place = flatSpread(context, shape, at);
  return { name: writer.op("Gather", [flat, place.name], { axis: 0 }), axes: place.axes, sort };
}

/** The row-major place, every axis kept within its extent. */
export function flatSpread(
  context: Context,
  shape: readonly Dimension[],
  at: readonly IndexExpression[],
): Spread {
  const { writer, indexSize } = context;
  return at
    .map((index, axis) =>
      indexSpread(context, index, provenInside(index, shape[axis]!, indexSize) ? null : shape[axis]!),
    )
    .reduce((place, along, axis) => {
      const size: Spread = { name: writer.dimension(shape[axis]!), axes: [], sort: "whole" };
      const scaled = elementwise(writer, "Mul", [place, size], "whole");
      return elementwise(writer, "Add", [scaled, along], "whole");
    });
}
