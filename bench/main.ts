/**
 * Owns the comparison as a whole: ours against what was written by hand and against other libraries, in turns within one
 * run. Writes the tables to `RESULTS.md`. `--quick` takes fewer and shorter turns and leaves out PyTorch and other versions
 * of Node, `--json` prints a line of JSON for each figure and writes no table; names of workloads choose among them.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { type Clock, type Entry, type Failure, race } from "./contest.ts";
import { contestants, missing } from "./field.ts";
import { disagreements, jsonLines, tables } from "./figures.ts";
import { workloadNames } from "./workloads.ts";

const given = process.argv.slice(2);
const quick = given.includes("--quick");
const json = given.includes("--json");
const named = given.filter((word) => !word.startsWith("--"));
const unknown = [
  ...given.filter((word) => word.startsWith("--") && !["--quick", "--json"].includes(word)),
  ...named.filter((name) => !workloadNames.some((workload) => workload === name)),
];
if (unknown.length > 0) {
  console.error(
    `Not known: ${unknown.join(", ")}. There are --quick, --json, and ${workloadNames.join(", ")}.`,
  );
  process.exit(2);
}
const clock: Clock = quick ? { rounds: 5, turn: 50, warm: 300 } : { rounds: 9, turn: 100, warm: 1500 };

for (const line of missing()) console.error(line);
const field = contestants(quick);
const entries: Entry[] = [];
const failures: Failure[] = [];
for (const workload of workloadNames) {
  if (named.length > 0 && !named.includes(workload)) continue;
  const found = await race(workload, field, clock);
  entries.push(...found.entries);
  failures.push(...found.failures);
  if (json) for (const line of jsonLines(found.entries)) console.log(line);
  else console.log(tables(found.entries));
}
for (const { peer, workload, metric, reason } of failures)
  console.error(`${peer}, ${workload} ${metric}: ${reason}`);
const wrong = disagreements(entries);
for (const line of wrong) console.error(line);
if (!json && named.length === 0) {
  const processor = cpus()[0]?.model ?? "an unknown processor";
  const text = `# Ours beside others

Written by \`npm run bench\`: one run, each contestant a process, in turns, ${clock.rounds} rounds, medians; ${processor},
Node ${process.versions.node} where no other is named. One thread unless said: there the processor's time counts, with more
threads the time that passed. \`nnc\` has its batch in the arena, as others have it in their tensors; \`nnc, called\` goes
through the methods that users call. \`limit\` is a step written by hand for the workload; its padded classes go denormal on
some processors, hence its second form. Contestants with a note do not compute the same. First losses of all others agree
to 1e-4${wrong.length === 0 ? "" : ", but for those listed at the end"}.

${tables(entries)}
${[...failures.map(({ peer, workload, metric, reason }) => `- ${peer}, ${workload} ${metric}: ${reason}`), ...wrong.map((line) => `- ${line}`)].join("\n")}
`;
  writeFileSync(join(import.meta.dirname, "RESULTS.md"), text);
}
process.exit(wrong.length === 0 ? 0 : 1);
