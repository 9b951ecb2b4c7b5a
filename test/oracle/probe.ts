/** Owns turning a case into a program: its tensors become parameters, so that every gradient can be asked for. */
import type { OperationCase, Tensor } from "./cases.ts";

/** How an operation of the cases is said in the language. */
export interface Probe {
  /** Statements that bind each output by its name, from the tensors of the case by theirs. */
  readonly body: string;
  /** Layers that the body calls. */
  readonly layers?: string;
  /** Tensors whose first axis can be the batch: such a case runs with a batch and, where `alone`, also without. */
  readonly batched?: readonly string[];
  /** Whether the body means the same where no axis is the batch. */
  readonly alone?: boolean;
  /** Index tensors, with how many things they choose among. */
  readonly indices?: Readonly<Record<string, number>>;
  /** Numbers in place of those of the case, where the language has no such: a class that is none becomes one more. */
  readonly given?: Readonly<Record<string, readonly number[]>>;
  /** Parameters that layers of the body make: their names in the module, by the tensor's. */
  readonly made?: Readonly<Record<string, string>>;
  /** States of layers of the body: their names in the module, by the tensor's. */
  readonly states?: Readonly<Record<string, string>>;
  /** States that a step of training leaves: their names in the module, by the output's. */
  readonly updated?: Readonly<Record<string, string>>;
  /** The tensor that holds how long each sample is: in the body the length `steps`, at most so many. */
  readonly lengths?: { readonly tensor: string; readonly limit: number };
  /** Tensors whose second axis is the batch: it is brought in front. */
  readonly batchSecond?: readonly string[];
  /** Whether the values are those of a training step, as with the statistics of a batch. */
  readonly training?: boolean;
}

/** A program with everything to give it, by the names it has there. */
export interface Program {
  readonly text: string;
  readonly inputs: Readonly<Record<string, readonly number[] | readonly (readonly number[])[]>>;
  readonly parameters: Readonly<Record<string, readonly number[]>>;
  readonly states: Readonly<Record<string, readonly number[]>>;
  /** Parameter that holds a tensor, by the tensor's name. */
  readonly parameterOf: Readonly<Record<string, string>>;
  /** How many of an output's numbers are its value; the rest repeats it for other samples. */
  readonly outputs: readonly { readonly name: string; readonly size: number }[];
  /** Outputs that a step of training leaves in a state: its name, by the output's. */
  readonly left: Readonly<Record<string, string>>;
}

