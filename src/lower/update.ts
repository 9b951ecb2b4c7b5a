/** Owns optimizers: one sweep over all the parameters of a group where it is element-wise, else one pass a parameter. */
import type { Frame } from "../ir/frame.ts";
import { type GraphFunction, indexNodes, type Value } from "../ir/graph.ts";
import type { Buffer, Statement } from "../ir/loops.ts";
import type { OptimizerGroup } from "../ir/network.ts";
import { type Assignment, assignmentsOf, type Sizes } from "./assignment.ts";
import { fuse } from "./fuse.ts";
import { type HostArguments, hostStatements, splitHost } from "./host.ts";
import { bufferFor, type Machine } from "./layout.ts";
import { nestContext } from "./nests/context.ts";
import { sweepNest } from "./nests/sweep.ts";
import { printAssignment } from "./print.ts";
import { type DraftSection, schedule } from "./routine.ts";
import type { Tensor } from "./tensor.ts";
import { copyAssignment, SharedTensors } from "./tensors.ts";

/** What an update moves: buffers of the same layout, one after the other in their blocks. */
export interface Range {
  readonly moved: Buffer;
  readonly gradient: Buffer;
  readonly slots: ReadonlyMap<string, Buffer>;
}

export interface LoweredUpdate {
  readonly host: readonly Statement[];
  readonly sections: readonly DraftSection[];
  readonly scalars: readonly Buffer[];
  readonly rate: Buffer | null;
}

interface Roles {
  readonly tensors: Map<Value, Tensor>;
  readonly hostArguments: HostArguments;
  readonly buffers: Map<Tensor, Buffer>;
}

/** Arguments stand for the buffers of the range; `step`, `total` and `ease` are the host's. */
function bindArguments(fn: GraphFunction, range: Range, shared: SharedTensors): Roles {
  const tensors = new Map<Value, Tensor>();
  const hostArguments = new Map<Tensor, "step" | "total" | "ease">();
  const buffers = new Map<Tensor, Buffer>();
  for (const { role, value } of fn.arguments) {
    const name = "name" in role ? role.name : role.kind;
    const tensor = shared.make({ kind: "temporary" }, name, value.type);
    tensors.set(value, tensor);
    if (role.kind === "step" || role.kind === "total" || role.kind === "ease")
      hostArguments.set(tensor, role.kind);
    else if (role.kind === "moved") buffers.set(tensor, range.moved);
    else if (role.kind === "gradient") buffers.set(tensor, range.gradient);
    else if (role.kind === "slot") buffers.set(tensor, range.slots.get(role.name)!);
    else throw new Error(`an optimizer takes no ${role.kind}`);
  }
  return { tensors, hostArguments, buffers };
}

function nameOf(fn: GraphFunction, value: Value): string {
  const result = fn.results.find((each) => each.value === value);
  if (result?.role.kind === "slot") return result.role.name;
  return result?.role.kind === "moved" ? "moved" : (value.name ?? "value");
}

/** Where the results of the function go; `rate` is handed over by the host. */
function resultsOf(fn: GraphFunction, range: Range, tensors: ReadonlyMap<Value, Tensor>) {
  const stored = new Map<Tensor, Buffer>();
  const slots = new Set<Tensor>();
  let rate: Tensor | null = null;
  for (const { role, value } of fn.results) {
    const tensor = tensors.get(value)!;
    if (role.kind === "rate") rate = tensor;
    if (role.kind === "moved") stored.set(tensor, range.moved);
    if (role.kind === "slot") {
      stored.set(tensor, range.slots.get(role.name)!);
      slots.add(tensor);
    }
  }
  return { stored, slots, rate };
}

/** Lowers one function of the group for one range. `elements` is what `[parameters]` comes to. */
export function lowerUpdate(
  group: OptimizerGroup,
  fn: GraphFunction,
  range: Range,
  elements: number,
  machine: Machine,
  frame: Frame,
  inParts: boolean,
): LoweredUpdate {
  const sizes: Sizes = { capacity: new Map(group.flat === null ? [] : [[group.flat, elements]]) };
  const shared = new SharedTensors(sizes);
  const { tensors, hostArguments, buffers } = bindArguments(fn, range, shared);
  const nodes = indexNodes(fn.nodes);
  for (const node of nodes)
    tensors.set(node.result, shared.make({ kind: "temporary" }, nameOf(fn, node.result), node.result.type));
  const { stored, slots, rate } = resultsOf(fn, range, tensors);
  const handed = new Set(rate === null ? [] : [rate]);
  const fused = fuse(assignmentsOf(nodes, tensors, sizes), new Set([...stored.keys(), ...handed]));
  const split = splitHost(fused, hostArguments, handed);
  const needs = { panelled: new Set<Tensor>(), padded: new Set<Tensor>() };
  for (const tensor of split.scalars.keys()) {
    const scalar = { ...tensor, role: { kind: "scalar", name: tensor.name } } as const;
    buffers.set(tensor, bufferFor(scalar, needs, machine));
  }
  const host = hostStatements(split.scalars, buffers, hostArguments);
  const result = {
    host,
    scalars: [...split.scalars.keys()].map((tensor) => buffers.get(tensor)!),
    rate: rate === null ? null : (buffers.get(rate) ?? null),
  };
  if (group.flat !== null) {
    const targets = new Map<Tensor, Tensor>();
    for (const [tensor, buffer] of stored) {
      const own: Tensor = { ...tensor };
      targets.set(tensor, own);
      buffers.set(own, buffer);
    }
    const context = nestContext(buffers, machine);
    const body = sweepNest(split.assignments, elements, targets, slots, context, inParts);
    const text = split.assignments.map(printAssignment).join("; ");
    const title = `${group.optimizer} over ${group.parameters.join(", ")}`;
    return { ...result, sections: [{ operation: group.optimizer, section: { title, text, frame, body } }] };
  }
  return { ...result, sections: passOver(split.assignments, stored, buffers, machine, frame) };
}

/** Not element-wise: new values lie beside the old ones until all is read. */
function passOver(
  assignments: readonly Assignment[],
  stored: ReadonlyMap<Tensor, Buffer>,
  buffers: Map<Tensor, Buffer>,
  machine: Machine,
  frame: Frame,
): readonly DraftSection[] {
  const needs = { panelled: new Set<Tensor>(), padded: new Set<Tensor>() };
  for (const { target } of assignments) {
    const final = stored.get(target);
    const beside = final === undefined ? bufferFor(target, needs, machine) : { ...final, role: target.role };
    buffers.set(target, beside);
  }
  const copies = [...stored].map(([tensor, buffer]) => {
    const target: Tensor = { ...tensor };
    buffers.set(target, buffer);
    return copyAssignment(target, tensor, frame);
  });
  return schedule(
    { name: "update", steps: [...assignments, ...copies], zeroed: [], frame },
    buffers,
    machine,
  );
}
