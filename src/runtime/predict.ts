/** Owns functions over samples: samples in, outputs out, a chunk of the capacity at a time. */
import { knownPlaces, sizeOf } from "./layout.ts";
import type { Floats, Result } from "./plan.ts";
import { type Batch, type Feed, feedOf } from "./samples.ts";
import { checkWhole, chunkOf, runOver, type Session, type Slice } from "./session.ts";

export function predict(session: Session, batch: Batch): Record<string, Floats | Int32Array> {
  const { plan } = session;
  const feed = feedOf(plan.inputs, batch);
  checkWhole(plan, "predict", feed.count);
  return outputsOf(session, plan.outputs, feed, chunkOf(session, "predict"), (from, count) =>
    runOver(session, "predict", feed, from, count, from),
  );
}

/** What `compute` leaves in the places of the results, for all samples of the feed. */
export function outputsOf(
  session: Session,
  results: readonly Result[],
  feed: Feed,
  chunk: number,
  compute: (from: number, count: number) => readonly Slice[],
): Record<string, Floats | Int32Array> {
  const { plan } = session;
  const outputs = results.map((output) => {
    const size = sizeOf(output.shape.slice(1));
    const values = output.indices
      ? new Int32Array(feed.count * size)
      : plan.width === 8
        ? new Float64Array(feed.count * size)
        : new Float32Array(feed.count * size);
    return {
      name: output.name,
      at: output.at,
      places: knownPlaces(session, output),
      indices: output.indices,
      size,
      values,
    };
  });
  for (let start = 0; start < feed.count; start += chunk) {
    for (const { arena, from, count } of compute(start, Math.min(chunk, feed.count - start)))
      for (const { at, places, indices, size, values } of outputs) {
        const source = indices ? arena.indices : arena.floats;
        for (let i = 0; i < count * size; i += 1)
          values[from * size + i] = source[at + (places === null ? i : places[i]!)]!;
      }
  }
  return Object.fromEntries(outputs.map(({ name, values }) => [name, values]));
}
