/** Owns evaluating: losses and metrics over any number of samples, a chunk of the capacity at a time. */
import { knownPlaces, sizeOf } from "./layout.ts";
import type { FullPlan, Loss } from "./plan.ts";
import type { Feed } from "./samples.ts";
import { type Arena, chunkOf, runOver, type Session } from "./session.ts";

/** Sums of losses and of their weights, in double precision. */
export interface LossSums {
  readonly totals: Float64Array;
  readonly weights: Float64Array;
}

export function emptySums(losses: readonly Loss[]): LossSums {
  return { totals: new Float64Array(losses.length), weights: new Float64Array(losses.length) };
}

/** Adds what the last routine left. */
export function addSums(sums: LossSums, losses: readonly Loss[], { floats }: Pick<Arena, "floats">): void {
  losses.forEach(({ total, weight }, k) => {
    sums.totals[k]! += floats[total]!;
    sums.weights[k]! += floats[weight]!;
  });
}

/** Each loss by name, and `loss`, which is all of them together. */
export function lossesOf(losses: readonly Loss[], { totals, weights }: LossSums): Record<string, number> {
  const means = losses.map((_, k) => totals[k]! / weights[k]!);
  const values: Record<string, number> = {};
  values["loss"] = means.reduce((sum, mean) => sum + mean, 0);
  losses.forEach(({ name }, k) => (values[name] = means[k]!));
  return values;
}

export function evaluate(session: Session<FullPlan>, feed: Feed): Record<string, number> {
  const { plan } = session;
  const sums = emptySums(plan.losses);
  const metrics = plan.metrics.map((metric) => ({
    ...metric,
    columns: metric.collects.map((tensor) => {
      const size = sizeOf(tensor.shape.slice(1));
      return {
        at: tensor.at,
        places: knownPlaces(session, tensor),
        indices: tensor.indices,
        size,
        values: new Float64Array(feed.count * size),
      };
    }),
  }));
  const chunk = chunkOf(session, "evaluate");
  for (let start = 0; start < feed.count; start += chunk) {
    const whole = Math.min(chunk, feed.count - start);
    for (const { arena, from, count } of runOver(session, "evaluate", feed, start, whole, 0)) {
      addSums(sums, plan.losses, arena);
      for (const { at, places, indices, size, values } of metrics.flatMap(({ columns }) => columns)) {
        const source = indices ? arena.indices : arena.floats;
        for (let i = 0; i < count * size; i += 1)
          values[from * size + i] = source[at + (places === null ? i : places[i]!)]!;
      }
    }
  }
  const results = lossesOf(plan.losses, sums);
  for (const { name, finish, columns } of metrics)
    results[name] = finish(feed.count, ...columns.map(({ values }) => values));
  return results;
}
