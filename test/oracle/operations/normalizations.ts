/** Owns how normalizations are said in the language. */
import type { OperationCase } from "../cases.ts";
import { type Mapping, type Mappings, numberText, rankOf, shapeOf } from "./mapping.ts";

function affine({ attrs }: OperationCase): string {
  return `affine: ${attrs["affine"] === true ? "true" : "false"}`;
}

function made(layer: string): Readonly<Record<string, string>> {
  return { gamma: `y.${layer}.scale`, beta: `y.${layer}.shift` };
}

const batchNorm: Mapping = (of) => {
  const { momentum, eps, training } = of.attrs;
  const options = `momentum: ${numberText(momentum)}, epsilon: ${numberText(eps)}, ${affine(of)}`;
  const states = { running_mean: "y.batch_norm.center", running_var: "y.batch_norm.spread" };
  return {
    body: `y = x -> batch_norm(${options})`,
    batched: ["x", "y"],
    alone: true,
    made: made("batch_norm"),
    states,
    ...(training === true ? { updated: states, training: true } : {}),
  };
};

/** `(x - mean) / deviation` over some axes, then a scale and a shift. */
function statistics(of: OperationCase, x: string, over: string): readonly string[] {
  return [
    `center = mean(${x}, over: ${over}, keep: true)`,
    `wide = variance(${x}, over: ${over}, keep: true)`,
    `y = (${x} - center) / sqrt(wide + ${numberText(of.attrs["eps"])})`,
  ];
}

function scaled(of: OperationCase): readonly string[] {
  return of.attrs["affine"] === true ? ["y = y * gamma + beta"] : [];
}

const layerNorm: Mapping = (of) => {
  const axes = of.attrs["norm_axes"] as number;
  if (axes === 1)
    return {
      body: `y = x -> layer_norm(epsilon: ${numberText(of.attrs["eps"])}, ${affine(of)})`,
      batched: ["x", "y"],
      alone: true,
      made: made("layer_norm"),
    };
  const over = `[${Array.from({ length: axes }, (_, place) => place - axes).join(", ")}]`;
  return { body: [...statistics(of, "x", over), ...scaled(of)].join("\n"), batched: ["x", "y"], alone: true };
};

const groupNorm: Mapping = (of) => {
  const shape = shapeOf(of, "x");
  const groups = of.attrs["groups"] as number;
  const channels = shape.at(-1)!;
  const spatial = shape.slice(1, -1);
  const names = ["i", "j"].slice(0, spatial.length);
  const parted = `parted[${["n", ...names, `g < ${groups}`, `c < ${channels / groups}`].join(", ")}] = x[${["n", ...names, `g * ${channels / groups} + c`].join(", ")}]`;
  const over = `[${[...spatial.map((_, axis) => axis - spatial.length - 2), -1].join(", ")}]`;
  const joined = `joined[${["n", ...names, `k < ${channels}`].join(", ")}] = y[${["n", ...names, `floor(k / ${channels / groups})`, `k % ${channels / groups}`].join(", ")}]`;
  const body = [parted, ...statistics(of, "parted", over), joined, "y = joined", ...scaled(of)].join("\n");
  return { body, batched: ["x", "y"], alone: true };
};

const instanceNorm: Mapping = (of) => {
  const rank = rankOf(of, "x");
  const over = `[${Array.from({ length: rank - 2 }, (_, place) => place + 1 - rank).join(", ")}]`;
  return { body: [...statistics(of, "x", over), ...scaled(of)].join("\n"), batched: ["x", "y"], alone: true };
};

export const normalizationMappings: Mappings = {
  batch_norm: batchNorm,
  layer_norm: layerNorm,
  rms_norm: (of) => ({
    body: `y = x -> rms_norm(epsilon: ${numberText(of.attrs["eps"])}, ${affine(of)})`,
    batched: ["x", "y"],
    alone: true,
    made: { gamma: "y.rms_norm.scale" },
  }),
  group_norm: groupNorm,
  instance_norm: instanceNorm,
};
