/** Owns `nnc weights`: list, compare, convert, average and map files of weights. */
import { literalValue } from "../../ir/dimension.ts";
import type { Network } from "../../ir/network.ts";
import type { StoredTensor } from "../../runtime/safetensors.ts";
import { readBytes } from "../files/read.ts";
import { assertWritable } from "../files/write.ts";
import { Problem } from "../problem.ts";
import { type Choice, requestOf } from "../program.ts";
import { bytesText, grouped, measureText } from "../terminal/numbers.ts";
import { tableLines } from "../terminal/table.ts";
import { applyMapping, type Wanted } from "../weights/apply.ts";
import { averageOf, indented } from "../weights/average.ts";
import { forUse, type NumberType, readTensors, shapeText, writeTensors } from "../weights/file.ts";
import { emptyMapping, parseMapping } from "../weights/mapping.ts";
import { distanceBetween, statisticsOf } from "../weights/statistics.ts";
import { networkOrReport } from "./diagnostics.ts";
import type { Output } from "./output.ts";

export interface ListFlags {
  readonly format: "table" | "json";
}

export async function runList(output: Output, path: string, { format }: ListFlags): Promise<number> {
  const { tensors, metadata } = await readTensors(path);
  const listed = [...tensors].map(([name, tensor]) => ({
    name,
    type: tensor.dtype ?? "F32",
    shape: tensor.shape,
    ...statisticsOf(tensor),
  }));
  if (format === "json") {
    output.line(JSON.stringify({ metadata, tensors: listed }, null, 2));
    return 0;
  }
  const rows = listed.map(({ name, type, shape, least, most, mean, deviation, notFinite }) => {
    const some = tensors.get(name)!.values.length > notFinite;
    return [
      name,
      type,
      shapeText({ shape }),
      ...[least, most, mean, deviation].map((value) => (some ? measureText(value) : "")),
      notFinite === 0 ? "" : grouped(notFinite),
    ];
  });
  const count = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
  const bytes = [...tensors.values()].reduce((sum, { values }) => sum + values.byteLength, 0);
  const numbers = ["least", "most", "mean", "deviation", "not finite"];
  const columns = [
    ...["tensor", "type", "shape"].map((title) => ({ title, align: "left" as const })),
    ...numbers.map((title) => ({ title, align: "right" as const })),
  ];
  const total = [
    `${tensors.size} tensors`,
    "",
    `${grouped(count)} numbers, ${bytesText(bytes)}`,
    "",
    "",
    "",
    "",
    "",
  ];
  for (const line of tableLines(columns, [...rows, null, total])) output.line(line);
  for (const [key, text] of Object.entries(metadata)) output.line(`${key}: ${text}`);
  return 0;
}

export interface CompareFlags {
  readonly tolerance: number;
  readonly format: "table" | "json";
  /** Whether what only training goes on from is compared, too. */
  readonly training: boolean;
}

/** 0 where they agree, 1 where they do not. */
export async function runCompare(
  output: Output,
  [left, right]: readonly [string, string],
  { tolerance, format, training }: CompareFlags,
): Promise<number> {
  const files = [await readTensors(left), await readTensors(right)];
  const [a, b] = files.map((file) => (training ? file : forUse(file)).tensors) as [
    ReadonlyMap<string, StoredTensor>,
    ReadonlyMap<string, StoredTensor>,
  ];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  const compared = names.map((name) => {
    const [mine, theirs] = [a.get(name), b.get(name)];
    if (mine === undefined || theirs === undefined)
      return { name, fault: `in ${mine === undefined ? right : left} alone` };
    if (shapeText(mine) !== shapeText(theirs))
      return { name, fault: `${shapeText(mine)} and ${shapeText(theirs)}` };
    return { name, shape: mine.shape, ...distanceBetween(mine, theirs) };
  });
  const apart = compared.filter((one) => "fault" in one || one.absolute > tolerance);
  if (format === "json") {
    const tensors = compared.map((one) =>
      "fault" in one || Number.isFinite(one.absolute) ? one : { ...one, absolute: null, relative: null },
    );
    output.line(JSON.stringify({ agree: apart.length === 0, tolerance, tensors }, null, 2));
  } else {
    const rows = compared.map((one) =>
      "fault" in one
        ? [one.name, one.fault, "", "", ""]
        : [one.name, shapeText(one), measureText(one.absolute), measureText(one.relative), `${one.place}`],
    );
    const columns = [
      { title: "tensor", align: "left" as const },
      { title: "shape", align: "left" as const },
      { title: "largest difference", align: "right" as const },
      { title: "relative", align: "right" as const },
      { title: "at", align: "right" as const },
    ];
    for (const line of tableLines(columns, rows)) output.line(line);
    const verdict = apart.length === 0 ? "all agree" : `${apart.length} of ${compared.length} differ`;
    output.line(`${verdict}, with a tolerance of ${tolerance}`);
  }
  return apart.length === 0 ? 0 : 1;
}

export interface ConvertFlags {
  readonly to?: NumberType;
  readonly forUse: boolean;
  readonly out: string;
}

export async function runConvert(output: Output, path: string, flags: ConvertFlags): Promise<number> {
  await assertWritable(flags.out);
  const file = await readTensors(path);
  const kept = flags.forUse ? forUse(file) : file;
  await writeTensors(flags.out, kept, flags.to);
  output.line(`${flags.out}: ${kept.tensors.size} tensors${flags.to === undefined ? "" : ` of ${flags.to}`}`);
  return 0;
}

export interface AverageFlags {
  readonly shares?: readonly number[];
  readonly out: string;
}

export async function runAverage(
  output: Output,
  paths: readonly string[],
  flags: AverageFlags,
): Promise<number> {
  const shares = flags.shares ?? paths.map(() => 1);
  if (shares.length !== paths.length)
    throw new Problem(`--shares has ${shares.length} numbers, but ${paths.length} files are averaged`);
  if (shares.reduce((sum, share) => sum + share, 0) === 0) throw new Problem("--shares sum to 0");
  await assertWritable(flags.out);
  const files = [];
  for (const path of paths) files.push({ path, file: await readTensors(path) });
  await writeTensors(flags.out, averageOf(files, shares));
  output.line(`${flags.out}: the average of ${paths.length} files`);
  return 0;
}

export interface MapFlags extends Choice {
  readonly for: string;
  readonly with?: string;
  readonly out: string;
}

export async function runMap(output: Output, path: string, flags: MapFlags): Promise<number> {
  const network = networkOrReport(await requestOf(flags.for, flags), output);
  if (network === null) return 1;
  const mapping =
    flags.with === undefined
      ? emptyMapping
      : parseMapping(new TextDecoder().decode(await readBytes(flags.with)), flags.with);
  await assertWritable(flags.out);
  const file = await readTensors(path);
  const { tensors, faults } = applyMapping(mapping, wantedOf(network), forUse(file).tensors);
  if (faults.length > 0)
    throw new Problem(`${path} does not become weights for ${network.name}:\n${indented(faults)}`, {
      exitCode: 1,
      help: "`--with mapping.json` says what makes each tensor; docs/weights.md has its forms",
    });
  await writeTensors(flags.out, { tensors, metadata: { model: network.name } }, "f32");
  output.line(`${flags.out}: ${tensors.size} tensors for ${network.name}`);
  return 0;
}

/** All that a file for the network must hold. */
export function wantedOf({ parameters, states }: Network): readonly Wanted[] {
  return [...parameters, ...states].map(({ name, type }) => ({
    name,
    shape: type.shape.map((dimension) => literalValue(dimension)!),
  }));
}
