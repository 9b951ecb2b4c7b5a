/** Owns one comprehension as operators: the forms that have an operator of their own, and what goes for all others. */
import {
  type Comprehension,
  type IndexVariable,
  isGather,
  reducedVariables,
} from "../../ir/comprehension.ts";
import { type Dimension, literal, literalValue } from "../../ir/dimension.ts";
import type { IndexNode, Value } from "../../ir/graph.ts";
import { type Context, sortOf } from "./context.ts";
import { contract } from "./contraction.ts";
import { flatSpread } from "./reads.ts";
import { scalarSpread } from "./scalars.ts";
import { type Spread, as, expanded, ordered } from "./spread.ts";
import { convolve, pool } from "./windows.ts";

/** Writes the node, and gives the name of its result. */
export function writeNode(context: Context, node: IndexNode): string {
  const { comprehension, result } = node;
  return (
    reshaped(context, node) ??
    (isGather(comprehension)
      ? gathered(context, comprehension, result)
      : scattered(context, comprehension, result))
  );
}

/** The same elements in the same order under another shape. */
function reshaped(
  { writer, nameOf }: Context,
  { operation, operands, comprehension, result }: IndexNode,
): string | null {
  if (operation !== "reshape" || comprehension.body.kind !== "read" || comprehension.reducer !== null)
    return null;
  return writer.op(
    "Reshape",
    [nameOf(operands[0]!), writer.shape(result.type.shape)],
    {},
    result.name ?? "reshape",
  );
}

function gathered(context: Context, comprehension: Comprehension, result: Value): string {
  const { writer } = context;
  const reduced = reducedVariables(comprehension);
  const order = comprehension.target.map((at) => {
    if (at.kind !== "variable") throw new Error("the target of a gather holds variables");
    return at.variable;
  });
  const value = reducedSpread(context, comprehension, order, reduced);
  return expanded(writer, as(writer, value, sortOf(result.type)), order);
}

function reducedSpread(
  context: Context,
  comprehension: Comprehension,
  free: readonly IndexVariable[],
  reduced: readonly IndexVariable[],
): Spread {
  const { body, reducer } = comprehension;
  if (reducer === null || reduced.length === 0) return scalarSpread(context, body);
  const found =
    convolve(context, comprehension, reduced) ??
    pool(context, comprehension, reduced) ??
    (reducer === "sum" ? contract(context, body, free, reduced) : null);
  if (found !== null) return found;
  const spread = scalarSpread(context, body);
  if (reducer === "argmax" || reducer === "argmin") return placeOfMost(context, spread, reducer, reduced);
  return reduce(context, as(context.writer, spread, "float"), reducer, reduced);
}

const reductions = { sum: "ReduceSum", product: "ReduceProd", max: "ReduceMax", min: "ReduceMin" } as const;

function reduce(
  { writer }: Context,
  spread: Spread,
  reducer: keyof typeof reductions,
  reduced: readonly IndexVariable[],
): Spread {
  const places = reduced.map((variable) => spread.axes.indexOf(variable)).filter((axis) => axis >= 0);
  const axes = spread.axes.filter((variable) => !reduced.includes(variable));
  let name = spread.name;
  if (places.length > 0)
    name =
      reducer === "sum"
        ? writer.op("ReduceSum", [name, writer.wholes(places)], { keepdims: 0 })
        : writer.op(reductions[reducer], [name], { axes: places, keepdims: 0 });
  // Along a variable that the body does not hold all values are one.
  if (reducer === "sum" || reducer === "product")
    for (const { extent } of reduced.filter((variable) => !spread.axes.includes(variable))) {
      const count = writer.op("Cast", [writer.dimension(extent)], { to: 1 });
      name = writer.op(reducer === "sum" ? "Mul" : "Pow", [name, count]);
    }
  return { name, axes, sort: "float" };
}

/** The row-major place among the reduced, the first among equals. */
function placeOfMost(
  context: Context,
  spread: Spread,
  reducer: "argmax" | "argmin",
  reduced: readonly IndexVariable[],
): Spread {
  const { writer } = context;
  const kept = spread.axes.filter((variable) => !reduced.includes(variable));
  const floats = as(writer, spread, "float");
  const all = [...kept, ...reduced];
  let name = expanded(writer, ordered(writer, floats, all), all);
  if (reduced.length > 1) {
    const sizes = writer.shape(kept.map(({ extent }) => extent));
    const shape =
      kept.length === 0
        ? writer.wholes([-1])
        : writer.op("Concat", [sizes, writer.wholes([-1])], { axis: 0 });
    name = writer.op("Reshape", [name, shape]);
  }
  const opType = reducer === "argmax" ? "ArgMax" : "ArgMin";
  return { name: writer.op(opType, [name], { axis: kept.length, keepdims: 0 }), axes: kept, sort: "whole" };
}

/** Sums at places that are computed: ScatterElements into zeros, all elements in a row. */
function scattered(context: Context, { domain, target, body }: Comprehension, result: Value): string {
  const { writer } = context;
  const { shape } = result.type;
  const row = writer.wholes([-1]);
  const inRow = (spread: Spread): string => writer.op("Reshape", [expanded(writer, spread, domain), row]);
  const places = inRow(flatSpread(context, shape, target));
  const values = inRow(as(writer, scalarSpread(context, body), "float"));
  const zeros = writer.op("Expand", [writer.constant("float", [1], [0]), countOf(context, shape)]);
  const sums = writer.op("ScatterElements", [zeros, places, values], { axis: 0, reduction: "add" });
  return writer.op("Reshape", [sums, writer.shape(shape)]);
}

/** How many elements a shape has, as a list of one. */
function countOf({ writer }: Context, shape: readonly Dimension[]): string {
  const known = shape.map(literalValue);
  if (known.every((size) => size !== null))
    return writer.wholes([known.reduce((product, size) => product * size, 1)]);
  const sizes = [literal(1), ...shape].map((size) => writer.dimension(size));
  return writer.op("Unsqueeze", [
    sizes.reduce((product, size) => writer.op("Mul", [product, size])),
    writer.wholes([0]),
  ]);
}