/** With `batched`, the first axis of the probe's batched tensors is the batch; else one sample is given, and not looked at. */
export function programOf(of: OperationCase, probe: Probe, batched: boolean): Program {
  const rows = new Set(batched ? (probe.batched ?? []) : []);
  const count = samplesOf(of, [...rows]);
  const lines: string[] = [];
  const inputs: Record<string, readonly number[] | readonly (readonly number[])[]> = {};
  const parameters: Record<string, readonly number[]> = {};
  const states: Record<string, readonly number[]> = {};
  const left: Record<string, string> = { ...probe.updated };
  const parameterOf: Record<string, string> = {};

  const declare = (name: string, tensor: Tensor) => {
    const made = probe.made?.[name];
    const parameter = made ?? (rows.has(name) ? `${name}_rows` : name);
    parameters[parameter] = tensor.data;
    parameterOf[name] = parameter;
    if (made !== undefined) return;
    lines.push(`param ${parameter}: [${tensor.shape.join(", ")}] = zeros()`);
    if (rows.has(name)) lines.push(`${name} = ${parameter}[row]`);
  };

  if (rows.size > 0) {
    lines.push(`input row: index(${count})`);
    inputs["row"] = Array.from({ length: count }, (_, place) => place);
  }
  for (const [name, tensor] of Object.entries({ ...of.inputs, ...of.params })) {
    const state = probe.states?.[name];
    if (state !== undefined) {
      states[state] = tensor.data;
      continue;
    }
    if (name === probe.lengths?.tensor) {
      lines.push(`input ticks: [steps <= ${probe.lengths.limit}]`);
      inputs["ticks"] = tensor.data.map((length) => Array.from({ length }, () => 0));
      continue;
    }
    const size = probe.indices?.[name];
    const numbers = probe.given?.[name] ?? tensor.data;
    if (size === undefined) declare(name, tensor);
    else if (rows.has(name)) {
      lines.push(`input ${name}: index(${size})${shapeText(tensor.shape.slice(1))}`);
      inputs[name] = numbers;
    } else {
      lines.push(
        `input ${name}_given: index(${size})${shapeText(tensor.shape)}`,
        `${name} = ${name}_given[0]`,
      );
      inputs[`${name}_given`] = Array.from({ length: count }, () => numbers).flat();
    }
  }
  lines.push(...probe.body.trim().split("\n"));

  const shown = Object.entries(of.outputs).filter(([name]) => probe.updated?.[name] === undefined);
  for (const [name, { shape, dtype }] of shown) {
    if (probe.training === true && !rows.has(name)) {
      left[name] = `seen_${name}`;
      lines.push(`state seen_${name}: [${shape.join(", ")}] = zeros()`, `update seen_${name} = ${name}`);
    }
    const value = dtype === undefined ? name : `to_float(${name})`;
    if (rows.has(name)) {
      lines.push(`output value_${name} = ${value}`);
      continue;
    }
    // An output has a value for each sample: a zero of each is added.
    const zero = `zero_${shape.length}`;
    if (inputs[zero] === undefined) {
      lines.push(`input ${zero}: [${shape.map(() => 1).join(", ")}]`);
      inputs[zero] = Array.from({ length: count }, () => 0);
    }
    lines.push(`output value_${name} = ${value} + ${zero}`);
  }

  for (const [name, tensor] of Object.entries(of.cotangents)) {
    if (rows.has(name)) rows.add(`cotangent_${name}`);
    declare(`cotangent_${name}`, tensor);
  }
  const terms = Object.keys(of.cotangents).map((name) => `sum(${name} * cotangent_${name})`);
  if (terms.length === 0) lines.push("param anchor: [] = zeros()");
  lines.push(`loss probe = ${terms.length === 0 ? "anchor" : terms.join(" + ")}`);

  const body = lines.map((line) => `  ${line}`).join("\n");
  // An optimizer of its own spares reading those of the library, which takes longer than all the rest.
  const text = `${probe.layers ?? ""}
optimizer stay(p: [...], g: [...], step: []) -> [...] { return p }

model Probe {
${body}
}

train Probe {
  minimize: probe with stay()
  batch: ${count}
  epochs: 1
}
`;
  const outputs =
    probe.training === true ? [] : shown.map(([name, { shape }]) => ({ name, size: sizeOf(shape) }));
  return { text, inputs, parameters, states, parameterOf, outputs, left };
}

/** The case with the batch as the first axis of those tensors. */
export function batchInFront(of: OperationCase, names: readonly string[]): OperationCase {
  const turned = (tensors: OperationCase["inputs"]): OperationCase["inputs"] =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [
        name,
        names.includes(name) ? swapped(tensor) : tensor,
      ]),
    );
  const { inputs, outputs, cotangents, grads } = of;
  return {
    ...of,
    inputs: turned(inputs),
    outputs: turned(outputs),
    cotangents: turned(cotangents),
    grads: turned(grads),
  };
}

/** The first two axes in each other's place. */
function swapped(tensor: Tensor): Tensor {
  const [first = 1, second = 1, ...rest] = tensor.shape;
  const size = sizeOf(rest);
  const data = Array.from({ length: second }, (_, j) =>
    Array.from({ length: first }, (__, i) =>
      tensor.data.slice((i * second + j) * size, (i * second + j + 1) * size),
    ),
  );
  return { ...tensor, shape: [second, first, ...rest], data: data.flat(2) };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `index(5)[]` is not said: a single index has no shape. */
function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "" : `[${shape.join(", ")}]`;
}

function samplesOf({ inputs, outputs, params }: OperationCase, rows: readonly string[]): number {
  const tensors = { ...inputs, ...params, ...outputs };
  const counts = new Set(rows.flatMap((name) => tensors[name]?.shape.slice(0, 1) ?? []));
  if (counts.size > 1) throw new Error(`${rows.join(", ")} do not share their first axis`);
  return [...counts][0] ?? 1;
}
