/** Owns initial values: of parameters drawn from seed and name alone, of states and slots as the plan says. */
import { sizeOf, writeTensor } from "./layout.ts";
import type { FullPlan, Initial } from "./plan.ts";
import { hashName, normal, streamKey, uniform } from "./random.ts";
import type { Session } from "./session.ts";

export function initialize(session: Session<FullPlan>): void {
  const { plan, seed } = session;
  for (const parameter of plan.parameters)
    writeTensor(session, parameter, initialValues(parameter.name, parameter.shape, parameter.initial!, seed));
  for (const tensor of [...plan.states, ...plan.training.slots])
    writeTensor(session, tensor, new Float64Array(sizeOf(tensor.shape)).fill(tensor.initial ?? 0));
}

/** Row-major. */
export function initialValues(
  name: string,
  shape: readonly number[],
  initial: Initial,
  seed: number,
): Float64Array {
  const key = streamKey(seed, hashName(name));
  const values = new Float64Array(sizeOf(shape));
  switch (initial[0]) {
    case "constant":
      return values.fill(initial[1]);
    case "uniform":
      return values.map((_, i) => initial[1] + (initial[2] - initial[1]) * uniform(key, 0, 0, i));
    case "normal":
      return values.map((_, i) => initial[1] + initial[2] * normal(key, 0, 0, i));
    case "truncated":
      return values.map((_, i) => initial[1] + initial[2] * truncatedNormal(key, i));
    case "identity":
      return values.map((_, i) => (Math.floor(i / shape[1]!) === i % shape[1]! ? 1 : 0));
    case "orthogonal":
      return orthogonal(key, shape, initial[1]);
  }
}

/** Drawn again until it lies within two deviations. */
function truncatedNormal(key: number, element: number): number {
  for (let attempt = 0; ; attempt += 1) {
    const value = normal(key, 0, attempt, element);
    if (Math.abs(value) <= 2) return value;
  }
}

/**
 * A matrix whose shorter side is orthonormal, times `gain`; all axes but the last count as rows. The columns (of the
 * transpose where it is wide) are normal draws made orthogonal by Gram and Schmidt, twice for the sake of rounding.
 */
function orthogonal(key: number, shape: readonly number[], gain: number): Float64Array {
  const columns = shape.at(-1) ?? 1;
  const rows = sizeOf(shape) / columns;
  const long = Math.max(rows, columns);
  const short = Math.min(rows, columns);
  const basis = Array.from({ length: short }, (_, k) =>
    Float64Array.from({ length: long }, (_, i) => normal(key, 0, 0, k * long + i)),
  );
  basis.forEach((vector, k) => {
    for (let round = 0; round < 2; round += 1)
      for (const earlier of basis.slice(0, k)) {
        const overlap = dot(vector, earlier);
        for (let i = 0; i < long; i += 1) vector[i]! -= overlap * earlier[i]!;
      }
    const length = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < long; i += 1) vector[i]! /= length;
  });
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    const row = Math.floor(at / columns);
    const column = at % columns;
    return gain * (rows >= columns ? basis[column]![row]! : basis[row]![column]!);
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}
