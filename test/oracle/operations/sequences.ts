/** Owns how attention and positions are said in the language. */
import type { OperationCase } from "../cases.ts";
import { type Mapping, type Mappings, numberText, shapeOf } from "./mapping.ts";

type Names = Readonly<Record<string, string>>;

/** Options of a call as the language writes them, those left out that the case has not. */
function listed(options: Readonly<Record<string, string | null>>): string {
  return Object.entries(options)
    .flatMap(([name, text]) => (text === null ? [] : [`${name}: ${text}`]))
    .join(", ");
}

/** What is blocked for all queries alike is said for each. */
const scaledDotProduct: Mapping = (of) => {
  const { causal, scale } = of.attrs;
  const blocked = of.inputs["blocked"] === undefined ? null : "hidden";
  const keys = shapeOf(of, "k").at(-2)!;
  const queries = shapeOf(of, "q").at(-2)!;
  const lines = blocked === null ? [] : [`hidden[b, h, i < ${queries}, j < ${keys}] = blocked[b, h, 0, j]`];
  const options = listed({
    blocked,
    scale: scale === null ? null : numberText(scale),
    causal: String(causal),
  });
  lines.push(`y = scaled_dot_product(q, k, v, ${options})`);
  const names = ["q", "k", "v", ...(blocked === null ? [] : ["blocked"]), "y"];
  return { body: lines.join("\n"), batched: names, alone: true };
};

/** Parameters of the attention whose frame begins with `path`, by the names of the cases. */
function heads(path: string): Names {
  const parts = { q: "q", k: "k", v: "v", o: "y" };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, bound]) => [
      [`w_${part}`, `${path}.${bound}.dense.w`],
      [`b_${part}`, `${path}.${bound}.dense.b`],
    ]),
  );
}

function ignored(of: OperationCase): string | null {
  return of.inputs["key_padding_mask"] === undefined ? null : "key_padding_mask";
}

const multiHead: Mapping = (of) => {
  const { heads: count, causal } = of.attrs;
  const source = of.inputs["kv"] === undefined ? null : "kv";
  const options = listed({
    source,
    ignored: ignored(of),
    heads: numberText(count),
    causal: String(causal),
  });
  return {
    body: `y = x -> multi_head_attention(${options})`,
    batched: [...Object.keys(of.inputs), "y"],
    made: heads("y.multi_head_attention"),
  };
};

const encoderLayer: Mapping = (of) => {
  const { heads: count, ff, norm_first: first, activation, causal, eps } = of.attrs;
  const options = listed({
    ignored: ignored(of),
    heads: numberText(count),
    hidden: numberText(ff),
    activation: String(activation),
    norm_first: String(first),
    causal: String(causal),
    epsilon: numberText(eps),
  });
  const at = "y.transformer_encoder_layer";
  const norms =
    first === true ? ["given.layer_norm", "calm.layer_norm"] : ["middle.layer_norm", "layer_norm"];
  const norm = (name: string, place: number): Names => ({
    [`gamma_${place + 1}`]: `${at}.${name}.scale`,
    [`beta_${place + 1}`]: `${at}.${name}.shift`,
  });
  return {
    body: `y = x -> transformer_encoder_layer(${options})`,
    batched: [...Object.keys(of.inputs), "y"],
    made: {
      ...heads(`${at}.seen.multi_head_attention`),
      w_1: `${at}.made.dense.w`,
      b_1: `${at}.made.dense.b`,
      w_2: `${at}.made.dense_2.w`,
      b_2: `${at}.made.dense_2.b`,
      ...norm(norms[0]!, 0),
      ...norm(norms[1]!, 1),
    },
  };
};

/** The cases call halves of the width `split` and `half`. */
function layoutText(layout: unknown): string {
  return layout === "interleaved" ? "interleaved" : "halves";
}

const sinusoidal: Mapping = (of) => {
  const { length, dim, base, layout, offset } = of.attrs;
  const options = listed({ base: numberText(base), layout: layoutText(layout) });
  if (of.inputs["x"] !== undefined) {
    const body = `y = x -> sinusoidal_positions(${options}, offset: ${numberText(offset)})`;
    return { body, batched: ["x", "y"] };
  }
  const places = `place[p < ${numberText(length)}] = p + ${numberText(offset)}`;
  return { body: `${places}\ny = sinusoidal(place, ${numberText(dim)}, ${options})` };
};

const rotary: Mapping = (of) => {
  const { base, layout, offset, rotary_dim: turned } = of.attrs;
  const options = listed({
    base: numberText(base),
    offset: numberText(offset),
    turned: numberText(turned),
    layout: layoutText(layout),
  });
  return { body: `y = x -> rope(${options})`, batched: ["x", "y"] };
};

export const sequenceMappings: Mappings = {
  scaled_dot_product: scaledDotProduct,
  multi_head_attention: multiHead,
  transformer_encoder_layer: encoderLayer,
  sinusoidal_positions: sinusoidal,
  rope: rotary,
};
