/** Owns one step of training: losses and gradients, a chunk of the capacity at a time, clipping, and the update. */
import { addSums, emptySums, lossesOf, type LossSums } from "./evaluate.ts";
import { readTensor, restore, snapshot } from "./layout.ts";
import type { Floats, FullPlan, GradientProgram, Objective, Tensor } from "./plan.ts";
import type { Feed } from "./samples.ts";
import { checkWhole, chunkOf, run, runOver, type Session } from "./session.ts";

/** A loss that is no number any more: the step, and the first section whose result shows it. */
export class NonFiniteLoss extends Error {
  readonly step: number;
  readonly section: string | null;

  constructor(step: number, loss: number, section: string | null) {
    super(`step ${step}: the loss is ${loss}${section === null ? "" : `, seen first in ${section}`}`);
    this.name = "NonFiniteLoss";
    this.step = step;
    this.section = section;
  }
}

/**
 * One step of each `minimize` line whose turn it is, one after the other's update, on the same samples and with noise of
 * its own. Gives the losses before the step.
 */
export function trainStep(session: Session<FullPlan>, feed: Feed): Record<string, number> {
  const { plan, step } = session;
  const { objectives } = plan.training;
  let losses: Record<string, number> | null = null;
  for (const [turn, objective] of objectives.entries()) {
    const { every = 1 } = objective;
    if (step % every !== 0) continue;
    const found = passOf(session, objective, turn, feed);
    losses ??= found;
    clipAll(session, objective);
    // Schedules and optimizers see the turns that were taken.
    const own = { step: Math.floor(step / every), total: Math.ceil(session.total / every) };
    for (const { routine } of objective.updates) update({ ...session, ...own }, routine, feed.count);
  }
  if (losses === null && objectives.length > 0) losses = passOf(session, objectives[0]!, 0, feed);
  session.step += 1;
  return losses ?? lossesOf(plan.losses, emptySums(plan.losses));
}

function update(session: Session<FullPlan>, routine: string, count: number): void {
  if (session.crew === null || !session.crew.divide(session, routine)) run(session, routine, count, 0);
}

/** The losses of one pass, whose gradients are left in their tensors. */
function passOf(
  session: Session<FullPlan>,
  { name }: Objective,
  turn: number,
  feed: Feed,
): Record<string, number> {
  const { plan } = session;
  const sums = emptySums(plan.losses);
  runGradients(
    { ...session, seed: seedOfTurn(session.seed, turn) },
    findProgram(plan, name, true),
    feed,
    sums,
  );
  const losses = lossesOf(plan.losses, sums);
  const value = losses["loss"]!;
  if (value - value !== 0) {
    const section = firstNonFinite(session, Math.min(feed.count, plan.capacity));
    throw new NonFiniteLoss(session.step, value, section);
  }
  return losses;
}

/** Noise is drawn by seed and step: lines of one step differ in the seed. */
function seedOfTurn(seed: number, turn: number): number {
  return (seed + Math.imul(turn, 0x9e3779b9)) | 0;
}

function clipAll({ plan, floats }: Session<FullPlan>, { parameters }: Objective): void {
  const { gradients: tensors, recipe } = plan.training;
  if (recipe.clip === undefined) return;
  const moved = tensors.filter((gradient) => parameters.includes(gradient.name));
  clip(floats, moved, recipe.clip);
}

/** The learning rate of the last step, where the optimizer has one. */
export function learningRate(session: Session<FullPlan>): number | null {
  const rate = session.plan.training.objectives[0]?.updates[0]?.rate ?? null;
  return rate === null ? null : session.floats[rate]!;
}

/**
 * Losses and gradients as the coming step would have them, row-major; nothing is changed.
 * @throws where the module holds no gradients of `loss`.
 */
