/** Owns how normalizations are said in the language. */
import type { OperationCase } from "../cases.ts";
import type { Probe } from "../probe.ts";
import { type Mapping, type Mappings, numberText } from "./mapping.ts";

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

/** `y = x -> layer(…)`, its scale and shift among the parameters. */
function normalized(of: OperationCase, name: string, first: string): Probe {
  const options = `${first}epsilon: ${numberText(of.attrs["eps"])}, ${affine(of)}`;
  return { body: `y = x -> ${name}(${options})`, batched: ["x", "y"], made: made(name) };
}

export const normalizationMappings: Mappings = {
  batch_norm: batchNorm,
  layer_norm: layerNorm,
  rms_norm: (of) => ({
    body: `y = x -> rms_norm(epsilon: ${numberText(of.attrs["eps"])}, ${affine(of)})`,
    batched: ["x", "y"],
    alone: true,
    made: { gamma: "y.rms_norm.scale" },
  }),
  group_norm: (of) => normalized(of, "group_norm", `groups: ${numberText(of.attrs["groups"])}, `),
  instance_norm: (of) => normalized(of, "instance_norm", ""),
};
