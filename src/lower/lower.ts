/** Owns lowering: a network's functions become routines over buffers in one memory plan. */
import type { Frame } from "../ir/frame.ts";
import type { GraphFunction } from "../ir/graph.ts";
import type { Buffer, Routine } from "../ir/loops.ts";
import { batchUse, isOwn } from "../ir/mixing.ts";
import type { Entry, Network, ObjectiveGradient } from "../ir/network.ts";
import { type TensorType, floats } from "../ir/type.ts";
import type { Sizes } from "./assignment.ts";
import { parameterOrder, type TrainingBlocks, trainingBlocks } from "./blocks.ts";
import { distinctGradients } from "./gradients.ts";
import { bufferFor, layoutNeeds, type Machine, scalarMachine, simdMachine, tensorsOf } from "./layout.ts";
import { planMemory, type SlicedBlocks } from "./memory.ts";
import { outline } from "./outline.ts";
import type {
  GradientProgram,
  LoweredProgram,
  MetricProgram,
  ThreadProgram,
  UpdateProgram,
} from "./program.ts";
import { type DraftSection, type FlatRoutine, flatten, routineOf, schedule } from "./routine.ts";
import { type Fold, foldOf, foldRoutine } from "./slices.ts";
import { everyAssignment } from "./steps.ts";
import type { Tensor } from "./tensor.ts";
import { SharedTensors } from "./tensors.ts";
import { lowerUpdate } from "./update.ts";

export interface LowerOptions {
  readonly machine: "scalar" | "simd";
  readonly precision: "single" | "double";
  readonly inference: boolean;
  /** How many functions applied to one sample may be written out. */
  readonly straightBudget: number;
  /** Whether slices of a batch may run beside each other. */
  readonly threads: boolean;
}

interface Draft {
  readonly name: string;
  readonly host: Routine["host"];
  readonly sections: readonly DraftSection[];
}

function frameOf(network: Network): Frame {
  return { layer: network.name, span: network.span, path: "", statics: {}, parent: null };
}

/** Every tensor's buffer. Gradients take the layout of their parameter. */
function layOut(
  flats: readonly FlatRoutine[],
  external: readonly Tensor[],
  machine: Machine,
): Map<Tensor, Buffer> {
  const assignments = flats.flatMap((flat) => everyAssignment(flat.steps));
  const needs = layoutNeeds(assignments);
  const all = new Set([...external, ...tensorsOf(assignments), ...flats.flatMap(({ zeroed }) => zeroed)]);
  const buffers = new Map([...all].map((tensor) => [tensor, bufferFor(tensor, needs, machine)]));
  return buffers;
}

/** Gradients that the function does not give are zero for this objective. */
function unreached(
  flat: FlatRoutine,
  fn: GraphFunction,
  gradients: ReadonlyMap<string, Tensor>,
): FlatRoutine {
  const given = new Set(fn.results.flatMap(({ role }) => (role.kind === "gradient" ? [role.parameter] : [])));
  return { ...flat, zeroed: [...gradients].filter(([name]) => !given.has(name)).map(([, tensor]) => tensor) };
}

function lowerUpdates(
  network: Network,
  training: TrainingBlocks,
  machine: Machine,
  threads: boolean,
): {
  readonly drafts: readonly Draft[];
  readonly updates: readonly UpdateProgram[];
  readonly scalars: readonly Buffer[];
} {
  const drafts: Draft[] = [];
  const updates: UpdateProgram[] = [];
  const scalars: Buffer[] = [];
  for (const [index, { group, objective, parameters, ranges }] of training.groups.entries()) {
    const lowered = ranges.map(({ range, elements }, i) => {
      const fn = group.flat === null ? functionFor(group, ranges[i]!.parameters[0]!) : group.functions[0]!;
      return lowerUpdate(group, fn, range, elements, machine, frameOf(network), threads);
    });
    const name = `update_${index}`;
    drafts.push({
      name,
      host: lowered.flatMap(({ host }) => host),
      sections: lowered.flatMap(({ sections }) => sections),
    });
    scalars.push(...lowered.flatMap((each) => each.scalars));
    updates.push({ objective, parameters, routine: name, rate: lowered[0]?.rate ?? null });
  }
  return { drafts, updates, scalars };
}

function entryRoutine({ name }: Entry): string {
  return `entry_${name}`;
}

function functionFor(group: TrainingBlocks["groups"][number]["group"], parameter: string): GraphFunction {
  return group.functions[group.parameters.indexOf(parameter)]!;
}

/** The samples of a step; where they depend on each other, of all batches that make one step together. */
function capacityFor({ recipe }: Network, objectives: readonly ObjectiveGradient[]): number {
  const minimized = new Set(recipe.objectives.map(({ name }) => name));
  const together = objectives.some(
    ({ objective, training, mixes }) => training && mixes && minimized.has(objective),
  );
  return together ? recipe.batch * recipe.accumulate : recipe.batch;
}

