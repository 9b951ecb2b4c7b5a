/** Owns what training remembers besides the arena: how far it is, and copies of weights; and its way into a file. */
import { initialize } from "./initialize.ts";
import { readTensor, restore, snapshot, writeTensor } from "./layout.ts";
import type { Floats, FullPlan, Tensor } from "./plan.ts";
import { encodeTensors, type StoredTensor, type TensorFile } from "./safetensors.ts";
import type { Session } from "./session.ts";
import { loadWeights, openWeights, trainingPrefix } from "./weights.ts";

/** The best value of a metric so far, and the epoch that had it. */
export interface Mark {
  readonly value: number;
  readonly epoch: number;
}

export interface Progress {
  /** The step at which this training began. */
  start: number;
  kept: Mark | null;
  waited: Mark | null;
  /** Of what rates wait for before they fall, and how far they have fallen. */
  eased: Mark | null;
  ease: number;
  /** Sums over the epoch so far of each loss times its samples, and of the samples. */
  losses: Record<string, number>;
  samples: number;
  /** What validation in this epoch gave last, and whether it was the best so far. */
  val: Record<string, number> | null;
  best: boolean;
}

export function freshEpoch(): Pick<Progress, "losses" | "samples" | "val" | "best"> {
  return { losses: {}, samples: 0, val: null, best: false };
}

/** Copies hold parameters and states, in the order of the plan. */
export interface TrainingSession extends Session<FullPlan> {
  progress: Progress | null;
  /** Where the arena holds weights for use, those that training goes on from. */
  running: Floats[] | null;
  averaged: Floats[] | null;
  best: Floats[] | null;
  /** Whether states that are fitted to the data have been. */
  fitted: boolean;
  /** Whether the next training is the continuation of the one that was saved. */
  resuming: boolean;
}

export function trainingSession(session: Session<FullPlan>): TrainingSession {
  initialize(session);
  const nothing = { progress: null, running: null, averaged: null, best: null };
  const total = session.plan.training.recipe.steps ?? session.total;
  return { ...session, ...nothing, total, fitted: false, resuming: false };
}

export function learned(plan: FullPlan): readonly Tensor[] {
  return [...plan.parameters, ...plan.states];
}

/** Puts the best weights, or else the averaged ones, in the arena; training's own are kept aside. */
export function useBest(session: TrainingSession): void {
  const chosen = session.best ?? session.averaged;
  if (chosen === null || session.running !== null) return;
  session.running = snapshot(session, learned(session.plan));
  restore(session, learned(session.plan), chosen);
}

export function useRunning(session: TrainingSession): void {
  if (session.running !== null) restore(session, learned(session.plan), session.running);
  session.running = null;
}

/** Makes ready for steps that the caller takes: from the weights for use, or from those that were to be gone on from. */
export function takeOver(session: TrainingSession): void {
  if (session.resuming) useRunning(session);
  session.resuming = false;
  session.progress = session.running = session.averaged = session.best = null;
}

/** The weights for use under their names, and all that training needs to go on, as a safetensors file. */
export function save(session: TrainingSession): Uint8Array {
  const { plan, step, seed, total, fitted, progress } = session;
  const tensors = new Map<string, StoredTensor>();
  const arena = snapshot(session, learned(plan));
  const forUse = session.running === null ? (session.best ?? session.averaged ?? arena) : arena;
  storeCopy(tensors, plan, "", forUse);
  storeCopy(tensors, plan, `${trainingPrefix}running/`, session.running ?? arena);
  if (session.averaged !== null) storeCopy(tensors, plan, `${trainingPrefix}averaged/`, session.averaged);
  for (const slot of plan.training.slots)
    tensors.set(slotName(slot), { shape: slot.shape, values: readTensor(session, slot) });
  const hasBest = session.best !== null;
  const training = JSON.stringify({ step, seed, total, fitted, hasBest, progress }, numberToText);
  return encodeTensors({ tensors, metadata: { model: plan.name, training } });
}

/** JSON has no infinity and no NaN. */
function numberToText(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function textToNumber(_: string, value: unknown): unknown {
  return typeof value === "string" ? Number(value) : value;
}

function storeCopy(
  tensors: Map<string, StoredTensor>,
  plan: FullPlan,
  prefix: string,
  copy: readonly Floats[],
): void {
  learned(plan).forEach((tensor, k) => {
    const values = readTensor({ floats: copy[k]! }, { ...tensor, at: 0 });
    tensors.set(prefix + tensor.name, { shape: tensor.shape, values });
  });
}

function slotName(slot: Tensor): string {
  return `${trainingPrefix}slot/${slot.name}`;
}

/** Loads weights for use; with `resume`, also what training needs to go on as if it had never stopped. */
export function load(session: TrainingSession, bytes: Uint8Array, resume: boolean): void {
  session.fitted = true;
  if (!resume) {
    loadWeights(session, bytes);
    return;
  }
  const { plan } = session;
  const prefixes = ["running/", "averaged/"].map((kind) => trainingPrefix + kind);
  const copies = prefixes.map((prefix) => learned(plan).map((one) => ({ ...one, name: prefix + one.name })));
  const slots = plan.training.slots.map((slot) => ({ ...slot, name: slotName(slot) }));
  const { metadata, tensors } = openWeights(plan, bytes, []);
  const saved = parseTraining(metadata["training"]);
  const averaging = copies[1]!.some(({ name }) => tensors.has(name));
  const file = openWeights(plan, bytes, [...copies[0]!, ...(averaging ? copies[1]! : []), ...slots]);
  for (const slot of slots) writeTensor(session, slot, file.tensors.get(slot.name)!.values);
  loadCopy(session, file, trainingPrefix + "averaged/");
  if (averaging) session.averaged = snapshot(session, learned(plan));
  loadCopy(session, file, "");
  if (saved.hasBest) session.best = snapshot(session, learned(plan));
  loadCopy(session, file, trainingPrefix + "running/");
  useBest(session);
  session.step = saved.step;
  session.seed = saved.seed;
  session.total = saved.total;
  session.ease = saved.progress?.ease ?? 1;
  session.fitted = saved.fitted;
  session.progress = saved.progress;
  session.resuming = saved.progress !== null;
}

function loadCopy(session: TrainingSession, file: TensorFile, prefix: string): void {
  for (const tensor of learned(session.plan)) {
    const stored = file.tensors.get(prefix + tensor.name);
    if (stored !== undefined) writeTensor(session, tensor, stored.values);
  }
}

interface SavedTraining {
  readonly step: number;
  readonly seed: number;
  readonly total: number;
  readonly fitted: boolean;
  readonly hasBest: boolean;
  readonly progress: Progress | null;
}

function parseTraining(text: string | undefined): SavedTraining {
  let saved: Partial<SavedTraining> | null = null;
  try {
    saved = JSON.parse(text ?? "null", textToNumber) as Partial<SavedTraining> | null;
  } catch {
    // Said below, as for a file without it.
  }
  const { step, seed, total, progress } = saved ?? {};
  const whole =
    Number.isSafeInteger(step) &&
    Number.isSafeInteger(seed) &&
    typeof total === "number" &&
    isProgress(progress);
  if (!whole) throw new Error("these weights hold no training to go on from");
  return saved as SavedTraining;
}

function isProgress(value: Progress | null | undefined): boolean {
  if (value === null) return true;
  return (
    typeof value === "object" &&
    Number.isSafeInteger(value.start) &&
    Number.isFinite(value.samples) &&
    typeof value.losses === "object" &&
    value.losses !== null
  );
}
