/** Owns the strided copy between the arena's layouts and the row-major order that callers see. */
import type { Floats, Tensor } from "./plan.ts";
import type { Arena } from "./session.ts";

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** Where each element, taken in row-major order, lies from the tensor's start; null where that order is kept. */
export function placesOf(tensor: Tensor): Int32Array | null {
  const { shape, layout } = tensor;
  if (layout === undefined) return null;
  const places = new Int32Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let element = 0; element < places.length; element += 1) {
    for (const [axis, divisor, modulus, stride] of layout) {
      const block = Math.floor(index[axis]! / divisor);
      places[element]! += (modulus === 0 ? block : block % modulus) * stride;
    }
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return places;
}

/** As `placesOf`, worked out once. */
export function knownPlaces(arena: Arena, tensor: Tensor): Int32Array | null {
  if (tensor.layout === undefined) return null;
  const known = arena.places.get(tensor);
  if (known !== undefined) return known;
  const places = placesOf(tensor)!;
  arena.places.set(tensor, places);
  return places;
}

/** A copy, row-major. */
export function readTensor(arena: Pick<Arena, "floats">, tensor: Tensor): Floats {
  const { floats } = arena;
  const { at } = tensor;
  const places = placesOf(tensor);
  const values = floats.slice(at, at + sizeOf(tensor.shape));
  if (places !== null) for (let i = 0; i < values.length; i += 1) values[i] = floats[at + places[i]!]!;
  return values;
}

/** Takes row-major values, as many as the tensor has. */
export function writeTensor(arena: Arena, tensor: Tensor, values: ArrayLike<number>): void {
  const { floats } = arena;
  const places = placesOf(tensor);
  if (places === null) floats.set(values, tensor.at);
  else for (let i = 0; i < places.length; i += 1) floats[tensor.at + places[i]!] = values[i]!;
}

/** Copies what tensors occupy, padding included. */
export function snapshot(arena: Arena, tensors: readonly Tensor[]): Floats[] {
  return tensors.map(({ at, storage }) => arena.floats.slice(at, at + storage));
}

export function restore(arena: Arena, tensors: readonly Tensor[], saved: readonly Floats[]): void {
  tensors.forEach(({ at }, k) => arena.floats.set(saved[k]!, at));
}
