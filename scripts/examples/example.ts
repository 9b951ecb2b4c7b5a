/** Owns what an example is: a program that is trained with a seed, and the figures that its page must show. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../../src/compile.ts";
import type { Network } from "../../src/ir/network.ts";
import { type DataSet, type Slot, slotsOf, take } from "../../src/tools/data/dataset.ts";
import { type Parts, loadParts } from "../../src/tools/data/parts.ts";
import { Problem } from "../../src/tools/problem.ts";
import { type Choice, requestOf } from "../../src/tools/program.ts";
import { type History, type Model, importModule } from "../../src/tools/training/module.ts";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const folder = join(root, "examples");

/** A measure of what was trained; `must` is what it has to reach, at least or at most. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly must?: { readonly least: number } | { readonly most: number };
}

export interface Picture {
  /** Below `examples/pages`. */
  readonly file: string;
  readonly content: string | Uint8Array;
}

export interface Outcome {
  /** Baselines among them, which have nothing to reach. */
  readonly figures: readonly Figure[];
  /** Drawn for the first seed only. */
  readonly pictures: () => readonly Picture[] | Promise<readonly Picture[]>;
}

export interface Example {
  readonly name: string;
  readonly area: string;
  /** Folders below `data` that the recipe reads. */
  readonly data: readonly string[];
  /** Makes these of the folders in `needs`, where they are not there yet. */
  readonly prepare?: (source: (name: string) => string, base: string, short: Short | null) => Promise<void>;
  readonly needs?: readonly string[];
  readonly run: (train: Train, seed: number) => Promise<Outcome>;
}

export interface Trained {
  readonly network: Network;
  readonly slots: readonly Slot[];
  readonly model: Model & Entries;
  readonly parts: Parts;
  readonly history: History;
  /** Of the processor, which a busy machine does not lengthen: training takes one. */
  readonly seconds: number;
}

export type Entries = Readonly<
  Record<string, (...given: readonly unknown[]) => Float32Array & Readonly<Record<string, Float32Array>>>
>;

/** Trains the program of that name below `examples`. */
export type Train = (name: string, choice?: Choice) => Promise<Trained>;

/** A short run on little data, to see that all of it works. */
export interface Short {
  readonly samples: number;
  readonly epochs: number;
}

/** Where data are that may not be bundled: beside those that are, or in the folder that `NNC_DATA` or a clone names. */
export function sourceOf(name: string): string | null {
  const places = [folder, process.env["NNC_DATA"], join(root, "../shared")];
  const found = places.find((place) => place !== undefined && existsSync(join(place, "data", name)));
  return found ?? null;
}

export function trainer(
  base: string,
  seed: number,
  short: Short | null,
  onEpoch: (text: string) => void,
): Train {
  return async (name, choice = {}) => {
    const path = join(folder, `${name}.nn`);
    const { network, module, diagnostics } = compile({
      ...(await requestOf(path, choice)),
      writtenOut: "never",
    });
    if (network === null || module === null)
      throw new Problem(`${path}: ${diagnostics.map(({ message }) => message).join("; ")}`);
    const slots = slotsOf(network);
    const { recipe } = network;
    const whole = await loadParts({ recipe, slots, base, given: [], targets: "required", labels: {}, seed });
    const parts = short === null ? whole : shortened(whole, slots, short.samples);
    const model = (await (await importModule(module.text, network.name)).create({ seed })) as Model & Entries;
    const before = process.cpuUsage();
    const { training, validation, groups } = parts;
    const history = await model.fit(training.columns, {
      ...(validation === null ? {} : { validation: validation.columns }),
      ...(groups === null ? {} : { groups }),
      ...(short === null ? {} : { epochs: short.epochs }),
      onEpoch: ({ epoch, epochs, loss }) =>
        onEpoch(`${name} epoch ${epoch}/${epochs} loss ${loss.toFixed(4)}`),
    });
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    return { network, slots, model, parts, history, seconds };
  };
}

function shortened(parts: Parts, slots: readonly Slot[], samples: number): Parts {
  const few = (data: DataSet | null) =>
    data === null || data.count <= samples
      ? data
      : take(
          data,
          slots,
          Array.from({ length: samples }, (_, k) => Math.floor((k * data.count) / samples)),
        );
  const groups = parts.groups === null || parts.training.count > samples ? null : parts.groups;
  return { training: few(parts.training)!, validation: few(parts.validation), test: few(parts.test), groups };
}

/** Of the part that was held back for the end. */
export function testOf({ parts, network }: Trained): DataSet {
  if (parts.test === null) throw new Error(`${network.name} has no test part`);
  return parts.test;
}

/** A column whose samples lie side by side. */
export function flat(data: DataSet, name: string): Float32Array | Int32Array {
  const column = data.columns[name];
  if (column instanceof Float32Array || column instanceof Int32Array) return column;
  throw new Error(`there is no column ${name} of one length`);
}
