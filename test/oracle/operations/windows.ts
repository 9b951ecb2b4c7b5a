/** Owns how everything that slides a window over space or time, or resizes it, is said in the language. */
import type { OperationCase } from "../cases.ts";
import { type Mapping, type Mappings, numbers, rankOf, shapeOf } from "./mapping.ts";

type Border = readonly [number, number];

const places = ["i", "j"];
const window = ["u", "v"];

function borders(of: OperationCase): readonly Border[] {
  return of.attrs["resolved_padding"] as readonly Border[];
}

/** `name` with a border along its spatial axes. */
function padded(name: string, widths: readonly Border[], value: string): readonly string[] {
  return widths.flatMap(([before, after], axis) =>
    before + after === 0
      ? []
      : [
          `${name} = pad(${name}, axis: ${axis - 1 - widths.length}, before: ${before}, after: ${after}, value: ${value})`,
        ],
  );
}

/** Where output place `i` of each spatial axis reads under place `u` of the window. */
function reads(of: OperationCase, axes: number): string {
  const stride = numbers(of.attrs["stride"]);
  const dilation = of.attrs["dilation"] === undefined ? stride.map(() => 1) : numbers(of.attrs["dilation"]);
  const each = Array.from(
    { length: axes },
    (_, axis) => `${places[axis]} * ${stride[axis]} + ${window[axis]} * ${dilation[axis]}`,
  );
  return each.join(", ");
}

function targets(of: OperationCase, channel: string): string {
  const extents = shapeOf(of, "y").slice(1, -1);
  return ["n", ...extents.map((extent, axis) => `${places[axis]} < ${extent}`), channel].join(", ");
}

function biased(of: OperationCase): readonly string[] {
  return of.attrs["bias"] === true ? ["y = y + b"] : [];
}

const convolution: Mapping = (of) => {
  const axes = rankOf(of, "x") - 2;
  const groups = of.attrs["groups"] as number;
  const [inner, outer] = shapeOf(of, "w").slice(-2) as [number, number];
  const channel = groups === 1 ? "c" : `floor(o / ${outer / groups}) * ${inner} + c`;
  const under = window.slice(0, axes);
  const product = `x[n, ${reads(of, axes)}, ${channel}] * w[${[...under, "c", "o"].join(", ")}]`;
  const sum = `y[${targets(of, "o")}] = sum(${product}, over: [${[...under, "c"].join(", ")}])`;
  return {
    body: [...padded("x", borders(of), "0"), sum, ...biased(of)].join("\n"),
    batched: ["x", "y"],
    alone: true,
  };
};

/** Every input place adds to the output places under its window: the sum over those pairs that meet. */
const transposedConvolution: Mapping = (of) => {
  const axes = rankOf(of, "x") - 2;
  const { groups } = of.attrs as { readonly groups: number };
  const [stride, padding, dilation] = ["stride", "padding", "dilation"].map((name) =>
    numbers(of.attrs[name]),
  );
  const [input, outer] = shapeOf(of, "w").slice(-2) as [number, number];
  const from = ["r", "s"].slice(0, axes);
  const under = window.slice(0, axes);
  const meets = from.map(
    (at, axis) =>
      `${at} * ${stride![axis]} + ${under[axis]} * ${dilation![axis]} == ${places[axis]} + ${padding![axis]}`,
  );
  const channel = groups === 1 ? "c" : `floor(o / ${outer}) * ${input / groups} + c`;
  const column = groups === 1 ? "o" : `o % ${outer}`;
  const product = `x[${["n", ...from, channel].join(", ")}] * w[${[...under, channel, column].join(", ")}]`;
  const chosen = `where(${meets.join(" and ")}, ${product}, 0)`;
  const over = [...from, ...under, groups === 1 ? "c" : `c < ${input / groups}`].join(", ");
  const width = shapeOf(of, "y").at(-1)!;
  const sum = `y[${targets(of, groups === 1 ? "o" : `o < ${width}`)}] = sum(${chosen}, over: [${over}])`;
  return { body: [sum, ...biased(of)].join("\n"), batched: ["x", "y"], alone: true };
};

/** How far the last window of each axis reaches beyond the border. */
function overhang(of: OperationCase): readonly Border[] {
  const stride = numbers(of.attrs["stride"]);
  const [input, output] = [shapeOf(of, "x"), shapeOf(of, "y")];
  return numbers(of.attrs["kernel"]).map((size, axis) => {
    const [before, after] = borders(of)[axis]!;
    const needed = (output[axis + 1]! - 1) * stride[axis]! + size;
    return [0, Math.max(0, needed - before - after - input[axis + 1]!)];
  });
}

function pooled(of: OperationCase, reducer: string, from: string, to: string): string {
  const kernel = numbers(of.attrs["kernel"]);
  const over = kernel.map((size, axis) => `${window[axis]} < ${size}`).join(", ");
  return `${to}[${targets(of, "c")}] = ${reducer}(${from}[n, ${reads(of, kernel.length)}, c], over: [${over}])`;
}

/** Nothing is less than the border. */
const maxPool: Mapping = (of) => {
  const lines = [...padded("x", borders(of), "-1e38"), ...padded("x", overhang(of), "-1e38")];
  return { body: [...lines, pooled(of, "max", "x", "y")].join("\n"), batched: ["x", "y"], alone: true };
};

/** The sum of a window over how many of its places count. */
const averagePool: Mapping = (of) => {
  const counted = of.attrs["count_include_pad"] === true ? "1" : "0";
  const lines = [
    "ones = 1 + 0 * x",
    ...padded("x", borders(of), "0"),
    ...padded("x", overhang(of), "0"),
    ...padded("ones", borders(of), counted),
    ...padded("ones", overhang(of), "0"),
    pooled(of, "sum", "x", "sums"),
    pooled(of, "sum", "ones", "counts"),
    "y = sums / counts",
  ];
  return { body: lines.join("\n"), batched: ["x", "y"], alone: true };
};

const nearest: Mapping = (of) => {
  const [from, to] = [shapeOf(of, "x").slice(1, -1), shapeOf(of, "y").slice(1, -1)];
  const at = from.map((extent, axis) => `floor(${places[axis]} * ${extent} / ${to[axis]})`);
  return { body: `y[${targets(of, "c")}] = x[n, ${at.join(", ")}, c]`, batched: ["x", "y"], alone: true };
};

/** Each output place lies between two input places, and weighs them by how near they are. */
const bilinear: Mapping = (of) => {
  const [, height, width] = shapeOf(of, "x") as readonly [number, number, number];
  const [, tall, wide] = shapeOf(of, "y") as readonly [number, number, number];
  const weights = (name: string, from: number, to: number): string =>
    `${name}[i < ${to}, k < ${from}] = max(0, 1 - abs(min(max((i + 0.5) * ${from} / ${to} - 0.5, 0), ${from - 1}) - k))`;
  const body = `${weights("down", height, tall)}
${weights("across", width, wide)}
y[n, i, j, c] = sum(down[i, r] * across[j, s] * x[n, r, s, c], over: [r, s])`;
  return { body, batched: ["x", "y"], alone: true };
};

export const windowMappings: Mappings = {
  conv1d: convolution,
  conv2d: convolution,
  depthwise_conv2d: convolution,
  conv_transpose1d: transposedConvolution,
  conv_transpose2d: transposedConvolution,
  max_pool1d: maxPool,
  max_pool2d: maxPool,
  avg_pool2d: averagePool,
  upsample_nearest: nearest,
  upsample_bilinear: bilinear,
};
