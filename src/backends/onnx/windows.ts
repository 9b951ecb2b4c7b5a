/** Owns windows that slide along axes: Conv, MaxPool and AveragePool, found by the form of what is summed. */
import type { Comprehension, IndexExpression, IndexVariable, Scalar } from "../../ir/comprehension.ts";
import {
  type Dimension,
  addDimensions,
  literal,
  literalValue,
  sameDimension,
  scaleDimension,
} from "../../ir/dimension.ts";
import { linearize } from "../../ir/indices.ts";
import type { Context } from "./context.ts";
import { factorsOf } from "./contraction.ts";
import { type Spread, ordered } from "./spread.ts";

/** `stride · place + dilation · within`, along one axis of what is read. */
interface Window {
  readonly axis: number;
  readonly place: IndexVariable;
  readonly within: IndexVariable;
  readonly stride: number;
  readonly dilation: number;
  readonly kernel: number;
}

type Read = Extract<Scalar, { kind: "read" }>;

/** Which axes of a read are windows; null where another axis is no variable, or where windows end elsewhere. */
function windowsOf(
  { at }: Read,
  shape: readonly Dimension[],
  reduced: readonly IndexVariable[],
): { readonly windows: readonly Window[]; readonly plain: readonly (IndexVariable | null)[] } | null {
  const windows: Window[] = [];
  const plain: (IndexVariable | null)[] = [];
  for (const [axis, index] of at.entries()) {
    const window = windowAt(index, axis, reduced);
    if (window !== null && isWhole(window, shape[axis]!)) {
      windows.push(window);
      plain.push(null);
    } else if (index.kind === "variable" && sameDimension(index.variable.extent, shape[axis]!)) {
      plain.push(index.variable);
    } else return null;
  }
  return { windows, plain };
}

function windowAt(index: IndexExpression, axis: number, reduced: readonly IndexVariable[]): Window | null {
  const line = linearize(index);
  if (line === null || line.constant !== 0 || line.terms.size !== 2) return null;
  const within = [...line.terms.keys()].find((variable) => reduced.includes(variable));
  const place = [...line.terms.keys()].find((variable) => !reduced.includes(variable));
  if (within === undefined || place === undefined) return null;
  const [stride, dilation] = [line.terms.get(place)!, line.terms.get(within)!];
  const kernel = literalValue(within.extent);
  return kernel === null || stride < 1 || dilation < 1
    ? null
    : { axis, place, within, stride, dilation, kernel };
}

/** Whether there are as many places as ONNX counts: ⌊(extent - reach) / stride⌋ + 1. */
function isWhole({ place, stride, dilation, kernel }: Window, extent: Dimension): boolean {
  const room = addDimensions(extent, literal(-((kernel - 1) * dilation + 1)));
  const size = literalValue(room);
  if (size !== null) return literalValue(place.extent) === Math.floor(size / stride) + 1;
  const back = scaleDimension(addDimensions(place.extent, literal(-1)), stride);
  return sameDimension(back, room);
}

/** Channels of Conv are one axis: `outer · count + inner` of two, one, or one that is made. */
function joined(
  context: Context,
  name: string,
  lead: readonly Dimension[],
  channels: readonly IndexVariable[],
  spatial: readonly Dimension[],
): string {
  if (channels.length === 1) return name;
  const size = channels.reduce((product, { extent }) => product * literalValue(extent)!, 1);
  const { writer } = context;
  return writer.op("Reshape", [name, writer.shape([...lead, literal(size), ...spatial])]);
}

/** A convolution, with groups where a variable runs over both channels. Null where it is none. */
export function convolve(
  context: Context,
  comprehension: Comprehension,
  reduced: readonly IndexVariable[],
): Spread | null {
  const factors = factorsOf(comprehension.body);
  if (comprehension.reducer !== "sum" || factors.length !== 2) return null;
  for (const [x, w] of [factors, [...factors].reverse()] as [Scalar, Scalar][]) {
    const made = x.kind === "read" && w.kind === "read" ? convolution(context, x, w, reduced) : null;
    if (made !== null) return made;
  }
  return null;
}

