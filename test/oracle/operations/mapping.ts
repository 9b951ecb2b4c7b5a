/** Owns the form of the tables that say each operation of the cases in the language. */
import type { OperationCase } from "../cases.ts";
import type { Probe } from "../probe.ts";

/** A probe, or why there is none: what the language or its library does not have. */
export type Mapped = Probe | { readonly missing: string };

export type Mapping = (of: OperationCase) => Mapped;

export type Mappings = Readonly<Record<string, Mapping>>;

export function missing(what: string): Mapped {
  return { missing: what };
}

/** A number of `attrs` as the language writes it. */
export function numberText(value: unknown): string {
  if (typeof value !== "number") throw new Error(`${JSON.stringify(value)} is no number`);
  return value < 0 ? `(${value})` : String(value);
}

export function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => typeof one === "number");
}

export function numbers(value: unknown): readonly number[] {
  if (!isNumbers(value)) throw new Error(`${JSON.stringify(value)} is no list of numbers`);
  return value;
}

/** An axis counted from the end, as the language counts them. */
export function fromEnd(axis: unknown, rank: number): number {
  if (typeof axis !== "number") throw new Error(`${JSON.stringify(axis)} is no axis`);
  return axis < 0 ? axis : axis - rank;
}

/** As `[-1, -3]`, or a single axis. */
export function axesText(axes: unknown, rank: number): string {
  const places = numbers(axes).map((axis) => fromEnd(axis, rank));
  return places.length === 1 ? String(places[0]) : `[${places.join(", ")}]`;
}

export function rankOf(of: OperationCase, name: string): number {
  return shapeOf(of, name).length;
}

export function shapeOf({ inputs, params, outputs }: OperationCase, name: string): readonly number[] {
  const tensor = inputs[name] ?? params[name] ?? outputs[name];
  if (tensor === undefined) throw new Error(`there is no tensor ${name}`);
  return tensor.shape;
}

/** Letters for the axes of a tensor. */
export function axisNames(rank: number): readonly string[] {
  return [..."ijklmnpqrs"].slice(0, rank);
}

/** Names of those tensors that have a first axis, which can then be the batch. */
export function ranked(of: OperationCase, names: readonly string[]): readonly string[] {
  return names.filter((name) => rankOf(of, name) > 0);
}
