/**
 * Owns the comparison as a whole: ours against what was written by hand, in turns within one run. Prints a JSON line for
 * each contestant and writes the table to `RESULTS.md`. `--quick` takes fewer rounds, `--json` writes no table, names
 * of workloads choose among them.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { sharedFolder, type WorkloadName } from "./mark.ts";
import { type Entry, race, type RaceOptions } from "./race.ts";

const workloads: Readonly<Record<WorkloadName, readonly RaceOptions["kernels"][]>> = {
  W1: ["auto", "scalar", "simd"],
  W2: ["auto"],
  W3: ["auto"],
  W4: ["auto"],
};

function duration(us: number): string {
  return us < 100 ? us.toFixed(2) : us.toFixed(0);
}

function markdown(entries: readonly Entry[]): string {
  const head = `| workload | | µs | least – most | a second | speed, limit = 1 |\n| --- | --- | --: | --: | --: | --: |`;
  const rows = entries.map(
    ({ workload, metric, peer, value, least, most, ratio }) =>
      `| ${workload} ${metric} | ${peer} | ${duration(value)} | ${duration(least)} – ${duration(most)} | ${(1e6 / value).toFixed(0)} | ${Number.isNaN(ratio) ? "–" : ratio.toFixed(3)} |`,
  );
  return [head, ...rows].join("\n");
}

const given = process.argv.slice(2);
const rounds = given.includes("--quick") ? 5 : 11;
const named = given.filter((word) => !word.startsWith("--"));
const entries: Entry[] = [];
for (const [name, kinds] of Object.entries(workloads)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const found = await race(name as WorkloadName, kinds, rounds);
  if (found === null) {
    console.error(`Nothing written by hand for ${name} in ${sharedFolder()}: give its folder as NNC_SHARED.`);
    process.exit(2);
  }
  for (const entry of found) console.log(JSON.stringify({ ...entry, unit: "us", threads: 1 }));
  entries.push(...found);
}
if (!given.includes("--json") && named.length === 0) {
  const text = `# Ours against the mark

Written by \`npm run bench\`: one run, contestants in turns, ${rounds} rounds, medians of the processor's time, one
thread, Node ${process.version}, ${cpus()[0]?.model ?? "an unknown processor"}. \`limit\` is a step written by hand for
the workload; ratios are taken round by round against the faster of its two forms. First losses agree to 1e-4.

${markdown(entries)}
`;
  writeFileSync(join(import.meta.dirname, "RESULTS.md"), text);
}
