/** Owns the demonstration: digits from a `.nn` file to a trained network that is shown reading them. */
import { mkdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../src/compile.ts";
import { splitData } from "../src/runtime/split.ts";
import { moduleLine } from "../src/tools/cli/compile.ts";
import { compileOrReport } from "../src/tools/cli/diagnostics.ts";
import { openOutput, report } from "../src/tools/cli/output.ts";
import { summaryTable } from "../src/tools/cli/summary.ts";
import { slotsOf, take } from "../src/tools/data/dataset.ts";
import { loadData } from "../src/tools/data/load.ts";
import { writeWhole } from "../src/tools/files/write.ts";
import { prettyModule } from "../src/tools/pretty.ts";
import { requestOf } from "../src/tools/program.ts";
import { galleryLines, pictureLines } from "../src/tools/terminal/picture.ts";
import { openLog } from "../src/tools/training/log.ts";
import { importModule } from "../src/tools/training/module.ts";
import { train } from "../src/tools/training/train.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = relative(process.cwd(), join(root, "examples/digits.nn"));
const folder = relative(process.cwd(), join(root, "demo"));
const brightest = 16;
const side = 8;
const drawn = 12;

const output = openOutput();
const { bold, dim, green, red } = output.colors;

async function demonstrate(): Promise<number> {
  output.line(bold(`\n1. ${program}: a network and its training, checked and compiled\n`));
  const request = await requestOf(program, {});
  const compiled = compileOrReport(request, output);
  if (compiled === null) return 1;
  const { network, module } = compiled;
  for (const line of summaryTable(network)) output.line(line);

  await mkdir(folder, { recursive: true });
  const typed = compile({ ...request, language: "typescript" });
  const text = await prettyModule(typed.module?.text ?? "", "typescript");
  const modulePath = join(folder, "digits.ts");
  await writeWhole(modulePath, text);

  output.line(bold("\n2. Training on real digits, a fifth held back\n"));
  const slots = slotsOf(network);
  const data = await loadData({
    slots,
    source: network.recipe.data,
    base: dirname(program),
    given: [],
    targets: "required",
    labels: {},
  });
  const model = await (await importModule(module.text, network.name)).create();
  const interruption = new AbortController();
  process.once("SIGINT", () => {
    interruption.abort();
  });
  // On a terminal the bar belongs below the lines on standard output, which is the same terminal.
  const log = openLog("auto", { out: process.stdout, error: process.stderr });
  log.begin({ model: network.name, parameters: module.parameters, samples: data.count });
  const weights = join(folder, "digits.safetensors");
  const { end } = await train({
    model,
    data: { training: data, validation: null, groups: null, test: null },
    labels: data.labels,
    out: weights,
    log,
    signal: interruption.signal,
  });

  output.line(bold("\n3. Digits it has never seen, and what it makes of them\n"));
  const rule = network.recipe.validate;
  const held = splitData(
    { count: data.count, columns: [] },
    { kind: "split", fraction: rule !== null && rule.kind !== "column" ? rule.fraction : 0.2 },
    null,
    network.recipe.seed,
  ).validation;
  const chosen = Array.from(
    { length: drawn },
    (_, place) => held[Math.floor((place * held.length) / drawn)]!,
  );
  const shown = take(data, slots, chosen);
  const pixels = shown.columns["pixels"] as Float32Array;
  const truth = shown.columns["digit"]!;
  const probabilities = model.predict({ pixels })["probs"]!;
  const pictures = chosen.map((_, place) => {
    const scores = Array.from({ length: 10 }, (_, digit) => probabilities[place * 10 + digit]!);
    const guess = scores.indexOf(Math.max(...scores));
    const said = `${guess}  ${Math.round(100 * scores[guess]!)}%`;
    const values = pixels.subarray(place * side * side, (place + 1) * side * side);
    const colors = output.colors.isColorSupported;
    return {
      lines: pictureLines(values, side, side, { brightest, colors }),
      width: colors ? side : 2 * side,
      captions: [guess === truth[place] ? green(said) : red(`${said}, is ${truth[place]}`)],
    };
  });
  for (const line of galleryLines(pictures, process.stdout.columns ?? 100)) output.line(line);

  const accuracy = end.validation?.["accuracy"];
  if (accuracy !== undefined)
    output.line(`Of ${held.length} digits held back it reads ${(100 * accuracy).toFixed(1)}% right.`);
  output.line(bold("\n4. What you can take away\n"));
  output.line(moduleLine(modulePath, text, module));
  output.line(dim("   the standalone module: no import, no dependency; predicts and trains"));
  output.line(`${weights}: the trained weights`);
  output.line(dim(`   npx nnc predict ${program} --weights ${weights} | head -3`));
  return 0;
}

process.exitCode = await demonstrate().catch((error: unknown) => report(error, output));
