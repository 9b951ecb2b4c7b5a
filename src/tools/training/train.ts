/** Owns a training run: data in, epochs told, checkpoints and the final weights written, ended early when asked. */
import { writeWhole } from "../files/write.ts";
import { Problem } from "../problem.ts";
import type { Parts } from "../data/parts.ts";
import type { EndReport, TrainingLog } from "./log.ts";
import type { EpochReport, History, Model } from "./module.ts";
import { type Labels, withLabels } from "./weights.ts";

export interface Interval {
  readonly count: number;
  readonly unit: "steps" | "epochs";
}

export interface TrainingRun {
  readonly model: Model;
  readonly data: Parts;
  readonly labels: Labels;
  /** Where the weights go. */
  readonly out: string;
  readonly epochs?: number;
  readonly checkpointEvery?: Interval;
  readonly log: TrainingLog;
  readonly signal: AbortSignal;
}

/** Milliseconds after which signals and timers get their turn. */
const yieldEvery = 50;

export interface TrainingEnd {
  readonly end: EndReport;
  readonly history: History;
}

export async function train(run: TrainingRun): Promise<TrainingEnd> {
  const { model, log, out } = run;
  const { training, validation, groups, test } = run.data;
  const began = performance.now();
  let writing = Promise.resolve();
  const save = () => {
    const bytes = withLabels(model.save(), run.labels);
    writing = writing.then(() => writeWhole(out, bytes));
    // Heard of below, where it is awaited; until then it must not end the process.
    writing.catch(() => undefined);
  };
  const due = (unit: Interval["unit"], done: number) =>
    run.checkpointEvery?.unit === unit && done % run.checkpointEvery.count === 0;

  let last: EpochReport | null = null;
  let history: History;
  try {
    history = await model.fit(training.columns, {
      ...(validation === null ? {} : { validation: validation.columns }),
      ...(groups === null ? {} : { groups }),
      ...(run.epochs === undefined ? {} : { epochs: run.epochs }),
      signal: run.signal,
      yieldEvery,
      onStep(report) {
        log.step(report);
        if (!due("steps", report.step)) return;
        save();
        log.checkpoint(report.step, out);
      },
      async onEpoch(report) {
        last = report;
        log.epoch(report);
        // At the end of an epoch more is known than at its last step: what the best weights are.
        if (due("epochs", report.epoch) || due("steps", report.step)) save();
        if (due("epochs", report.epoch)) log.checkpoint(report.step, out);
        await writing;
      },
    });
  } catch (error) {
    log.abort();
    await writing;
    throw explained(error);
  }
  await writing;
  await writeWhole(out, withLabels(model.save(), run.labels));
  const tested = test === null || history.stopped === "signal" ? null : model.evaluate(test.columns);
  const end = endReport(history, last, tested, out, (performance.now() - began) / 1000);
  log.end(end);
  return { end, history };
}

/** Figures of the weights that were written: those of the best epoch where the recipe keeps it. */
function endReport(
  history: History,
  last: EpochReport | null,
  test: EndReport["test"],
  weights: string,
  seconds: number,
): EndReport {
  const best = history.epochs.find(({ epoch }) => epoch === history.best?.epoch);
  const shown = best ?? last;
  return {
    epochs: history.epochs.length,
    steps: history.steps,
    train: shown?.losses ?? {},
    validation: shown?.val ?? null,
    test,
    seconds: Number(seconds.toFixed(3)),
    weights,
    stopped: history.stopped,
  };
}

/** What the module throws while training is about the run or its data, not about the compiler. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error;
  if (error.name === "NonFiniteLoss") {
    return new Problem(`training broke off at ${error.message}`, {
      exitCode: 1,
      help: "a smaller rate, `clip: norm(1.0)` or scaled inputs often mend this; nothing was written over the last checkpoint",
    });
  }
  return error;
}
