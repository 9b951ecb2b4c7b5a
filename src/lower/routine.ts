/** Owns the way of one graph function to its routine: assignments, fusion, copies for the micro-kernel, nests. */
import type { Frame } from "../ir/frame.ts";
import type { GraphFunction, ResultRole, Value } from "../ir/graph.ts";
import type { Buffer, BufferRole, Integer, Routine, Section, Statement } from "../ir/loops.ts";
import { numericsIn } from "../ir/rewrite-loops.ts";
import { positionAt } from "../text/source.ts";
import { userFrame } from "../ir/frame.ts";
import type { Assignment, Sizes } from "./assignment.ts";
import type { Machine } from "./layout.ts";
import { fillNest, plainNest } from "./nests/plain.ts";
import { literalInteger, type NestContext, nestContext } from "./nests/context.ts";
import { loop, loopsOver } from "./nests/loops.ts";
import { tileable, tileNest } from "./nests/tile.ts";
import { printAssignment } from "./print.ts";
import { phasesOf } from "./straight/phases.ts";
import { writeOut } from "./straight/written-out.ts";
import type { Tensor } from "./tensor.ts";
import { bySample, type SampleBlock } from "./samples.ts";
import { everyAssignment, isScan, nodeTensors, type ScanBlock, type Step, stepsOf } from "./steps.ts";
import { argumentTensors, copyAssignment, type SharedTensors } from "./tensors.ts";

/** A function as fused assignments, before layouts are known. */
export interface FlatRoutine {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Gradients that nothing reaches: they are zero. */
  readonly zeroed: readonly Tensor[];
  readonly frame: Frame;
}

function resultRole(role: ResultRole): BufferRole | null {
  switch (role.kind) {
    case "output":
      return { kind: "output", name: role.name };
    case "lossTotal":
      return { kind: "result", name: `${role.name}.total` };
    case "lossWeight":
      return { kind: "result", name: `${role.name}.weight` };
    case "collect":
      return { kind: "result", name: `${role.metric}.${role.name}` };
    case "gradient":
      return { kind: "gradient", parameter: role.parameter };
    case "state":
      return { kind: "state", name: role.name };
    default:
      return null;
  }
}

export function resultName(role: BufferRole): string {
  switch (role.kind) {
    case "gradient":
      return `gradient.${role.parameter}`;
    case "temporary":
      return "";
    default:
      return role.name;
  }
}

/** Assignments of the function; what it gives lies in shared tensors, new states in those of the old ones. */
export function flatten(
  fn: GraphFunction,
  shared: SharedTensors,
  sizes: Sizes,
  machine: Machine,
  frame: Frame,
): FlatRoutine {
  const tensors = argumentTensors(fn, shared);
  nodeTensors(fn.nodes, { tensors, shared });
  const made = new Set<Value>(fn.nodes.flatMap((node) => (node.kind === "index" ? [node.result] : [])));
  const kept = new Set<Tensor>();
  const copies: Assignment[] = [];
  const claimed = new Set<Value>();
  for (const { role, value } of fn.results) {
    const bufferRole = resultRole(role);
    if (bufferRole === null) continue;
    const target = shared.of(bufferRole, resultName(bufferRole), value.type);
    // A new state may not be stored before all have read the old one.
    if (made.has(value) && !claimed.has(value) && role.kind !== "state") {
      tensors.set(value, target);
      claimed.add(value);
      kept.add(target);
    } else copies.push(copyAssignment(target, tensors.get(value)!, frame));
  }
  for (const { value } of copies) if (value.kind === "read") kept.add(value.tensor);
  const steps = stepsOf(fn.nodes, kept, { tensors, shared, sizes, machine });
  const complete = [...steps, ...copies];
  return { name: fn.name, steps: machine.lanes === 4 ? bySample(complete) : complete, zeroed: [], frame };
}

function titleOf(name: string, frame: Frame): string {
  const asked = userFrame(frame);
  const { source, start } = asked.span;
  const line = positionAt(source, start).line;
  const file = source.name.split("/").at(-1)!;
  return `${name}: ${asked.layer} (${file}:${line})`;
}

function nestOf(assignment: Assignment, context: NestContext): readonly Statement[] {
  const contraction = tileable(assignment, context);
  return contraction === null ? plainNest(assignment, context) : tileNest(assignment, contraction, context);
}

