/**
 * Owns the race on one workload: a training step of the generated module, and its prediction of one sample, against
 * those written by hand, in the same run and with the same losses.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Generated, generate } from "./generated.ts";
import { handWritten, type Mark, type WorkloadName } from "./mark.ts";
import { type Contestant, type Measured, measure, median } from "./measure.ts";

export interface Entry {
  readonly workload: WorkloadName;
  readonly metric: "train" | "infer 1";
  readonly peer: string;
  /** Microseconds of the processor for a step or a prediction. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** How many times as fast as the faster of those by hand, the median of the rounds. */
  readonly ratio: number;
  readonly node: string;
}

export interface RaceOptions {
  readonly kernels: "auto" | "scalar" | "simd";
  readonly rounds: number;
}

const called: Readonly<Record<RaceOptions["kernels"], string>> = {
  auto: "nnc",
  scalar: "nnc-scalar",
  simd: "nnc-simd",
};

/** Parameters and batch as by hand; gives what brings the session back to them. */
function begin({ inside, session }: Generated, { workload }: Mark): () => void {
  const { plan } = inside;
  workload.parameters.forEach(({ data }, place) =>
    inside.writeTensor!(session, plan.parameters[place]!, data),
  );
  const start = session.floats.slice();
  return () => {
    session.floats.set(start);
    session.step = 0;
  };
}

/** Throws where the first ten losses are not those by hand. */
function expectSameLosses(name: string, ours: () => number, mark: Mark): void {
  mark.reset();
  for (let step = 0; step < 10; step++) {
    const [mine, theirs] = [ours(), mark.step()];
    if (!(Math.abs(mine - theirs) <= 1e-4 * Math.abs(theirs)))
      throw new Error(`${name}, step ${step}: a loss of ${mine}, by hand ${theirs}: not the same training`);
  }
}

interface Racer {
  readonly name: string;
  readonly train: readonly Contestant[];
  readonly infer: readonly Contestant[];
}

async function racerOf(workload: WorkloadName, kernels: RaceOptions["kernels"], mark: Mark): Promise<Racer> {
  const name = `models/${workload.toLowerCase()}.nn`;
  const text = readFileSync(join(import.meta.dirname, name), "utf8");
  const peer = called[kernels];
  const training = await generate(name, text, { kernels, inference: false });
  const reset = begin(training, mark);
  const { inside, session } = training;
  const [x, y] = [inside.plan.inputs[0]!.name, inside.plan.targets![0]!.name];
  const ports = [...inside.plan.inputs, ...inside.plan.targets!];
  const feed = inside.feedOf!(ports, { [x]: mark.workload.x, [y]: mark.workload.y });
  // The batch stays where it is, as it does for the step by hand.
  const still = { count: feed.count, load: () => undefined };
  const step = (): number => inside.trainStep!(session, feed)["loss"]!;
  expectSameLosses(`${peer} on ${workload}`, step, mark);
  reset();
  feed.load(session, 0, feed.count);
  const loaded = session.floats.slice();
  const again = (): void => {
    session.floats.set(loaded);
    session.step = 0;
  };
  const predict = session.routines["predict"]!;
  return {
    name: peer,
    train: [
      { name: peer, reset: again, run: () => inside.trainStep!(session, still) },
      { name: `${peer}, batch checked and copied in`, reset: again, run: step },
    ],
    infer: [{ name: peer, reset: again, run: () => predict(1, 0, 0, 0) }],
  };
}

/** One line for each contestant, the faster of those by hand being 1. Null where nothing written by hand is there. */
export async function race(
  workload: WorkloadName,
  kinds: readonly RaceOptions["kernels"][],
  rounds: number,
): Promise<readonly Entry[] | null> {
  const plain = await handWritten(workload, false);
  if (plain === null) return null;
  const flushed = await handWritten(workload, true);
  const racers = [];
  for (const kernels of kinds) racers.push(await racerOf(workload, kernels, plain));
  const marks = [
    { name: "limit", mark: plain },
    ...(flushed === null ? [] : [{ name: "limit, denormals flushed", mark: flushed }]),
  ];
  const train = measure(
    [
      ...marks.map(({ name, mark }) => ({ name, reset: mark.reset, run: mark.step })),
      ...racers.flatMap((racer) => racer.train),
    ],
    { rounds },
  );
  const byHand = marks.flatMap(({ name, mark }) =>
    mark.infer === null ? [] : [{ name, reset: mark.reset, run: mark.infer }],
  );
  const infer = measure([...byHand, ...racers.flatMap((racer) => racer.infer)], {
    rounds,
    chunk: 50,
    warm: 400,
  });
  return [...entries(workload, "train", train), ...entries(workload, "infer 1", infer)];
}

function entries(
  workload: WorkloadName,
  metric: Entry["metric"],
  measured: readonly Measured[],
): readonly Entry[] {
  const [best] = measured.filter(({ name }) => name.startsWith("limit")).sort((a, b) => a.median - b.median);
  return measured.map(({ name, median: value, least, most, rounds }) => ({
    workload,
    metric,
    peer: name,
    value,
    least,
    most,
    ratio: best === undefined ? Number.NaN : median(rounds.map((time, round) => best.rounds[round]! / time)),
    node: process.version,
  }));
}
