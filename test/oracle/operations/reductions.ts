/** Owns how reductions and running sums are said in the language. */
import type { OperationCase } from "../cases.ts";
import type { Probe } from "../probe.ts";
import { type Mapping, type Mappings, axesText, axisNames, fromEnd, numberText, rankOf } from "./mapping.ts";

/** Whether the first axis of `x` is none of the reduced, so that it can be the batch. */
function keepsFirst(of: OperationCase, axes: unknown): boolean {
  const rank = rankOf(of, "x");
  const list = typeof axes === "number" ? [axes] : (axes as readonly number[]);
  return rank > 1 && list.every((axis) => rank + fromEnd(axis, rank) !== 0);
}

function options(of: OperationCase, axes: unknown): string {
  const list = typeof axes === "number" ? [axes] : axes;
  return `over: ${axesText(list, rankOf(of, "x"))}${of.attrs["keepdims"] === true ? ", keep: true" : ""}`;
}

/** Where the batch itself is reduced, its sum is over samples. */
function reducing(body: (options: string, of: OperationCase) => string, axes = "axes"): Mapping {
  return (of) => {
    const along = of.attrs[axes];
    const text = body(options(of, along), of);
    const batched = keepsFirst(of, along) ? ["x", "y"] : ["x"];
    return { body: text, batched, alone: true };
  };
}

/** Statistics over the batch have no gradient of a fixed count to hold against; those cases run without one. */
function spread(root: boolean): Mapping {
  return (of) => {
    const { axes, ddof } = of.attrs;
    const rank = rankOf(of, "x");
    const count = (axes as readonly number[])
      .map((axis) => of.inputs["x"]!.shape[rank + fromEnd(axis, rank)]!)
      .reduce((product, extent) => product * extent, 1);
    const factor = ddof === 0 ? "" : ` * (${count} / ${numberText(count - (ddof as number))})`;
    const value = `variance(x, ${options(of, axes)})${factor}`;
    const body = root ? `y = sqrt(${value})` : `y = ${value}`;
    return { body, batched: keepsFirst(of, axes) ? ["x", "y"] : ["x"], alone: true };
  };
}

function falling({ attrs }: OperationCase): string {
  return attrs["descending"] === true ? ", descending: true" : "";
}

/** Values and places along one axis, which changes place with the last one before and after. */
function ordering(of: OperationCase, calls: (x: string) => readonly [string, string]): Probe {
  const rank = rankOf(of, "x");
  const axis = rank + fromEnd(of.attrs["axis"], rank);
  const names = axisNames(rank);
  const turned = [...names];
  [turned[axis], turned[rank - 1]] = [turned[rank - 1]!, turned[axis]!];
  const [values, places] = calls("turned");
  const body = `turned[${turned.join(", ")}] = x[${names.join(", ")}]
values = ${values}
places = ${places}
y[${names.join(", ")}] = values[${turned.join(", ")}]
index[${names.join(", ")}] = places[${turned.join(", ")}]`;
  return axis === 0 ? { body } : { body, batched: ["x", "y", "index"], alone: true };
}

export const reductionMappings: Mappings = {
  argmax: (of) => ({
    body: `y = argmax(x, ${options(of, of.attrs["axis"])})`,
    ...(keepsFirst(of, of.attrs["axis"]) ? { batched: ["x", "y"], alone: true } : {}),
  }),
  sum: reducing((over) => `y = sum(x, ${over})`),
  mean: reducing((over) => `y = mean(x, ${over})`),
  max: reducing((over) => `y = max(x, ${over})`),
  min: reducing((over) => `y = min(x, ${over})`),
  var: spread(false),
  std: spread(true),
  logsumexp: (of) => {
    const { axes, keepdims } = of.attrs;
    const rank = rankOf(of, "x");
    const last = axesText(axes, rank) === "-1";
    if (last && keepdims !== true)
      return { body: "y = x -> logsumexp", batched: keepsFirst(of, axes) ? ["x", "y"] : [], alone: true };
    const over = options(of, axes);
    const body = `largest = stop_gradient(max(x, over: ${axesText(axes, rank)}, keep: true))
y = ${keepdims === true ? "largest" : "largest[0]"} + log(sum(exp(x - largest), ${over}))`;
    return { body };
  },
  cumsum: (of) => {
    const { axis, reverse, exclusive } = of.attrs;
    const rank = rankOf(of, "x");
    const along = fromEnd(axis, rank);
    const forth = reverse === true ? `flip(x, over: ${along})` : "x";
    const sums = `cumsum(given, over: ${along})`;
    const value = exclusive === true ? `${sums} - given` : sums;
    const body = `given = ${forth}\nrunning = ${value}\ny = ${reverse === true ? `flip(running, over: ${along})` : "running"}`;
    return { body, ...(rank + along === 0 ? {} : { batched: ["x", "y"], alone: true }) };
  },
  sort: (of) => ordering(of, (x) => [`sort(${x}${falling(of)})`, `argsort(${x}${falling(of)})`]),
  topk: (of) => {
    const { k, largest } = of.attrs;
    const sign = largest === false ? "-" : "";
    return ordering(of, (x) => [
      `${sign}topk(${sign}${x}, ${numberText(k)})`,
      `argtopk(${sign}${x}, ${numberText(k)})`,
    ]);
  },
};
