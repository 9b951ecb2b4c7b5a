/** Owns training over a data set: epochs, shuffling, validation, stopping early, keeping the best, going on. */
import { type DataSet, dataSetOf, rowsFeed } from "./columns.ts";
import { evaluate } from "./evaluate.ts";
import { fitStates } from "./fitted.ts";
import { restore, snapshot } from "./layout.ts";
import type { Floats, FullPlan, Recipe, ValidationRule } from "./plan.ts";
import { permutation } from "./random.ts";
import type { Batch } from "./samples.ts";
import { splitData } from "./split.ts";
import { learningRate, trainStep } from "./step.ts";
import { learned, type Mark, type Progress, type TrainingSession, useBest, useRunning } from "./training.ts";

/** Losses or metrics by name. */
type Numbered = Readonly<Record<string, number>>;

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
  const { recipe } = plan.training;
  const began = Date.now();
  const progress = begin(session, options);
  const ports = [...plan.inputs, ...plan.targets];
  const data = dataSetOf(ports, batch, plan.width);
  const { training, validation } = partsOf(session, data, options);
  const size = positive(options.batch ?? recipe.batch, "batch");
  const perEpoch = Math.ceil(training.length / size);
  const steps = stepsInAll(recipe, options, perEpoch);
  const every = recipe.validate?.every ?? { count: 1, unit: "epochs" };
  if (validation === null) needNoValidation(plan, recipe);
  if (!session.fitted) fitStates(session, data, training);
  session.fitted = true;
  session.total = progress.start + steps;

  const reports: EpochReport[] = [];
  let stopped: History["stopped"] = "done";
  let order: Int32Array | null = null;
  let val: Record<string, number> | null = null;
  let improved = false;
  let rested = began;
  while (session.step < session.total) {
    const place = session.step - progress.start;
    const epoch = Math.floor(place / perEpoch);
    const from = (place % perEpoch) * size;
    order ??= permutation(training.length, session.seed, epoch).map((k) => training[k]!);
    const count = Math.min(size, order.length - from);
    const losses = trainStep(session, rowsFeed(data, order, from, count));
    if (recipe.average !== undefined) average(session, recipe.average.decay);
    for (const [name, loss] of Object.entries(losses))
      progress.losses[name] = (progress.losses[name] ?? 0) + loss * count;
    progress.samples += count;

    const report: StepReport = {
      step: place + 1,
      steps,
      epoch: epoch + 1,
      epochs: Math.ceil(steps / perEpoch),
      loss: losses["loss"]!,
      losses,
      rate: learningRate(session),
    };
    options.onStep?.(report);
    const ends = from + count === order.length || session.step === session.total;
    const due =
      every.unit === "steps" ? (place + 1) % every.count === 0 : ends && (epoch + 1) % every.count === 0;
    if (validation !== null && (due || session.step === session.total)) {
      val = withAverage(session, () => validation(session));
      improved = keepBest(session, progress, recipe, val, epoch + 1) || improved;
    }
    if (ends) {
      const means = meansOf(progress);
      if (validation === null) improved = keepBest(session, progress, recipe, means, epoch + 1);
      const seconds = (Date.now() - began) / 1000;
      const summary = { ...report, loss: means["loss"]!, losses: means, val, best: improved, seconds };
      progress.losses = {};
      progress.samples = 0;
      reports.push(summary);
      const patient = waitFor(plan, progress, recipe, val ?? means, epoch + 1);
      await options.onEpoch?.(summary);
      order = val = null;
      improved = false;
      if (!patient) {
        stopped = "patience";
        break;
      }
    }
    if (options.yieldEvery !== undefined && Date.now() - rested >= options.yieldEvery) {
      await pause();
      rested = Date.now();
    }
    if (options.signal?.aborted === true && session.step < session.total) {
      stopped = "signal";
      break;
    }
  }
  useBest(session);
  const seconds = (Date.now() - began) / 1000;
  return { epochs: reports, steps: session.step - progress.start, stopped, best: progress.kept, seconds };
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
  session.progress = { start: session.step, losses: {}, samples: 0, kept: null, waited: null };
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
  const rule: ValidationRule | undefined =
    typeof given === "number"
      ? { kind: "split", ...plan.training.recipe.validate, fraction: given }
      : plan.training.recipe.validate;
  if (given === false || rule === undefined) return { training: all, validation: null };
  const { training, validation } = splitData(data, rule, groups ?? null, seed);
  if (validation.length === 0) return { training, validation: null };
  const feed = rowsFeed(data, validation, 0, validation.length);
  return { training, validation: (at) => evaluate(at, feed) };
}

