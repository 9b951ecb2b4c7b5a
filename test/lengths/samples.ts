/** Owns samples of different lengths, and what the interpreter makes of them: each alone, or side by side up to the limit. */
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { check } from "../../src/check/check.ts";
import {
  elementCount,
  evaluateFunction,
  resolveShape,
  type Tensor,
  tensor,
} from "../../src/evaluate/index.ts";
import { objectiveGradients } from "../../src/grad/objectives.ts";
import { declaredSymbols, type DeclaredSymbol, mostValue, resolveDimension } from "../../src/ir/dimension.ts";
import type { ArgumentRole, GraphFunction, ResultRole, Value } from "../../src/ir/graph.ts";
import type { Network, Port } from "../../src/ir/network.ts";
import type { TensorType } from "../../src/ir/type.ts";
import { simplifyNetwork, withFixedExtents } from "../../src/passes/index.ts";
import { lengthName } from "../../src/ir/samples.ts";
import { numbersFrom } from "../laws/network.ts";

export interface Program {
  readonly name: string;
  readonly text: string;
}

const directory = new URL("programs/", import.meta.url);

export const programs: readonly Program[] = readdirSync(directory)
  .sort()
  .map((file) => ({ name: basename(file, ".nn"), text: readFileSync(new URL(file, directory), "utf8") }));

