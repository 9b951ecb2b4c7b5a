/** Owns what is said of a race: tables for people, lines of JSON for programs, and whether all trained the same. */
import { type Entry, metrics, speedAgainst } from "./contest.ts";
import { workloadNames } from "./workloads.ts";

const size: Readonly<Record<string, number>> = { "W6-256": 256, "W6-1024": 1024 };

/** A figure as people name it: steps a second, microseconds, or GFLOP/s. */
function figure({ workload, metric }: Entry, microseconds: number): number {
  if (metric === "train") return 1e6 / microseconds;
  if (metric === "product") return (2 * size[workload]! ** 3) / (microseconds * 1e3);
  return microseconds;
}

const units = { train: "steps a second", "infer 1": "µs", "infer 64": "µs", product: "GFLOP/s" } as const;

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** The faster form of what was written by hand, on the same Node. */
function markOf(entry: Entry, among: readonly Entry[]): Entry | null {
  const suffix = /, node \d+$/.exec(entry.peer)?.[0] ?? "";
  const marks = among.filter(
    ({ peer }) => peer === `limit${suffix}` || peer === `limit, denormals flushed${suffix}`,
  );
  return marks.length === 0 ? null : marks.reduce((best, one) => (one.value < best.value ? one : best));
}

function table(found: readonly Entry[]): string {
  const ours = found.find(({ peer }) => peer === "nnc");
  const sorted = [...found].sort((a, b) => a.value - b.value);
  const rows = sorted.map((entry) => {
    const mark = entry.peer.startsWith("nnc") ? markOf(entry, found) : null;
    const range = [entry.least, entry.most].map((value) => figure(entry, value)).sort((a, b) => a - b);
    const cells = [
      entry.note === null ? entry.peer : `${entry.peer} (${entry.note})`,
      shown(figure(entry, entry.value)),
      range.map(shown).join(" – "),
      ours === undefined ? "–" : shown(speedAgainst(entry, ours)),
      mark === null ? "–" : shown(speedAgainst(entry, mark)),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const { workload, metric } = found[0]!;
  return `### ${workload}, ${metric}

| | ${units[metric]} | least – most | speed, nnc = 1 | speed, limit = 1 |
| --- | --: | --: | --: | --: |
${rows.join("\n")}
`;
}

export function tables(entries: readonly Entry[]): string {
  return workloadNames
    .flatMap((workload) => metrics[workload].map((metric) => ({ workload, metric })))
    .map(({ workload, metric }) =>
      entries.filter((one) => one.workload === workload && one.metric === metric),
    )
    .filter((found) => found.length > 0)
    .map(table)
    .join("\n");
}

const metricNames = {
  train: "train_steps_per_s",
  "infer 1": "infer_b1_us",
  "infer 64": "infer_b64_us",
  product: "gflops",
} as const;

export function jsonLines(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => {
    const { peer, workload, metric, threads, value, least, most, note, losses, runtime } = entry;
    const numbers = [value, least, most].map((time) => Number(figure(entry, time).toPrecision(5)));
    return JSON.stringify({
      peer,
      workload: workload.replace("-", "_"),
      metric: metricNames[metric],
      value: numbers[0],
      threads,
      runtime,
      range: numbers.slice(1).sort((a, b) => a! - b!),
      ...(losses === null ? {} : { losses: [losses[0], losses[9]] }),
      ...(note === null ? {} : { note }),
    });
  });
}

/** Who does not train what the first one trains, by the first ten losses. */
export function disagreements(entries: readonly Entry[]): readonly string[] {
  const training = entries.filter(({ losses }) => losses !== null);
  return training.flatMap(({ peer, workload, losses }) => {
    const against = training.find((one) => one.workload === workload)!;
    const step = losses!.findIndex(
      (loss, place) =>
        !(Math.abs(loss - against.losses![place]!) <= 1e-4 * Math.abs(against.losses![place]!)),
    );
    if (step < 0) return [];
    return `${workload}: ${peer} has a loss of ${losses![step]} at step ${step}, ${against.peer} ${against.losses![step]}`;
  });
}
