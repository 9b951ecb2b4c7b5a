/** Owns how matrix products, attention and everything that slides a window are said in the language. */
import type { OperationCase } from "../cases.ts";
import { type Mapping, type Mappings, missing, numberText, numbers, rankOf, shapeOf } from "./mapping.ts";

function transposed(name: string, rank: number, wanted: unknown): string {
  if (wanted !== true) return name;
  return rank === 2 ? `transpose(${name})` : `transpose(${name}, order: [-3, -1, -2])`;
}

const matmul: Mapping = (of) => {
  const [left, right] = [rankOf(of, "a"), rankOf(of, "b")];
  const { transpose_a: turnA, transpose_b: turnB } = of.attrs;
  const body = `y = ${transposed("a", left, turnA)} @ ${transposed("b", right, turnB)}`;
  if (turnA === true || turnB === true || left < 2) return { body };
  return { body, batched: left === right && right > 2 ? ["a", "b", "y"] : ["a", "y"], alone: true };
};

/** `ij,jk->ik` as `y[i, k] = sum(x0[i, j] * x1[j, k], over: [j])`. */
const einsum: Mapping = (of) => {
  const [left, result] = (of.attrs["equation"] as string).split("->") as [string, string];
  const operands = left.split(",");
  const inner = new Set([...left.replaceAll(",", "")].filter((letter) => !result.includes(letter)));
  const product = operands.map((letters, place) => `x${place}[${[...letters].join(", ")}]`).join(" * ");
  const value = inner.size === 0 ? product : `sum(${product}, over: [${[...inner].join(", ")}])`;
  const body = `y[${[...result].join(", ")}] = ${value}`;
  const first = operands.flatMap((letters, place) => (letters[0] === result[0] ? [`x${place}`] : []));
  const elsewhere = operands.some((letters) => letters.lastIndexOf(result[0]!) > 0);
  return elsewhere ? { body } : { body, batched: [...first, "y"], alone: true };
};

/** `x` with a border of zeros along its spatial axes. */
function padded(of: OperationCase): readonly string[] {
  const padding = of.attrs["resolved_padding"] as readonly (readonly [number, number])[];
  const rank = rankOf(of, "x");
  return padding.flatMap(([before, after], axis) =>
    before + after === 0 ? [] : [`x = pad(x, axis: ${axis + 1 - rank}, before: ${before}, after: ${after})`],
  );
}

const spatial = ["i", "j"];
const window = ["u", "v"];

/** Where output place `i` of each spatial axis reads under place `u` of the window. */
function readsOf(of: OperationCase, axes: number): readonly string[] {
  const stride = numbers(of.attrs["stride"]);
  const dilation = of.attrs["dilation"] === undefined ? stride.map(() => 1) : numbers(of.attrs["dilation"]);
  return Array.from(
    { length: axes },
    (_, axis) => `${spatial[axis]} * ${stride[axis]} + ${window[axis]} * ${dilation[axis]}`,
  );
}

const convolution: Mapping = (of) => {
  const axes = rankOf(of, "x") - 2;
  const groups = of.attrs["groups"] as number;
  const [inner, outer] = shapeOf(of, "w").slice(-2) as [number, number];
  const extents = shapeOf(of, "y").slice(1, -1);
  const target = ["n", ...extents.map((extent, axis) => `${spatial[axis]} < ${extent}`), "o"];
  const channel = groups === 1 ? "c" : `floor(o / ${outer / groups}) * ${inner} + c`;
  const read = ["n", ...readsOf(of, axes), channel].join(", ");
  const kernel = [...window.slice(0, axes), "c", "o"].join(", ");
  const over = [...window.slice(0, axes), "c"].join(", ");
  const lines = [...padded(of), `y[${target.join(", ")}] = sum(x[${read}] * w[${kernel}], over: [${over}])`];
  if (of.attrs["bias"] === true) lines.push("y = y + b");
  return { body: lines.join("\n"), batched: ["x", "y"], alone: true };
};

/** Every input place adds to the output places under its window; said as a sum over the input. */
const transposedConvolution: Mapping = () => missing("transposed convolution");

const maxPool: Mapping = (of) => {
  const axes = rankOf(of, "x") - 2;
  const kernel = numbers(of.attrs["kernel"]);
  const padding = of.attrs["resolved_padding"] as readonly (readonly [number, number])[] | undefined;
  if (of.attrs["ceil_mode"] === true) return missing("pooling windows that reach over the border");
  if (padding?.some(([before, after]) => before + after > 0) === true)
    return missing("max-pooling with a border");
  const extents = shapeOf(of, "y").slice(1, -1);
  const target = ["n", ...extents.map((extent, axis) => `${spatial[axis]} < ${extent}`), "c"];
  const over = kernel.map((size, axis) => `${window[axis]} < ${size}`).join(", ");
  const body = `y[${target.join(", ")}] = max(x[n, ${readsOf(of, axes).join(", ")}, c], over: [${over}])`;
  return { body, batched: ["x", "y"], alone: true };
};

