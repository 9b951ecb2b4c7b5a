/** Owns the type of a tensor: what its elements are and the dimensions of its shape. */
import { type Dimension, printDimension, sameDimension } from "./dimension.ts";

/** `index` is an integer in `0 … size - 1`. */
export type ElementType =
  { readonly kind: "float" } | { readonly kind: "bool" } | { readonly kind: "index"; readonly size: number };

export interface TensorType {
  readonly element: ElementType;
  /** Row-major: the last axis varies fastest. Rank 0 is a scalar. */
  readonly shape: readonly Dimension[];
}

export const float: ElementType = { kind: "float" };
export const bool: ElementType = { kind: "bool" };

export function floats(shape: readonly Dimension[]): TensorType {
  return { element: float, shape };
}

export function sameElement(a: ElementType, b: ElementType): boolean {
  return a.kind === b.kind && (a.kind !== "index" || b.kind !== "index" || a.size === b.size);
}

export function sameShape(a: readonly Dimension[], b: readonly Dimension[]): boolean {
  return a.length === b.length && a.every((dimension, axis) => sameDimension(dimension, b[axis]!));
}

/** As `float[batch, 64]` or `index(10)[batch]`. */
export function printType(type: TensorType): string {
  const element = type.element.kind === "index" ? `index(${type.element.size})` : type.element.kind;
  return `${element}${printShape(type.shape)}`;
}

export function printShape(shape: readonly Dimension[]): string {
  return `[${shape.map(printDimension).join(", ")}]`;
}
