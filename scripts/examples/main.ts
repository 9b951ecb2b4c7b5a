/** Owns `npm run examples [-- NAME… --seeds N --json]`: trains them, and prints what each must reach beside what it did. */
import { relative } from "node:path";
import { Command } from "commander";
import { suggest } from "../../src/report/suggest.ts";
import { openOutput, report } from "../../src/tools/cli/output.ts";
import { Problem } from "../../src/tools/problem.ts";
import { measureText } from "../../src/tools/terminal/numbers.ts";
import { tableLines } from "../../src/tools/terminal/table.ts";
import type { Example } from "./example.ts";
import { examples } from "./index.ts";
import { dueText, writeFigures, writePicture } from "./pages.ts";
import { type Result, isReached, missingOf, runExample } from "./run.ts";

const output = openOutput();

const program = new Command("examples")
  .argument("[names...]", "which ones; all of them where none is named")
  .option("--seeds <count>", "how many seeds, from 1 on; figures are their medians", "3")
  .option("--json", "one JSON object an example instead of the table")
  .action(async (names: string[], { seeds, json }: { seeds: string; json?: true }) => {
    const count = Number(seeds);
    if (!Number.isInteger(count) || count < 1)
      throw new Problem(`--seeds ${seeds}: a whole number of at least 1 was expected`);
    process.exitCode = await runAll(chosen(names), count, json === true);
  });
await program.parseAsync().catch((error: unknown) => {
  process.exitCode = report(error, output);
});

function chosen(names: readonly string[]): readonly Example[] {
  const known = examples.map(({ name }) => name);
  return names.length === 0
    ? examples
    : names.map((name) => {
        const found = examples.find((example) => example.name === name);
        if (found !== undefined) return found;
        const near = suggest(name, known);
        throw new Problem(`there is no example \`${name}\``, {
          help: near === null ? `there are ${known.join(", ")}` : `did you mean \`${near}\`?`,
        });
      });
}

async function runAll(list: readonly Example[], count: number, json: boolean): Promise<number> {
  const seeds = Array.from({ length: count }, (_, k) => k + 1);
  const results: Result[] = [];
  for (const example of list) {
    const missing = missingOf(example);
    if (missing.length > 0) {
      process.stderr.write(
        `${example.name}: skipped, there is no ${missing.map((name) => `examples/data/${name}`).join(", ")}; examples/data/README.md says where to get it\n`,
      );
      continue;
    }
    const result = await runExample(example, seeds, {
      onEpoch: (text) => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[2K${text}`)),
      onPicture: async (picture) => {
        const path = relative(process.cwd(), await writePicture(picture));
        process.stderr.write(`${process.stderr.isTTY ? "\r\x1b[2K" : ""}${path}\n`);
      },
    });
    await writeFigures(result);
    results.push(result);
    if (json) output.line(JSON.stringify(result));
  }
  if (!json) for (const line of lines(results)) output.line(line);
  return results.every(({ figures }) => figures.every(isReached)) ? 0 : 1;
}

function lines(results: readonly Result[]): readonly string[] {
  const columns = ["example", "figure", "must reach", "reached", "with each seed"].map((title, k) => ({
    title,
    align: k === 2 || k === 3 ? ("right" as const) : ("left" as const),
  }));
  const rows = results.flatMap(({ name, figures, values }) =>
    figures.map((figure, k) => [
      k === 0 ? name : "",
      figure.name,
      dueText(figure),
      `${measureText(figure.value)}${isReached(figure) ? "" : " ✗"}`,
      values[figure.name]!.map(measureText).join(", "),
    ]),
  );
  return tableLines(columns, rows);
}
