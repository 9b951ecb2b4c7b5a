/** Owns printing kernels and routines: each a function over the arena, a section under its line of the `.nn` file. */
import { userFrame } from "../../ir/frame.ts";
import type { Buffer, Kernel, Routine, Section, Statement } from "../../ir/loops.ts";
import type { LoweredProgram } from "../../lower/program.ts";
import { positionAt } from "../../text/source.ts";
import { endMark, mark } from "./origins.ts";
import { pascal, Scope } from "./names.ts";
import { type Needs, NestPrinter, noNeeds } from "./nests.ts";
import type { Language } from "./runtime.ts";

/** Names that bodies are given. */
const givenNames = ["floats", "indices", "count", "seed", "step", "first"];
const givenToHosts = ["floats", "step", "total", "ease"];

/** The sections of one function: longer ones V8 does not optimize (past 61 KB of bytecode). */
const longestFunction = 40_000;

/** What the functions of a module share. */
export interface ModuleContext {
  readonly program: LoweredProgram;
  readonly language: Language;
  readonly source: string;
  /** Names at the top of the module. */
  readonly scope: Scope;
  /** What bodies call, so that no local is named so. */
  readonly callable: ReadonlySet<string>;
  /** Functions of the runtime that are called. */
  readonly runtime: Set<string>;
}

interface PrintedKernel {
  readonly text: string;
  readonly name: string;
  readonly needs: Needs;
}

export interface PrintedRoutines {
  readonly kernels: readonly string[];
  readonly routines: readonly string[];
  /** `predict: (count, seed, step, first) => computePredict(…)` for each. */
  readonly entries: readonly string[];
}

/** In elements of the array that holds the buffer. */
export function startOf({ memory, precision }: LoweredProgram, buffer: Buffer): number {
  const offset = memory.offsets.get(buffer);
  if (offset === undefined) throw new Error(`the memory plan has no place for ${buffer.name}`);
  return buffer.element === "index" && precision === "double" ? offset * 2 : offset;
}

/** Kernels and routines of the program whose names are in `reached`. */
export function printRoutines(context: ModuleContext, reached: ReadonlySet<string>): PrintedRoutines {
  const printed = new Map<Kernel, PrintedKernel>();
  const kernelOf = (kernel: Kernel): PrintedKernel => {
    const known = printed.get(kernel);
    if (known !== undefined) return known;
    const made = printKernel(context, kernel, kernelOf);
    printed.set(kernel, made);
    return made;
  };
  const routines: string[] = [];
  const entries: string[] = [];
  for (const routine of context.program.routines) {
    if (!reached.has(routine.name)) continue;
    const parts = printRoutine(context, routine, kernelOf);
    routines.push(...parts.map(({ text }) => text));
    const calls = parts.map(({ call }) => call);
    const given = ["count", "seed", "step", "first"];
    const last = given.findLastIndex((name) => calls.some((call) => new RegExp(`\\b${name}\\b`).test(call)));
    const body = calls.length === 1 ? calls[0]! : `{\n${calls.map((call) => `${call};`).join("\n")}\n}`;
    entries.push(`${routine.name}: (${given.slice(0, last + 1).join(", ")}) => ${body},`);
  }
  return { kernels: [...printed.values()].map(({ text }) => text), routines, entries };
}

function arrayType({ program }: ModuleContext): string {
  return program.precision === "double" ? "Float64Array" : "Float32Array";
}

/** Parameters that the surroundings give, with their types. */
function surroundings(context: ModuleContext, needs: Needs): { name: string; type: string }[] {
  const draws = needs.streams.size > 0;
  return [
    ...(needs.floats ? [{ name: "floats", type: arrayType(context) }] : []),
    ...(needs.indices ? [{ name: "indices", type: "Int32Array" }] : []),
    ...(needs.count ? [{ name: "count", type: "number" }] : []),
    ...(draws ? ["seed", "step", "first"].map((name) => ({ name, type: "number" })) : []),
  ];
}

/** `name: type`, or the name alone. */
export function typed(language: Language, name: string, type: string): string {
  return language === "typescript" ? `${name}: ${type}` : name;
}

function functionText(
  { language }: ModuleContext,
  name: string,
  parameters: readonly { name: string; type: string }[],
  body: readonly string[],
): string {
  const list = parameters.map((one) => typed(language, one.name, one.type)).join(", ");
  const head = `function ${name}(${list})${language === "typescript" ? ": void" : ""} {`;
  return [head, ...body, "}"].join("\n");
}

