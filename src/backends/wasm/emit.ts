/** Owns a lowered program as one WebAssembly module: kernels, routines, and what of arithmetic they call. */
import type { Buffer, Kernel, Routine, Section, Statement } from "../../ir/loops.ts";
import type { LoweredProgram } from "../../lower/program.ts";
import { PARTS } from "../../lower/slices.ts";
import { call, get, operate, set } from "./build.ts";
import { elementaryFunction, elementaryNeeds, type ElementaryName } from "./elementary.ts";
import { encodeModule } from "./encode.ts";
import type { HostFunction, Instruction, WasmFunction, WasmLocal, WasmModule } from "./instructions.ts";
import {
  addLinear,
  constantLinear,
  elementBytes,
  termLinear,
  type Linear,
  type PlaceScope,
} from "./linear.ts";
import { printBody } from "./nests.ts";
import { streamKeys } from "./numbers.ts";
import { planBody } from "./pointers.ts";
import { randomFunctions } from "./random.ts";
import { valueOf, withPointers, type Demands, type Frame, type HostName, type Site } from "./site.ts";
import { printModule } from "./text.ts";
import { draws, writesIndices } from "./visit.ts";

export interface WasmProgram {
  readonly bytes: Uint8Array;
  /** The same module for readers. */
  readonly wat: string;
  /** Routines, each `(count, seed, step, first)`, all of type `i32`. */
  readonly exports: readonly string[];
  /** What `env` must hold besides `memory`: keys of `hostFunctionSources`. */
  readonly hostFunctions: readonly HostName[];
}

/** Each function of the host as a TypeScript expression. */
export const hostFunctionSources: Readonly<Record<HostName, string>> = {
  sin: "Math.sin",
  cos: "Math.cos",
  pow: "Math.pow",
  remainder:
    "(a: number, b: number): number => { const rest = a % b; return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest; }",
};

const hostArity: Readonly<Record<HostName, number>> = { sin: 1, cos: 1, pow: 2, remainder: 2 };
const pageBytes = 65536;

/**
 * The module of the program's routines over a memory that holds the arena at its start. Statements of `host` are not
 * in it: they are stored before a routine is called. Throws on double precision, which has no lanes here.
 */
export function emitWasm(program: LoweredProgram): WasmProgram {
  const module = buildModule(program);
  return {
    bytes: encodeModule(module),
    wat: printModule(module),
    exports: module.functions.flatMap((each) => (each.exported ? [each.name] : [])),
    hostFunctions: module.hostFunctions.map((host) => host.name as HostName),
  };
}

function buildModule(program: LoweredProgram): WasmModule {
  if (program.precision !== "single") throw new Error("WebAssembly kernels compute in single precision");
  const demands: Demands = { elementary: new Set(), random: new Set(), host: new Set() };
  const kernels = program.kernels.map((kernel) => kernelFunction(kernel, program, demands));
  const routines = program.routines.flatMap((routine) => routineFunctions(routine, program, demands));
  const carried = carriedFunctions(demands);
  return {
    pages: Math.max(1, Math.ceil((program.memory.size * elementBytes) / pageBytes)),
    shared: program.threads !== null,
    hostFunctions: [...demands.host].sort().map(hostFunction),
    functions: [...carried, ...kernels, ...routines],
  };
}

function kernelFunction(kernel: Kernel, program: LoweredProgram, demands: Demands): WasmFunction {
  const starts = new Map(
    kernel.parameters.map((parameter): [Buffer, WasmLocal] => [
      parameter,
      { name: parameter.name, type: "i32" },
    ]),
  );
  const { parameters, body } = functionOf(kernel.body, starts, program, demands);
  return {
    name: kernel.name,
    text: kernel.text,
    parameters: [...starts.values(), ...parameters],
    results: [],
    body,
    exported: false,
  };
}

/** The routine as a list of its sections; nests that stand in it are a function each, so that each stays small. */
function routineFunctions(
  routine: Routine,
  program: LoweredProgram,
  demands: Demands,
): readonly WasmFunction[] {
  const frame = emptyFrame(new Map(), true);
  const site = siteOf(frame, program, demands);
  const nests: WasmFunction[] = [];
  const body = routine.sections.flatMap((section): readonly Instruction[] => {
    const title: Instruction = { kind: "comment", text: section.title };
    if (!section.body.some((statement) => statement.kind === "loop")) {
      const text: Instruction = { kind: "comment", text: section.text };
      const plan = planBody(section.body, site.places, !writesIndices(section.body));
      return [title, ...(section.text === "" ? [] : [text]), ...printBody(section.body, plan.inner, site)];
    }
    const nest = nestFunction(`${routine.name}.${nests.length + 1}`, section, program, demands);
    nests.push(nest);
    const { drawing } = frame;
    const drawn = drawing !== null && draws(section.body) ? [drawing.seed, drawing.step, drawing.first] : [];
    return [title, call(nest.name, get(frame.count), ...drawn.map(get))];
  });
  const { seed, step, first } = frame.drawing!;
  return [
    ...nests,
    {
      name: routine.name,
      text: "",
      parameters: [frame.count, seed, step, first],
      results: [],
      body: [...streamKeys(site), ...body],
      exported: true,
    },
  ];
}