export function gradients(
  session: Session<FullPlan>,
  feed: Feed,
  loss: string,
  training: boolean,
): { losses: Record<string, number>; gradients: Record<string, Floats> } {
  const { plan } = session;
  const states = snapshot(session, plan.states);
  const sums = emptySums(plan.losses);
  const turn = plan.training.objectives.findIndex(({ name }) => name === loss);
  const seed = seedOfTurn(session.seed, training ? Math.max(turn, 0) : 0);
  runGradients({ ...session, seed }, findProgram(plan, loss, training), feed, sums);
  restore(session, plan.states, states);
  const values = plan.training.gradients.map((tensor) => [tensor.name, readTensor(session, tensor)]);
  return { losses: lossesOf(plan.losses, sums), gradients: Object.fromEntries(values) };
}

function findProgram(plan: FullPlan, objective: string, training: boolean): GradientProgram {
  const { programs } = plan.training;
  const found = programs.find((one) => one.objective === objective && one.training === training);
  if (found !== undefined) return found;
  const known = programs.filter((one) => one.training === training).map((one) => one.objective);
  const mode = training ? "" : " without training";
  throw new Error(`there are no gradients of ${objective}${mode}; there are: ${known.join(", ") || "none"}`);
}

/** Leaves the gradients of the mean over all samples in their tensors. */
function runGradients(
  session: Session<FullPlan>,
  { routine }: GradientProgram,
  feed: Feed,
  sums: LossSums,
): void {
  const { plan, floats } = session;
  const chunk = chunkOf(session, routine);
  checkWhole(plan, routine, feed.count);
  if (feed.count <= chunk) {
    runPart(session, routine, feed, 0, feed.count, sums);
    return;
  }
  const tensors = plan.training.gradients;
  const mean = tensors.map(({ storage }) => new Float64Array(storage));
  for (let from = 0; from < feed.count; from += chunk) {
    const count = Math.min(chunk, feed.count - from);
    runPart(session, routine, feed, from, count, sums);
    tensors.forEach(({ at, storage }, k) => {
      for (let i = 0; i < storage; i += 1) mean[k]![i]! += (count / feed.count) * floats[at + i]!;
    });
  }
  tensors.forEach(({ at }, k) => floats.set(mean[k]!, at));
}

/** Leaves the gradients of the mean over some samples in their tensors. */
function runPart(
  session: Session<FullPlan>,
  routine: string,
  feed: Feed,
  from: number,
  count: number,
  sums: LossSums,
): void {
  const slices = runOver(session, routine, feed, from, count, from);
  for (const { arena } of slices) addSums(sums, session.plan.losses, arena);
  if (slices.length > 1) session.crew?.fold(slices);
}

/** By the norm of all together, or each number by itself. */
function clip(
  floats: Floats,
  tensors: readonly Tensor[],
  { kind, limit }: { readonly kind: "norm" | "value"; readonly limit: number },
): void {
  let squares = 0;
  if (kind === "norm")
    for (const { at, storage } of tensors)
      for (let i = at; i < at + storage; i += 1) squares += floats[i]! * floats[i]!;
  const scale = limit / (Math.sqrt(squares) + 1e-6);
  if (kind === "norm" && scale >= 1) return;
  for (const { at, storage } of tensors)
    for (let i = at; i < at + storage; i += 1)
      floats[i] = kind === "norm" ? floats[i]! * scale : Math.min(Math.max(floats[i]!, -limit), limit);
}

/** The parameter or the first section of the last routine that holds NaN or an infinity; null where none is left. */
export function firstNonFinite(session: Session<FullPlan>, count: number): string | null {
  const { plan, floats } = session;
  const broken = (at: number, length: number) =>
    floats.subarray(at, at + length).some((value) => value - value !== 0);
  const parameter = plan.parameters.find(({ at, storage }) => broken(at, storage));
  if (parameter !== undefined) return `the parameter ${parameter.name}`;
  const trace = plan.training.trace.find(({ ranges }) =>
    ranges.some(([at, length, batched]) => broken(at, batched ? length * count : length)),
  );
  return trace?.section ?? null;
}
