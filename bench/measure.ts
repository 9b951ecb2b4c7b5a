/**
 * Owns measuring: contestants take turns, so that a noisy neighbour slows all of them alike, and what counts is the time
 * of the processor that this process took, so that one who takes the processor away slows none.
 */

export interface Contestant {
  readonly name: string;
  /** Brought back to the same state before each round. */
  readonly reset: () => void;
  readonly run: () => void;
}

export interface Measured {
  readonly name: string;
  /** Microseconds of the processor a run, the median of each round's mean. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: readonly number[];
}

/** `rounds` rounds of about `chunk` milliseconds each, after `warm` milliseconds of warming up. */
export function measure(
  contestants: readonly Contestant[],
  { rounds = 11, chunk = 150, warm = 1000 } = {},
): readonly Measured[] {
  const runs = contestants.map(({ reset, run }) => {
    reset();
    const begin = performance.now();
    let done = 0;
    while (performance.now() - begin < warm) {
      run();
      done++;
    }
    return Math.max(1, Math.round((done * chunk) / warm));
  });
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    contestants.forEach(({ reset, run }, which) => {
      reset();
      const begin = process.cpuUsage();
      for (let i = 0; i < runs[which]!; i++) run();
      const { user, system } = process.cpuUsage(begin);
      times[which]!.push((user + system) / runs[which]!);
    });
  }
  return contestants.map(({ name }, which) => {
    const all = times[which]!;
    return { name, median: median(all), least: Math.min(...all), most: Math.max(...all), rounds: all };
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Columns as wide as their widest cell, the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join("  "),
    )
    .join("\n");
}
