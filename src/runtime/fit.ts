/** Owns training over a data set: epochs, shuffling, validation, stopping early, keeping the best, going on. */
import { type DataSet, dataSetOf, rowsFeed } from "./columns.ts";
import { evaluate } from "./evaluate.ts";
import { fitStates } from "./fitted.ts";
import type { Recipe, SplitRule, ValidationRule } from "./plan.ts";
import { permutation } from "./random.ts";
import type { Batch } from "./samples.ts";
import { splitData } from "./split.ts";
import { learningRate, trainStep } from "./step.ts";
import {
  freshEpoch,
  type Mark,
  type Progress,
  type TrainingSession,
  useBest,
  useRunning,
} from "./training.ts";
import {
  average,
  checkWatched,
  easeRates,
  isPatient,
  keepBest,
  type Numbered,
  withAverage,
} from "./watch.ts";

/** What `fit` does otherwise than the file's `train` block says. */
export interface FitOptions<Data = Batch, Losses = Numbered, Results = Numbered> {
  readonly epochs?: number;
  /** Steps in all, instead of epochs. */
  readonly steps?: number;
  /** Samples a step. */
  readonly batch?: number;
  /** Data to validate with, the fraction to hold back, or `false` for none. */
  readonly validation?: Data | number | false;
  /** The group each sample belongs to, where the split keeps groups whole. */
  readonly groups?: ArrayLike<string | number>;
  /** Decides about shuffling, the split and noise. */
  readonly seed?: number;
  /** The loss or metric by which the best weights are kept. */
  readonly keep?: (keyof Results & string) | false;
  /** Stops when so many epochs were no better. */
  readonly stop?: { readonly metric: keyof Results & string; readonly epochs: number } | false;
  /** Uses a moving average of the weights that keeps this share a step. */
  readonly average?: number | false;
  /** Goes on with the training that the loaded file was saved in; so by default after `load` with `resume`. */
  readonly resume?: boolean;
  readonly onStep?: (report: StepReport<Losses>) => void;
  readonly onEpoch?: (report: EpochReport<Losses, Results>) => void | Promise<void>;
  /** Ends the training after the step that is under way. */
  readonly signal?: { readonly aborted: boolean };
  /** Lets other work run after as many milliseconds. */
  readonly yieldEvery?: number;
}

export interface StepReport<Losses = Numbered> {
  /** Steps done, this one included, of how many. */
  readonly step: number;
  readonly steps: number;
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly losses: Losses;
  readonly rate: number | null;
}

/** Losses are means over the epoch's steps. */
export interface EpochReport<Losses = Numbered, Results = Numbered> extends StepReport<Losses> {
  /** Losses and metrics over the samples held back, as last looked at in this epoch. */
  readonly val: Results | null;
  /** Whether these are the best weights so far. */
  readonly best: boolean;
  readonly seconds: number;
}

export interface History<Losses = Numbered, Results = Numbered> {
  readonly epochs: readonly EpochReport<Losses, Results>[];
  readonly steps: number;
  readonly stopped: "done" | "patience" | "signal";
  readonly best: Mark | null;
  readonly seconds: number;
}

export async function fit(
  session: TrainingSession,
  batch: Batch,
  options: FitOptions = {},
): Promise<History> {
  const { plan } = session;
  const began = Date.now();
  const recipe = recipeFor(plan.training.recipe, options);
  const data = dataSetOf([...plan.inputs, ...plan.targets], batch, plan.width);
  const progress = begin(session, options);
  const { training, validation } = partsOf(session, data, options);
  checkWatched(plan, recipe, validation !== null);
  const perEpoch = Math.ceil(training.length / recipe.batch);
  const steps = stepsInAll(recipe, perEpoch);
  const epochs = Math.ceil(steps / perEpoch);
  const every = recipe.validate?.every ?? { count: 1, unit: "epochs" };
  if (!session.fitted) fitStates(session, data, training);
  session.fitted = true;
  session.total = progress.start + steps;

  const reports: EpochReport[] = [];
  let order: Int32Array | null = null;
  let rested = began;
  // A training that had lost its patience has not found it again.
  const whole = Math.floor((session.step - progress.start) / perEpoch);
  let stopped: History["stopped"] = isPatient(plan, progress, recipe, null, whole) ? "done" : "patience";
  while (session.step < session.total && stopped === "done") {
    const place = session.step - progress.start;
    const epoch = Math.floor(place / perEpoch) + 1;
    const from = (place % perEpoch) * recipe.batch;
    order ??= permutation(training.length, session.seed, epoch - 1).map((k) => training[k]!);
    const count = Math.min(recipe.batch, order.length - from);
    const losses = trainStep(session, rowsFeed(data, order, from, count));
    if (recipe.average !== undefined) average(session, recipe.average.decay);
    for (const [name, loss] of Object.entries(losses))
      progress.losses[name] = (progress.losses[name] ?? 0) + loss * count;
    progress.samples += count;

    const last = session.step === session.total;
    const ends = from + count === order.length || last;
    const asked = every.unit === "steps" ? place + 1 : ends ? epoch : Infinity;
    if (validation !== null && (asked % every.count === 0 || last)) {
      progress.val = withAverage(session, () => validation(session));
      progress.best = keepBest(session, progress, recipe, progress.val, epoch) || progress.best;
    }
    const rate = learningRate(session);
    const report: StepReport = { step: place + 1, steps, epoch, epochs, loss: losses["loss"]!, losses, rate };
    let summary: EpochReport | null = null;
    if (ends) {
      const means = meansOf(progress);
      if (validation === null) progress.best = keepBest(session, progress, recipe, means, epoch);
      const values = validation === null ? means : progress.val;
      if (!isPatient(plan, progress, recipe, values, epoch)) stopped = "patience";
      session.ease = easeRates(plan, progress, recipe, values, epoch);
      const { val, best } = progress;
      const seconds = (Date.now() - began) / 1000;
      summary = { ...report, loss: means["loss"]!, losses: means, val, best, seconds };
      reports.push(summary);
      Object.assign(progress, freshEpoch());
      order = null;
    }
    // All is in order for the next step here, so that a callback may save.
    options.onStep?.(report);
    if (summary !== null) await options.onEpoch?.(summary);
    if (options.yieldEvery !== undefined && Date.now() - rested >= options.yieldEvery) {
      await pause();
      rested = Date.now();
    }
    if (options.signal?.aborted === true && !last && stopped === "done") stopped = "signal";
  }
  useBest(session);
  const seconds = (Date.now() - began) / 1000;
  return { epochs: reports, steps: session.step - progress.start, stopped, best: progress.kept, seconds };
}

