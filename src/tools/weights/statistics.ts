/** Owns what there is to say about the numbers of a tensor, and about how far two lie apart. */
import type { StoredTensor } from "../../runtime/safetensors.ts";

export interface Statistics {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly deviation: number;
  /** How many are infinite or no numbers; the others make the rest of these statistics. */
  readonly notFinite: number;
}

export function statisticsOf({ values }: StoredTensor): Statistics {
  let [least, most, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    count += 1;
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of values) if (Number.isFinite(value)) squares += (value - mean) ** 2;
  return { least, most, mean, deviation: Math.sqrt(squares / count), notFinite: values.length - count };
}

export interface Distance {
  /** The largest |a - b|, and where it is in row-major order. */
  readonly absolute: number;
  readonly place: number;
  /** √Σ(a - b)² / √Σa². */
  readonly relative: number;
}

/** Between tensors of one shape. A number that only one of them has is infinitely far away. */
export function distanceBetween(a: StoredTensor, b: StoredTensor): Distance {
  let [absolute, place, difference, size] = [0, 0, 0, 0];
  for (let i = 0; i < a.values.length; i += 1) {
    const [left, right] = [a.values[i]!, b.values[i]!];
    const gap = Object.is(left, right) ? 0 : Math.abs(left - right);
    const distance = Number.isNaN(gap) ? Infinity : gap;
    if (distance > absolute) [absolute, place] = [distance, i];
    difference += distance ** 2;
    size += left ** 2;
  }
  return { absolute, place, relative: difference === 0 ? 0 : Math.sqrt(difference / size) };
}
