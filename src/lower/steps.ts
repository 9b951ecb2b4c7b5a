/** Owns the order of a routine: assignments, and recurrences whose bodies run once a step. */
import type { Frame } from "../ir/frame.ts";
import { type IndexNode, insideOf, type Node, resultsOf, type ScanNode, type Value } from "../ir/graph.ts";
import { literalValue } from "../ir/dimension.ts";
import { type Assignment, assignmentsOf, type Sizes } from "./assignment.ts";
import { orderSums, repack } from "./contraction.ts";
import { fuse } from "./fuse.ts";
import type { Machine } from "./layout.ts";
import type { SampleBlock } from "./samples.ts";
import type { Tensor } from "./tensor.ts";
import { axesOver, copyAssignment, type SharedTensors } from "./tensors.ts";
import { type Axis, axesIn, axisPlace, type Place, placesOf, type Term, tensorsIn, termsIn } from "./term.ts";
import { unguard } from "./unguard.ts";

/** A recurrence. */
export interface ScanBlock {
  readonly kind: "scan";
  /** Counts the steps in the order in which they run. */
  readonly axis: Axis;
  readonly reversed: boolean;
  /** How many steps are run, an index of rank 0; null where all are. */
  readonly most: Tensor | null;
  /** Done once: what is carried takes its start, copies that no step changes are made. */
  readonly before: readonly Assignment[];
  readonly body: readonly Step[];
  readonly frame: Frame;
}

export type Step = Assignment | ScanBlock | SampleBlock;

export function isScan(step: Step): step is ScanBlock {
  return "kind" in step && step.kind === "scan";
}

/** Every assignment, those within recurrences and runs by sample among them. */
export function everyAssignment(steps: readonly Step[]): readonly Assignment[] {
  return steps.flatMap((step) => ("kind" in step ? [...step.before, ...everyAssignment(step.body)] : [step]));
}

export interface StepSetting {
  readonly tensors: Map<Value, Tensor>;
  readonly shared: SharedTensors;
  readonly sizes: Sizes;
  readonly machine: Machine;
}

/** Gives every value that the nodes make a tensor; what is carried and what it comes to share one. */
export function nodeTensors(
  nodes: readonly Node[],
  { tensors, shared }: Pick<StepSetting, "tensors" | "shared">,
): void {
  const temporary = (value: Value, name: string): void => {
    tensors.set(value, shared.make({ kind: "temporary" }, value.name ?? name, value.type));
  };
  for (const node of nodes) {
    if (node.kind === "index") {
      temporary(node.result, node.operation);
      continue;
    }
    for (const value of [...insideOf(node), ...resultsOf(node)]) temporary(value, "scan");
    for (const { inner, last } of node.carries) tensors.set(last, tensors.get(inner)!);
    nodeTensors(node.nodes, { tensors, shared });
  }
}

/** Assignments of the nodes, fused as far as no recurrence stands between them. `kept` must exist in memory. */
export function stepsOf(
  nodes: readonly Node[],
  kept: ReadonlySet<Tensor>,
  setting: StepSetting,
): readonly Step[] {
  const runs: (readonly Assignment[] | ScanBlock)[] = [];
  let run: IndexNode[] = [];
  const close = (): void => {
    if (run.length > 0) runs.push(assignmentsOf(run, setting.tensors, setting.sizes));
    run = [];
  };
  for (const node of nodes) {
    if (node.kind === "index") run.push(node);
    else {
      close();
      runs.push(blockOf(node, setting));
    }
  }
  close();
  return runs.flatMap((each, i): readonly Step[] => {
    if ("kind" in each) return [each];
    const readElsewhere = runs.filter((_, j) => j !== i).flatMap(readsOf);
    return prepare(fuse(each, new Set([...kept, ...readElsewhere])), setting.machine);
  });
}

function readsOf(run: readonly Assignment[] | ScanBlock): readonly Tensor[] {
  const assignments = "kind" in run ? everyAssignment([run]) : run;
  return assignments.flatMap(({ value, at }) => [
    ...tensorsIn(value),
    ...at.flatMap((place) => (place.kind === "element" ? [place.tensor] : [])),
  ]);
}

/** What the micro-kernel needs: no guards, sums that walk memory in order, and columns that are neighbours. */
export function prepare(assignments: readonly Assignment[], machine: Machine): readonly Assignment[] {
  const free = orderSums(unguard(assignments));
  return machine.lanes === 4 ? repack(free) : free;
}

function withStep(at: readonly Place[], axis: number, step: Place): readonly Place[] {
  return [...at.slice(0, axis), step, ...at.slice(axis)];
}

