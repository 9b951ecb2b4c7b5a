/** Owns functions over samples: samples in, outputs out, a chunk of the capacity at a time. */
import { knownPlaces, sizeOf } from "./layout.ts";
import type { Floats, Result } from "./plan.ts";
import { type Batch, type Feed, feedOf } from "./samples.ts";
import { checkWhole, run, type Session } from "./session.ts";

export function predict(session: Session, batch: Batch): Record<string, Floats | Int32Array> {
  const { plan } = session;
  const feed = feedOf(plan.inputs, batch);
  checkWhole(plan, "predict", feed.count);
  return outputsOf(session, plan.outputs, feed, (count, first) => run(session, "predict", count, first));
}

/** What `compute` leaves in the places of the results, for all samples of the feed. */
export function outputsOf(
  session: Session,
  results: readonly Result[],
  feed: Feed,
  compute: (count: number, first: number) => void,
): Record<string, Floats | Int32Array> {
  const { plan } = session;
  const outputs = results.map((output) => {
    const source = output.indices ? session.indices : session.floats;
    const size = sizeOf(output.shape.slice(1));
    const values = output.indices
      ? new Int32Array(feed.count * size)
      : plan.width === 8
        ? new Float64Array(feed.count * size)
        : new Float32Array(feed.count * size);
    return { name: output.name, at: output.at, places: knownPlaces(session, output), source, size, values };
  });
  for (let from = 0; from < feed.count; from += plan.capacity) {
    const count = Math.min(plan.capacity, feed.count - from);
    feed.load(session, from, count);
    compute(count, from);
    for (const { at, places, source, size, values } of outputs)
      for (let i = 0; i < count * size; i += 1)
        values[from * size + i] = source[at + (places === null ? i : places[i]!)]!;
  }
  return Object.fromEntries(outputs.map(({ name, values }) => [name, values]));
}
