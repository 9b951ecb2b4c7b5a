/** Owns how losses are said in the language: a library loss for each element, then the reduction of the case. */
import type { OperationCase } from "../cases.ts";
import type { Probe } from "../probe.ts";
import { type Mapping, type Mappings, numberText, numbers, shapeOf } from "./mapping.ts";

/** `loss = mean(each)`, with `each` from `body`. Losses for each sample can have the batch as first axis. */
function reduced(
  of: OperationCase,
  each: string,
  tensors: readonly string[],
  more: Partial<Probe> = {},
): Probe {
  const lines = [`each = ${each}`, reduction(of)];
  const whole = shapeOf(of, "loss").length === 0;
  const rows = whole ? tensors : [...tensors, "loss"];
  return { body: lines.join("\n"), batched: rows, alone: true, ...more };
}

function reduction({ attrs, inputs }: OperationCase): string {
  switch (attrs["reduction"]) {
    case "mean":
      return "loss = mean(each)";
    case "sum":
      return "loss = sum(each)";
    case "batchmean":
      return `loss = sum(each) / ${Object.values(inputs)[0]!.shape[0]}`;
    case "none":
      return "loss = each";
    default:
      throw new Error(`an unknown reduction: ${JSON.stringify(attrs["reduction"])}`);
  }
}

function pairwise(call: (attrs: Readonly<Record<string, unknown>>) => string): Mapping {
  return (of) => reduced(of, call(of.attrs), Object.keys(of.inputs));
}

function flag(value: unknown): string {
  return value === true ? "true" : "false";
}

/**
 * Where classes have weights, or one class is ignored, a mean divides by the sum of the weights of what is kept. A target
 * that is none of the classes comes as one class more, of no weight.
 */
function weighed(of: OperationCase, layer: string, tensor: string): Probe {
  const { ignore_index: ignored, label_smoothing: smoothing = 0, reduction: how } = of.attrs;
  const classes = shapeOf(of, tensor).at(-1)!;
  const beyond = typeof ignored === "number" && (ignored < 0 || ignored >= classes);
  const place = beyond ? classes : ignored;
  const scores = beyond
    ? `pad(${tensor}, axis: -1, after: 1, value: ${layer === "nll" ? 0 : -1e30})`
    : tensor;
  const own = of.inputs["class_weight"] === undefined ? null : "class_weight";
  const weights = own !== null && beyond ? `pad(${own}, axis: -1, after: 1)` : own;
  const options = [
    ...(smoothing === 0 ? [] : [`smoothing: ${numberText(smoothing)}`]),
    ...(weights === null ? [] : [`weights: ${weights}`]),
    ...(place === null ? [] : [`ignored: ${numberText(place)}`]),
  ];
  const kept = place === null ? "1" : `where(target == ${numberText(place)}, 0, 1)`;
  const weight = weights === null ? kept : `${weights}[target] * ${kept}`;
  const lines = [
    `each = ${layer}(${[scores, "target", ...options].join(", ")})`,
    how === "mean" ? `weight = ${weight}\nloss = sum(each) / sum(weight + 0 * each)` : reduction(of),
  ];
  const rows = [tensor, "target", ...(how === "none" ? ["loss"] : [])];
  const indices = { target: beyond ? classes + 1 : classes };
  const given = of.inputs["target"]!.data.map((at) => (at === ignored ? (place as number) : at));
  return { body: lines.join("\n"), indices, given: { target: given }, batched: rows, alone: true };
}

/** Steps and letters that count are numbers of each sample. */
const ctc: Mapping = (of) => {
  const { blank, reduction: how, zero_infinity: zero } = of.attrs;
  const classes = shapeOf(of, "logits").at(-1)!;
  const options = `blank: ${numberText(blank)}, zero_infinity: ${flag(zero)}`;
  const lines = [
    `each = ctc(logits, targets, input_lengths, target_lengths, ${options})`,
    how === "mean" ? "loss = mean(each / max(target_lengths, 1))" : reduction(of),
  ];
  const rows = [...Object.keys(of.inputs), ...(how === "none" ? ["loss"] : [])];
  return { body: lines.join("\n"), indices: { targets: classes }, batched: rows };
};

const crossEntropy: Mapping = (of) => {
  const { label_smoothing: smoothing, ignore_index: ignored } = of.attrs;
  if (of.inputs["class_weight"] !== undefined || ignored !== null)
    return weighed(of, "cross_entropy", "logits");
  const options = smoothing === 0 ? "" : `, smoothing: ${numberText(smoothing)}`;
  if (of.inputs["target"]!.dtype === undefined)
    return reduced(of, `soft_cross_entropy(logits, target${options})`, ["logits", "target"]);
  const indices = { target: shapeOf(of, "logits").at(-1)! };
  return reduced(of, `cross_entropy(logits, target${options})`, ["logits", "target"], { indices });
};

