/** Owns the way of one graph function to its routine: assignments, fusion, copies for the micro-kernel, nests. */
import type { Frame } from "../ir/frame.ts";
import type { GraphFunction, ResultRole, Value } from "../ir/graph.ts";
import type { Buffer, BufferRole, Routine, Section, Statement } from "../ir/loops.ts";
import { numericsIn } from "../ir/rewrite-loops.ts";
import { positionAt } from "../text/source.ts";
import { userFrame } from "../ir/frame.ts";
import { type Assignment, assignmentsOf, type Sizes } from "./assignment.ts";
import { repack } from "./contraction.ts";
import { fuse } from "./fuse.ts";
import type { Machine } from "./layout.ts";
import { unguard } from "./unguard.ts";
import { fillNest, plainNest } from "./nests/plain.ts";
import { nestContext } from "./nests/context.ts";
import { tileable, tileNest } from "./nests/tile.ts";
import { printAssignment } from "./print.ts";
import { phasesOf } from "./straight/phases.ts";
import { writeOut } from "./straight/written-out.ts";
import type { Tensor } from "./tensor.ts";
import { argumentTensors, copyAssignment, nodeTensors, type SharedTensors } from "./tensors.ts";

/** A function as fused assignments, before layouts are known. */
export interface FlatRoutine {
  readonly name: string;
  readonly assignments: readonly Assignment[];
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
  nodeTensors(fn, tensors, shared);
  const made = new Set<Value>(fn.nodes.map(({ result }) => result));
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
  const assignments = fuse([...assignmentsOf(fn, tensors, sizes)], kept);
  const complete = [...assignments, ...copies];
  return {
    name: fn.name,
    assignments: machine.lanes === 4 ? repack(unguard(complete)) : unguard(complete),
    zeroed: [],
    frame,
  };
}

function titleOf(assignment: Assignment): string {
  const frame = userFrame(assignment.frame);
  const { source, start } = frame.span;
  const line = positionAt(source, start).line;
  const file = source.name.split("/").at(-1)!;
  return `${assignment.target.name}: ${frame.layer} (${file}:${line})`;
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
  const phases = machine.lanes === 1 ? phasesOf(flat.assignments, straightBudget) : null;
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
  const drafts = flat.assignments.map((assignment): DraftSection => {
    const context = nestContext(buffers, machine);
    const contraction = tileable(assignment, context);
    const body: readonly Statement[] =
      contraction === null ? plainNest(assignment, context) : tileNest(assignment, contraction, context);
    const operation = contraction === null ? assignment.operation : "contract";
    const text = printAssignment(assignment);
    return { operation, section: { title: titleOf(assignment), text, frame: assignment.frame, body } };
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