/** What is done once, then all of a step within one loop over steps; those of no sample, in the end, are not run. */
function scanNest(block: ScanBlock, context: NestContext): readonly Statement[] {
  const { axis, reversed, most, before, body } = block;
  const inner = body.flatMap((step) => stepNest(step, context));
  const once = before.flatMap((assignment) => nestOf(assignment, context));
  if (most === null) return [...once, ...loopsOver([axis], context, inner)];
  const whole = literalInteger(axis.extent);
  const buffer = context.buffer(most);
  const run: Integer = {
    kind: "least",
    a: { kind: "element", buffer, at: literalInteger(0) },
    b: whole,
  };
  // Reversed, the first steps are those at the end.
  const from: Integer = { kind: "sum", terms: [whole, { kind: "scaled", factor: -1, of: run }] };
  const [start, end] = reversed ? [from, whole] : [literalInteger(0), run];
  return [...once, loop(axis, start, end, 1, context, inner)];
}

/** What is zero and what needs no sample, then all of a sample within one loop over them. */
function sampleNest({ axis, zeroed, before, body }: SampleBlock, context: NestContext): readonly Statement[] {
  return [
    ...zeroed.map((tensor) => fillNest(context.buffer(tensor), 0, context)),
    ...before.flatMap((assignment) => nestOf(assignment, context)),
    ...loopsOver(
      [axis],
      context,
      body.flatMap((assignment) => nestOf(assignment, context)),
    ),
  ];
}

function stepNest(step: Step, context: NestContext): readonly Statement[] {
  if (!("kind" in step)) return nestOf(step, context);
  return isScan(step) ? scanNest(step, context) : sampleNest(step, context);
}

/** A section and what its kernel is to be called. */
export interface DraftSection {
  readonly section: Section;
  /** Null where it stays in the routine: straight-line code. */
  readonly operation: string | null;
}

/** Nests for every assignment, in order; or straight-line code for all of them where that is within the budget. */
export function schedule(
  flat: FlatRoutine,
  buffers: ReadonlyMap<Tensor, Buffer>,
  machine: Machine,
  straightBudget = 0,
): readonly DraftSection[] {
  const plainSteps = flat.steps.filter((step): step is Assignment => !("kind" in step));
  const onlyPlain = plainSteps.length === flat.steps.length;
  const phases = machine.lanes === 1 && onlyPlain ? phasesOf(plainSteps, straightBudget) : null;
  const zeroed = flat.zeroed.map((tensor): DraftSection => {
    const context = nestContext(buffers, machine);
    const body = [fillNest(context.buffer(tensor), 0, context)];
    const text = `${tensor.name} = 0`;
    return {
      operation: "fill",
      section: { title: `${tensor.name}: unreached`, text, frame: flat.frame, body },
    };
  });
  if (phases !== null) {
    const body = writeOut(phases, nestContext(buffers, machine));
    const title = `${flat.name}: one sample after the other, written out`;
    const section = { title, text: "", frame: flat.frame, body };
    return [...zeroed, { operation: null, section }];
  }
  const drafts = flat.steps.map((step): DraftSection => {
    const context = nestContext(buffers, machine);
    if ("kind" in step) {
      const operation = step.kind;
      const each = operation === "scan" ? "step" : "sample";
      const names = step.body.flatMap((inner) => ("kind" in inner ? [] : [inner.target.name]));
      const title = titleOf(operation === "scan" ? "scan" : [...new Set(names)].join(", "), step.frame);
      const once = step.before.map(printAssignment);
      const inner = everyAssignment(step.body).map(printAssignment);
      const text = [...once, `for each ${each}:`, ...inner.map((line) => `  ${line}`)].join("\n");
      return { operation, section: { title, text, frame: step.frame, body: stepNest(step, context) } };
    }
    const operation = tileable(step, context) === null ? step.operation : "contract";
    const text = printAssignment(step);
    const title = titleOf(step.target.name, step.frame);
    return { operation, section: { title, text, frame: step.frame, body: nestOf(step, context) } };
  });
  return [...zeroed, ...drafts];
}

export function routineOf(name: string, host: readonly Statement[], sections: readonly Section[]): Routine {
  const draws = sections.some(({ body }) => {
    for (const numeric of numericsIn(body)) if (numeric.kind === "random") return true;
    return false;
  });
  return { name, host, sections, draws };
}
