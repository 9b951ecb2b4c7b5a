/** Owns what checking makes of a model: its ports, parameters, states, functions as graphs, and how it is trained. */
import type { Span } from "../text/source.ts";
import type { DeclaredSymbol, DimensionSymbol } from "./dimension.ts";
import type { Frame } from "./frame.ts";
import type { GraphFunction } from "./graph.ts";
import type { TensorType } from "./type.ts";

export interface Port {
  readonly name: string;
  readonly doc: string | null;
  /** Its first axis is `batch`. */
  readonly type: TensorType;
  readonly span: Span;
  /** Of a port that says how long each sample is: between which bounds. Callers do not see it. */
  readonly length?: { readonly minimum: number; readonly maximum: number };
}

export interface OutputPort {
  readonly name: string;
  readonly doc: string | null;
  readonly type: TensorType;
  /** Whether it says how long each sample of others is. Callers do not see it. */
  readonly length?: true;
}

/** How initial values are drawn. They depend on the seed and the parameter's name alone. */
export type Initializer =
  | { readonly kind: "constant"; readonly value: number }
  /** Between `from` and `to`. */
  | { readonly kind: "uniform"; readonly from: number; readonly to: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  /** A normal distribution cut at two deviations. */
  | { readonly kind: "truncated"; readonly mean: number; readonly deviation: number }
  | { readonly kind: "orthogonal"; readonly gain: number }
  | { readonly kind: "identity" };

export interface Parameter {
  /** As `hidden.dense_2.w`. */
  readonly name: string;
  readonly doc: string | null;
  /** No batch, all literal. */
  readonly type: TensorType;
  readonly initializer: Initializer;
  /** Not moved by any optimizer. */
  readonly frozen: boolean;
  readonly frame: Frame;
}

/** What training steps change besides parameters, as running statistics. */
export interface State {
  readonly name: string;
  readonly type: TensorType;
  readonly initial: number;
  readonly frame: Frame;
  /** Fitted once over the training part before the first step, as `standardize` is: mean and deviation of an input. */
  readonly fitted: null | { readonly input: string; readonly statistic: "mean" | "deviation" };
}

/** A table that the program writes out or computes: a noise schedule, a window, a bank of filters. */
export interface Constant {
  readonly name: string;
  /** All literal. */
  readonly type: TensorType;
  /** Row-major. */
  readonly values: readonly number[];
}

export interface Metric {
  readonly name: string;
  readonly doc: string | null;
  /** Whether more or less of it is better, for `best` and `patience`. */
  readonly better: "more" | "less";
  /** What `evaluate` collects of each batch: names of its `collect` results, with the type of one batch. */
  readonly collects: readonly { readonly name: string; readonly type: TensorType }[];
  /** From `collected` arguments over `samples` to one `metric` result of rank 0. */
  readonly finish: GraphFunction;
  readonly samples: DimensionSymbol;
}

/** One call of `minimize: loss over a, b with optimizer(…)`. */
export interface Objective {
  /** The name of its `objective` result in `train`. */
  readonly name: string;
  readonly groups: readonly OptimizerGroup[];
  /** It takes its turn in every so many steps only, and counts its own. */
  readonly every: number;
}

export interface OptimizerGroup {
  /** As `adam`. */
  readonly optimizer: string;
  /** Names of the parameters it moves. */
  readonly parameters: readonly string[];
  /**
   * From `moved`, `gradient`, `slot` …, `step`, `total`, `ease` to `moved`, `slot` …, `rate`. Where the optimizer is
   * elementwise it is elaborated once over `[parameters]` (`flat`); else once for each parameter, in their order.
   */
  readonly functions: readonly GraphFunction[];
  readonly flat: DimensionSymbol | null;
  readonly slots: readonly { readonly name: string; readonly initial: number }[];
}

/** `idx(pixels: "a.gz", digit: "b.gz")` as it stands in the recipe; which formats there are is known to the tools. */
export interface DataSource {
  readonly kind: "source";
  readonly format: string;
  readonly positional: readonly (Static | StaticCall)[];
  readonly named: Readonly<Record<string, Static | StaticCall>>;
  readonly span: Span;
}

/** `category("movieId")` among the arguments of a source: how columns become numbers. */
export interface StaticCall {
  readonly call: string;
  readonly positional: readonly Static[];
  readonly named: Readonly<Record<string, Static>>;
}

/** Which samples are held back: a fraction of them, or those that a column of the data names. */
export type HeldBack =
  | {
      readonly kind: "split" | "tail";
      readonly fraction: number;
      readonly stratify: string | null;
      readonly group: string | null;
    }
  | { readonly kind: "column"; readonly column: string; readonly is: string };

/** A value known when the network is compiled, as recipes hand it on to tools. */
export type Static = number | string | boolean | readonly Static[];

export interface Recipe {
  readonly name: string;
  readonly data: DataSource | null;
  readonly test: DataSource | HeldBack | null;
  readonly objectives: readonly Objective[];
  /** Samples a step; the arena is laid out for as many. */
  readonly batch: number;
  /** Batches whose gradients make one step together. */
  readonly accumulate: number;
  readonly epochs: number | null;
  readonly steps: number | null;
  readonly clip: null | { readonly kind: "norm" | "value"; readonly limit: number };
  readonly validate:
    | null
    | (HeldBack & {
        readonly every: null | { readonly count: number; readonly unit: "steps" | "epochs" };
      });
  readonly stop: null | { readonly metric: string; readonly epochs: number };
  readonly keep: null | { readonly metric: string };
  /** Rates are multiplied by `by` whenever so many epochs were no better. */
  readonly reduce: null | { readonly metric: string; readonly epochs: number; readonly by: number };
  readonly average: null | { readonly kind: "ema"; readonly decay: number };
  readonly seed: number;
}

/** `temperature: float = 0.8` of an entry: a number that is given when it is called. */
export interface EntryNumber {
  readonly name: string;
  readonly span: Span;
  /** Null where a call must give it. */
  readonly fallback: number | null;
  /** Of a whole number: the length that it is for all samples. */
  readonly length: DeclaredSymbol | null;
  readonly bound: null | { readonly operator: "<" | "<=" | ">" | ">="; readonly limit: number };
}

/** `entry decode(code: [latent]) -> [64] { … }`: a further function of the module over the shared layers. */
export interface Entry {
  readonly name: string;
  readonly doc: string | null;
  /** In `function` the role of the input `x` is called `decode.x`. */
  readonly inputs: readonly Port[];
  /** Single numbers for all samples of a call; in `function` inputs of rank 0. */
  readonly numbers: readonly EntryNumber[];
  /** In `function` the role of the output `y` is called `decode.y`. */
  readonly outputs: Network["outputs"];
  /** Whether it gives one tensor without a name, which a caller gets as it is. */
  readonly bare: boolean;
  /** Elaborated with `training` false: inputs, parameters, states → outputs. */
  readonly function: GraphFunction;
}

/** A line of `nnc summary`: a call in the model's own body, or the part of one that holds parameters. */
export interface LayerSummary {
  /** As `dense(hidden)`. */
  readonly text: string;
  readonly path: string;
  readonly span: Span;
  readonly output: TensorType;
  readonly parameters: readonly string[];
}

export interface Network {
  readonly name: string;
  readonly doc: string | null;
  readonly span: Span;
  readonly hyperparameters: Readonly<Record<string, Static>>;
  readonly batch: DimensionSymbol;
  readonly inputs: readonly Port[];
  readonly targets: readonly Port[];
  readonly outputs: readonly OutputPort[];
  readonly parameters: readonly Parameter[];
  readonly states: readonly State[];
  readonly constants: readonly Constant[];
  /** Names of the losses, in order; `loss` is their sum. */
  readonly losses: readonly string[];
  readonly metrics: readonly Metric[];
  /** Elaborated with `training` false: inputs, parameters, states → outputs. */
  readonly predict: GraphFunction;
  /** With `training` false: also targets → losses and what metrics collect. */
  readonly evaluate: GraphFunction;
  /** With `training` true: losses, objectives and new states. */
  readonly train: GraphFunction;
  readonly entries: readonly Entry[];
  readonly recipe: Recipe;
  readonly layers: readonly LayerSummary[];
}

/** The gradients of one objective as a function: losses, gradients of the parameters it reaches, and new states if `training`. */
export interface ObjectiveGradient {
  /** A loss, `loss` for the sum of all, or a `minimize` line. */
  readonly objective: string;
  /** With the noise and statistics of training, or as `predict` computes. */
  readonly training: boolean;
  readonly function: GraphFunction;
  /** Whether samples depend on each other, so that a batch is not the mean of its parts. */
  readonly mixes: boolean;
}