function stepsInAll(recipe: Recipe, options: FitOptions, perEpoch: number): number {
  if (options.steps !== undefined) return positive(options.steps, "steps");
  if (options.epochs !== undefined) return positive(options.epochs, "epochs") * perEpoch;
  if (recipe.steps !== undefined) return recipe.steps;
  if (recipe.epochs !== undefined) return recipe.epochs * perEpoch;
  throw new Error("neither the file nor the call says for how many epochs to train");
}

function positive(value: number, name: string): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} must be a whole number above 0, not ${value}`);
}

function needNoValidation({ losses }: FullPlan, { keep, stop }: Recipe): void {
  for (const asked of [keep, stop]) {
    if (asked === undefined) continue;
    const known = asked.metric === "loss" || losses.some(({ name }) => name === asked.metric);
    if (!known) throw new Error(`${asked.metric} is asked for, but nothing is held back to validate with`);
  }
}

function meansOf({ losses, samples }: Progress): Record<string, number> {
  return Object.fromEntries(Object.entries(losses).map(([name, sum]) => [name, sum / samples]));
}

/** `average = decay · average + (1 - decay) · weights` over parameters; states are taken as they are. */
function average(session: TrainingSession, decay: number): void {
  const tensors = learned(session.plan);
  if (session.averaged === null) {
    session.averaged = snapshot(session, tensors);
    return;
  }
  const parameters = session.plan.parameters.length;
  tensors.forEach(({ at }, k) => {
    const mean = session.averaged![k]!;
    const share = k < parameters ? decay : 0;
    for (let i = 0; i < mean.length; i += 1)
      mean[i] = share * mean[i]! + (1 - share) * session.floats[at + i]!;
  });
}

/** Looks at the averaged weights, where there are any. */
function withAverage<T>(session: TrainingSession, look: () => T): T {
  if (session.averaged === null) return look();
  const tensors = learned(session.plan);
  const running = snapshot(session, tensors);
  restore(session, tensors, session.averaged);
  const seen = look();
  restore(session, tensors, running);
  return seen;
}

function keepBest(
  session: TrainingSession,
  progress: Progress,
  { keep }: Recipe,
  values: Readonly<Record<string, number>>,
  epoch: number,
): boolean {
  if (keep === undefined) return false;
  const mark = better(session.plan, keep.metric, progress.kept, values, epoch);
  if (mark === null) return false;
  progress.kept = mark;
  const copy = (weights: Floats) => weights.slice();
  session.best = session.averaged?.map(copy) ?? snapshot(session, learned(session.plan));
  return true;
}

/** Whether training should go on. */
function waitFor(
  plan: FullPlan,
  progress: Progress,
  { stop }: Recipe,
  values: Readonly<Record<string, number>>,
  epoch: number,
): boolean {
  if (stop === undefined) return true;
  progress.waited = better(plan, stop.metric, progress.waited, values, epoch) ?? progress.waited;
  return epoch - (progress.waited?.epoch ?? 0) < stop.epochs;
}

/** The new mark, or null where the value is no better than before. */
function better(
  { metrics }: FullPlan,
  name: string,
  before: Mark | null,
  values: Readonly<Record<string, number>>,
  epoch: number,
): Mark | null {
  const value = values[name];
  if (value === undefined || Number.isNaN(value)) return null;
  const more = metrics.some((metric) => metric.name === name && metric.better === "more");
  const improves = before === null || (more ? value > before.value : value < before.value);
  return improves ? { value, epoch } : null;
}

function pause(): Promise<void> {
  const { setTimeout } = globalThis as unknown as { setTimeout(then: () => void, after: number): void };
  return new Promise((resume) => setTimeout(resume, 0));
}
