/**
 * Owns the race: every contestant is a process of its own, and they run in turns, so that a noisy neighbour slows all of
 * them alike. What counts for one thread is the time of the processor that the process took, so that one who takes the
 * processor away slows none; for several threads it is the time that passed.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { median } from "./measure.ts";
import type { Answer, Metric, Request } from "./stand.ts";
import type { WorkloadName } from "./workloads.ts";

export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly threads: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Entry {
  readonly peer: string;
  readonly workload: WorkloadName;
  readonly metric: Metric;
  readonly threads: number;
  /** Microseconds of a run: the median, the least and the most of the rounds. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: readonly number[];
  readonly losses: readonly number[] | null;
  readonly note: string | null;
  readonly runtime: string;
}

export interface Failure {
  readonly peer: string;
  readonly workload: WorkloadName;
  readonly metric: Metric;
  readonly reason: string;
}

export interface Clock {
  readonly rounds: number;
  /** Milliseconds of a turn, and of warming up. */
  readonly turn: number;
  readonly warm: number;
}

interface Stand {
  readonly contestant: Contestant;
  readonly ask: (request: Request) => Promise<Answer>;
  readonly close: () => void;
}

/** Answers in the order of the requests; a process that ends answers with what it said last. */
function open(contestant: Contestant): Stand {
  const [program, ...rest] = contestant.command as [string, ...string[]];
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, rest, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...contestant.environment },
  });
  const waiting: ((answer: Answer) => void)[] = [];
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said = (said + part.toString()).slice(-2000)));
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("@")) waiting.shift()?.(JSON.parse(line.slice(1)) as Answer);
  });
  const ending = (): string => `ended: ${said.trim().split("\n").at(-1) ?? ""}`;
  const end = (): void => {
    for (const resolve of waiting.splice(0)) resolve({ cannot: ending() });
  };
  child.on("exit", end);
  child.on("error", (error) => {
    said = error.message;
    end();
  });
  child.stdin.on("error", () => undefined);
  return {
    contestant,
    ask: (request) =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve({ cannot: ending() });
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify(request)}\n`);
      }),
    close: () => child.stdin.end(),
  };
}

export const metrics: Readonly<Record<WorkloadName, readonly Metric[]>> = {
  W1: ["train", "infer 1"],
  W2: ["train", "infer 1", "infer 64"],
  W3: ["train", "infer 1"],
  W4: ["train", "infer 1"],
  W5: ["train", "infer 1"],
  "W6-256": ["product"],
  "W6-1024": ["product"],
};

/** All metrics of a workload. */
export async function race(
  workload: WorkloadName,
  contestants: readonly Contestant[],
  clock: Clock,
): Promise<{ readonly entries: readonly Entry[]; readonly failures: readonly Failure[] }> {
  const stands = contestants.map(open);
  const entries: Entry[] = [];
  const failures: Failure[] = [];
  for (const metric of metrics[workload]) {
    const ready: { stand: Stand; times: number[]; answer: Extract<Answer, { ready: true }> }[] = [];
    for (const stand of stands) {
      const answer = await stand.ask({ prepare: workload, metric, warm: clock.warm });
      if ("ready" in answer) ready.push({ stand, times: [], answer });
      else if ("cannot" in answer && answer.cannot !== "")
        failures.push({ peer: stand.contestant.name, workload, metric, reason: answer.cannot });
    }
    for (let round = 0; round < clock.rounds; round++) {
      for (const { stand, times } of ready) {
        const answer = await stand.ask({ round: clock.turn });
        if ("wall" in answer) times.push(stand.contestant.threads === 1 ? answer.processor : answer.wall);
      }
    }
    for (const { stand, times, answer } of ready) {
      const { name: peer, threads } = stand.contestant;
      if (times.length < clock.rounds) {
        failures.push({ peer, workload, metric, reason: "ended within the race" });
        continue;
      }
      entries.push({
        peer,
        workload,
        metric,
        threads,
        value: median(times),
        least: Math.min(...times),
        most: Math.max(...times),
        rounds: times,
        losses: answer.losses ?? null,
        note: answer.note ?? null,
        runtime: answer.runtime,
      });
    }
  }
  for (const stand of stands) stand.close();
  return { entries, failures };
}

/** How many times as fast as another, the median of the rounds. */
export function speedAgainst(entry: Entry, other: Entry): number {
  return median(entry.rounds.map((time, round) => other.rounds[round]! / time));
}
