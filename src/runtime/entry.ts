/** Owns the module's further functions: their inputs or a number of samples in, their outputs out. */
import type { EntryNumber, Floats } from "./plan.ts";
import { outputsOf } from "./predict.ts";
import { type Batch, feedOf, type Samples } from "./samples.ts";
import { checkWhole, type Session } from "./session.ts";

/** How an entry is called. */
export interface EntryOptions {
  /** Decides about what it draws: equal seeds draw alike, however far training is. By default the model's seed. */
  readonly seed?: number;
}

/** How an entry without inputs is called. */
export interface DrawOptions extends EntryOptions {
  /** Samples; 1 where nothing is said. */
  readonly batch?: number;
}

/** Samples and numbers by name. */
export type EntryInputs = Readonly<Record<string, Samples | number | undefined>>;

/** @throws where an input is missing, has the wrong shape, or holds what it may not. */
export function callEntry(
  session: Session,
  name: string,
  given: EntryInputs,
  { seed, batch: count = 1 }: DrawOptions,
): Record<string, Floats | Int32Array> {
  const {
    inputs,
    numbers = [],
    outputs,
    routine,
  } = session.plan.entries!.find((entry) => entry.name === name)!;
  if (inputs.length === 0 && !(Number.isSafeInteger(count) && count > 0))
    throw new Error(`batch is a whole number of at least 1, and was ${count}`);
  const feed = inputs.length === 0 ? { count, load: () => {} } : feedOf(inputs, given as Batch);
  for (const number of numbers)
    if (number.at !== undefined) session.floats[number.at] = numberOf(number, given[number.name]);
  checkWhole(session.plan, routine, feed.count);
  const drawn = (seed ?? session.seed) | 0;
  return outputsOf(session, outputs, feed, session.plan.capacity, (from, samples) => {
    feed.load(session, from, samples);
    session.routines[routine]!(samples, drawn, 0, from);
    return [{ arena: session, from, count: samples }];
  });
}

/** @throws where it is missing, or not what is due. */
export function numberOf({ name, fallback, bound, length }: EntryNumber, given: unknown): number {
  const value = given ?? fallback;
  if (value === undefined) throw new Error(`${name} is missing: give a number`);
  const right =
    typeof value === "number" && value - value === 0 && (bound === undefined || isWithin(value, bound));
  const isCount = length === undefined || (Number.isInteger(value) && (value as number) >= 1);
  if (right && isCount) return value;
  const kind = length === undefined ? "a number" : "a whole number above 0 and";
  const due = bound === undefined ? "a finite number" : `${kind} ${bound.join(" ")}`;
  throw new Error(`${name} is ${due}, and was ${String(value)}`);
}

function isWithin(value: number, [operator, limit]: NonNullable<EntryNumber["bound"]>): boolean {
  if (operator === "<" || operator === "<=") return value < limit || (operator === "<=" && value === limit);
  return value > limit || (operator === ">=" && value === limit);
}
