/** Owns the lowered program: everything a backend needs to write a module, and nothing of how it came about. */
import type { Buffer, Kernel, MemoryPlan, Routine } from "../ir/loops.ts";
import type { GraphFunction } from "../ir/graph.ts";
import type { Entry, Network } from "../ir/network.ts";
import type { FoldScales } from "./slices.ts";

/** The gradients of one objective, and the routine that computes them together with all losses and new states. */
export interface GradientProgram {
  /** Name of the objective: a loss, `loss` for their sum, or a `minimize` line. */
  readonly objective: string;
  /** With the noise and statistics of training, or as `predict` computes. */
  readonly training: boolean;
  /** Whether it must see a batch as a whole. */
  readonly mixes: boolean;
  readonly routine: string;
}

/** One optimizer's sweep over the parameters it moves; runs after the gradients of its objective. */
export interface UpdateProgram {
  readonly objective: string;
  readonly parameters: readonly string[];
  readonly routine: string;
  /** Rank-0 buffer that holds the learning rate of the step. */
  readonly rate: Buffer | null;
}

export interface MetricProgram {
  readonly name: string;
  readonly better: "more" | "less";
  /** Buffers that `evaluate` fills, a batch at a time, in the order of `finish`'s arguments. */
  readonly collects: readonly Buffer[];
  /** Interpreted or printed over host arrays; its batch axis is `samples`. */
  readonly finish: GraphFunction;
}

/** A further function of the module, and where it reads and writes. */
export interface EntryProgram {
  readonly entry: Entry;
  readonly routine: string;
  readonly inputs: readonly Buffer[];
  /** In the order of the entry's; null of a length, which an input holds. */
  readonly numbers: readonly (Buffer | null)[];
  readonly outputs: readonly Buffer[];
}

/** How the work of a batch is divided among threads. */
export interface ThreadProgram {
  /** Routines that may run over slices of a batch, each slice in memory of its own. */
  readonly sliced: readonly string[];
  /** Updates that run in `PARTS` pieces, which `count` names. */
  readonly divided: readonly string[];
  /** What the gradients of a slice are folded by; null where there are none. */
  readonly scales: FoldScales | null;
}

export interface LoweredProgram {
  readonly network: Network;
  /** Lanes and tiles the nests were made for. */
  readonly machine: "scalar" | "simd";
  readonly precision: "single" | "double";
  /** Samples one call holds: those of a step, all that it accumulates where they depend on each other. */
  readonly capacity: number;
  /** Routines that must see a batch as a whole, since its samples depend on each other. */
  readonly whole: readonly string[];
  readonly inputs: readonly Buffer[];
  readonly targets: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly parameters: readonly Buffer[];
  readonly gradients: readonly Buffer[];
  readonly states: readonly Buffer[];
  /** In the order of the network's. */
  readonly constants: readonly Buffer[];
  /** Optimizer state, in order of optimizers: `slot` roles. */
  readonly slots: readonly { readonly buffer: Buffer; readonly initial: number }[];
  readonly entries: readonly EntryProgram[];
  readonly losses: readonly { readonly name: string; readonly total: Buffer; readonly weight: Buffer }[];
  readonly metrics: readonly MetricProgram[];
  readonly gradientPrograms: readonly GradientProgram[];
  readonly updates: readonly UpdateProgram[];
  /** By name: `predict`, `entry_…`, `evaluate`, `gradients_…`, `update_…`. */
  readonly routines: readonly Routine[];
  readonly kernels: readonly Kernel[];
  readonly memory: MemoryPlan;
  /** Null of a program that runs on one thread only. */
  readonly threads: ThreadProgram | null;
  /** Whether every routine over samples is written out as straight-line code. */
  readonly straight: boolean;
}
