/** Owns what the tests of ONNX need of a program: its weights, numbers for its inputs and noise, and what its module gives. */
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { functionsInUse, emitOnnx } from "../../src/backends/onnx/emit.ts";
import { noisesOf } from "../../src/backends/onnx/noise.ts";
import {
  type DimensionSymbol,
  declaredSymbols,
  resolveDimension,
  variesBySample,
} from "../../src/ir/dimension.ts";
import type { GraphFunction } from "../../src/ir/graph.ts";
import type { Network } from "../../src/ir/network.ts";
import { normalAt, uniformAt } from "../../src/ir/random.ts";
import { simplify } from "../../src/passes/simplify.ts";
import { type StoredTensor, decodeTensors } from "../../src/runtime/safetensors.ts";
import { checkText } from "../check/programs.ts";
import { parametersOf } from "../laws/network.ts";
import type { Samples } from "../../src/runtime/samples.ts";
import { type Batch, type WithEntries, compiled, noise } from "../programs/compiled.ts";

const root = join(import.meta.dirname, "../..");
const folders = ["examples", "test/programs/north-star", "test/programs/papers", "test/laws/programs"];

/** Text of every program, by its path; of those in two folders under one name the first. */
export const programs: ReadonlyMap<string, string> = new Map(
  folders
    .flatMap((folder) => readdirSync(join(root, folder)).map((file) => ({ folder, file })))
    .filter(({ file }) => file.endsWith(".nn"))
    .filter(({ file }, place, all) => all.findIndex((other) => other.file === file) === place)
    .map(({ folder, file }) => [
      `${basename(folder)}/${basename(file, ".nn")}`,
      readFileSync(join(root, folder, file), "utf8"),
    ]),
);

export const seed = 5;

export interface Feed {
  readonly sort: "float" | "whole" | "truth";
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** One function of a program as an ONNX model, what it is given, and what the module makes of the same. */
export interface Case {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly inputs: Readonly<Record<string, Feed>>;
  /** For the inputs that come after those. */
  readonly noises: readonly Feed[];
  readonly outputs: Readonly<Record<string, readonly number[]>>;
}

export function networkIn(text: string): Network | null {
  return checkText(text).network;
}

export async function weighted(
  text: string,
  network: Network,
): Promise<{ readonly model: WithEntries; readonly weights: ReadonlyMap<string, StoredTensor> }> {
  const model = await (await compiled(text, { kernels: "scalar", precision: "double" })).create({ seed });
  for (const [name, values] of Object.entries(parametersOf(network, 13)))
    model.parameters.set(
      name,
      values.map((value) => Math.fround(0.4 * value)),
    );
  return { model, weights: decodeTensors(model.save()).tensors };
}

function flat(samples: Samples): readonly number[] {
  return Array.from(samples as ArrayLike<number | Samples>).flatMap((one) =>
    typeof one === "number" ? [one] : flat(one),
  );
}

function continues(fn: GraphFunction): boolean {
  return fn.arguments.some(
    ({ role, value }) =>
      role.kind === "input" && role.name.includes(".") && value.type.shape.some(variesBySample),
  );
}

/** Cases of every function in use, for so many samples each. */
export async function casesOf(text: string, counts: readonly number[]): Promise<readonly Case[]> {
  const network = networkIn(text)!;
  const { model, weights } = await weighted(text, network);
  // Continuing a sequence of any length is said not to be tried.
  const parts = functionsInUse(network).filter(({ entry, fn }) => entry === null || !continues(fn));
  return parts.flatMap((part) => {
    const bytes = emitOnnx({ ...part, weights });
    return counts.map((count): Case => {
      const { given, all, noises } = inputsOf(network, part.fn, count);
      const options = { batch: count, seed };
      const entry = network.entries.find(({ name }) => name === part.entry);
      const call = (name: string) =>
        Object.keys(given).length === 0 ? model[name]!(options) : model[name]!(given as Batch, options);
      const results = entry === undefined ? model.predict(given) : call(entry.name);
      const named = entry?.bare === true ? { [nameOf(entry.outputs[0]!.name)]: results } : results;
      const outputs = Object.entries(named).map(([name, values]) => [name, flat(values as Samples)]);
      return {
        name: `${part.entry ?? "predict"} of ${count}`,
        bytes,
        inputs: all,
        noises,
        outputs: Object.fromEntries(outputs) as Case["outputs"],
      };
    });
  });
}

function nameOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Of samples whose lengths vary; that they differ is the matter of another test. */
const longest = 6;

function inputsOf(
  network: Network,
  fn: GraphFunction,
  count: number,
): {
  readonly given: Readonly<Record<string, Samples>>;
  readonly all: Case["inputs"];
  readonly noises: Case["noises"];
} {
  const sizes = new Map<DimensionSymbol, number>([[network.batch, count]]);
  const given: Record<string, Samples> = {};
  let varies = false;
  const all: Record<string, Case["inputs"][string]> = {};
  for (const { role, value } of fn.arguments) {
    if (role.kind !== "input" || role.name.includes(".") === (fn === network.predict)) continue;
    for (const symbol of value.type.shape.flatMap(declaredSymbols))
      if (symbol.kind === "length") {
        sizes.set(symbol, Math.max(symbol.minimum, longest));
        varies = true;
      }
    const dims = value.type.shape.map((dimension) => resolveDimension(dimension, sizes));
    const size = dims.reduce((product, extent) => product * extent, 1);
    const { element } = value.type;
    const values = [...noise(7 + role.name.length, size)].map((number) =>
      element.kind === "index"
        ? Math.floor(((number + 1) / 2) * element.size) % element.size
        : element.kind === "bool"
          ? Number(number > 0)
          : Math.fround(number),
    );
    const name = nameOf(role.name);
    const row = size / count;
    given[name] = value.type.shape.some(variesBySample)
      ? Array.from({ length: count }, (_, sample) => values.slice(sample * row, (sample + 1) * row))
      : values;
    all[name] = {
      sort: element.kind === "index" ? "whole" : element.kind === "bool" ? "truth" : "float",
      dims,
      values,
    };
  }
  const noises = noisesOf(simplify(fn).nodes, network.batch).map(({ stream, distribution, shape }): Feed => {
    const dims = shape.map((dimension) => resolveDimension(dimension, sizes));
    const width = dims.at(-1)!;
    const draw = distribution === "normal" ? normalAt : uniformAt;
    const values = Array.from({ length: dims.reduce((product, extent) => product * extent, 1) }, (_, place) =>
      draw({ seed, stream, step: 0, sample: Math.floor(place / width), element: place % width }),
    );
    return { sort: "float", dims, values };
  });
  if (varies)
    all["lengths"] = { sort: "whole", dims: [count], values: Array.from({ length: count }, () => longest) };
  return { given, all, noises };
}
