/** Owns how everything that slides a window over space or time, or resizes it, is said in the language. */
import type { OperationCase } from "../cases.ts";
import type { Probe } from "../probe.ts";
import { type Mapping, type Mappings, numberText, numbers, rankOf, shapeOf } from "./mapping.ts";

/** As `3`, `[1, 2]`, `[[1, 1], [0, 1]]` or `same`; of one axis, the item itself. */
function optionText(value: unknown): string {
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  if (!Array.isArray(value)) return numberText(value);
  return value.length === 1 ? optionText(value[0]) : listText(value);
}

function listText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(listText).join(", ")}]` : numberText(value);
}

/** `y = x -> layer(…)`, with the attributes of the case that the layer takes, by its names. */
function layer(
  of: OperationCase,
  name: string,
  options: Readonly<Record<string, unknown>>,
  held: readonly string[] = [],
): Probe {
  const given = Object.entries(options).flatMap(([option, value]) =>
    value === undefined ? [] : [`${option}: ${optionText(value)}`],
  );
  const made = held.filter((one) => of.params[one] !== undefined).map((one) => [one, `y.${name}.${one}`]);
  return {
    body: `y = x -> ${name}(${given.join(", ")})`,
    batched: ["x", "y"],
    made: Object.fromEntries(made) as Readonly<Record<string, string>>,
  };
}

function sizes(of: OperationCase): readonly number[] {
  return shapeOf(of, "w").slice(0, -2);
}

function convolution(name: string): Mapping {
  return (of) => {
    const { stride, dilation, groups, padding, bias } = of.attrs;
    const units = shapeOf(of, "y").at(-1);
    return layer(of, name, { units, kernel: sizes(of), stride, dilation, groups, padding, bias }, ["w", "b"]);
  };
}

const depthwise: Mapping = (of) => {
  const { stride, dilation, multiplier, padding, bias } = of.attrs;
  const options = { kernel: sizes(of), multiplier, stride, dilation, padding, bias };
  return layer(of, "depthwise_conv2d", options, ["w", "b"]);
};

function transposed(name: string): Mapping {
  return (of) => {
    const { stride, dilation, groups, padding, output_padding: more, bias } = of.attrs;
    const units = shapeOf(of, "y").at(-1);
    const options = { units, kernel: sizes(of), stride, dilation, groups, padding, more, bias };
    return layer(of, name, options, ["w", "b"]);
  };
}

function maxPool(name: string): Mapping {
  return (of) => {
    const { kernel, stride, dilation, padding, ceil_mode: partial } = of.attrs;
    return layer(of, name, { kernel, stride, dilation, padding, partial });
  };
}

const averagePool: Mapping = (of) => {
  const { kernel, stride, padding, ceil_mode: partial, count_include_pad: include } = of.attrs;
  return layer(of, "average_pool2d", { kernel, stride, padding, partial, include_border: include });
};

const nearest: Mapping = (of) => {
  const { scale: factor } = of.attrs;
  const [rows, columns] = numbers(of.attrs["size"]);
  const alongTime = rankOf(of, "x") === 3;
  if (factor !== undefined) return layer(of, alongTime ? "upsample1d" : "upsample2d", { factor });
  return alongTime ? layer(of, "resize1d", { steps: rows }) : layer(of, "resize2d", { rows, columns });
};

const bilinear: Mapping = (of) => {
  const [rows, columns] = numbers(of.attrs["size"]);
  return layer(of, "resize2d", { rows, columns, by: "bilinear" });
};

/** What is kept are axes of size 1. */
const globalAverage: Mapping = (of) => {
  const probe = layer(of, "global_average_pool", {});
  if (of.attrs["keepdims"] !== true) return probe;
  const shape = ["batch", ...shapeOf(of, "y").slice(1)].join(", ");
  return { ...probe, body: `${probe.body} -> reshape([${shape}])` };
};

export const windowMappings: Mappings = {
  conv1d: convolution("conv1d"),
  conv2d: convolution("conv2d"),
  depthwise_conv2d: depthwise,
  conv_transpose1d: transposed("conv_transpose1d"),
  conv_transpose2d: transposed("conv_transpose2d"),
  max_pool1d: maxPool("max_pool1d"),
  max_pool2d: maxPool("max_pool2d"),
  avg_pool2d: averagePool,
  upsample_nearest: nearest,
  upsample_bilinear: bilinear,
  pixel_shuffle: (of) => layer(of, "pixel_shuffle", { factor: of.attrs["factor"] }),
  global_avg_pool: globalAverage,
};
