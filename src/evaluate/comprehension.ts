/** Owns evaluating one comprehension by going through its domain. */
import { type Comprehension, type Reducer, isGather, reducedVariables } from "../ir/comprehension.ts";
import { resolveDimension } from "../ir/dimension.ts";
import { type AtPoint, type Scope, compilePlace, compileScalar } from "./scalars.ts";
import { type Tensor, elementCount } from "./tensor.ts";

/** `scope.domain` is that of the comprehension; `shape` that of the result. */
export function evaluateComprehension(
  comprehension: Comprehension,
  shape: readonly number[],
  scope: Scope,
): Tensor {
  return isGather(comprehension) ? gather(comprehension, shape, scope) : scatter(comprehension, shape, scope);
}

/** How a reducer takes in one more value; `place` is the row-major place among the reduced. */
interface Accumulator {
  readonly start: number;
  readonly take: (sum: number, value: number) => number;
}

const accumulators: Readonly<Record<Exclude<Reducer, "argmax" | "argmin">, Accumulator>> = {
  sum: { start: 0, take: (sum, value) => sum + value },
  product: { start: 1, take: (product, value) => product * value },
  max: { start: -Infinity, take: (most, value) => Math.max(most, value) },
  min: { start: Infinity, take: (least, value) => Math.min(least, value) },
};

function gather(comprehension: Comprehension, shape: readonly number[], scope: Scope): Tensor {
  const { domain, target, reducer } = comprehension;
  const reduced = reducedVariables(comprehension);
  const data = new Float64Array(elementCount(shape));
  const body = compileScalar(comprehension.body, scope);
  const place = compilePlace(target, shape, scope);
  const point = new Int32Array(domain.length);
  const free = domain.filter((variable) => !reduced.includes(variable));
  const slots = (variables: typeof domain): Loop[] =>
    variables.map((variable) => ({
      slot: domain.indexOf(variable),
      extent: resolveDimension(variable.extent, scope.sizes),
    }));
  const inner = slots(reduced);
  const value = reducer === null ? () => body(point) : () => reduce(reducer, body, point, inner);
  forEachPoint(point, slots(free), () => {
    const result = value();
    data[place(point)] = result;
  });
  return { shape, data };
}

function reduce(reducer: Reducer, body: AtPoint, point: Int32Array, loops: readonly Loop[]): number {
  if (reducer === "argmax" || reducer === "argmin") {
    const sign = reducer === "argmax" ? 1 : -1;
    let best = -Infinity;
    let chosen = 0;
    let place = 0;
    forEachPoint(point, loops, () => {
      const value = sign * body(point);
      if (value > best) [best, chosen] = [value, place];
      place += 1;
    });
    return chosen;
  }
  const { start, take } = accumulators[reducer];
  let sum = start;
  forEachPoint(point, loops, () => {
    sum = take(sum, body(point));
  });
  return sum;
}

function scatter(comprehension: Comprehension, shape: readonly number[], scope: Scope): Tensor {
  const data = new Float64Array(elementCount(shape));
  const body = compileScalar(comprehension.body, scope);
  const place = compilePlace(comprehension.target, shape, scope);
  const point = new Int32Array(comprehension.domain.length);
  const loops = comprehension.domain.map((variable, slot) => ({
    slot,
    extent: resolveDimension(variable.extent, scope.sizes),
  }));
  forEachPoint(point, loops, () => {
    const at = place(point);
    data[at] = data[at]! + body(point);
  });
  return { shape, data };
}

/** A variable's slot in the point, and its resolved extent. */
interface Loop {
  readonly slot: number;
  readonly extent: number;
}

/** Visits all points in ascending order, the last loop fastest. */
function forEachPoint(point: Int32Array, loops: readonly Loop[], visit: () => void, depth = 0): void {
  const loop = loops[depth];
  if (loop === undefined) {
    visit();
    return;
  }
  for (let at = 0; at < loop.extent; at += 1) {
    point[loop.slot] = at;
    forEachPoint(point, loops, visit, depth + 1);
  }
}