const averagePool: Mapping = (of) => {
  const { ceil_mode: ceil, count_include_pad: counted } = of.attrs;
  const padding = of.attrs["resolved_padding"] as readonly (readonly [number, number])[];
  const bordered = padding.some(([before, after]) => before + after > 0);
  if (ceil === true) return missing("pooling windows that reach over the border");
  if (bordered && counted !== true) return missing("average-pooling that does not count the border");
  const kernel = numbers(of.attrs["kernel"]);
  const extents = shapeOf(of, "y").slice(1, -1);
  const target = ["n", ...extents.map((extent, axis) => `${spatial[axis]} < ${extent}`), "c"];
  const over = kernel.map((size, axis) => `${window[axis]} < ${size}`).join(", ");
  const mean = `y[${target.join(", ")}] = mean(x[n, ${readsOf(of, kernel.length).join(", ")}, c], over: [${over}])`;
  return { body: [...padded(of), mean].join("\n"), batched: ["x", "y"], alone: true };
};

const nearest: Mapping = (of) => {
  const [from, to] = [shapeOf(of, "x").slice(1, -1), shapeOf(of, "y").slice(1, -1)];
  const target = ["n", ...to.map((extent, axis) => `${spatial[axis]} < ${extent}`), "c"];
  const read = from.map((extent, axis) => `floor(${spatial[axis]} * ${extent} / ${to[axis]})`);
  return { body: `y[${target.join(", ")}] = x[n, ${read.join(", ")}, c]`, batched: ["x", "y"], alone: true };
};

/** A mask of triangles is made of places: key `j` may be seen from query `i` where `j <= i`. */
const scaledDotProduct: Mapping = (of) => {
  const { causal, scale } = of.attrs;
  const rank = rankOf(of, "q");
  const width = shapeOf(of, "q").at(-1)!;
  const outer = ["b", "h"].slice(0, rank - 2);
  const at = (...inner: readonly string[]): string => [...outer, ...inner].join(", ");
  const factor = scale === null ? `/ sqrt(${width})` : `* ${numberText(scale)}`;
  const lines = [
    `raw[${at("i", "j")}] = sum(q[${at("i", "d")}] * k[${at("j", "d")}], over: d)`,
    `scores = raw ${factor}`,
  ];
  if (causal === true)
    lines.push(`seen[${at("i", "j")}] = where(j <= i, scores[${at("i", "j")}], -1e30)`, "scores = seen");
  if (of.inputs["blocked"] !== undefined) lines.push("scores = where(blocked != 0, -1e30, scores)");
  if (of.inputs["bias"] !== undefined) lines.push("scores = scores + bias");
  lines.push("weights = softmax(scores)", "y = weights @ v");
  const names = ["q", "k", "v", ...(of.inputs["blocked"] === undefined ? [] : ["blocked"]), "y"];
  return { body: lines.join("\n"), batched: names, alone: true };
};

export const contractionMappings: Mappings = {
  matmul,
  einsum,
  dense: ({ attrs }) => ({
    body: `y = x -> dense(${numberText(attrs["units"])}, bias: ${attrs["bias"] === true ? "true" : "false"})`,
    batched: ["x", "y"],
    alone: true,
    made: { w: "y.dense.w", b: "y.dense.b" },
  }),
  bilinear: ({ attrs }) => ({
    body: `y[n, o] = sum(x1[n, i] * w[i, j, o] * x2[n, j], over: [i, j])${attrs["bias"] === true ? "\ny = y + b" : ""}`,
    batched: ["x1", "x2", "y"],
    alone: true,
  }),
  conv1d: convolution,
  conv2d: convolution,
  depthwise_conv2d: convolution,
  conv_transpose1d: transposedConvolution,
  conv_transpose2d: transposedConvolution,
  max_pool1d: maxPool,
  max_pool2d: maxPool,
  avg_pool2d: averagePool,
  upsample_nearest: nearest,
  upsample_bilinear: () => missing("bilinear resizing"),
  scaled_dot_product: scaledDotProduct,
  multi_head_attention: () => missing("multi-head attention"),
  transformer_encoder_layer: () => missing("multi-head attention"),
  rnn_tanh: () => missing("`scan`"),
  lstm: () => missing("`scan`"),
  bidirectional_lstm: () => missing("`scan`"),
  gru: () => missing("`scan`"),
};
