/** Owns `nnc predict`: the outputs of a trained network, one sample a line. */
import { literalValue, variesBySample } from "../../ir/dimension.ts";
import type { Network } from "../../ir/network.ts";
import { writeWhole } from "../files/write.ts";
import { take } from "../data/dataset.ts";
import { Problem } from "../problem.ts";
import type { Output } from "./output.ts";
import type { Labels } from "../training/weights.ts";
import { type Trained, type TrainedFlags, openTrained } from "./trained.ts";

export interface PredictFlags extends TrainedFlags {
  readonly format: "jsonl" | "csv";
  readonly out?: string;
}

/** One output of the network: its name, extents of a sample, and words where the data have them for its indices. */
interface Shown {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** Where the length of a sample says how far one axis goes; that axis counts 1 in the shape. */
  readonly varies: number | null;
  /** What the places of a vector, or the indices themselves, stand for. */
  readonly words: readonly string[] | null;
  readonly indices: boolean;
}

/** Samples predicted at once, so that output flows and memory stays bounded. */
const chunk = 4096;

export async function runPredict(output: Output, path: string, flags: PredictFlags): Promise<number> {
  const trained = await openTrained(output, path, flags, "optional");
  if (trained === null) return 1;
  const shown = shownOf(trained);
  const long = shown.find(({ varies }) => varies !== null);
  if (flags.format === "csv" && long !== undefined)
    throw new Problem(
      `output \`${long.name}\` is as long as each sample, and a table has as many columns for all`,
      {
        exitCode: 1,
        help: "`--format jsonl` writes a line for each sample",
      },
    );
  if (flags.out !== undefined) {
    await writeWhole(flags.out, [...linesOf(trained, shown, flags.format)].join(""));
    return 0;
  }
  for (const lines of linesOf(trained, shown, flags.format)) output.text(lines);
  return 0;
}

function shownOf({ network, labels }: Trained): readonly Shown[] {
  return network.outputs.map(({ name, type }) => {
    const shape = type.shape.slice(1).map((dimension) => literalValue(dimension) ?? 1);
    const size = shape.reduce((product, extent) => product * extent, 1);
    const { element } = type;
    const axis = type.shape.slice(1).findIndex(variesBySample);
    const varies = axis < 0 ? null : axis;
    const places = shape.length === 1 && varies === null ? size : 0;
    const classes = element.kind === "index" ? element.size : places;
    const words = wordsFor(network, labels, classes);
    return { name, shape, size, varies, words, indices: element.kind === "index" };
  });
}

/** The words of the target, or else the input, that has as many classes. */
function wordsFor({ targets, inputs }: Network, labels: Labels, classes: number): readonly string[] | null {
  const names = [...targets, ...inputs].map(({ name }) => name);
  const found = names.find((name) => labels[name]?.length === classes);
  return found === undefined ? null : labels[found]!;
}

/** The text of a chunk of samples at a time, the header first where the format has one. */
function* linesOf(trained: Trained, shown: readonly Shown[], format: "jsonl" | "csv"): Generator<string> {
  const { model, data, slots } = trained;
  const inputs = slots.filter(({ role }) => role === "input");
  if (format === "csv") yield `${csvHeader(shown).join(",")}\n`;
  for (let from = 0; from < data.count; from += chunk) {
    const count = Math.min(chunk, data.count - from);
    const places = Int32Array.from({ length: count }, (_, place) => from + place);
    const results = model.predict(take(data, inputs, places).columns);
    let text = "";
    for (let row = 0; row < count; row += 1) {
      const samples = shown.map(({ name, size, varies }) => {
        const values = results[name] as ArrayLike<number> & readonly ArrayLike<number>[];
        if (varies !== null) return Array.from(values[row]!);
        return Array.prototype.slice.call(values, row * size, (row + 1) * size) as number[];
      });
      text +=
        format === "csv"
          ? `${samples.flatMap((values, k) => values.map((value) => csvCell(shown[k]!, value))).join(",")}\n`
          : `${jsonLine(shown, samples)}\n`;
    }
    yield text;
  }
}

/** As `probs_0`, or `probs_setosa` where the last axis runs over the labels of a target. */
function csvHeader(shown: readonly Shown[]): readonly string[] {
  return shown.flatMap(({ name, shape, size, words, indices }) => {
    if (shape.length === 0) return [name];
    const places = indices ? null : words;
    return Array.from({ length: size }, (_, place) => quoted(`${name}_${places?.[place] ?? place}`));
  });
}

function csvCell({ words, indices }: Shown, value: number): string {
  return indices && words !== null ? quoted(words[value]!) : String(short(value));
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function jsonLine(shown: readonly Shown[], samples: readonly (readonly number[])[]): string {
  const members = shown.map((output, place) => [output.name, jsonValue(output, samples[place]!)] as const);
  return JSON.stringify(Object.fromEntries(members));
}

/** Indices as the words they stand for, a vector over words by its words, all else as numbers. */
function jsonValue({ shape: most, size, varies, words, indices }: Shown, values: readonly number[]): unknown {
  const shape = most.map((extent, axis) => (axis === varies ? values.length / size : extent));
  if (words === null) return nested(values.map(short), shape);
  if (indices)
    return nested(
      values.map((index) => words[index]!),
      shape,
    );
  return Object.fromEntries(values.map((value, place) => [words[place]!, short(value)]));
}

/** Values in the nesting of their shape. */
function nested(values: readonly unknown[], shape: readonly number[]): unknown {
  if (shape.length === 0) return values[0];
  if (shape.length === 1) return values;
  const size = values.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, place) =>
    nested(values.slice(place * size, (place + 1) * size), shape.slice(1)),
  );
}

/** The shortest decimal that a 32-bit float needs, instead of its 17 digits as a double. */
function short(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(9));
}
