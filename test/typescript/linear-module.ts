/** Owns the types of the module that `linear.ts` becomes, as far as tests use them. */
type Rows = Float32Array | readonly (readonly number[])[];
type Batch = { readonly x: Rows; readonly truth: Rows };
type Losses = { readonly loss: number; readonly mse: number };
type Results = Losses & { readonly rmse: number };

export interface EpochReport {
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
  readonly losses: Losses;
  readonly val: Results | null;
  readonly best: boolean;
}

export interface FitOptions {
  readonly epochs?: number;
  readonly steps?: number;
  readonly batch?: number;
  readonly validation?: Batch | number | false;
  readonly seed?: number;
  readonly keep?: string | false;
  readonly stop?: { readonly metric: string; readonly epochs: number } | false;
  readonly average?: number | false;
  readonly resume?: boolean;
  readonly onStep?: (report: { readonly step: number; readonly rate: number | null }) => void;
  readonly onEpoch?: (report: EpochReport) => void;
  readonly signal?: AbortSignal;
  readonly yieldEvery?: number;
}

export interface History {
  readonly epochs: readonly EpochReport[];
  readonly steps: number;
  readonly stopped: "done" | "patience" | "signal";
  readonly best: { readonly value: number; readonly epoch: number } | null;
}

export interface Linear {
  predict(inputs: { readonly x: Rows }): { readonly y: Float32Array };
  evaluate(batch: Batch): Results;
  fit(batch: Batch, options?: FitOptions): Promise<History>;
  step(batch: Batch): Losses;
  gradients(
    batch: Batch,
    options?: { readonly loss?: string; readonly training?: boolean },
  ): { readonly losses: Losses; readonly gradients: Record<string, Float32Array> };
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[] & {
    get(name: string): Float32Array;
    set(name: string, values: ArrayLike<number>): void;
  };
  readonly steps: number;
  save(): Uint8Array;
  firstNonFinite(): string | null;
}

export interface LinearModule {
  readonly Linear: {
    create(options?: { readonly seed?: number }): Promise<Linear>;
    load(bytes: Uint8Array, options?: { readonly resume?: boolean; readonly seed?: number }): Promise<Linear>;
  };
}
