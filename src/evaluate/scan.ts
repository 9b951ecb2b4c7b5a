/** Owns running a scan: its nodes once a step, what is carried handed on, what is collected put side by side. */
import { resolveDimension } from "../ir/dimension.ts";
import type { ScanNode, Value } from "../ir/graph.ts";
import { elementCount, resolveShape, type Sizes, type Tensor, tensor } from "./tensor.ts";

/** Where step `at` along the axis lies: runs of `inner` elements, one for each of `outer`. */
function runsOf(shape: readonly number[], axis: number): { readonly outer: number; readonly inner: number } {
  return { outer: elementCount(shape.slice(0, axis)), inner: elementCount(shape.slice(axis + 1)) };
}

function stepOf({ shape, data }: Tensor, axis: number, at: number): Tensor {
  const { outer, inner } = runsOf(shape, axis);
  const values = new Float64Array(outer * inner);
  for (let run = 0; run < outer; run += 1) {
    const start = (run * shape[axis]! + at) * inner;
    values.set(data.subarray(start, start + inner), run * inner);
  }
  return { shape: shape.filter((_, place) => place !== axis), data: values };
}

function putStep(into: Tensor, axis: number, at: number, { data }: Tensor): void {
  const { outer, inner } = runsOf(into.shape, axis);
  for (let run = 0; run < outer; run += 1) {
    into.data.set(data.subarray(run * inner, (run + 1) * inner), (run * into.shape[axis]! + at) * inner);
  }
}

/** `run` evaluates the nodes of one step. */
export function evaluateScan(
  scan: ScanNode,
  values: Map<Value, Tensor>,
  sizes: Sizes,
  run: (inside: Map<Value, Tensor>) => void,
): void {
  const known = (value: Value): Tensor => {
    const found = values.get(value);
    if (found === undefined) throw new Error(`%${value.id} is used before it is made`);
    return found;
  };
  const extent = resolveDimension(scan.steps, sizes);
  const steps = scan.lengths === undefined ? extent : Math.min(extent, Math.max(...known(scan.lengths).data));
  // Nothing reads what steps would give that are not run.
  const collected = scan.collects.map(({ result }) => {
    const shape = resolveShape(result.type, sizes);
    return tensor(shape, new Float64Array(elementCount(shape)).fill(steps < extent ? Number.NaN : 0));
  });
  const inside = new Map(values);
  for (const { initial, inner } of scan.carries) inside.set(inner, known(initial));
  for (let done = 0; done < steps; done += 1) {
    const at = scan.reversed ? steps - 1 - done : done;
    for (const { outer, axis, inner } of scan.sequences) inside.set(inner, stepOf(known(outer), axis, at));
    if (scan.place !== null) inside.set(scan.place, tensor([], [at]));
    run(inside);
    scan.collects.forEach(({ inner, axis }, i) => putStep(collected[i]!, axis, at, inside.get(inner)!));
    const next = scan.carries.map((carry) => inside.get(carry.next)!);
    scan.carries.forEach(({ inner }, i) => inside.set(inner, next[i]!));
  }
  for (const { inner, last } of scan.carries) values.set(last, inside.get(inner)!);
  scan.collects.forEach(({ result }, i) => values.set(result, collected[i]!));
}
