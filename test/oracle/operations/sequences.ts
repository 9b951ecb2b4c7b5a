/** Owns how attention and positions are said in the language. */
import type { OperationCase } from "../cases.ts";
import { type Mapping, type Mappings, numberText, rankOf, shapeOf } from "./mapping.ts";

/** Scores of the keys that may not be seen are so low that nothing of them is left. */
const blocked = "-1e30";

const scaledDotProduct: Mapping = (of) => {
  const { causal, scale } = of.attrs;
  const rank = rankOf(of, "q");
  const width = shapeOf(of, "q").at(-1)!;
  const outer = ["b", "h"].slice(0, rank - 2);
  const at = (...inner: readonly string[]): string => [...outer, ...inner].join(", ");
  const factor = scale === null ? `/ sqrt(${width})` : `* ${numberText(scale)}`;
  const scores = `raw[${at("i", "j")}] = sum(q[${at("i", "d")}] * k[${at("j", "d")}], over: d)`;
  const lines = [scores, `scores = raw ${factor}`];
  if (causal === true)
    lines.push(`seen[${at("i", "j")}] = where(j <= i, scores[${at("i", "j")}], ${blocked})`, "scores = seen");
  if (of.inputs["blocked"] !== undefined) lines.push(`scores = where(blocked != 0, ${blocked}, scores)`);
  if (of.inputs["bias"] !== undefined) lines.push("scores = scores + bias");
  lines.push("y = softmax(scores) @ v");
  const names = ["q", "k", "v", ...(of.inputs["blocked"] === undefined ? [] : ["blocked"]), "y"];
  return { body: lines.join("\n"), batched: names, alone: true };
};

/** Statements that bind `mixed` to what the heads make of `x`, reading `source`; parameters as the cases name them. */
function attention(of: OperationCase, x: string, source: string): readonly string[] {
  const { heads, dim, causal } = of.attrs as {
    readonly heads: number;
    readonly dim: number;
    readonly causal: boolean;
  };
  const width = dim / heads;
  const parts = ["q", "k", "v"].flatMap((name) => [
    `${name} = ${name === "q" ? x : source} @ w_${name} + b_${name}`,
    `${name}_heads[n, t, h < ${heads}, d < ${width}] = ${name}[n, t, h * ${width} + d]`,
  ]);
  const lines = [
    ...parts,
    "raw[n, h, i, j] = sum(q_heads[n, i, h, d] * k_heads[n, j, h, d], over: d)",
    `scores = raw / sqrt(${width})`,
  ];
  if (causal) lines.push(`seen[n, h, i, j] = where(j <= i, scores[n, h, i, j], ${blocked})`, "scores = seen");
  if (of.inputs["key_padding_mask"] !== undefined)
    lines.push(
      `kept[n, h, i, j] = where(key_padding_mask[n, j] != 0, ${blocked}, scores[n, h, i, j])`,
      "scores = kept",
    );
  const joined = `joined[n, i, m < ${dim}] = sum(weights[n, floor(m / ${width}), i, j] * v_heads[n, j, floor(m / ${width}), m % ${width}], over: j)`;
  return [...lines, "weights = softmax(scores)", joined, "mixed = joined @ w_o + b_o"];
}

const multiHead: Mapping = (of) => {
  const source = of.inputs["kv"] === undefined ? "x" : "kv";
  const names = ["x", ...Object.keys(of.inputs).filter((name) => name !== "x"), "y"];
  return { body: [...attention(of, "x", source), "y = mixed"].join("\n"), batched: names, alone: true };
};

const encoderLayer: Mapping = (of) => {
  const { norm_first: first, activation, eps } = of.attrs;
  const norm = (from: string, place: number): string =>
    `layer_norm(${from}, epsilon: ${numberText(eps)}, affine: false) * gamma_${place} + beta_${place}`;
  const forward = (from: string): string => `${String(activation)}(${from} @ w_1 + b_1) @ w_2 + b_2`;
  const lines =
    first === true
      ? [
          `given = ${norm("x", 1)}`,
          ...attention(of, "given", "given"),
          "middle = x + mixed",
          `calm = ${norm("middle", 2)}`,
          `y = middle + ${forward("calm")}`,
        ]
      : [
          ...attention(of, "x", "x"),
          `middle = ${norm("(x + mixed)", 1)}`,
          `y = ${norm(`(middle + ${forward("middle")})`, 2)}`,
        ];
  return { body: lines.join("\n"), batched: [...Object.keys(of.inputs), "y"], alone: true };
};

/** sin and cos of position / base^(2i/width), one after the other or one half after the other. */
const sinusoidal: Mapping = (of) => {
  const { length, dim, base, layout, offset } = of.attrs;
  const half = Math.ceil((dim as number) / 2);
  const [pair, even] =
    layout === "interleaved" ? ["floor(i / 2)", "i % 2 == 0"] : [`(i % ${half})`, `i < ${half}`];
  const angle = `(p + ${numberText(offset)}) / ${numberText(base)} ** (2 * ${pair} / ${numberText(dim)})`;
  const table = `table[p < ${numberText(length)}, i < ${numberText(dim)}] = where(${even}, sin(${angle}), cos(${angle}))`;
  if (of.inputs["x"] === undefined) return { body: `${table}\ny = table` };
  return { body: `${table}\ny = x + table`, batched: ["x", "y"], alone: true };
};

/** Pairs of components turned by an angle that grows with the position. */
const rotary: Mapping = (of) => {
  const {
    base,
    layout,
    offset,
    rotary_dim: turned,
  } = of.attrs as {
    readonly base: number;
    readonly layout: string;
    readonly offset: number;
    readonly rotary_dim: number;
  };
  const rank = rankOf(of, "x");
  const width = shapeOf(of, "x").at(-1)!;
  const half = turned / 2;
  const outer = ["n", "p", ...(rank === 4 ? ["h"] : [])];
  const at = (name: string, place: string): string => `${name}[${[...outer, place].join(", ")}]`;
  const near = layout === "interleaved";
  const [first, second] = near ? ["2 * k", "2 * k + 1"] : ["k", `k + ${half}`];
  const angle = `(p + ${offset}) / ${base} ** (2 * k / ${turned})`;
  const left = `${at("left", `k < ${half}`)} = ${at("x", first!)} * cos(${angle}) - ${at("x", second!)} * sin(${angle})`;
  const right = `${at("right", `k < ${half}`)} = ${at("x", first!)} * sin(${angle}) + ${at("x", second!)} * cos(${angle})`;
  const both = near
    ? `${at("both", `i < ${turned}`)} = where(i % 2 == 0, ${at("left", "floor(i / 2)")}, ${at("right", "floor(i / 2)")})`
    : "both = concat(left, right)";
  const rest = `${[...outer, ""]
    .map(() => ":")
    .slice(1)
    .join(", ")}, ${turned}:`;
  const whole = turned === width ? "y = both" : `y = concat(both, x[${rest}])`;
  return { body: [left, right, both, whole].join("\n"), batched: ["x", "y"], alone: true };
};

export const sequenceMappings: Mappings = {
  scaled_dot_product: scaledDotProduct,
  multi_head_attention: multiHead,
  transformer_encoder_layer: encoderLayer,
  sinusoidal_positions: sinusoidal,
  rope: rotary,
};