const nll: Mapping = (of) => {
  if (of.inputs["class_weight"] !== undefined || of.attrs["ignore_index"] !== null)
    return weighed(of, "nll", "logp");
  const indices = { target: shapeOf(of, "logp").at(-1)! };
  return reduced(of, "nll(logp, target)", ["logp", "target"], { indices });
};

const binaryCrossEntropy: Mapping = (of) => {
  const { weight, pos_weight: positive } = of.inputs;
  if (positive !== undefined) {
    const body = `positive = 1 + (pos_weight - 1) * target
each = (1 - target) * logits + positive * softplus(-logits)
${reduction(of)}`;
    return { body, batched: ["logits", "target"], alone: true };
  }
  const each = `binary_cross_entropy(logits, target)${weight === undefined ? "" : " * weight"}`;
  return reduced(of, each, Object.keys(of.inputs));
};

const quantile: Mapping = (of) => {
  const levels = numbers(of.attrs["taus"]);
  const width = shapeOf(of, "pred").at(-1)!;
  const each = levels.map((level, place) => {
    const guess = width === 1 ? "pred" : `pred[:, ${place}:${place + 1}]`;
    return `quantile(${guess}, target, level: ${numberText(level)})`;
  });
  return reduced(of, each.length === 1 ? each[0]! : `concat(${each.join(", ")})`, ["pred", "target"]);
};

const gaussian: Mapping = (of) => {
  const call = `gaussian_nll(pred, target, spread, epsilon: 1e-6, full: ${flag(of.attrs["full"])})`;
  const widened = "spread = var + 0 * stop_gradient(pred)";
  return {
    body: `${widened}\neach = ${call}\n${reduction(of)}`,
    batched: ["pred", "target", "var"],
    alone: true,
  };
};

const focal: Mapping = (of) => {
  const { alpha, gamma } = of.attrs;
  const call = `focal(logits, target, alpha: ${numberText(alpha ?? 0.5)}, gamma: ${numberText(gamma)})`;
  return reduced(of, alpha === null ? `2 * ${call}` : call, ["logits", "target"]);
};

const kl = (of: OperationCase): Probe => {
  if (of.attrs["log_target"] !== true)
    return reduced(of, "kl_divergence(input_logs, target)", ["input", "target"]);
  return reduced(of, "exp(target) * (target - input_logs)", ["input", "target"]);
};

const multiMargin: Mapping = (of) => {
  const { margin, p } = of.attrs;
  const indices = { target: shapeOf(of, "score").at(-1)! };
  const call = `multi_margin(score, target, margin: ${numberText(margin)}, p: ${numberText(p)})`;
  return reduced(of, call, ["score", "target"], { indices });
};

const triplet: Mapping = (of) => {
  const { margin, p, swap } = of.attrs;
  const options = `margin: ${numberText(margin)}, p: ${numberText(p)}, swap: ${flag(swap)}`;
  const tensors = ["anchor", "positive", "negative"];
  return reduced(of, `triplet_margin(anchor, positive, negative, ${options})`, tensors);
};

const cosine: Mapping = (of) => {
  const call = `cosine_embedding(x1, x2, target, margin: ${numberText(of.attrs["margin"])})`;
  return reduced(of, call, ["x1", "x2", "target"]);
};

const dice: Mapping = (of) => {
  const { smooth, squared, per_channel: channels } = of.attrs;
  const layer = channels === true ? "channel_dice" : "soft_dice";
  const call = `${layer}(prob, target, smooth: ${numberText(smooth)}, squared: ${flag(squared)})`;
  return { ...reduced(of, call, ["prob", "target"]), alone: false };
};

const binary: Mapping = (of) => {
  const weight = of.inputs["weight"] === undefined ? "" : " * weight";
  const each = `-(target * max(log(pred), -100) + (1 - target) * max(log1p(-pred), -100))${weight}`;
  return reduced(of, each, Object.keys(of.inputs));
};

export const lossMappings: Mappings = {
  mse: pairwise(() => "mse(pred, target)"),
  mae: pairwise(() => "mae(pred, target)"),
  huber: pairwise(({ delta }) => `huber(pred, target, delta: ${numberText(delta)})`),
  smooth_l1: pairwise(({ beta }) => `smooth_l1(pred, target, beta: ${numberText(beta)})`),
  hinge: pairwise(
    ({ margin, squared }) => `hinge(score, target, margin: ${numberText(margin)}, squared: ${flag(squared)})`,
  ),
  poisson_nll: pairwise(
    ({ log_input: logs, full }) => `poisson(pred, target, full: ${flag(full)}, rate: ${flag(logs !== true)})`,
  ),
  bce: binary,
  bce_with_logits: binaryCrossEntropy,
  cross_entropy: crossEntropy,
  nll,
  quantile,
  gaussian_nll: gaussian,
  focal,
  kl_div: (of) => {
    // `input` leads a line of a model: the tensor is called otherwise here.
    const probe = kl(of);
    return { ...probe, body: `input_logs = input\n${probe.body}` };
  },
  multi_margin: multiMargin,
  triplet_margin: triplet,
  cosine_embedding: cosine,
  dice,
  ctc,
};