/** Of what is used, routines whose results are not made of each sample by itself. */
function wholeFunctions({ batch, predict, entries }: Network): readonly string[] {
  const mixes = (fn: GraphFunction): boolean => {
    const { of } = batchUse(fn, batch);
    return fn.results.some(({ value }) => !isOwn(of.get(value)!));
  };
  return [
    ...(mixes(predict) ? ["predict"] : []),
    ...entries.flatMap((entry) => (mixes(entry.function) ? [entryRoutine(entry)] : [])),
  ];
}

/** Gradients, what goes in and out, and temporaries are each slice's own. */
function slicedBlocks(
  gradients: readonly Buffer[],
  ofSamples: readonly (readonly Buffer[])[],
  fold: Fold | null,
): SlicedBlocks {
  const scales = fold === null ? [] : [[fold.scales.first], [fold.scales.own]];
  return {
    blocks: [gradients, ...ofSamples, ...scales],
    ofFirst: new Set(fold === null ? [] : [fold.first]),
  };
}

/** Routines whose samples do not depend on each other, and optimizers that are element-wise. */
function threadProgram(
  network: Network,
  programs: readonly GradientProgram[],
  updates: readonly UpdateProgram[],
  training: TrainingBlocks,
  fold: Fold | null,
): ThreadProgram {
  const whole = new Set([
    ...wholeFunctions(network),
    ...programs.flatMap(({ mixes, routine }) => (mixes ? [routine] : [])),
  ]);
  const apart = batchUse(network.evaluate, network.batch).mixers.length === 0;
  const named = ["predict", ...(apart ? ["evaluate"] : []), ...programs.map(({ routine }) => routine)];
  return {
    sliced: [...new Set(named)].filter((name) => !whole.has(name)),
    divided: updates.flatMap(({ routine }, k) => (training.groups[k]!.group.flat === null ? [] : [routine])),
    scales: fold?.scales ?? null,
  };
}

