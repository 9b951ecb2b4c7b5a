/**
 * Owns where the time of a training step goes: every section of it timed by itself, in the arena of a running training,
 * with its multiply-adds where it has such. `npx tsx phases.ts W3` in this folder.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { emitWasm } from "../src/backends/wasm/emit.ts";
import { compileStages } from "../src/compile.ts";
import type { LoweredProgram } from "../src/lower/program.ts";
import type { Routine, Statement } from "../src/ir/loops.ts";
import { measure, table } from "./measure.ts";

interface WasmApi {
  readonly Memory: new (size: object) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (...given: number[]) => void>> };
}

const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

/** Multiply-adds that the statements do, four to a vector. */
function multiplyAdds(statements: readonly Statement[], count: number): number {
  let sum = 0;
  const extent = (value: unknown): number => {
    const integer = value as {
      kind: string;
      value: number;
      factor: number;
      of: unknown;
      by: number;
      terms: unknown[];
    };
    switch (integer.kind) {
      case "literal":
        return integer.value;
      case "count":
        return count;
      case "scaled":
        return integer.factor * extent(integer.of);
      case "quotient":
        return Math.floor(extent(integer.of) / integer.by);
      case "sum":
        return integer.terms.reduce((total: number, term) => total + extent(term), 0);
      default:
        return 0;
    }
  };
  for (const statement of statements) {
    if (statement.kind === "loop") {
      const trips = Math.ceil((extent(statement.to) - extent(statement.from)) / statement.step);
      sum += trips * multiplyAdds(statement.body, count);
    } else if (statement.kind === "call") sum += multiplyAdds(statement.kernel.body, count);
    else if (statement.kind === "assign") {
      const { value } = statement;
      if (value.kind === "apply" && value.function === "multiplyAdd") sum += value.lanes;
    }
  }
  return sum;
}

const [workload = "W3"] = process.argv.slice(2);
const entry = `models/${workload.toLowerCase()}.nn`;
const text = readFileSync(join(import.meta.dirname, entry), "utf8");
const { lowered } = compileStages({
  entry,
  sources: new Map([[entry, { name: entry, text }]]),
  language: "javascript",
  kernels: "simd",
  inference: false,
});
if (lowered === null) throw new Error(`${entry} has errors`);

const { gradientPrograms, updates, routines, memory, capacity } = lowered;
const step = [gradientPrograms[0]!.routine, updates[0]!.routine];
/** Each section of the step as a routine of its own. */
const sections = step.flatMap((name) => {
  const routine = routines.find((each) => each.name === name)!;
  return routine.sections.map((section, i): Routine => ({
    name: `${name}.${i}`,
    host: [],
    sections: [section],
    draws: routine.draws,
  }));
});
const program: LoweredProgram = { ...lowered, routines: [...routines, ...sections] };
const arena = new Memory({ initial: Math.ceil((memory.size * 4) / 65536) + 1 });
const env = {
  memory: arena,
  sin: Math.sin,
  cos: Math.cos,
  pow: Math.pow,
  remainder: (a: number, b: number) => a % b,
};
const { exports } = new Instance(new Module(emitWasm(program).bytes), { env });
const floats = new Float32Array(arena.buffer);
for (const buffer of [...lowered.inputs, ...lowered.parameters]) {
  // Indices stay zero, which every table has.
  if (buffer.element === "index") continue;
  const start = memory.offsets.get(buffer)!;
  for (let i = 0; i < buffer.storage; i++) floats[start + i] = 0.3 * Math.sin(1.37 * i + start);
}
const begin = floats.slice();
const whole = (): void => step.forEach((name) => exports[name]!(capacity, 1, 0, 0));
const measured = measure(
  [
    { name: "the whole step", reset: () => floats.set(begin), run: whole },
    // Temporaries share memory: what a section reads is made again before it is timed.
    ...sections.map(({ name, sections: [section] }, i) => ({
      name: section!.text === "" ? name : section!.text,
      reset: () => sections.slice(0, i + 1).forEach((each) => exports[each.name]!(capacity, 1, 0, 0)),
      run: () => exports[name]!(capacity, 1, 0, 0),
    })),
  ],
  { rounds: 5, chunk: 25, warm: 120 },
);
console.log(
  table([
    ["section", "us", "GFLOP/s"],
    ...measured.map(({ name, median }, i) => {
      const work = i === 0 ? 0 : multiplyAdds(sections[i - 1]!.sections[0]!.body, capacity);
      return [
        name.slice(0, 130),
        median.toFixed(1),
        work === 0 ? "" : ((2 * work) / median / 1000).toFixed(1),
      ];
    }),
    [
      "sum of sections",
      measured
        .slice(1)
        .reduce((sum, { median }) => sum + median, 0)
        .toFixed(1),
      "",
    ],
  ]),
);
