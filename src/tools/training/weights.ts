/** Owns weights files on their way in and out: read with a clear refusal, and with the words of the data's labels in them. */
import { decodeTensors, encodeTensors } from "../../runtime/safetensors.ts";
import { trainingPrefix } from "../../runtime/weights.ts";
import { readBytes } from "../files/read.ts";
import { Problem } from "../problem.ts";
import type { Model, ModelClass } from "./module.ts";

export type Labels = Readonly<Record<string, readonly string[]>>;

/** The key of the file's metadata. */
const labelsKey = "labels";

export interface LoadedWeights {
  readonly model: Model;
  readonly labels: Labels;
  /** Of the training that it was saved in; null where it holds none. */
  readonly seed: number | null;
}

export async function loadWeights(
  modelClass: ModelClass,
  path: string,
  options: { readonly resume: boolean; readonly threads?: number },
): Promise<LoadedWeights> {
  const bytes = await readBytes(path);
  try {
    return { model: await modelClass.load(bytes, options), labels: labelsOf(bytes), seed: seedOf(bytes) };
  } catch (error) {
    throw new Problem(`${path}: ${error instanceof Error ? error.message : String(error)}`, { exitCode: 1 });
  }
}

/** The part of a weights file that a module needs inside: without what only training goes on from. */
export function weightsForUse(bytes: Uint8Array): Uint8Array {
  const tensors = [...decodeTensors(bytes).tensors].filter(([name]) => !name.startsWith(trainingPrefix));
  return encodeTensors({ tensors: new Map(tensors), metadata: {} });
}

/** The same file with labels in its metadata; without labels the bytes as they are. */
export function withLabels(bytes: Uint8Array, labels: Labels): Uint8Array {
  if (Object.keys(labels).length === 0) return bytes;
  const { tensors, metadata } = decodeTensors(bytes);
  return encodeTensors({ tensors, metadata: { ...metadata, [labelsKey]: JSON.stringify(labels) } });
}

function seedOf(bytes: Uint8Array): number | null {
  const seed = /"seed":(-?\d+)/.exec(decodeTensors(bytes).metadata["training"] ?? "")?.[1];
  return seed === undefined ? null : Number(seed);
}

function labelsOf(bytes: Uint8Array): Labels {
  const text = decodeTensors(bytes).metadata[labelsKey];
  if (text === undefined) return {};
  let labels: unknown;
  try {
    labels = JSON.parse(text);
  } catch {
    labels = null;
  }
  const isWords = (value: unknown) => Array.isArray(value) && value.every((word) => typeof word === "string");
  if (typeof labels !== "object" || labels === null || !Object.values(labels).every(isWords)) {
    throw new Error("its labels are no lists of words");
  }
  return labels as Labels;
}