function convolution(context: Context, x: Read, w: Read, reduced: readonly IndexVariable[]): Spread | null {
  const { operands, nameOf, writer } = context;
  const [source, kernel] = [operands[x.operand]!, operands[w.operand]!];
  const found = windowsOf(x, source.type.shape, reduced);
  if (found === null || found.windows.length < 1 || found.windows.length > 2) return null;
  const { windows, plain } = found;
  const weights = w.at.map((index, axis) =>
    index.kind === "variable" && sameDimension(index.variable.extent, kernel.type.shape[axis]!)
      ? index.variable
      : null,
  );
  if (weights.some((variable) => variable === null) || new Set(weights).size < weights.length) return null;
  const ofWeights = weights as readonly IndexVariable[];
  const ofInput = plain.filter((variable) => variable !== null);
  const isReduced = (variable: IndexVariable): boolean => reduced.includes(variable);
  const samples = ofInput.filter((variable) => !ofWeights.includes(variable));
  const groups = ofInput.filter((variable) => ofWeights.includes(variable) && !isReduced(variable));
  const inner = ofInput.filter((variable) => ofWeights.includes(variable) && isReduced(variable));
  const withins = windows.map(({ within }) => within);
  const outer = ofWeights.filter((one) => !ofInput.includes(one) && !withins.includes(one));
  const all = [samples, groups, inner, outer];
  if (samples.length !== 1 || all.some((some) => some.length > 1) || groups.length + inner.length === 0)
    return null;
  if (outer.some(isReduced) || samples.some(isReduced) || !withins.every((one) => ofWeights.includes(one)))
    return null;
  if (reduced.length !== withins.length + inner.length) return null;
  if ([...groups, ...inner, ...outer].some(({ extent }) => literalValue(extent) === null)) return null;
  // Input [b, (g, k), space…], weights [(g, o), k, space…], result [b, (g, o), space…].
  const channels = [...groups, ...inner];
  const order = [...samples, ...channels, ...windows.map(({ place }) => place)];
  const input = orderAxes(
    context,
    nameOf(source),
    plain.map((one, axis) => one ?? windows.find((window) => window.axis === axis)!.place),
    order,
  );
  const space = windows.map(({ axis }) => source.type.shape[axis]!);
  const joinedInput = joined(context, input, [samples[0]!.extent], channels, space);
  const results = [...groups, ...outer];
  let kernels = orderAxes(context, nameOf(kernel), ofWeights, [...results, ...inner, ...withins]);
  const kernelShape = [
    literal(results.reduce((product, { extent }) => product * literalValue(extent)!, 1)),
    literal(inner.reduce((product, { extent }) => product * literalValue(extent)!, 1)),
    ...withins.map(({ extent }) => extent),
  ];
  if (results.length !== 1 || inner.length !== 1)
    kernels = writer.op("Reshape", [kernels, writer.shape(kernelShape)]);
  const name = writer.op("Conv", [joinedInput, kernels], {
    kernel_shape: windows.map((window) => window.kernel),
    strides: windows.map(({ stride }) => stride),
    dilations: windows.map(({ dilation }) => dilation),
    ...(groups.length === 0 ? {} : { group: literalValue(groups[0]!.extent)! }),
  });
  const places = windows.map(({ place }) => place);
  const axes = [...samples, ...results, ...places];
  if (results.length === 1) return { name, axes, sort: "float" };
  return {
    name: writer.op("Reshape", [name, writer.shape(axes.map(({ extent }) => extent))]),
    axes,
    sort: "float",
  };
}

function orderAxes(
  context: Context,
  name: string,
  axes: readonly IndexVariable[],
  order: readonly IndexVariable[],
): string {
  return ordered(context.writer, { name, axes, sort: "float" }, order).name;
}

/** The largest or the sum of each window. Null where it is neither. */
export function pool(
  context: Context,
  comprehension: Comprehension,
  reduced: readonly IndexVariable[],
): Spread | null {
  const { body, reducer } = comprehension;
  if (body.kind !== "read" || (reducer !== "max" && reducer !== "sum")) return null;
  const { operands, nameOf, writer } = context;
  const source = operands[body.operand]!;
  const found = windowsOf(body, source.type.shape, reduced);
  if (found === null || source.type.element.kind !== "float") return null;
  const { windows, plain } = found;
  const others = plain.filter((variable) => variable !== null);
  if (windows.length < 1 || windows.length > 2 || reduced.length !== windows.length || others.length !== 2)
    return null;
  if (
    new Set(others).size < others.length ||
    (reducer === "sum" && windows.some(({ dilation }) => dilation !== 1))
  )
    return null;
  const places = windows.map(({ place }) => place);
  const axes = [...others, ...places];
  const whole = body.at.map(
    (_, axis) => plain[axis] ?? windows.find((window) => window.axis === axis)!.place,
  );
  const input = orderAxes(context, nameOf(source), whole, axes);
  const shape = {
    kernel_shape: windows.map(({ kernel }) => kernel),
    strides: windows.map(({ stride }) => stride),
  };
  if (reducer === "max") {
    const name = writer.op("MaxPool", [input], {
      ...shape,
      dilations: windows.map(({ dilation }) => dilation),
    });
    return { name, axes, sort: "float" };
  }
  const count = windows.reduce((product, { kernel }) => product * kernel, 1);
  const mean = writer.op("AveragePool", [input], shape);
  return { name: writer.op("Mul", [mean, writer.constant("float", [], [count])]), axes, sort: "float" };
}