/** The recipe of the file, with what the call says otherwise. */
function recipeFor(recipe: Recipe, options: FitOptions): Recipe {
  const { batch, epochs, steps, keep, stop, average: decay } = options;
  const {
    keep: keptByFile,
    stop: stopOfFile,
    average: averageOfFile,
    epochs: epochsOfFile,
    ...rest
  } = recipe;
  const kept = keep === undefined ? keptByFile : keep === false ? undefined : { metric: keep };
  const stops = stop === undefined ? stopOfFile : stop === false ? undefined : stop;
  const averaged = decay === undefined ? averageOfFile : decay === false ? undefined : { decay };
  const length = steps ?? (epochs === undefined ? recipe.steps : undefined);
  const times = epochs ?? epochsOfFile;
  return {
    ...rest,
    batch: positive(batch ?? recipe.batch, "batch"),
    ...(length === undefined ? {} : { steps: positive(length, "steps") }),
    ...(times === undefined ? {} : { epochs: positive(times, "epochs") }),
    ...(kept === undefined ? {} : { keep: kept }),
    ...(stops === undefined ? {} : { stop: stops }),
    ...(averaged === undefined ? {} : { average: averaged }),
  };
}

/** Goes on from the running weights, or begins anew from those in the arena. */
function begin(session: TrainingSession, options: FitOptions): Progress {
  const resume = options.resume ?? session.resuming;
  session.resuming = false;
  if (resume && session.progress !== null) {
    useRunning(session);
    return session.progress;
  }
  if (options.seed !== undefined) session.seed = options.seed | 0;
  session.running = session.best = session.averaged = null;
  session.progress = { start: session.step, kept: null, waited: null, eased: null, ease: 1, ...freshEpoch() };
  session.ease = 1;
  return session.progress;
}

type Validate = (session: TrainingSession) => Record<string, number>;

function partsOf(
  session: TrainingSession,
  data: DataSet,
  options: FitOptions,
): { training: Int32Array; validation: Validate | null } {
  const { plan, seed } = session;
  const { validation: given, groups } = options;
  const all = Int32Array.from({ length: data.count }, (_, sample) => sample);
  if (typeof given === "object") {
    const held = dataSetOf([...plan.inputs, ...plan.targets], given, plan.width);
    const rows = Int32Array.from({ length: held.count }, (_, sample) => sample);
    return { training: all, validation: (at) => evaluate(at, rowsFeed(held, rows, 0, held.count)) };
  }
  const own: ValidationRule | undefined = plan.training.recipe.validate;
  if (given === false || (given === undefined && own === undefined))
    return { training: all, validation: null };
  const rule = typeof given === "number" ? fractionRule(own, given) : own!;
  if (rule.kind === "column")
    throw new Error(
      `the file validates with samples whose ${rule.column} is ${rule.is}: give them as validation`,
    );
  const { training, validation } = splitData(data, rule, groups ?? null, seed);
  if (validation.length === 0) return { training, validation: null };
  const feed = rowsFeed(data, validation, 0, validation.length);
  return { training, validation: (at) => evaluate(at, feed) };
}

/** As the file's, but of another size. */
function fractionRule(own: ValidationRule | undefined, fraction: number): SplitRule {
  return own === undefined || own.kind === "column" ? { kind: "split", fraction } : { ...own, fraction };
}

function stepsInAll({ steps, epochs }: Recipe, perEpoch: number): number {
  if (steps !== undefined) return steps;
  if (epochs !== undefined) return epochs * perEpoch;
  throw new Error("neither the file nor the call says for how many epochs to train");
}

function positive(value: number, name: string): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} must be a whole number above 0, not ${value}`);
}

function meansOf({ losses, samples }: Progress): Record<string, number> {
  return Object.fromEntries(Object.entries(losses).map(([name, sum]) => [name, sum / samples]));
}

function pause(): Promise<void> {
  const { setTimeout } = globalThis as unknown as { setTimeout(then: () => void, after: number): void };
  return new Promise((resume) => setTimeout(resume, 0));
}
