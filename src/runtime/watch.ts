/** Owns what is made of looking at the weights on the way: averages, the best, and when to stop waiting for better. */
import { restore, snapshot } from "./layout.ts";
import type { Floats, FullPlan, Recipe } from "./plan.ts";
import { learned, type Mark, type Progress, type TrainingSession } from "./training.ts";

/** Losses or metrics by name. */
export type Numbered = Readonly<Record<string, number>>;

/** `average = decay · average + (1 - decay) · weights` over parameters; states are taken as they are. */
export function average(session: TrainingSession, decay: number): void {
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
export function withAverage<T>(session: TrainingSession, look: () => T): T {
  if (session.averaged === null) return look();
  const tensors = learned(session.plan);
  const running = snapshot(session, tensors);
  restore(session, tensors, session.averaged);
  const seen = look();
  restore(session, tensors, running);
  return seen;
}

/** Copies the weights where they are the best so far, and says whether they are. */
export function keepBest(
  session: TrainingSession,
  progress: Progress,
  { keep }: Recipe,
  values: Numbered,
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

/** Whether training should go on; `values` is null in an epoch where nobody looked. */
export function isPatient(
  plan: FullPlan,
  progress: Progress,
  { stop }: Recipe,
  values: Numbered | null,
  epoch: number,
): boolean {
  if (stop === undefined) return true;
  if (values !== null)
    progress.waited = better(plan, stop.metric, progress.waited, values, epoch) ?? progress.waited;
  return epoch - (progress.waited?.epoch ?? 0) < stop.epochs;
}

/** What rates are multiplied by from here on: less each time that so many epochs were no better. */
export function easeRates(
  plan: FullPlan,
  progress: Progress,
  { reduce }: Recipe,
  values: Numbered | null,
  epoch: number,
): number {
  if (reduce === undefined || values === null) return progress.ease;
  const mark = better(plan, reduce.metric, progress.eased, values, epoch);
  if (mark !== null) progress.eased = mark;
  else if (epoch - (progress.eased?.epoch ?? 0) >= reduce.epochs) {
    progress.ease *= reduce.by;
    progress.eased = { value: progress.eased?.value ?? NaN, epoch };
  }
  return progress.ease;
}

/** The new mark, or null where the value is no better than before. */
function better(
  { metrics }: FullPlan,
  name: string,
  before: Mark | null,
  values: Numbered,
  epoch: number,
): Mark | null {
  const value = values[name];
  if (value === undefined || Number.isNaN(value)) return null;
  const more = metrics.some((metric) => metric.name === name && metric.better === "more");
  const improves =
    before === null || Number.isNaN(before.value) || (more ? value > before.value : value < before.value);
  return improves ? { value, epoch } : null;
}

/** @throws where what is asked for will not be there: metrics come with validation, losses with every step. */
export function checkWatched(
  { losses, metrics }: FullPlan,
  { keep, stop, reduce }: Recipe,
  validates: boolean,
): void {
  for (const asked of [keep, stop, reduce]) {
    if (asked === undefined) continue;
    const names = ["loss", ...losses.map(({ name }) => name)];
    if (names.includes(asked.metric)) continue;
    if (!metrics.some(({ name }) => name === asked.metric))
      throw new Error(`there is no loss and no metric ${asked.metric}`);
    if (!validates)
      throw new Error(`${asked.metric} is asked for, but nothing is held back to validate with`);
  }
}
