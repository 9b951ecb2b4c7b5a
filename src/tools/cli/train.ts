/** Owns `nnc train`: a program and its data to trained weights. */
import { dirname } from "node:path";
import { loadParts } from "../data/parts.ts";
import { slotsOf } from "../data/dataset.ts";
import { assertWritable, writeWhole } from "../files/write.ts";
import { trainingCurve } from "../picture/curve.ts";
import { Problem } from "../problem.ts";
import { type Choice, beside, requestOf } from "../program.ts";
import { type LogKind, openLog } from "../training/log.ts";
import { importModule } from "../training/module.ts";
import { type Interval, train } from "../training/train.ts";
import { loadWeights } from "../training/weights.ts";
import { compileOrReport } from "./diagnostics.ts";
import type { Output } from "./output.ts";

export interface TrainFlags extends Choice {
  readonly data: readonly string[];
  readonly epochs?: number;
  readonly seed?: number;
  readonly out?: string;
  /** Where the picture of the run goes; `false` for none. */
  readonly picture?: string | false;
  readonly resume?: string;
  readonly checkpointEvery?: string;
  readonly kernels: "auto" | "scalar" | "simd";
  readonly log: LogKind;
  readonly threads?: number;
}

export async function runTrain(output: Output, path: string, flags: TrainFlags): Promise<number> {
  const checkpointEvery = flags.checkpointEvery === undefined ? null : intervalOf(flags.checkpointEvery);
  // Nobody reads this module, and layers that are not written out are told apart where a loss is no number any more.
  const request = { ...(await requestOf(path, flags)), ...kernelsFor(flags), writtenOut: "never" } as const;
  const compiled = compileOrReport(request, output);
  if (compiled === null) return 1;
  const { network, module } = compiled;
  const out = flags.out ?? beside(path, ".safetensors");
  await assertWritable(out);
  const picture = typeof flags.picture === "string" ? flags.picture : beside(out, ".svg");
  if (flags.picture !== false) await assertWritable(picture);

  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const modelClass = await importModule(module.text, network.name);
  const resumed =
    flags.resume === undefined
      ? null
      : await loadWeights(modelClass, flags.resume, { resume: true, ...threads });
  const data = await loadParts({
    slots: slotsOf(network),
    recipe: network.recipe,
    seed: resumed?.seed ?? flags.seed ?? network.recipe.seed,
    base: dirname(path),
    given: flags.data,
    targets: "required",
    labels: resumed?.labels ?? {},
  });
  const model =
    resumed?.model ??
    (await modelClass.create({ ...(flags.seed === undefined ? {} : { seed: flags.seed }), ...threads }));

  const log = openLog(flags.log, { out: process.stdout, error: process.stderr });
  const interruption = new AbortController();
  const interrupt = () => {
    // A second one ends at once.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    log.begin({ model: network.name, parameters: module.parameters, samples: data.training.count });
    const { history } = await train({
      model,
      data,
      labels: { ...resumed?.labels, ...data.training.labels },
      out,
      log,
      signal: interruption.signal,
      ...(flags.epochs === undefined ? {} : { epochs: flags.epochs }),
      ...(checkpointEvery === null ? {} : { checkpointEvery }),
    });
    if (flags.picture !== false) await writeWhole(picture, trainingCurve(network.name, history.epochs));
    return 0;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

function kernelsFor({ kernels, threads }: TrainFlags) {
  if (threads !== undefined && kernels === "scalar")
    throw new Problem("--threads needs SIMD kernels: leave out `--kernels scalar`");
  return { kernels, threads: threads !== undefined };
}

/** Of `500steps`, `500 steps`, `2epochs` and `500`, which are steps. */
function intervalOf(text: string): Interval {
  const match = /^(\d+)\s*(steps?|epochs?)?$/.exec(text.trim());
  const count = Number(match?.[1] ?? 0);
  if (match === null || count < 1 || !Number.isSafeInteger(count)) {
    throw new Problem(
      `--checkpoint-every ${text}: a number of steps or epochs was expected, as \`500steps\` or \`2epochs\``,
    );
  }
  return { count, unit: match[2]?.startsWith("epoch") === true ? "epochs" : "steps" };
}
