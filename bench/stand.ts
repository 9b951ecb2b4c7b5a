/**
 * Owns the contestant's side of the race: a process that prepares what it is told to and then runs it for a while each
 * time that it is its turn. Requests come as lines of JSON; answers are lines that begin with `@`, because libraries print.
 */
import { createInterface } from "node:readline";
import type { WorkloadName } from "./workloads.ts";

/** `train` is a step with its loss read back, `infer` a prediction of one sample or of 64, `product` one of matrices. */
export type Metric = "train" | "infer 1" | "infer 64" | "product";

export interface Prepared {
  readonly run: () => unknown;
  /** The first ten losses, where the same mathematics is trained. */
  readonly losses?: readonly number[];
  /** What differs from the others. */
  readonly note?: string;
}

/** Null where this contestant has no such thing; throws where it fails. */
export type Stand = (workload: WorkloadName, metric: Metric) => Promise<Prepared | null> | Prepared | null;

export type Request =
  | { readonly prepare: WorkloadName; readonly metric: Metric; readonly warm: number }
  | { readonly round: number };

export type Answer =
  | {
      readonly ready: true;
      readonly losses?: readonly number[];
      readonly note?: string;
      readonly runtime: string;
    }
  | { readonly cannot: string }
  | { readonly wall: number; readonly processor: number };

/** Runs for about so many milliseconds; the mean of a run in microseconds. */
async function turn(
  run: () => unknown,
  milliseconds: number,
  least: number,
): Promise<[number, number, number]> {
  const begin = performance.now();
  const used = process.cpuUsage();
  let runs = 0;
  // The clock is looked at rarely, so that it does not count where a run takes less than it.
  let between = 1;
  for (;;) {
    for (let k = 0; k < between; k++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    runs += between;
    const passed = performance.now() - begin;
    if (passed >= milliseconds && runs >= least) {
      const { user, system } = process.cpuUsage(used);
      return [(1000 * passed) / runs, (user + system) / runs, runs];
    }
    between = Math.max(1, Math.round((runs / Math.max(passed, 0.01)) * Math.min(2, milliseconds / 20)));
  }
}

function answer(text: Answer): void {
  process.stdout.write(`@${JSON.stringify(text)}\n`);
}

/** Serves until its input ends. */
export async function serve(stand: Stand): Promise<void> {
  let prepared: Prepared | null = null;
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    try {
      if ("prepare" in request) {
        prepared = await stand(request.prepare, request.metric);
        if (prepared === null) answer({ cannot: "" });
        else {
          const { run, losses, note } = prepared;
          await turn(run, request.warm, 2);
          answer({
            ready: true,
            ...(losses === undefined ? {} : { losses }),
            ...(note === undefined ? {} : { note }),
            runtime: `node ${process.versions.node}`,
          });
        }
      } else {
        const [wall, processor] = await turn(prepared!.run, request.round, 1);
        answer({ wall, processor });
      }
    } catch (error) {
      answer({ cannot: error instanceof Error ? error.message : String(error) });
    }
  }
  process.exit(0);
}

/** The first ten losses. */
export async function tenLosses(step: () => unknown): Promise<number[]> {
  const losses: number[] = [];
  for (let k = 0; k < 10; k++) losses.push(Number(await step()));
  return losses;
}
