/** Owns the module's further functions: their inputs or a number of samples in, their outputs out. */
import type { Floats } from "./plan.ts";
import { outputsOf } from "./predict.ts";
import { type Batch, feedOf } from "./samples.ts";
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

/** @throws where an input is missing, has the wrong shape, or holds what it may not. */
export function callEntry(
  session: Session,
  name: string,
  batch: Batch,
  { seed, batch: count = 1 }: DrawOptions,
): Record<string, Floats | Int32Array> {
  const { inputs, outputs, routine } = session.plan.entries!.find((entry) => entry.name === name)!;
  if (inputs.length === 0 && !(Number.isSafeInteger(count) && count > 0))
    throw new Error(`batch is a whole number of at least 1, and was ${count}`);
  const feed = inputs.length === 0 ? { count, load: () => {} } : feedOf(inputs, batch);
  checkWhole(session.plan, routine, feed.count);
  const drawn = (seed ?? session.seed) | 0;
  return outputsOf(session, outputs, feed, (samples, first) =>
    session.routines[routine]!(samples, drawn, 0, first),
  );
}