function blockOf(scan: ScanNode, setting: StepSetting): ScanBlock {
  const { tensors, shared } = setting;
  const { frame } = scan;
  const extent = literalValue(scan.steps);
  if (extent === null) throw new Error("a recurrence over a varying length is not lowered");
  const axis: Axis = { name: "t", extent, counted: false };
  const step: Place = scan.reversed
    ? {
        kind: "sum",
        terms: [
          { kind: "literal", value: extent - 1 },
          { kind: "scaled", factor: -1, of: axisPlace(axis) },
        ],
      }
    : axisPlace(axis);
  const plain = { scatter: false, zeroed: false, frame } as const;
  const sequences = scan.sequences.map(({ outer, axis: along, inner }): Assignment => {
    const target = tensors.get(inner)!;
    const axes = axesOver(target);
    const at = axes.map(axisPlace);
    const value = { kind: "read", tensor: tensors.get(outer)!, at: withStep(at, along, step) } as const;
    return { ...plain, target, axes, at, value, operation: "step" };
  });
  const place: Assignment[] =
    scan.place === null
      ? []
      : [
          {
            ...plain,
            target: tensors.get(scan.place)!,
            axes: [],
            at: [],
            value: { kind: "place", of: step },
            operation: "place",
          },
        ];
  const collects = scan.collects.map(({ inner, axis: along, result }): Assignment => {
    const tensor = tensors.get(inner)!;
    const axes = axesOver(tensor);
    const at = axes.map(axisPlace);
    const value = { kind: "read", tensor, at } as const;
    return {
      ...plain,
      target: tensors.get(result)!,
      axes,
      at: withStep(at, along, step),
      value,
      operation: "collect",
    };
  });

  // What is carried changes only once all of the step have read it.
  const carried = new Set(scan.carries.map(({ inner }) => tensors.get(inner)!));
  const kept = new Set<Tensor>(scan.collects.map(({ result }) => tensors.get(result)!));
  const asides: Assignment[] = [];
  const advances = scan.carries.map(({ inner, next }): Assignment => {
    let from = tensors.get(next)!;
    if (carried.has(from) || !scan.nodes.some((node) => resultsOf(node).includes(next))) {
      const aside = shared.make({ kind: "temporary" }, `${from.name}_aside`, next.type);
      asides.push(copyAssignment(aside, from, frame));
      from = aside;
    }
    kept.add(from);
    return copyAssignment(tensors.get(inner)!, from, frame);
  });
  const scans = scan.nodes.some(({ kind }) => kind === "scan");
  const inner = scans
    ? [
        ...sequences,
        ...place,
        ...stepsOf(scan.nodes, keptByAll(scan, kept, tensors), setting),
        ...collects,
        ...asides,
      ]
    : prepare(
        fuse(
          [
            ...sequences,
            ...place,
            ...assignmentsOf(scan.nodes.filter(isIndex), tensors, setting.sizes),
            ...collects,
            ...asides,
          ],
          kept,
        ),
        setting.machine,
      );
  const { once, each } = splitUnchanged(inner, carried, axis);
  const starts = scan.carries.map(({ initial, inner: value }) =>
    copyAssignment(tensors.get(value)!, tensors.get(initial)!, frame),
  );
  const counting = scan.lengths === undefined ? null : mostOf(scan, scan.lengths, setting);
  const counts = counting === null ? [] : [counting];
  return {
    kind: "scan",
    axis,
    reversed: scan.reversed,
    most: counting?.target ?? null,
    before: [...counts, ...once, ...starts],
    body: [...each, ...advances],
    frame,
  };
}

/** `most = max(lengths[b], over: b)` */
function mostOf({ frame }: ScanNode, lengths: Value, { tensors, shared }: StepSetting): Assignment {
  const tensor = tensors.get(lengths)!;
  const axes = axesOver(tensor);
  const body: Term = { kind: "read", tensor, at: axes.map(axisPlace) };
  const target = shared.make({ kind: "temporary" }, "steps", { ...lengths.type, shape: [] });
  const value: Term = { kind: "reduced", reduction: { reducer: "max", over: axes, body } };
  const plain = { scatter: false, zeroed: false, frame } as const;
  return { ...plain, target, axes: [], at: [], value, operation: "size" };
}

function isIndex(node: Node): node is IndexNode {
  return node.kind === "index";
}

/** With a recurrence inside, what leaves the step is read after it and must exist. */
function keptByAll(
  { collects, carries }: ScanNode,
  kept: ReadonlySet<Tensor>,
  tensors: ReadonlyMap<Value, Tensor>,
): ReadonlySet<Tensor> {
  const leaving = [...collects.map(({ inner }) => inner), ...carries.map(({ next }) => next)];
  return new Set([...kept, ...leaving.map((value) => tensors.get(value)!)]);
}

function asksFor(value: Term, axis: Axis): boolean {
  const places = [...termsIn(value)].flatMap(({ term }) => placesOf(term));
  return places.some((place) => [...axesIn(place)].includes(axis));
}

/** Copies for the micro-kernel of what no step writes, the same at every step, are made once. */
function splitUnchanged(
  steps: readonly Step[],
  carried: ReadonlySet<Tensor>,
  axis: Axis,
): { readonly once: readonly Assignment[]; readonly each: readonly Step[] } {
  const written = new Set([...carried, ...everyAssignment(steps).map(({ target }) => target)]);
  const isOnce = (step: Step): step is Assignment =>
    !("kind" in step) &&
    (step.operation === "repack" || step.operation === "pad") &&
    ![...tensorsIn(step.value)].some((tensor) => written.has(tensor)) &&
    !asksFor(step.value, axis);
  const once = steps.flatMap((step) =>
    isScan(step) ? step.before.filter(isOnce) : isOnce(step) ? [step] : [],
  );
  const each = steps.flatMap((step): readonly Step[] => {
    if (isScan(step)) return [{ ...step, before: step.before.filter((copy) => !isOnce(copy)) }];
    return isOnce(step) ? [] : [step];
  });
  return { once, each };
}
