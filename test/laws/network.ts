/** Owns what the laws need of a program: its text with a recipe, its network, numbers for all it takes, and what the interpreter makes of them. */
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { check } from "../../src/check/check.ts";
import { type Tensor, evaluateFunction, resolveShape, tensor } from "../../src/evaluate/index.ts";
import { objectiveGradients } from "../../src/grad/objectives.ts";
import type { ArgumentRole, GraphFunction, ResultRole } from "../../src/ir/graph.ts";
import type { Network, Port } from "../../src/ir/network.ts";
import { floats } from "../../src/ir/type.ts";

export interface Law {
  readonly name: string;
  readonly text: string;
  /** When samples are seen together, so that chunks of a call beyond the capacity are not what the call as one would be. */
  readonly together: "never" | "in training" | "always";
}

/** Statistics of a batch; a sum over it; all pairs of it. */
const together: Readonly<Record<string, Law["together"]>> = {
  statistics: "in training",
  borders: "always",
  contrast: "always",
};

const capacity = 5;

/** Samples of calls below, at and above the capacity. */
export const counts = [3, capacity, 2 * capacity + 3];

export function isAboveCapacity(count: number): boolean {
  return count > capacity;
}

const directory = new URL("programs/", import.meta.url);

/** Every program of the folder, with a recipe. */
export const laws: readonly Law[] = readdirSync(directory)
  .sort()
  .map((file): Law => {
    const model = readFileSync(new URL(file, directory), "utf8");
    const recipe = `train Law {
  minimize: loss with adam(rate: 1e-2)
  batch: ${capacity}
  epochs: 2
  seed: 3
}
`;
    const name = basename(file, ".nn");
    return { name, text: `${model}\n${recipe}`, together: together[name] ?? "never" };
  });

export function networkOf({ name, text }: Law, set: Readonly<Record<string, string>>): Network {
  const source = { name: `${name}.nn`, text };
  const { network, diagnostics } = check(source.name, new Map([[source.name, source]]), { set });
  if (network === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return network;
}

/** Numbers between -1 and 1 that depend on the seed alone, all of them single precision. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(state / 2 ** 31 - 1);
  };
}

export type Values = Readonly<Record<string, readonly number[]>>;

/** What a call of `count` samples takes. */
export function batchOf(network: Network, count: number, seed: number): Values {
  const next = numbersFrom(seed);
  const fill = ({ name, type }: Port): readonly [string, readonly number[]] => {
    const size = type.shape.slice(1).reduce((product, { constant }) => product * constant, count);
    const { element } = type;
    const one = (): number =>
      element.kind === "index" ? Math.floor(((next() + 1) / 2) * element.size) % element.size : next();
    return [name, Array.from({ length: size }, one)];
  };
  return Object.fromEntries([...network.inputs, ...network.targets].map(fill));
}

export function parametersOf(network: Network, seed: number): Values {
  const next = numbersFrom(seed);
  return Object.fromEntries(
    network.parameters.map(({ name, type }) => {
      const size = type.shape.reduce((product, { constant }) => product * constant, 1);
      return [name, Array.from({ length: size }, next)];
    }),
  );
}

/** Results of a function by kind and name, as `gradient:hidden.dense.w`. */
export type Results = Readonly<Record<string, ArrayLike<number>>>;

/** What the interpreter makes of a function of the network, all samples at once. */
export function interpret(
  network: Network,
  fn: GraphFunction,
  given: {
    readonly batch: Values;
    readonly parameters: Values;
    readonly count: number;
    readonly seed: number;
  },
): Results {
  const sizes = new Map([[network.batch, given.count]]);
  const valuesOf = (role: ArgumentRole, size: number): readonly number[] => {
    switch (role.kind) {
      case "input":
      case "target":
        return given.batch[role.name]!;
      case "parameter":
        return given.parameters[role.name]!;
      case "state": {
        const { initial } = network.states.find(({ name }) => name === role.name)!;
        return Array.from({ length: size }, () => initial);
      }
      case "constant":
        return network.constants.find(({ name }) => name === role.name)!.values;
      default:
        throw new Error(`a function over samples takes no ${role.kind}`);
    }
  };
  const inputs = new Map(
    fn.arguments.map(({ role, value }): [typeof value, Tensor] => {
      const shape = resolveShape(floats(value.type.shape), sizes);
      return [
        value,
        tensor(
          shape,
          valuesOf(
            role,
            shape.reduce((product, extent) => product * extent, 1),
          ),
        ),
      ];
    }),
  );
  const values = evaluateFunction(fn, inputs, { sizes, seed: given.seed, step: 0 });
  return Object.fromEntries(fn.results.map(({ role, value }) => [keyOf(role), values.get(value)!.data]));
}

function keyOf(role: ResultRole): string {
  if (role.kind === "gradient") return `gradient:${role.parameter}`;
  return "name" in role ? `${role.kind}:${role.name}` : role.kind;
}

/** The gradients of the sum of all losses, as a training step has them or as use does. */
export function gradientsOf(network: Network, training: boolean): GraphFunction {
  const { gradients, problems } = objectiveGradients(network);
  if (problems.length > 0) throw new Error(problems.map(({ reason }) => reason).join("\n"));
  return gradients.find((one) => one.objective === "loss" && one.training === training)!.function;
}
