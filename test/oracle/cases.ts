/** Owns reading reference cases: their form, and the folder they lie in, which `NNC_ORACLE` may name. */
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Tolerance } from "../support/difference.ts";

/** Row-major; a tensor without `dtype` holds floats, truth is 1 and 0. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype?: "int64" | "bool";
  readonly data: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** One operation on given numbers. `grads` are those of Σ over `cotangents` of sum(cotangent · output). */
export interface OperationCase {
  readonly name: string;
  /** Some inputs lie where there is no derivative: gradients are a convention. */
  readonly kink?: boolean;
  readonly f32_tol?: Tolerance;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly inputs: Tensors;
  readonly params: Tensors;
  readonly outputs: Tensors;
  readonly cotangents: Tensors;
  readonly grads: Tensors;
}

export interface OperationFile {
  readonly op: string;
  readonly class: string;
  readonly cases: readonly OperationCase[];
}

/** `grads[k]`, `params[k]`, `states[k]` belong to step k; `states` by parameter, then by PyTorch's name. */
export interface OptimizerCase {
  readonly name: string;
  readonly hyper: Readonly<Record<string, unknown>>;
  readonly params0: Tensors;
  readonly grads: readonly Tensors[];
  readonly params: readonly Tensors[];
  readonly states?: readonly Readonly<Record<string, Tensors>>[];
}

export interface OptimizerFile {
  readonly optimizer: string;
  readonly cases: readonly OptimizerCase[];
}

/** The rate of each of the first steps. */
export interface ScheduleCase {
  readonly name: string;
  readonly hyper: Readonly<Record<string, unknown>>;
  readonly values: readonly number[];
}

export interface ScheduleFile {
  readonly schedule: string;
  readonly cases: readonly ScheduleCase[];
}

export interface InitializerCase {
  readonly name: string;
  readonly attrs: {
    readonly scheme: string;
    readonly shape: readonly number[];
    readonly stddev?: number;
    readonly gain?: number;
  };
  readonly expected: {
    readonly bound?: number | null;
    readonly sample_mean_within?: number;
    readonly sample_std_between?: readonly [number, number];
    readonly rows?: number;
    readonly cols?: number;
    readonly gram?: "MtM" | "MMt";
    readonly gram_diagonal?: number;
  };
}

/** Of a tensor: the sum, the L2 norm, the first and the last of its elements. */
export interface Checksum {
  readonly sum: number;
  readonly l2: number;
  readonly first: number;
  readonly last?: number;
}

/** A training run, step by step. */
export interface Trajectory {
  readonly model: string;
  readonly hyper: { readonly lr: number; readonly betas: readonly [number, number]; readonly eps: number };
  readonly init: Tensors;
  readonly batches: readonly { readonly x: Tensor; readonly target: Tensor }[];
  readonly batch_of_step: readonly number[];
  readonly losses: readonly number[];
  readonly logits_step0: Tensor;
  readonly grads_step0: Readonly<Record<string, Checksum>>;
  readonly final: Readonly<Record<string, Checksum>>;
  readonly final_batch_losses: readonly number[];
  readonly f32_observed: {
    readonly max_loss_difference: number;
    readonly max_final_checksum_difference: number;
  };
}

/** The folder of cases: `NNC_ORACLE`, else the one beside this file. */
export const folder = process.env["NNC_ORACLE"] ?? fileURLToPath(new URL("cases", import.meta.url));

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** What lies in one part of the folder, by name; nothing where there is no such part. */
function readAll<Form>(part: string): readonly Form[] {
  const names = entries(join(folder, part)).filter((name) => name.endsWith(".json"));
  return names.map((name) => readJson(join(folder, part, name)) as Form);
}

function entries(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

export function readOperations(): readonly OperationFile[] {
  return readAll("ops");
}

export function readOptimizers(): readonly OptimizerFile[] {
  return readAll("optimizers");
}

export function readSchedules(): readonly ScheduleFile[] {
  return readAll("schedules");
}

export function readInitializers(): readonly InitializerCase[] {
  if (!entries(folder).includes("init.json")) return [];
  return (readJson(join(folder, "init.json")) as { readonly cases: readonly InitializerCase[] }).cases;
}

export function readTrajectories(): readonly Trajectory[] {
  return readAll("models");
}

/** How a folder is told in a heading, wherever on a machine it lies. */
export const folderName = basename(folder);
