/**
 * Owns how long the command takes for long programs: processor's seconds beyond those of `nnc --version`, each program
 * in turns within one run. `npm run build && npx tsx bench/compile.ts`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, table } from "./measure.ts";

const command = join(import.meta.dirname, "../dist/nnc.js");
const folder = mkdtempSync(join(tmpdir(), "nnc-compile-"));
const rounds = 3;

/** A model that puts its input through so many pipes. */
function chain(input: string, count: number, pipe: string, scores: string): string {
  const lines = Array.from({ length: count }, (_, k) => `  h = ${k === 0 ? "x" : "h"} -> ${pipe}`);
  return `model Long {
  input x: [${input}]
  target y: index(10)
${lines.join("\n")}
  scores = h -> ${scores}
  output guess = scores
  loss cross_entropy(scores, y)
}
`;
}

/** Layers in layers, each calling the one below twice: 2ⁿ dense layers at n levels. */
function doubling(levels: number): string {
  const layers = Array.from({ length: levels }, (_, k) => {
    const below = k === 0 ? "dense(4) -> tanh" : `level${k - 1}`;
    return `layer level${k}(x: [batch, 4]) -> [batch, 4] { return x -> ${below} -> ${below} }\n`;
  });
  return layers.join("") + chain("4", 1, `level${levels - 1}`, "dense(10)");
}

const programs: readonly (readonly [title: string, verb: "check" | "compile", text: string])[] = [
  ["check, 2,000 lines of relu", "check", chain("64", 2000, "relu", "dense(10)")],
  ["check, 2,000 lines of dense(64) -> relu", "check", chain("64", 2000, "dense(64) -> relu", "dense(10)")],
  ["compile, 500 lines of dense(32) -> relu", "compile", chain("32", 500, "dense(32) -> relu", "dense(10)")],
  [
    "compile, 500 lines of conv2d(4) -> relu",
    "compile",
    chain("8, 8, 4", 500, "conv2d(4, kernel: 3, padding: same) -> relu", "flatten -> dense(10)"),
  ],
  [
    "compile, 48 transformer blocks",
    "compile",
    chain("16, 32", 48, "transformer_encoder_layer(heads: 4)", "mean(over: -2) -> dense(10)"),
  ],
  ...[6, 7, 8, 9].map((levels) => {
    return [`compile, doubling ${levels} levels deep`, "compile", doubling(levels)] as const;
  }),
];

/** A module that a process runs before its own: at its end it says how many microseconds it worked. */
const clock =
  "process.on('exit', () => { const { user, system } = process.cpuUsage(); console.error(user + system); })";

/** Processor's seconds of a run. */
function took(args: readonly string[]): number {
  const timed = ["--import", `data:text/javascript,${encodeURIComponent(clock)}`, command, ...args];
  const { status, stderr } = spawnSync(process.execPath, timed, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(stderr.trim().split("\n").at(-1)) / 1e6;
}

try {
  const jobs = programs.map(([title, verb, text], place) => {
    const file = join(folder, `program${place}.nn`);
    writeFileSync(file, text);
    const out = join(folder, `program${place}.ts`);
    return {
      title,
      args: verb === "check" ? [verb, file] : [verb, file, "--out", out],
      out,
      times: [] as number[],
    };
  });
  const start: number[] = [];
  for (let round = 0; round < rounds; round++) {
    start.push(took(["--version"]));
    for (const { args, times } of jobs) times.push(took(args) - start.at(-1)!);
  }
  const written = (out: string): string => {
    const size = statSync(out, { throwIfNoEntry: false })?.size;
    return size === undefined ? "" : (size / 1e6).toFixed(2);
  };
  console.log(
    table([
      ["", "seconds", "MB written"],
      ["start", median(start).toFixed(2), ""],
      ...jobs.map(({ title, times, out }) => [title, median(times).toFixed(2), written(out)]),
    ]),
  );
} finally {
  rmSync(folder, { recursive: true });
}
