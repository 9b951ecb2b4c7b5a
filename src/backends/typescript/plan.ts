/** Owns printing the plan: names, shapes, layouts and places of tensors, and how the network is trained. */
import type { Buffer } from "../../ir/loops.ts";
import { type Dimension, variesBySample } from "../../ir/dimension.ts";
import type { EntryNumber, Initializer, Parameter, Port, Recipe } from "../../ir/network.ts";
import type { TensorType } from "../../ir/type.ts";
import { lengthName } from "../../ir/samples.ts";
import type { EntryProgram } from "../../lower/program.ts";
import { PARTS } from "../../lower/slices.ts";
import { buffersOf, type ModuleContext, placedTitle, startOf } from "./routines.ts";

/** Fields that are undefined are left out. */
type Fields = Readonly<Record<string, unknown>>;

/** Text that stands in the plan as it is. */
class Raw {
  constructor(readonly text: string) {}
}

/** The object literal `plan`; `finishes` names the functions of the metrics. */
export function printPlan(
  context: ModuleContext,
  inference: boolean,
  finishes: ReadonlyMap<string, string>,
): string {
  const { program } = context;
  const { network } = program;
  const fields: Fields = {
    name: network.name,
    width: program.precision === "double" ? 8 : 4,
    capacity: program.capacity,
    whole: wholeOf(program, inference),
    arena: Math.max(program.memory.size, 1),
    inputs: program.inputs.map((buffer) => port(context, buffer)),
    outputs: program.outputs.map((buffer, k) => ({
      ...result(context, buffer),
      varies: varying(network.outputs[k]!.type),
      length: network.outputs[k]!.length,
    })),
    entries:
      program.entries.length === 0 ? undefined : program.entries.map((entry) => entryFields(context, entry)),
    parameters: program.parameters.map((buffer, k) => ({
      ...tensor(context, buffer),
      initial: inference ? undefined : initial(network.parameters[k]!),
    })),
    states: program.states.map((buffer, k) => {
      const { initial: value, fitted } = network.states[k]!;
      const statistic = fitted === null ? undefined : [fitted.statistic, fitted.input];
      return { ...tensor(context, buffer), ...(inference ? {} : { initial: value, fitted: statistic }) };
    }),
    constants:
      program.constants.length === 0
        ? undefined
        : program.constants.map((buffer, k) => ({
            ...tensor(context, buffer),
            values: network.constants[k]!.values,
          })),
    threads: threads(context, inference),
    ...(inference ? {} : full(context, finishes)),
  };
  return literal(fields);
}

function threads({ program }: ModuleContext, inference: boolean): Fields | undefined {
  if (program.threads === null) return undefined;
  const { sliced, divided, scales } = program.threads;
  return {
    from: program.memory.slices!.from,
    sliced: inference ? sliced.filter((name) => name === "predict") : sliced,
    divided,
    parts: PARTS,
    scales: scales === null ? undefined : [startOf(program, scales.first), startOf(program, scales.own)],
  };
}

/** Of the routines that the module has; undefined where there is none. */
function wholeOf(
  { whole, entries }: ModuleContext["program"],
  inference: boolean,
): readonly string[] | undefined {
  const used = ["predict", ...entries.map(({ routine }) => routine)];
  const kept = inference ? whole.filter((name) => used.includes(name)) : whole;
  return kept.length === 0 ? undefined : kept;
}

/** A number lies in the arena; a length is handed on to the input that holds it for each sample. */
function numberFields(context: ModuleContext, number: EntryNumber, buffer: Buffer | null): Fields {
  const { name, fallback, bound, length } = number;
  return {
    name,
    at: buffer === null ? undefined : startOf(context.program, buffer),
    length: length === null ? undefined : lengthName(length),
    fallback: fallback ?? undefined,
    bound: bound === null ? undefined : [bound.operator, bound.limit],
  };
}

