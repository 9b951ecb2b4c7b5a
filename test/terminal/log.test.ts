/** Owns the proof that a training run is told in the form that was asked for, and on the right stream. */
import { describe, expect, it } from "vitest";
import { type LogKind, openLog } from "../../src/tools/training/log.ts";

const report = {
  epoch: 1,
  epochs: 2,
  step: 10,
  steps: 20,
  loss: 0.5,
  losses: { loss: 0.5 },
  rate: 0.01,
  val: { loss: 0.25, accuracy: 0.75 },
  best: true,
  seconds: 1.5,
};
const end = {
  epochs: 2,
  steps: 20,
  train: { loss: 0.5 },
  validation: { loss: 0.25, accuracy: 0.75 },
  test: null,
  seconds: 3,
  weights: "a.safetensors",
  stopped: "done" as const,
};

function told(kind: LogKind, isTTY: boolean): { out: string; error: string } {
  const text = { out: "", error: "" };
  const streams = {
    out: { write: (part: string) => (text.out += part) },
    error: { isTTY, columns: 200, write: (part: string) => (text.error += part) },
  };
  const log = openLog(kind, streams);
  log.begin({ model: "Small", parameters: 1234, samples: 100 });
  log.step(report);
  log.epoch(report);
  log.checkpoint(10, "a.safetensors");
  log.end(end);
  return text;
}

describe("the log of a training run", () => {
  it("is JSON lines on standard output, the last of them the end", () => {
    const { out, error } = told("json", true);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(error).toBe("");
    expect(lines.map((line) => (line as { event: string }).event)).toEqual([
      "begin",
      "epoch",
      "checkpoint",
      "end",
    ]);
    expect(lines.at(-1)).toEqual({ event: "end", ...end });
  });

  it("is plain lines on standard error where that is no terminal", () => {
    const { out, error } = told("auto", false);
    expect(out).toBe("");
    expect(error).toBe(
      [
        "training Small: 1,234 parameters, 100 samples",
        "epoch 1/2  loss 0.5000  validation: loss 0.2500, accuracy 0.7500 (best)  rate 0.01000  1.5 s",
        "step 10: saved a.safetensors",
        "done after 20 steps, 3.0 s, validation: loss 0.2500, accuracy 0.7500; weights in a.safetensors",
        "",
      ].join("\n"),
    );
  });

  it("is a bar on a terminal, with epoch, step, loss, rate and what validation gave", () => {
    const { out, error } = told("auto", true);
    expect(out).toBe("");
    expect(error).toMatch(/epoch 1\/2 step 10\/20 █{15}░{15} 50% {2}loss 0\.5000 {2}rate 0\.01000/);
    expect(error).toContain("epoch 1/2  loss 0.5000  validation:");
  });

  it("is nothing where nothing was asked for", () => {
    expect(told("none", true)).toEqual({ out: "", error: "" });
  });
});