function nestFunction(
  name: string,
  section: Section,
  program: LoweredProgram,
  demands: Demands,
): WasmFunction {
  const { parameters, body } = functionOf(section.body, new Map(), program, demands);
  const text = [section.title, section.text].filter((line) => line !== "").join("\n");
  return { name, text, parameters, results: [], body, exported: false };
}

function functionOf(
  statements: readonly Statement[],
  starts: ReadonlyMap<Buffer, WasmLocal>,
  program: LoweredProgram,
  demands: Demands,
): { readonly parameters: readonly WasmLocal[]; readonly body: readonly Instruction[] } {
  const frame = emptyFrame(starts, draws(statements));
  const site = siteOf(frame, program, demands);
  const plan = planBody(statements, site.places, !writesIndices(statements));
  const tops = plan.computed.map(({ local, address }) => set(local, valueOf(address, site)));
  const body = printBody(statements, plan.inner, withPointers(site, plan.computed));
  const drawing = frame.drawing === null ? [] : Object.values(frame.drawing);
  return { parameters: [frame.count, ...drawing], body: [...streamKeys(site), ...tops, ...body] };
}

function emptyFrame(starts: ReadonlyMap<Buffer, WasmLocal>, drawing: boolean): Frame {
  const parameter = (name: string): WasmLocal => ({ name, type: "i32" });
  return {
    count: parameter("count"),
    drawing: drawing ? { seed: parameter("seed"), step: parameter("step"), first: parameter("first") } : null,
    starts,
    values: new Map(),
    counters: new Map(),
    read: new Set(),
    inlined: new Map(),
    streams: new Map(),
  };
}

function siteOf(frame: Frame, program: LoweredProgram, demands: Demands): Site {
  const numbered = new Map<object, number>();
  const identify = (object: object): number => {
    const known = numbered.get(object) ?? numbered.size;
    numbered.set(object, known);
    return known;
  };
  const startOf = (buffer: Buffer): Linear => {
    if (frame.starts.has(buffer)) {
      return termLinear(`b${identify(buffer)}`, { kind: "start", parameter: buffer });
    }
    const offset = program.memory.offsets.get(buffer);
    if (offset === undefined) throw new Error(`no place in memory was planned for ${buffer.name}`);
    const fixed = constantLinear(offset * elementBytes);
    const { slices } = program.memory;
    if (slices === undefined || offset < slices.from || slices.ofFirst.has(buffer)) return fixed;
    return addLinear(fixed, termLinear("slice", { kind: "slice" }));
  };
  // Of divided work `count` names a piece.
  const capacity = program.threads === null ? program.capacity : Math.max(program.capacity, PARTS);
  const places: PlaceScope = { startOf, identify, capacity, loops: new Map() };
  return { frame, demands, places, pointers: new Map() };
}

/** All that is called, each once, what it calls before it. */
function carriedFunctions(demands: Demands): readonly WasmFunction[] {
  if (demands.random.has("normal")) {
    demands.elementary.add("log");
    demands.host.add("cos");
  }
  const elementary = new Set<ElementaryName>();
  const carry = (name: ElementaryName): void => {
    elementaryNeeds[name].forEach(carry);
    elementary.add(name);
  };
  [...demands.elementary].sort().forEach(carry);
  const random = [...demands.random].sort();
  return [
    ...[...demands.host].sort().map(ofFour),
    ...[...elementary].map(elementaryFunction),
    ...(random.length === 0 ? [] : [randomFunctions.threefry(), randomFunctions.line_key()]),
    ...random.map((name) => randomFunctions[name]()),
  ];
}

function hostFunction(name: HostName): HostFunction {
  const parameters = Array.from({ length: hostArity[name] }, () => "f32" as const);
  return { name, parameters, results: ["f32"] };
}

/** A function of the host on four numbers, one by one. */
function ofFour(name: HostName): WasmFunction {
  const parameters = ["a", "b"]
    .slice(0, hostArity[name])
    .map((each): WasmLocal => ({ name: each, type: "v128" }));
  const lane = (place: number): Instruction =>
    call(name, ...parameters.map((each): Instruction => ({ kind: "extract", lane: place, of: get(each) })));
  const result: Instruction = [1, 2, 3].reduce(
    (vector: Instruction, place) => ({ kind: "replace", lane: place, in: vector, by: lane(place) }),
    operate("f32x4.splat", lane(0)),
  );
  return {
    name: `${name}_of_four`,
    text: `${name} of each`,
    parameters,
    results: ["v128"],
    body: [result],
    exported: false,
  };
}