function entryFields(
  context: ModuleContext,
  { entry, routine, inputs, numbers, outputs }: EntryProgram,
): Fields {
  return {
    name: entry.name,
    routine,
    inputs: inputs.map((buffer, k) => {
      const declared = entry.inputs[k]!;
      return { ...tensor(context, buffer), name: declared.name, ...portFields(declared) };
    }),
    outputs: outputs.map((buffer, k) => {
      const { name, type, length } = entry.outputs[k]!;
      return { ...result(context, buffer), name, varies: varying(type), length };
    }),
    numbers:
      numbers.length === 0
        ? undefined
        : numbers.map((buffer, k) => numberFields(context, entry.numbers[k]!, buffer)),
  };
}

function full(context: ModuleContext, finishes: ReadonlyMap<string, string>): Fields {
  const { program } = context;
  return {
    targets: program.targets.map((buffer) => port(context, buffer)),
    losses: program.losses.map(({ name, total, weight }) => ({
      name,
      total: startOf(program, total),
      weight: startOf(program, weight),
    })),
    metrics: program.metrics.map((metric) => ({
      name: metric.name,
      better: metric.better,
      collects: metric.collects.map((buffer) => result(context, buffer)),
      finish: new Raw(finishes.get(metric.name)!),
    })),
    training: {
      gradients: program.gradients.map((buffer) => tensor(context, buffer)),
      slots: program.slots.map(({ buffer, initial: value }) => ({
        ...tensor(context, buffer),
        initial: value,
      })),
      programs: program.gradientPrograms.map(({ objective, training, routine }) => ({
        objective,
        training,
        routine,
      })),
      objectives: program.network.recipe.objectives.map(({ name, groups, every }) => ({
        name,
        every: every === 1 ? undefined : every,
        parameters: groups.flatMap(({ parameters }) => parameters),
        updates: program.updates
          .filter(({ objective }) => objective === name)
          .map(({ routine, rate }) => ({ routine, rate: rate === null ? null : startOf(program, rate) })),
      })),
      trace: trace(context),
      recipe: recipe(program.network.recipe),
    },
  };
}

/** What a caller calls it: its role's name, not the buffer's. */
export function callerName({ name, role }: Buffer): string {
  switch (role.kind) {
    case "gradient":
      return role.parameter;
    case "slot":
      return [role.optimizer, role.name, ...(role.parameter === null ? [] : [role.parameter])].join("/");
    case "temporary":
      return name;
    default:
      return role.name;
  }
}

function tensor({ program }: ModuleContext, buffer: Buffer): Fields {
  return {
    name: callerName(buffer),
    shape: buffer.shape,
    at: startOf(program, buffer),
    storage: buffer.storage,
    layout: isRowMajor(buffer)
      ? undefined
      : buffer.layout.map(({ axis, divisor, modulus, stride }) => [axis, divisor, modulus ?? 0, stride]),
  };
}

/** Whether elements lie in row-major order without gaps; what is padded behind the last one does not matter. */
function isRowMajor({ shape, layout }: Buffer): boolean {
  let stride = 1;
  const strides = [...shape].reverse().map((extent) => {
    const own = stride;
    stride *= extent;
    return own;
  });
  strides.reverse();
  return shape.every((extent, axis) => {
    const terms = layout.filter((term) => term.axis === axis);
    const [term] = terms;
    if (extent === 1 || term === undefined) return extent === 1;
    const { divisor, modulus } = term;
    return terms.length === 1 && divisor === 1 && modulus === null && term.stride === strides[axis];
  });
}

function port(context: ModuleContext, buffer: Buffer): Fields {
  const { inputs, targets } = context.program.network;
  const declared = [...inputs, ...targets].find(({ name }) => name === callerName(buffer));
  return { ...tensor(context, buffer), ...(declared === undefined ? {} : portFields(declared)) };
}

/** What an index goes into, and how far each sample goes. */
function portFields({ type, length }: Port): Fields {
  return {
    size: sizeOf(type),
    varies: varying(type),
    length: length === undefined ? undefined : [length.minimum, length.maximum],
  };
}

