/** Owns tensors of the interpreter: double precision, row-major; truth is 1 and 0, indices are whole numbers. */
import { type DimensionSymbol, resolveDimension } from "../ir/dimension.ts";
import type { TensorType } from "../ir/type.ts";

export interface Tensor {
  readonly shape: readonly number[];
  /** Row-major, as many as the product of the shape. */
  readonly data: Float64Array;
}

/** Sizes of the symbols of one call. */
export type Sizes = ReadonlyMap<DimensionSymbol, number>;

export function resolveShape(type: TensorType, sizes: Sizes): readonly number[] {
  return type.shape.map((dimension) => resolveDimension(dimension, sizes));
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The distance of neighbours along each axis, row-major. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** Throws where the number of values is not that of the shape. */
export function tensor(shape: readonly number[], values: Iterable<number>): Tensor {
  const data = Float64Array.from(values);
  if (data.length !== elementCount(shape)) {
    throw new Error(`${data.length} values do not fill [${shape.join(", ")}]`);
  }
  return { shape, data };
}

export function filled(shape: readonly number[], value: number): Tensor {
  return { shape, data: new Float64Array(elementCount(shape)).fill(value) };
}
