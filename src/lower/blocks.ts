/**
 * Owns the order of what training moves: parameters, their gradients and optimizer states lie in blocks of the same
 * order and layouts, so that one sweep runs over a whole group.
 */
import type { Buffer, BufferRole } from "../ir/loops.ts";
import type { Network, OptimizerGroup } from "../ir/network.ts";
import type { Range } from "./update.ts";

export interface GroupBlocks {
  readonly group: OptimizerGroup;
  readonly objective: string;
  /** Parameters in the order of the block. */
  readonly parameters: readonly string[];
  /** Slot buffers by slot and parameter. */
  readonly slots: readonly {
    readonly name: string;
    readonly initial: number;
    readonly buffers: readonly Buffer[];
  }[];
  /** Runs of neighbours, each swept at once. */
  readonly ranges: readonly {
    readonly range: Range;
    readonly elements: number;
    readonly parameters: readonly string[];
  }[];
}

export interface TrainingBlocks {
  readonly parameters: readonly Buffer[];
  readonly gradients: readonly Buffer[];
  readonly groups: readonly GroupBlocks[];
  /** All blocks in the order in which they lie in memory. */
  readonly blocks: readonly (readonly Buffer[])[];
  /** Each range with the buffer it begins at. */
  readonly ranges: ReadonlyMap<Buffer, Buffer>;
}

/** Parameters by the first group that moves them, the unmoved last. */
export function parameterOrder(network: Network): readonly string[] {
  const moved = network.recipe.objectives.flatMap(({ groups }) =>
    groups.flatMap(({ parameters }) => parameters),
  );
  return [...new Set([...moved, ...network.parameters.map(({ name }) => name)])];
}

function likeParameter(parameter: Buffer, name: string, role: BufferRole): Buffer {
  return { ...parameter, name, role };
}

function rangeOver(first: Buffer, elements: number, name: string): Buffer {
  return {
    name,
    element: "float",
    shape: [elements],
    batched: false,
    layout: [{ axis: 0, divisor: 1, modulus: null, stride: 1 }],
    storage: elements,
    role: first.role,
  };
}

/** Runs of parameters that are neighbours in the order. */
function runs(parameters: readonly string[], order: readonly string[], whole: boolean): string[][] {
  const found: string[][] = [];
  for (const name of parameters) {
    const run = found.at(-1);
    const before = run?.at(-1);
    if (whole && before !== undefined && order.indexOf(name) === order.indexOf(before) + 1) run!.push(name);
    else found.push([name]);
  }
  return found;
}

/** Lays out everything that steps change. `parameters` are in the order of the block. */
export function trainingBlocks(network: Network, parameters: readonly Buffer[]): TrainingBlocks {
  const order = parameters.map(({ name }) => name);
  const byName = new Map(parameters.map((buffer) => [buffer.name, buffer]));
  const gradients = parameters.map((buffer) =>
    likeParameter(buffer, `gradient.${buffer.name}`, { kind: "gradient", parameter: buffer.name }),
  );
  const gradientOf = new Map(parameters.map((buffer, i) => [buffer.name, gradients[i]!]));
  const ranges = new Map<Buffer, Buffer>();
  const over = (buffers: readonly Buffer[], name: string): Buffer => {
    const range = rangeOver(
      buffers[0]!,
      buffers.reduce((sum, { storage }) => sum + storage, 0),
      name,
    );
    ranges.set(range, buffers[0]!);
    return range;
  };
  let optimizer = -1;
  const groups = network.recipe.objectives.flatMap((objective) =>
    objective.groups.map((group): GroupBlocks => {
      optimizer += 1;
      const moved = [...group.parameters].sort((a, b) => order.indexOf(a) - order.indexOf(b));
      const slots = group.slots.map(({ name, initial }) => ({
        name,
        initial,
        buffers: moved.map((parameter) =>
          likeParameter(byName.get(parameter)!, `${name}.${parameter}`, {
            kind: "slot",
            optimizer,
            name,
            parameter,
          }),
        ),
      }));
      const flat = group.flat !== null;
      const made = runs(moved, order, flat).map((run) => {
        const at = moved.indexOf(run[0]!);
        // Of one parameter alone the buffers themselves are the range, with their shape and layout.
        const pick = (buffers: readonly Buffer[], name: string): Buffer =>
          flat ? over(buffers, name) : buffers[0]!;
        return {
          parameters: run,
          elements: run.reduce((sum, name) => sum + byName.get(name)!.storage, 0),
          range: {
            moved: pick(
              run.map((name) => byName.get(name)!),
              "parameters",
            ),
            gradient: pick(
              run.map((name) => gradientOf.get(name)!),
              "gradients",
            ),
            slots: new Map(
              slots.map(
                ({ name, buffers }) => [name, pick(buffers.slice(at, at + run.length), name)] as const,
              ),
            ),
          },
        };
      });
      return { group, objective: objective.name, parameters: moved, slots, ranges: made };
    }),
  );
  const slotBlocks = groups.flatMap(({ slots }) => slots.map(({ buffers }) => buffers));
  return { parameters, gradients, groups, blocks: [parameters, gradients, ...slotBlocks], ranges };
}
