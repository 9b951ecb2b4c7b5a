/** Owns how training is told: a bar on a terminal, a plain line an epoch, JSON lines, or nothing. */
import type { BarStream } from "../terminal/bar.ts";
import { openBar, secondsLeft } from "../terminal/bar.ts";
import { durationText, measureText } from "../terminal/numbers.ts";
import type { EpochReport, StepReport } from "./module.ts";

/** The last event, as `--log json` prints it. */
export interface EndReport {
  readonly epochs: number;
  readonly steps: number;
  readonly train: Readonly<Record<string, number>>;
  readonly validation: Readonly<Record<string, number>> | null;
  /** Of the part that was not looked at before; null where there is none, or the run was interrupted. */
  readonly test: Readonly<Record<string, number>> | null;
  readonly seconds: number;
  readonly weights: string;
  readonly stopped: "done" | "patience" | "signal";
}

export interface TrainingLog {
  begin(facts: { readonly model: string; readonly parameters: number; readonly samples: number }): void;
  step(report: StepReport): void;
  epoch(report: EpochReport): void;
  checkpoint(step: number, path: string): void;
  end(report: EndReport): void;
  /** Tidies the terminal where the run broke off. */
  abort(): void;
}

export type LogKind = "auto" | "plain" | "json" | "none";

export interface LogStreams {
  readonly out: { write(text: string): unknown };
  readonly error: BarStream & { readonly isTTY?: boolean };
}

export function openLog(kind: LogKind, streams: LogStreams): TrainingLog {
  switch (kind) {
    case "auto":
      return streams.error.isTTY === true ? barLog(streams) : plainLog(streams);
    case "plain":
      return plainLog(streams);
    case "json":
      return jsonLog(streams);
    case "none":
      return silentLog();
  }
}

/** As `epoch  3/20  loss 0.2130  validation: loss 0.1900, accuracy 0.9620  rate 0.009800  0.4 s`. */
export function epochLine(report: EpochReport): string {
  const epochs = String(report.epochs);
  const parts = [
    `epoch ${String(report.epoch).padStart(epochs.length)}/${epochs}`,
    `loss ${measureText(report.loss)}`,
  ];
  if (report.val !== null)
    parts.push(`validation: ${measuresText(report.val)}${report.best ? " (best)" : ""}`);
  if (report.rate !== null) parts.push(`rate ${measureText(report.rate)}`);
  return [...parts, durationText(report.seconds)].join("  ");
}

/** As `loss 0.1900, accuracy 0.9620`: the sum of the losses first, a loss that is all of it not twice. */
export function measuresText(values: Readonly<Record<string, number>>): string {
  const { loss, ...others } = values;
  const first = loss === undefined ? [] : [`loss ${measureText(loss)}`];
  const rest = Object.entries(others)
    .filter(([, value]) => value !== loss)
    .map(([name, value]) => `${name} ${measureText(value)}`);
  return [...first, ...rest].join(", ");
}

function beginLine({ model, parameters, samples }: Parameters<TrainingLog["begin"]>[0]): string {
  return `training ${model}: ${parameters.toLocaleString("en-US")} parameters, ${samples.toLocaleString("en-US")} samples`;
}

function endLine(report: EndReport): string {
  const how = { done: "done", patience: "no longer getting better", signal: "interrupted" }[report.stopped];
  const validation = report.validation === null ? "" : `, validation: ${measuresText(report.validation)}`;
  const test = report.test === null ? "" : `, test: ${measuresText(report.test)}`;
  return `${how} after ${report.steps} steps, ${durationText(report.seconds)}${validation}${test}; weights in ${report.weights}`;
}

function plainLog({ error }: LogStreams): TrainingLog {
  const line = (text: string) => void error.write(`${text}\n`);
  return {
    begin: (facts) => line(beginLine(facts)),
    step: () => undefined,
    epoch: (report) => line(epochLine(report)),
    checkpoint: (step, path) => line(`step ${step}: saved ${path}`),
    end: (report) => line(endLine(report)),
    abort: () => undefined,
  };
}

function barLog({ error }: LogStreams): TrainingLog {
  const bar = openBar(error);
  const began = performance.now();
  let firstStep: number | null = null;
  let validation = "";
  let lastLine = Number.NEGATIVE_INFINITY;
  return {
    begin: (facts) => bar.print(beginLine(facts)),
    step(report) {
      // A resumed run did its first steps another day: they say nothing about the speed.
      firstStep ??= report.step - 1;
      const gone = (performance.now() - began) / 1000;
      const left = secondsLeft((report.step - firstStep) / (report.steps - firstStep), gone);
      const rate = report.rate === null ? [] : [`rate ${measureText(report.rate)}`];
      const eta = left === null ? [] : [`${durationText(left)} left`];
      const right = [
        `loss ${measureText(report.loss)}`,
        ...eta,
        ...rate,
        ...(validation === "" ? [] : [validation]),
      ];
      const steps = String(report.steps);
      const place = `epoch ${report.epoch}/${report.epochs} step ${String(report.step).padStart(steps.length)}/${steps}`;
      bar.show(report.step / report.steps, place, right.join("  "));
    },
    epoch(report) {
      if (report.val !== null) validation = `val ${measuresText(report.val)}`;
      // At most some fifty lines stay, however many epochs there are.
      if (report.epoch - lastLine < report.epochs / 50 && report.epoch !== report.epochs) return;
      lastLine = report.epoch;
      bar.print(epochLine(report));
    },
    checkpoint: (step, path) => bar.print(`step ${step}: saved ${path}`),
    end(report) {
      bar.end();
      error.write(`${endLine(report)}\n`);
    },
    abort: () => bar.end(),
  };
}

function jsonLog({ out }: LogStreams): TrainingLog {
  const print = (event: string, facts: object) => void out.write(`${JSON.stringify({ event, ...facts })}\n`);
  return {
    begin: (facts) => print("begin", facts),
    step: () => undefined,
    epoch: ({ epoch, epochs, step, steps, losses, val, rate, best, seconds }) =>
      print("epoch", { epoch, epochs, step, steps, train: losses, validation: val, rate, best, seconds }),
    checkpoint: (step, weights) => print("checkpoint", { step, weights }),
    end: (report) => print("end", report),
    abort: () => undefined,
  };
}

function silentLog(): TrainingLog {
  const nothing = () => undefined;
  return { begin: nothing, step: nothing, epoch: nothing, checkpoint: nothing, end: nothing, abort: nothing };
}