function keyLines(needs: Needs): string[] {
  return [...needs.streams].sort((a, b) => a - b).map((k) => `const stream${k} = streamKey(seed, ${k});`);
}

function include(needs: Needs, more: Needs): void {
  needs.floats ||= more.floats;
  needs.indices ||= more.indices;
  needs.count ||= more.count;
  for (const stream of more.streams) needs.streams.add(stream);
  for (const name of more.runtime) needs.runtime.add(name);
}

type KernelOf = (kernel: Kernel) => PrintedKernel;

/** `name(floats, count, first place, second place)`. */
function callText(context: ModuleContext, { name, needs }: PrintedKernel, starts: readonly string[]): string {
  const given = surroundings(context, needs).map((one) => one.name);
  return `${name}(${[...given, ...starts].join(", ")});`;
}

function printKernel(context: ModuleContext, kernel: Kernel, kernelOf: KernelOf): PrintedKernel {
  const name = context.scope.nameOf(kernel, kernel.name);
  const scope = new Scope([...context.callable, ...givenNames]);
  const nameOf = (buffer: Buffer) => scope.nameOf(buffer, buffer.name);
  const called = noNeeds();
  const printer = new NestPrinter(
    scope,
    (buffer) => ({ literal: null, name: () => nameOf(buffer) }),
    (inner, buffers) => {
      const printed = kernelOf(inner);
      include(called, printed.needs);
      return callText(context, printed, buffers.map(nameOf));
    },
    false,
  );
  const parameters = kernel.parameters.map((buffer) => ({ name: nameOf(buffer), type: "number" }));
  const body = printer.statements(kernel.body);
  include(printer.needs, called);
  for (const used of printer.needs.runtime) context.runtime.add(used);
  const { needs } = printer;
  const lines = [...keyLines(needs), ...body];
  const text = functionText(context, name, [...surroundings(context, needs), ...parameters], lines);
  return { name, needs, text: `${comment(kernel.text)}\n${text}` };
}

/** The routine as one function, or as several where it is long. */
function printRoutine(
  context: ModuleContext,
  routine: Routine,
  kernelOf: KernelOf,
): { text: string; call: string }[] {
  const parts: { needs: Needs; sections: string[]; length: number }[] = [];
  for (const section of routine.sections) {
    const { text, needs } = printSection(context, section, kernelOf);
    let part = parts.at(-1);
    if (part === undefined || part.length + text.length > longestFunction) {
      part = { needs: noNeeds(), sections: [], length: 0 };
      parts.push(part);
    }
    part.sections.push(text);
    part.length += text.length;
    include(part.needs, needs);
  }
  return parts.map(({ needs, sections }, k) => {
    const own = k === 0 ? routine : {};
    const name = context.scope.nameOf(own, `compute${pascal(routine.name)}${k === 0 ? "" : k + 1}`);
    const given = surroundings(context, needs);
    const body = [...keyLines(needs), sections.join("\n\n"), endMark];
    const text = functionText(context, name, given, body);
    return { text, call: `${name}(${given.map((one) => one.name).join(", ")})` };
  });
}

function printSection(
  context: ModuleContext,
  section: Section,
  kernelOf: KernelOf,
): { text: string; needs: Needs } {
  const scope = new Scope([...context.callable, ...givenNames]);
  const constants = new Map<Buffer, string>();
  const called = noNeeds();
  const printer = new NestPrinter(
    scope,
    (buffer) => {
      const literal = startOf(context.program, buffer);
      const name = () => {
        const known = constants.get(buffer) ?? scope.nameOf(buffer, buffer.name);
        constants.set(buffer, known);
        return known;
      };
      return { literal, name };
    },
    (kernel, buffers) => {
      const printed = kernelOf(kernel);
      include(called, printed.needs);
      const starts = buffers.map((buffer) => String(startOf(context.program, buffer)));
      return callText(context, printed, starts);
    },
    false,
  );
  const body = printer.statements(section.body);
  include(printer.needs, called);
  for (const used of printer.needs.runtime) context.runtime.add(used);
  const starts = [...constants].map(
    ([buffer, name]) => `const ${name} = ${startOf(context.program, buffer)};`,
  );
  const scoped = [...starts, ...body].some((line) => /^(const|let) /.test(line));
  const lines = scoped ? ["{", ...starts, ...body, "}"] : body;
  const place = mark(userFrame(section.frame).span);
  return { text: [place, sectionComment(context, section), ...lines].join("\n"), needs: printer.needs };
}

