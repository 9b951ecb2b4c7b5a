/** Owns tensors that run over index variables: brought into one order, one sort, and spread over what they lack. */
import type { IndexVariable } from "../../ir/comprehension.ts";
import { literalValue } from "../../ir/dimension.ts";
import { type GraphWriter, type Sort, dataTypes } from "./writer.ts";

/** One axis for each variable, as long as its extent. */
export interface Spread {
  readonly name: string;
  readonly axes: readonly IndexVariable[];
  readonly sort: Sort;
}

/** Cast where it is of another sort; a number is true where it is not 0. */
export function as(writer: GraphWriter, spread: Spread, sort: Sort): Spread {
  if (spread.sort === sort) return spread;
  return { ...spread, sort, name: writer.op("Cast", [spread.name], { to: dataTypes[sort] }) };
}

/** Its axes in the order of `variables`, which hold them all. */
export function ordered(writer: GraphWriter, spread: Spread, variables: readonly IndexVariable[]): Spread {
  const axes = variables.filter((variable) => spread.axes.includes(variable));
  const perm = axes.map((variable) => spread.axes.indexOf(variable));
  if (perm.every((axis, place) => axis === place)) return spread;
  return { ...spread, axes, name: writer.op("Transpose", [spread.name], { perm }) };
}

/** With an axis of length 1 where it lacks a variable; leading ones are left out, as broadcasting adds them. */
export function broadcastable(
  writer: GraphWriter,
  spread: Spread,
  variables: readonly IndexVariable[],
  leading: "left out" | "added" = "left out",
): string {
  const { name, axes } = ordered(writer, spread, variables);
  const first = variables.findIndex((variable) => axes.includes(variable));
  const from = leading === "added" ? 0 : first < 0 ? variables.length : first;
  const missing = variables.flatMap((variable, axis) =>
    axis < from || axes.includes(variable) ? [] : [axis - (leading === "added" ? 0 : from)],
  );
  return missing.length === 0 ? name : writer.op("Unsqueeze", [name, writer.wholes(missing)]);
}

/** The variables of all, in the order in which they first come. */
export function unionOf(spreads: readonly Spread[]): readonly IndexVariable[] {
  return [...new Set([...spreads].sort((a, b) => b.axes.length - a.axes.length).flatMap(({ axes }) => axes))];
}

/** An elementwise operator over all of them. */
export function elementwise(
  writer: GraphWriter,
  opType: string,
  spreads: readonly Spread[],
  sort: Sort,
): Spread {
  const axes = unionOf(spreads);
  const names = spreads.map((spread) => broadcastable(writer, spread, axes));
  return { name: writer.op(opType, names), axes, sort };
}

/** Every axis there, and in the order of `variables`. */
export function expanded(writer: GraphWriter, spread: Spread, variables: readonly IndexVariable[]): string {
  const name = broadcastable(writer, spread, variables, "added");
  const lacking = variables.filter((variable) => !spread.axes.includes(variable));
  if (lacking.every(({ extent }) => literalValue(extent) === 1)) return name;
  return writer.op("Expand", [name, writer.shape(variables.map(({ extent }) => extent))]);
}