/** The axes that end where a sample ends; undefined where there are none. */
function varying({ shape }: TensorType): readonly unknown[] | undefined {
  const axes = shape.flatMap((dimension, axis) =>
    variesBySample(dimension) ? [[axis, extentFields(dimension)]] : [],
  );
  return axes.length === 0 ? undefined : axes;
}

function extentFields({ constant, terms }: Dimension): Fields {
  const parts = terms.map(({ coefficient, symbol }) =>
    symbol.kind === "quotient"
      ? [coefficient, [extentFields(symbol.of), symbol.by]]
      : [coefficient, lengthName(symbol)],
  );
  return { constant, terms: parts };
}

function sizeOf({ element }: TensorType): number | undefined {
  return element.kind === "index" ? element.size : undefined;
}

function result(context: ModuleContext, buffer: Buffer): Fields {
  return { ...tensor(context, buffer), indices: buffer.element === "index" };
}

function initial({ initializer }: Parameter): readonly unknown[] {
  return initialText(initializer);
}

function initialText(initializer: Initializer): readonly unknown[] {
  switch (initializer.kind) {
    case "constant":
      return ["constant", initializer.value];
    case "uniform":
      return ["uniform", initializer.from, initializer.to];
    case "normal":
    case "truncated":
      return [initializer.kind, initializer.mean, initializer.deviation];
    case "orthogonal":
      return ["orthogonal", initializer.gain];
    case "identity":
      return ["identity"];
  }
}

/** Sections of the first routine that trains, with what nothing later in it overwrites. */
function trace(context: ModuleContext): readonly Fields[] {
  const { program, source } = context;
  const name = program.gradientPrograms.find(({ training }) => training)?.routine;
  const sections = program.routines.find((routine) => routine.name === name)?.sections ?? [];
  const written = sections.map(({ body }) =>
    [...buffersOf(body).written].filter(({ element }) => element === "float"),
  );
  const ranges = written.map((buffers, k) => {
    const later = written.slice(k + 1).flat();
    const kept = (one: Buffer) => !later.some((other) => other !== one && overlap(context, one, other));
    return buffers.filter(kept).map((buffer) => {
      const { storage, shape, batched } = buffer;
      return [startOf(program, buffer), batched ? storage / shape[0]! : storage, batched];
    });
  });
  return sections
    .map((section, k) => ({ section: placedTitle(source, section), ranges: ranges[k]! }))
    .filter(({ ranges: kept }) => kept.length > 0);
}

function overlap({ program }: ModuleContext, a: Buffer, b: Buffer): boolean {
  const [from, to] = [startOf(program, a), startOf(program, b)];
  return from < to + b.storage && to < from + a.storage;
}

function recipe(given: Recipe): Fields {
  const { batch, accumulate, epochs, steps, clip, validate, stop, keep, reduce, average, seed } = given;
  return {
    batch: batch * accumulate,
    epochs: epochs ?? undefined,
    steps: steps ?? undefined,
    clip: clip ?? undefined,
    validate: validate === null ? undefined : withoutNulls(validate),
    stop: stop === null ? undefined : { ...stop, metric: metricName(stop.metric) },
    keep: keep === null ? undefined : { metric: metricName(keep.metric) },
    reduce: reduce === null ? undefined : { ...reduce, metric: metricName(reduce.metric) },
    average: average === null ? undefined : { decay: average.decay },
    seed,
  };
}

/** `val.accuracy` as `accuracy`. */
function metricName(name: string): string {
  return name.replace(/^val\./, "");
}

function withoutNulls(fields: Fields | object): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value ?? undefined]));
}

/** A literal of JavaScript: short ones on one line. */
function literal(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    const parts = value.map(literal);
    const line = `[${parts.join(", ")}]`;
    return line.length <= 100 ? line : `[\n${parts.map((part) => `${part},`).join("\n")}\n]`;
  }
  const parts = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `${key}: ${literal(field)}`);
  const line = `{ ${parts.join(", ")} }`;
  return line.length <= 100 && !line.includes("\n")
    ? line
    : `{\n${parts.map((part) => `${part},`).join("\n")}\n}`;
}