export function networkOf({ name, text }: Program, set: Readonly<Record<string, string>> = {}): Network {
  const source = { name: `${name}.nn`, text };
  const { network, diagnostics } = check(source.name, new Map([[source.name, source]]), { set });
  if (network === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return simplifyNetwork(network);
}

type Sizes = Map<DeclaredSymbol, number>;

/** One sample: how long it is along each length, and the numbers of its ports. */
export interface Sample {
  readonly sizes: ReadonlyMap<string, number>;
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

function portsOf({ inputs, targets }: Network): readonly Port[] {
  return [...inputs, ...targets];
}

export function lengthsOf(network: Network): readonly DeclaredSymbol[] {
  const all = portsOf(network).flatMap(({ type }) => type.shape.flatMap(declaredSymbols));
  return [...new Set(all)].filter(({ kind }) => kind === "length");
}

export function sizesOf(network: Network, sample: Sample): Sizes {
  const lengths = lengthsOf(network).map((symbol) => [symbol, sample.sizes.get(symbol.name)!] as const);
  return new Map<DeclaredSymbol, number>([...lengths, [network.batch as DeclaredSymbol, 1]]);
}

/** The shortest, the longest (of `limit`) and some between. */
export function samplesOf(
  network: Network,
  count: number,
  seed: number,
  limit = Infinity,
): readonly Sample[] {
  const next = numbersFrom(seed);
  const lengths = lengthsOf(network);
  return Array.from({ length: count }, (_, place) => {
    const sizes = new Map(
      lengths.map(({ name, minimum, maximum }, k) => {
        const most = Math.min(maximum!, limit);
        const turn = (place + k) % 3;
        const between = minimum + Math.floor(((next() + 1) / 2) * (most - minimum + 1));
        return [name, turn === 0 ? minimum : turn === 1 ? most : Math.min(between, most)];
      }),
    );
    const own = sizesOf(network, { sizes, numbers: {} });
    const numbers = portsOf(network).map(({ name, type }) => {
      const { element } = type;
      const size = elementCount(resolveShape(type, own));
      const one = (): number =>
        element.kind === "index" ? Math.floor(((next() + 1) / 2) * element.size) % element.size : next();
      return [name, Array.from({ length: size }, one)] as const;
    });
    return { sizes, numbers: Object.fromEntries(numbers) };
  });
}

export type Numbers = Readonly<Record<string, readonly number[]>>;

function keyOf(role: ResultRole): string {
  if (role.kind === "gradient") return `gradient:${role.parameter}`;
  return "name" in role ? `${role.kind}:${role.name}` : role.kind;
}

function evaluated(
  fn: GraphFunction,
  tensorOf: (role: ArgumentRole, value: Value) => Tensor,
  sizes: Sizes,
  firstSample: number,
): readonly (readonly [string, Tensor])[] {
  const inputs = new Map(fn.arguments.map(({ role, value }) => [value, tensorOf(role, value)] as const));
  const values = evaluateFunction(fn, inputs, { sizes, seed: 5, step: 2, firstSample });
  return fn.results.map(({ role, value }) => [keyOf(role), values.get(value)!] as const);
}

/** What the program means for one sample at its own length. */
export function alone(
  network: Network,
  fn: GraphFunction,
  sample: Sample,
  parameters: Numbers,
  place: number,
): Numbers {
  const sizes = sizesOf(network, sample);
  const tensorOf = (role: ArgumentRole, { type }: Value): Tensor => {
    const name = "name" in role ? role.name : "";
    const given = role.kind === "parameter" ? parameters : sample.numbers;
    return tensor(resolveShape(type, sizes), given[name]!);
  };
  return Object.fromEntries(evaluated(fn, tensorOf, sizes, place).map(([key, { data }]) => [key, [...data]]));
}

/** What is not to be seen: beyond the lengths stands what would spoil every sum. */
const beyond = 1e30;

/** The same of all samples side by side, with fixed extents; of what holds samples, each sample's part. */
export function together(
  network: Network,
  fn: GraphFunction,
  samples: readonly Sample[],
  parameters: Numbers,
): { readonly each: readonly Numbers[]; readonly whole: Numbers } {
  const fixed = withFixedExtents(fn);
  const sizes: Sizes = new Map([[network.batch as DeclaredSymbol, samples.length]]);
  const tensorOf = (role: ArgumentRole, { type }: Value): Tensor => {
    const shape = resolveShape(type, sizes);
    if (role.kind === "parameter") return tensor(shape, parameters[role.name]!);
    if (role.kind === "length") {
      const symbol = lengthsOf(network).find((each) => lengthName(each) === role.name)!;
      return tensor(
        shape,
        samples.map(({ sizes: own }) => own.get(symbol.name)!),
      );
    }
    const name = "name" in role ? role.name : "";
    const port = portsOf(network).find((each) => each.name === name)!;
    const fill = port.type.element.kind === "index" ? 0 : beyond;
    return tensor(
      shape,
      samples.flatMap((sample) => padded(network, port.type, sample, sample.numbers[name]!, fill)),
    );
  };
  const whole: Record<string, readonly number[]> = {};
  const each = samples.map((): Record<string, readonly number[]> => ({}));
  const originals = new Map(fn.results.map(({ role, value }) => [keyOf(role), value.type]));
  const results = evaluated(fixed, tensorOf, sizes, 0);
  const found = new Map(results);
  // Lengths that numbers decide are among the results.
  const symbols = [...originals.values()].flatMap(({ shape }) => shape.flatMap(declaredSymbols));
  const decided = symbols.filter(({ carried }) => carried === true);
  const decidedFor = (place: number): Sizes =>
    new Map(decided.map((symbol) => [symbol, found.get(`length:${lengthName(symbol)}`)!.data[place]!]));
  for (const [key, { data }] of results) {
    const type = originals.get(key);
    if (type === undefined) continue;
    const batched = type.shape[0]?.terms.some(({ symbol }) => symbol === network.batch) === true;
    if (!batched) whole[key] = [...data];
    else
      samples.forEach((sample, place) => {
        const size = data.length / samples.length;
        const row = [...data.subarray(place * size, (place + 1) * size)];
        each[place]![key] = placesOf(network, type, sample, decidedFor(place)).map((at) => row[at]!);
      });
  }
  return { each, whole };
}

/** For every element of a sample, its place in a tensor as long as the limits. */
function placesOf(
  network: Network,
  { shape }: TensorType,
  sample: Sample,
  decided: Sizes = new Map(),
): readonly number[] {
  const sizes = new Map([...sizesOf(network, sample), ...decided]);
  const axes = shape.slice(1).map((dimension) => ({
    own: resolveDimension(dimension, sizes),
    limit: mostValue(dimension),
  }));
  return axes.reduce<readonly number[]>(
    (places, { own, limit }) =>
      places.flatMap((place) => Array.from({ length: own }, (_, at) => place * limit + at)),
    [0],
  );
}

function padded(
  network: Network,
  type: TensorType,
  sample: Sample,
  numbers: readonly number[],
  fill: number,
): number[] {
  const size = type.shape.slice(1).reduce((product, dimension) => product * mostValue(dimension), 1);
  const row = Array.from({ length: size }, () => fill);
  placesOf(network, type, sample).forEach((place, k) => (row[place] = numbers[k]!));
  return row;
}

/** The gradients of one loss, as training or use has them. */
export function gradientsOf(network: Network, loss: string, training: boolean): GraphFunction {
  const { gradients, problems } = objectiveGradients(network);
  if (problems.length > 0) throw new Error(problems.map(({ reason }) => reason).join("\n"));
  return gradients.find((one) => one.objective === loss && one.training === training)!.function;
}
