/** Owns how activations and element-wise operations are said in the language. */
import { type Mapping, type Mappings, axisNames, fromEnd, numberText, rankOf } from "./mapping.ts";

/** One tensor in, one out, every sample by itself. */
function pointwise(body: (attrs: Readonly<Record<string, unknown>>) => string): Mapping {
  return ({ attrs }) => ({ body: body(attrs), batched: ["x", "y"], alone: true });
}

function named(name: string): Mapping {
  return pointwise(() => `y = ${name}(x)`);
}

/** Normalizes over the last axis, another one being turned there and back. */
function alongAxis(name: string): Mapping {
  return (of) => {
    const rank = rankOf(of, "x");
    const axis = rank + fromEnd(of.attrs["axis"], rank);
    if (axis === rank - 1) return { body: `y = x -> ${name}`, batched: ["x", "y"], alone: true };
    const names = axisNames(rank);
    const turned = [...names.filter((_, place) => place !== axis), names[axis]!];
    const body = `turned[${turned.join(", ")}] = x[${names.join(", ")}]
scaled = turned -> ${name}
y[${names.join(", ")}] = scaled[${turned.join(", ")}]`;
    return axis === 0 ? { body } : { body, batched: ["x", "y"], alone: true };
  };
}

export const pointwiseMappings: Mappings = {
  abs: named("abs"),
  elu: pointwise(({ alpha }) => `y = elu(x, alpha: ${numberText(alpha)})`),
  exp: named("exp"),
  gelu: named("gelu"),
  gelu_tanh: named("gelu_tanh"),
  hard_sigmoid: named("hard_sigmoid"),
  hard_swish: named("hard_swish"),
  leaky_relu: pointwise(({ slope }) => `y = leaky_relu(x, slope: ${numberText(slope)})`),
  log: named("log"),
  mish: named("mish"),
  relu: named("relu"),
  selu: named("selu"),
  sigmoid: named("sigmoid"),
  silu: named("silu"),
  softplus: pointwise(({ beta }) => `y = softplus(x, beta: ${numberText(beta)})`),
  softsign: named("softsign"),
  sqrt: named("sqrt"),
  tanh: named("tanh"),
  softmax: alongAxis("softmax"),
  log_softmax: alongAxis("log_softmax"),
  clip: pointwise(({ lo, hi }) =>
    typeof lo === "number" && typeof hi === "number"
      ? `y = clip(x, low: ${numberText(lo)}, high: ${numberText(hi)})`
      : typeof lo === "number"
        ? `y = max(x, ${numberText(lo)})`
        : `y = min(x, ${numberText(hi)})`,
  ),
  pow: ({ attrs }) =>
    attrs["exponent"] === null
      ? { body: "y = x ** p" }
      : { body: `y = x ** ${numberText(attrs["exponent"])}`, batched: ["x", "y"], alone: true },
  prelu: (of) => {
    const [slopes, width] = [of.params["w"]!.shape[0], of.inputs["x"]!.shape.at(-1)];
    if (slopes === width)
      return { body: "y = x -> prelu", batched: ["x", "y"], alone: true, made: { w: "y.prelu.w" } };
    return { body: "y = where(x > 0, x, w * x)", batched: ["x", "y"], alone: true };
  },
  where: ({ inputs }) => ({
    body: "y = where(cond != 0, a, b)",
    ...(inputs["cond"]!.shape[0] === inputs["b"]!.shape[0] &&
    inputs["cond"]!.shape[0] === inputs["a"]!.shape[0]
      ? { batched: ["cond", "a", "b", "y"], alone: true }
      : {}),
  }),
};
