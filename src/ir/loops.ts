/**
 * Owns the loops language: what a function does to buffers, as nested loops over scalars and short vectors. The scheduler
 * writes it, the backends print it; whatever they share is decided here.
 */
import type { ScalarFunction } from "./comprehension.ts";
import type { Frame } from "./frame.ts";

/** How many neighbours along the last axis one vector value holds. */
export type Lanes = 1 | 4;

/**
 * Where an element lies: `Σ ((index[axis] div divisor) mod modulus) · stride`, in elements from the buffer's start.
 * Row-major is one term an axis; panels `[N/8][K][8]` split the last axis in two terms. A null modulus takes none.
 */
export interface LayoutTerm {
  readonly axis: number;
  readonly divisor: number;
  readonly modulus: number | null;
  readonly stride: number;
}

export type BufferRole =
  | {
      readonly kind: "input" | "target" | "output" | "parameter" | "state" | "constant" | "scalar";
      readonly name: string;
    }
  | { readonly kind: "gradient"; readonly parameter: string }
  | {
      readonly kind: "slot";
      readonly optimizer: number;
      readonly name: string;
      readonly parameter: string | null;
    }
  /** A loss's `total` and `weight`, an objective, and what a metric collects. */
  | { readonly kind: "result"; readonly name: string }
  | { readonly kind: "temporary" };

/** A tensor in memory. Compared by identity. Floats are 32 or 64 bits as the backend says; indices are 32-bit integers. */
export interface Buffer {
  readonly name: string;
  readonly element: "float" | "index";
  /** Extents with the capacity in the place of `batch`. */
  readonly shape: readonly number[];
  /** Whether the first axis is the batch. */
  readonly batched: boolean;
  readonly layout: readonly LayoutTerm[];
  /** Elements it occupies, padding included. */
  readonly storage: number;
  readonly role: BufferRole;
}

/** Compared by identity. */
export interface LoopVariable {
  readonly name: string;
}

/** A value that is named once computed. Compared by identity. */
export interface Local {
  readonly name: string;
  readonly lanes: Lanes;
}

/** Arithmetic on places; all integers. */
export type Integer =
  | { readonly kind: "literal"; readonly value: number }
  | { readonly kind: "variable"; readonly variable: LoopVariable }
  /** The number of samples of this call. */
  | { readonly kind: "count" }
  | { readonly kind: "sum"; readonly terms: readonly Integer[] }
  | { readonly kind: "scaled"; readonly factor: number; readonly of: Integer }
  /** Rounded down; `by` is a positive literal. */
  | { readonly kind: "quotient"; readonly of: Integer; readonly by: number }
  | { readonly kind: "remainder"; readonly of: Integer; readonly by: number }
  /** The smaller, or the larger, of two: bounds of loops that stay where something is. */
  | { readonly kind: "least" | "greatest"; readonly a: Integer; readonly b: Integer }
  /** An element of an index buffer. */
  | { readonly kind: "element"; readonly buffer: Buffer; readonly at: Integer };

/** `multiplyAdd(a, b, c)` is a · b + c, rounded twice or once as the backend has it. `flush(a)` makes denormals zero. */
export type NumericFunction = ScalarFunction | "multiplyAdd" | "flush";

/**
 * A number, or `lanes` of them. Arguments of `apply` have its lanes; `splat` makes four of one. Truth is 1 and 0. Of
 * `select` the backend evaluates only the chosen branch where the branches hold a guarded `load`.
 */
export type Numeric =
  | { readonly kind: "number"; readonly value: number; readonly lanes: Lanes }
  | { readonly kind: "local"; readonly local: Local }
  /** `lanes` elements from `at` on. Of an index buffer (one lane): its number. */
  | { readonly kind: "load"; readonly buffer: Buffer; readonly at: Integer; readonly lanes: Lanes }
  | { readonly kind: "splat"; readonly of: Numeric }
  | { readonly kind: "integer"; readonly of: Integer }
  | { readonly kind: "inside"; readonly of: Integer; readonly extent: Integer }
  | {
      readonly kind: "apply";
      readonly function: NumericFunction;
      readonly arguments: readonly Numeric[];
      readonly lanes: Lanes;
    }
  | {
      readonly kind: "random";
      readonly distribution: "uniform" | "normal";
      readonly stream: number;
      /** Place of the sample within the call; the backend adds that of the call within the step. Null: no sample. */
      readonly sample: Integer | null;
      readonly element: Integer;
    }
  /** Only in `host`: steps done, steps in all, what rates are multiplied by. */
  | { readonly kind: "host"; readonly name: "step" | "total" | "ease" };

export type Statement =
  /** `for (variable = from; variable < to; variable += step)`; `to - from` is a multiple of `step`. */
  | {
      readonly kind: "loop";
      readonly variable: LoopVariable;
      readonly from: Integer;
      readonly to: Integer;
      readonly step: number;
      readonly body: readonly Statement[];
    }
  /** A constant. */
  | { readonly kind: "define"; readonly local: Local; readonly value: Numeric }
  /** A variable that `assign` changes: an accumulator. */
  | { readonly kind: "declare"; readonly local: Local; readonly value: Numeric }
  | { readonly kind: "assign"; readonly local: Local; readonly value: Numeric }
  /** Into an index buffer the number is made an integer. */
  | {
      readonly kind: "store";
      readonly buffer: Buffer;
      readonly at: Integer;
      readonly value: Numeric;
      readonly lanes: Lanes;
    }
  /** For readers: what the statements after it compute, and who asked for it. */
  | { readonly kind: "remark"; readonly text: string; readonly frame: Frame }
  /** A kernel on these buffers, in the order of its parameters. */
  | { readonly kind: "call"; readonly kernel: Kernel; readonly buffers: readonly Buffer[] };

/** A nest that is written once and called for every layer that needs it; its parameters stand for buffers' starts. */
export interface Kernel {
  readonly name: string;
  /** The comprehension it computes, for readers. */
  readonly text: string;
  /** Stand-ins: same element and layout as what they are called with. */
  readonly parameters: readonly Buffer[];
  readonly body: readonly Statement[];
}

/** What one node of the graph, or several fused ones, became. */
export interface Section {
  /** As `hidden = dense(64) · forward`. */
  readonly title: string;
  /** The comprehension, as it was fused. */
  readonly text: string;
  readonly frame: Frame;
  readonly body: readonly Statement[];
}

/** One callable piece: `predict`, `evaluate`, `gradients`, `update`. */
export interface Routine {
  readonly name: string;
  /** Values of rank 0 that no tensor feeds, computed by the host in double precision and stored before the rest runs. */
  readonly host: readonly Statement[];
  readonly sections: readonly Section[];
  /** Which of these it reads besides buffers. */
  readonly draws: boolean;
}

/** Where every buffer lies. Offsets count elements of four bytes (eight for doubles) from the arena's start. */
export interface MemoryPlan {
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly size: number;
  /** Where each slice of a batch has memory of its own; without threads there is no such. */
  readonly slices?: SliceMemory;
}

/** All that lies from `from` on every slice has once, but for what is always the first slice's. */
export interface SliceMemory {
  readonly from: number;
  readonly ofFirst: ReadonlySet<Buffer>;
}