function sectionComment(context: ModuleContext, section: Section): string {
  const lines = [placedTitle(context.source, section), section.text, tensorsText(section)];
  return comment(lines.filter((line) => line !== "").join("\n"));
}

/** As `logits = dense(10) (digits.nn:6)`, with the line that the user wrote. */
export function placedTitle(source: string, { title, frame }: Section): string {
  if (/\(.+:\d+\)$/.test(title)) return title;
  const { span } = userFrame(frame);
  return `${title} (${source.split("/").at(-1)!}:${positionAt(span.source, span.start).line})`;
}

export function comment(text: string): string {
  return text
    .split("\n")
    .map((line) => `// ${line}`)
    .join("\n");
}

/**
 * The calls of a WebAssembly module's routines, each with what its bytes compute, for readers: layer by layer under its
 * line of the `.nn` file, with the kernels that it calls. So a breakpoint on such a line stops at the call.
 */
export function printCalls(context: ModuleContext, reached: ReadonlySet<string>): string[] {
  const { program, language } = context;
  const given = "(count, seed, step, first)";
  return program.routines
    .filter(({ name }) => reached.has(name))
    .map(({ name, sections }) => {
      const remarks = sections.map((section) => {
        const kernels = section.body.flatMap((each) => (each.kind === "call" ? [each.kernel.name] : []));
        const by = kernels.length === 0 ? [] : [comment(`  by ${[...new Set(kernels)].join(", ")}`)];
        return [mark(userFrame(section.frame).span), sectionComment(context, section), ...by, ""].join("\n");
      });
      const routine = language === "typescript" ? `calls[${JSON.stringify(name)}]!` : `calls.${name}`;
      const call = [mark(program.network.span), `${routine}${given};`, endMark];
      return [`${name}: ${given} => {`, ...remarks, ...call, "},"].join("\n");
    });
}

/** As `pixels [32, 64], w [64, 10] → logits [32, 10]`. */
function tensorsText({ body }: Section): string {
  const { read, written } = buffersOf(body);
  const list = (buffers: Iterable<Buffer>) =>
    [...buffers].map((one) => `${one.name} ${shapeText(one)}`).join(", ");
  const sources = [...read].filter((buffer) => !written.has(buffer));
  return `${list(sources)} → ${list(written)}`.trim();
}

/** With `batch` where the samples are. */
export function shapeText({ shape, batched }: Buffer): string {
  return `[${shape.map((extent, axis) => (batched && axis === 0 ? "batch" : extent)).join(", ")}]`;
}

/** What statements read and write; of a kernel, what it is called with. */
export function buffersOf(body: readonly Statement[]): { read: Set<Buffer>; written: Set<Buffer> } {
  const read = new Set<Buffer>();
  const written = new Set<Buffer>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const part = value as { kind?: string; buffer?: Buffer; at?: unknown; value?: unknown };
    if (part.kind === "call") {
      const { kernel, buffers } = value as Statement & { kind: "call" };
      const inner = buffersOf(kernel.body);
      kernel.parameters.forEach((parameter, k) => {
        if (inner.read.has(parameter)) read.add(buffers[k]!);
        if (inner.written.has(parameter)) written.add(buffers[k]!);
      });
      return;
    }
    if (part.kind === "store") written.add(part.buffer!);
    else if (part.kind === "load" || part.kind === "element") read.add(part.buffer!);
    for (const [key, inner] of Object.entries(value)) if (key !== "buffer") visit(inner);
  };
  visit(body);
  return { read, written };
}

/** `update_loss: (floats, step, total) => { … },` for each routine that has numbers from the host. */
export function printHosts(context: ModuleContext, reached: ReadonlySet<string>): string[] {
  return context.program.routines
    .filter(({ name, host }) => reached.has(name) && host.length > 0)
    .map((routine) => {
      const scope = new Scope([...context.callable, ...givenToHosts]);
      const printer = new NestPrinter(
        scope,
        (buffer) => {
          const literal = startOf(context.program, buffer);
          return { literal, name: () => String(literal) };
        },
        () => {
          throw new Error("the host calls no kernel");
        },
        true,
      );
      const body = printer.statements(routine.host);
      for (const used of printer.needs.runtime) context.runtime.add(used);
      const text = body.join("\n");
      const given = /\bease\b/.test(text) ? givenToHosts : givenToHosts.slice(0, -1);
      return `${routine.name}: (${given.join(", ")}) => {\n${text}\n},`;
    });
}
