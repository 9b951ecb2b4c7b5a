/** Owns the form of a module's plan: what lies where in its arena, and how the module is trained by default. */

export type Floats = Float32Array | Float64Array;

/** A tensor of the arena. `at` counts elements of its own array; without a layout it is row-major. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly at: number;
  /** Elements it occupies, padding included. */
  readonly storage: number;
  /** Terms `[axis, divisor, modulus or 0, stride]`: an element lies at `Σ (index[axis] / divisor % modulus) · stride`. */
  readonly layout?: readonly (readonly [number, number, number, number])[];
}

/** How far an axis goes: `constant + Σ coefficient · length`, a length by name or as `⌊extent / by⌋`. */
export interface Extent {
  readonly constant: number;
  readonly terms: readonly (readonly [number, string | readonly [Extent, number]])[];
}

/** What a caller gives or gets, the first axis of its shape being the batch; `size` is that of `index(size)`. */
export interface Port extends Tensor {
  readonly size?: number;
  /** Axes that end where a sample ends; its shape has their limits. */
  readonly varies?: readonly (readonly [number, Extent])[];
  /** Of what says how long each sample is: the least and the most. */
  readonly length?: readonly [number, number];
}

/** A distribution by name with its numbers, as `["uniform", -0.1, 0.1]`. */
export type Initial =
  | readonly ["constant", number]
  | readonly ["uniform", number, number]
  | readonly ["normal", number, number]
  | readonly ["truncated", number, number]
  | readonly ["orthogonal", number]
  | readonly ["identity"];

/** What a routine leaves for the host, the first axis of its shape being the batch. */
export interface Result extends Tensor {
  /** Whether it lies among the integers of the arena. */
  readonly indices: boolean;
  readonly varies?: readonly (readonly [number, Extent])[];
  /** Whether it says how long each sample of others is, for those that their numbers decide about. */
  readonly length?: true;
}

/** A number that an entry is called with. */
export interface EntryNumber {
  readonly name: string;
  /** Where it lies in the arena; a length does not. */
  readonly at?: number;
  /** The input that holds it for each sample, where it is a length. */
  readonly length?: string;
  readonly fallback?: number;
  readonly bound?: readonly ["<" | "<=" | ">" | ">=", number];
}

/** A further function of the module. */
export interface Entry {
  readonly name: string;
  readonly routine: string;
  readonly inputs: readonly Port[];
  readonly numbers?: readonly EntryNumber[];
  readonly outputs: readonly Result[];
}

export interface Parameter extends Tensor {
  readonly initial?: Initial;
}

export interface State extends Tensor {
  readonly initial?: number;
  readonly fitted?: readonly ["mean" | "deviation", string];
}

/** A table that is filled when the arena is made; its numbers are row-major. */
export interface Constant extends Tensor {
  readonly values: readonly number[];
}

/** The optimizer's memory for one parameter, or for all it moves. */
export interface Slot extends Tensor {
  readonly initial: number;
}

/** A loss is the quotient of two numbers of the arena. */
export interface Loss {
  readonly name: string;
  readonly total: number;
  readonly weight: number;
}

export interface Metric {
  readonly name: string;
  readonly better: "more" | "less";
  readonly collects: readonly Result[];
  readonly finish: (samples: number, ...collected: Float64Array[]) => number;
}

export interface GradientProgram {
  readonly objective: string;
  readonly training: boolean;
  readonly routine: string;
}

export interface Objective {
  readonly name: string;
  /** It takes its turn in every so many steps, and counts its own; each step where it says nothing. */
  readonly every?: number;
  readonly parameters: readonly string[];
  readonly updates: readonly { readonly routine: string; readonly rate: number | null }[];
}

/** What a section leaves behind that nothing later in its routine overwrites, for the search of what is not finite. */
export interface Trace {
  readonly section: string;
  /** Start, elements (of one sample where they are many), and whether it holds samples. */
  readonly ranges: readonly (readonly [number, number, boolean])[];
}

export interface Training {
  readonly gradients: readonly Tensor[];
  readonly slots: readonly Slot[];
  readonly programs: readonly GradientProgram[];
  readonly objectives: readonly Objective[];
  readonly trace: readonly Trace[];
  readonly recipe: Recipe;
}

export interface Recipe {
  readonly batch: number;
  readonly epochs?: number;
  readonly steps?: number;
  readonly clip?: { readonly kind: "norm" | "value"; readonly limit: number };
  readonly validate?: ValidationRule;
  readonly stop?: { readonly metric: string; readonly epochs: number };
  readonly keep?: { readonly metric: string };
  readonly reduce?: { readonly metric: string; readonly epochs: number; readonly by: number };
  readonly average?: { readonly decay: number };
  readonly seed: number;
}

/** How often what is held back is looked at. */
export interface Rhythm {
  readonly count: number;
  readonly unit: "steps" | "epochs";
}

/** Which part of the data is held back: a fraction. */
export interface SplitRule {
  readonly kind: "split" | "tail";
  readonly fraction: number;
  readonly stratify?: string;
  readonly group?: string;
}

/** Samples that a column beside inputs and targets names; whoever knows that column gives them. */
export interface ColumnRule {
  readonly kind: "column";
  readonly column: string;
  readonly is: string;
}

export type ValidationRule = (SplitRule | ColumnRule) & { readonly every?: Rhythm };

export interface Plan {
  readonly name: string;
  /** Bytes of a number: 4 or 8. */
  readonly width: 4 | 8;
  /** Samples one call of a routine holds. */
  readonly capacity: number;
  /** Routines that must see all samples of a call at once, since they depend on each other. */
  readonly whole?: readonly string[];
  /** Numbers the arena holds. */
  readonly arena: number;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Result[];
  readonly entries?: readonly Entry[];
  readonly parameters: readonly Parameter[];
  readonly states: readonly State[];
  readonly constants?: readonly Constant[];
  readonly threads?: ThreadPlan;
}

/** How the work of a batch is divided among threads. */
export interface ThreadPlan {
  /** The first number of the arena that each slice has for itself. */
  readonly from: number;
  /** Routines that may run over slices of a batch. */
  readonly sliced: readonly string[];
  /** Routines that run in so many parts. */
  readonly divided: readonly string[];
  readonly parts: number;
  /** How much the first slice's gradients and a slice's own count for in `fold`. */
  readonly scales?: readonly [number, number];
}

/** The plan of a module that can also evaluate and train. */
export interface FullPlan extends Plan {
  readonly targets: readonly Port[];
  readonly losses: readonly Loss[];
  readonly metrics: readonly Metric[];
  readonly training: Training;
}