/** `gradients` is empty for a module that only predicts. */
export function lower(
  network: Network,
  objectives: readonly ObjectiveGradient[],
  options: LowerOptions,
): LoweredProgram {
  const machine = options.machine === "simd" ? simdMachine : scalarMachine;
  const capacity = capacityFor(network, objectives);
  const sizes: Sizes = { capacity: new Map([[network.batch, capacity]]) };
  const shared = new SharedTensors(sizes);
  const frame = frameOf(network);
  const gradients = options.inference ? null : distinctGradients(objectives);

  // Tensors a user passes or reads exist whether or not a routine needs them.
  const port = (kind: "input" | "target") => (each: Network["inputs"][number]) =>
    shared.of({ kind, name: each.name }, each.name, each.type);
  const inputs = network.inputs.map(port("input"));
  const targets = options.inference ? [] : network.targets.map(port("target"));
  const types = new Map(network.parameters.map((parameter) => [parameter.name, parameter.type]));
  const order = options.inference ? network.parameters.map(({ name }) => name) : parameterOrder(network);
  const parameters = order.map((name) => shared.of({ kind: "parameter", name }, name, types.get(name)!));
  const states = network.states.map(({ name, type }) => shared.of({ kind: "state", name }, name, type));
  const constants = network.constants.map(({ name, type }) =>
    shared.of({ kind: "constant", name }, name, type),
  );
  const outputs = network.outputs.map(({ name, type }) => shared.of({ kind: "output", name }, name, type));
  const entries = network.entries.map((entry) => {
    const of = (kind: "input" | "output") => (each: { readonly name: string; readonly type: TensorType }) =>
      shared.of({ kind, name: `${entry.name}.${each.name}` }, `${entry.name}.${each.name}`, each.type);
    const number = ({ name }: Entry["numbers"][number]) => of("input")({ name, type: floats([]) });
    return {
      entry,
      inputs: entry.inputs.map(of("input")),
      numbers: entry.numbers.map((each) => (each.length === null ? number(each) : null)),
      outputs: entry.outputs.map(of("output")),
    };
  });
  const called = entries.flatMap((each) => [
    ...each.inputs,
    ...each.numbers.filter((one) => one !== null),
    ...each.outputs,
  ]);
  const gradientTensors = new Map(
    gradients === null
      ? []
      : order.map((name) => [
          name,
          shared.of({ kind: "gradient", parameter: name }, `gradient.${name}`, types.get(name)!),
        ]),
  );

  const flat = (fn: GraphFunction, name: string): FlatRoutine => ({
    ...flatten(fn, shared, sizes, machine, frame),
    name,
  });
  const flats = [
    flat(network.predict, "predict"),
    ...network.entries.map((entry) => flat(entry.function, entryRoutine(entry))),
    ...(gradients === null
      ? []
      : [
          flat(network.evaluate, "evaluate"),
          ...gradients.functions.map((fn) => unreached(flat(fn, fn.name), fn, gradientTensors)),
        ]),
  ];

  const external = [...inputs, ...targets, ...parameters, ...states, ...constants, ...outputs, ...called];
  const buffers = layOut(flats, external, machine);
  const at = (tensor: Tensor): Buffer => buffers.get(tensor)!;
  const training = trainingBlocks(
    options.inference ? { ...network, recipe: { ...network.recipe, objectives: [] } } : network,
    parameters.map(at),
  );
  for (const [i, name] of order.entries()) {
    const tensor = gradientTensors.get(name);
    if (tensor !== undefined) buffers.set(tensor, training.gradients[i]!);
  }

  const updates = lowerUpdates(network, training, machine, options.threads);
  const fold = options.threads && !options.inference ? foldOf(training.gradients, machine, frame) : null;
  const drafts: Draft[] = [
    ...flats.map((each) => ({
      name: each.name,
      host: [],
      sections: schedule(each, buffers, machine, options.straightBudget),
    })),
    ...updates.drafts,
    ...(fold === null ? [] : [{ name: foldRoutine, host: [], sections: [fold.section] }]),
  ];
  const operations = new Map(
    drafts.flatMap(({ sections }) => sections.map(({ section, operation }) => [section, operation] as const)),
  );
  const whole = drafts.map(({ name, host, sections }) =>
    routineOf(
      name,
      host,
      sections.map(({ section }) => section),
    ),
  );
  const results = [...buffers].filter(([{ role }]) => role.kind === "result").map(([, buffer]) => buffer);
  const each = (tensors: readonly Tensor[]) => tensors.map((tensor) => [at(tensor)]);
  const alone = (scalars: readonly Buffer[]) => scalars.map((buffer) => [buffer]);
  const moved = options.inference ? [training.parameters] : training.blocks;
  const ofSamples = [...each([...inputs, ...targets, ...outputs, ...called]), ...alone(results)];
  const ofAll = [...each([...states, ...constants]), ...alone(updates.scalars)];
  const aliases = new Map(training.ranges);
  if (fold !== null && training.gradients.length > 0)
    for (const range of [fold.own, fold.first]) aliases.set(range, training.gradients[0]!);
  const memory = options.threads
    ? planMemory(
        [...moved.filter((block) => block !== training.gradients), ...ofAll],
        aliases,
        whole,
        slicedBlocks(training.gradients, ofSamples, fold),
      )
    : planMemory([...moved, ...ofSamples, ...ofAll], aliases, whole);
  const outlined = outline(whole, (section) => operations.get(section) ?? null);
  const result = (name: string): Buffer => {
    const found = results.find((buffer) => buffer.role.kind === "result" && buffer.role.name === name);
    if (found === undefined) throw new Error(`no routine gives ${name}`);
    return found;
  };
  const metrics = (options.inference ? [] : network.metrics).map(
    ({ name, better, collects, finish }): MetricProgram => ({
      name,
      better,
      collects: collects.map((collect) => result(`${name}.${collect.name}`)),
      finish,
    }),
  );
  return {
    network,
    machine: options.machine,
    precision: options.precision,
    capacity,
    whole: [
      ...wholeFunctions(network),
      ...new Set((gradients?.programs ?? []).flatMap(({ mixes, routine }) => (mixes ? [routine] : []))),
    ],
    inputs: inputs.map(at),
    targets: targets.map(at),
    outputs: outputs.map(at),
    parameters: network.parameters.map(({ name }) => training.parameters.find((each) => each.name === name)!),
    gradients: options.inference ? [] : network.parameters.map(({ name }) => at(gradientTensors.get(name)!)),
    states: states.map(at),
    constants: constants.map(at),
    slots: training.groups.flatMap(({ slots }) =>
      slots.flatMap(({ initial, buffers: each }) => each.map((buffer) => ({ buffer, initial }))),
    ),
    entries: entries.map((each) => ({
      entry: each.entry,
      routine: entryRoutine(each.entry),
      inputs: each.inputs.map(at),
      numbers: each.numbers.map((one) => (one === null ? null : at(one))),
      outputs: each.outputs.map(at),
    })),
    losses: (options.inference ? [] : network.losses).map((name) => ({
      name,
      total: result(`${name}.total`),
      weight: result(`${name}.weight`),
    })),
    metrics,
    gradientPrograms: gradients?.programs ?? [],
    updates: updates.updates,
    routines: outlined.routines,
    kernels: outlined.kernels,
    threads: options.threads
      ? threadProgram(network, gradients?.programs ?? [], updates.updates, training, fold)
      : null,
    straight: drafts
      .slice(0, flats.length)
      .every(({ sections }) => sections.some(({ operation }) => operation === null)),
    memory,
  };
}
