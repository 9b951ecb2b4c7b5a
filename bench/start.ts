/**
 * Owns what a user pays beside the arithmetic, for W2: from the start of a process to the first prediction, the bytes of the
 * module that a page loads, the memory of training, and what training leaves for the garbage collector.
 * `npx tsx start.ts` in this folder.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { transformSync } from "esbuild";
import { compile, type CompileRequest } from "../src/compile.ts";
import { median, table } from "./measure.ts";
import { first, trained } from "./workloads.ts";

const folder = mkdtempSync(join(tmpdir(), "nnc-start-"));

function moduleOf(kernels: CompileRequest["kernels"], inference: boolean): string {
  const source = { name: "w2.nn", text: readFileSync(join(import.meta.dirname, "models/w2.nn"), "utf8") };
  const sources = new Map([[source.name, source]]);
  const { module } = compile({ entry: source.name, sources, language: "javascript", kernels, inference });
  return module!.text;
}

function put(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Runs a program; gives what it printed, and milliseconds from start to end. */
function run(file: string, ...flags: readonly string[]): { readonly said: string; readonly time: number } {
  const begin = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, file], { encoding: "utf8" });
  const time = performance.now() - begin;
  if (status !== 0) throw new Error(stderr);
  return { said: stdout.trim(), time };
}

function gzipped(text: string): number {
  const { code } = transformSync(text, { minify: true, format: "esm", target: "es2022" });
  return gzipSync(code, { level: 9 }).length;
}

/** Two programs in turns: medians, and the median of the differences. */
function inTurns(a: string, b: string, rounds: number): readonly [number, number, number] {
  const times = Array.from({ length: rounds }, () => [run(a).time, run(b).time] as const);
  return [
    median(times.map(([one]) => one)),
    median(times.map(([, other]) => other)),
    median(times.map(([one, other]) => other - one)),
  ];
}

try {
  const w2 = trained("W2");
  put("w2.mjs", moduleOf("auto", false));
  put("predicts.mjs", moduleOf("auto", true));
  put("x.json", JSON.stringify([...first(w2, 1).data]));
  const empty = put("empty.mjs", "");
  const weights = put(
    "weights.mjs",
    `import { W2 } from "./w2.mjs"; import { writeFileSync } from "node:fs";
     writeFileSync(new URL("w2.safetensors", import.meta.url), (await W2.create()).save());`,
  );
  run(weights);
  const predicting = put(
    "predicting.mjs",
    `import { W2 } from "./predicts.mjs"; import { readFileSync } from "node:fs";
     const file = (name) => readFileSync(new URL(name, import.meta.url));
     const model = await W2.load(file("w2.safetensors"));
     console.log(model.predict({ x: JSON.parse(file("x.json")) }).guess[0]);`,
  );
  const batch = `const x = Float32Array.from({ length: 64 * 784 }, (_, i) => (i * 7919 % 1000) / 1000);
     const y = Int32Array.from({ length: 64 }, (_, i) => i % 10);`;
  const training = put(
    "training.mjs",
    `import { W2 } from "./w2.mjs"; ${batch}
     const model = await W2.create();
     for (let step = 0; step < 300; step++) model.step({ x, y });
     console.log(process.resourceUsage().maxRSS / 1024);`,
  );
  const idle = put("idle.mjs", "console.log(process.resourceUsage().maxRSS / 1024);");
  const heap = put(
    "heap.mjs",
    `import { W2 } from "./w2.mjs"; ${batch}
     const model = await W2.create();
     const used = () => { gc(); return process.memoryUsage().heapUsed; };
     for (let step = 0; step < 100; step++) model.step({ x, y });
     const before = used();
     for (let step = 0; step < 10_000; step++) model.step({ x, y });
     console.log((used() - before) / 1024);`,
  );
  const [nothing, predicted, more] = inTurns(empty, predicting, 21);
  const memory = (file: string): string => Number(run(file).said).toFixed(1);
  const kib = (text: string): string => (gzipped(text) / 1024).toFixed(2);
  console.log(
    table([
      ["W2", ""],
      ["an empty process, ms", nothing.toFixed(1)],
      ["with module and weights loaded, one prediction, ms", predicted.toFixed(1)],
      ["more, median of the differences, ms", more.toFixed(1)],
      ["inference, SIMD, minified and gzipped, KiB", kib(moduleOf("simd", true))],
      ["inference, scalar, minified and gzipped, KiB", kib(moduleOf("scalar", true))],
      ["training too, SIMD, minified and gzipped, KiB", kib(moduleOf("simd", false))],
      ["most memory of an empty process, MiB", memory(idle)],
      ["most memory of 300 steps, MiB", memory(training)],
      [
        "heap after 10,000 steps beyond that after 100, KiB",
        Number(run(heap, "--expose-gc").said).toFixed(1),
      ],
    ]),
  );
} finally {
  rmSync(folder, { recursive: true });
}
