/**
 * Owns runs by sample: neighbouring assignments that take one sample after the other share their loop over samples, so
 * that what one makes of a sample is still in the cache when the next reads it, and what only they need holds one sample.
 * Sums over the batch go on from sample to sample in the same order, to the same bits.
 */
import type { Frame } from "../ir/frame.ts";
import type { Assignment } from "./assignment.ts";
import { contractionOf } from "./contraction.ts";
import { isScan, type ScanBlock, type Step } from "./steps.ts";
import type { Tensor } from "./tensor.ts";
import {
  type Axis,
  axisPlace,
  type Place,
  placesOf,
  rebuild,
  substitutePlace,
  substituteTerm,
  type Term,
  termsIn,
} from "./term.ts";

/** One loop over samples. */
export interface SampleBlock {
  readonly kind: "samples";
  readonly axis: Axis;
  /** Set to zero before: sums over the batch, and borders that no sample writes. */
  readonly zeroed: readonly Tensor[];
  /** Done once before: what reads nothing of a sample. */
  readonly before: readonly Assignment[];
  /** Without the loop over samples; a sum over the batch goes on from what its target holds. */
  readonly body: readonly Assignment[];
  readonly frame: Frame;
}

/** Elements of one sample that stay near the processor: a quarter of a megabyte. */
const WORKING_SET = 65_536;

/** Elements of all samples that stay in the first cache anyway: there one loop after the other is quicker. */
const SMALL = 8192;

/** Summed points within one sample from which it pays to load and store a sum for each. */
const LEAST_POINTS = 32;

type Kind =
  | { readonly kind: "own" | "sum"; readonly axis: Axis }
  /** Touches no sample. */
  | { readonly kind: "free" }
  | { readonly kind: "alone" };

function isCounted({ counted }: Axis): boolean {
  return counted;
}

function reducedAxes(value: Term): readonly Axis[] {
  return [...termsIn(value)].flatMap(({ term }) => (term.kind === "reduced" ? term.reduction.over : []));
}

function kindOf(assignment: Assignment): Kind {
  const { axes, at, value, scatter } = assignment;
  const [first, ...others] = axes;
  const reduced = reducedAxes(value);
  if (scatter || others.some(isCounted)) return { kind: "alone" };
  if (first?.counted === true) {
    const place = at[0];
    const isFirst = place?.kind === "axis" && place.axis === first;
    // Rows that are samples fill the tile: no loop over samples is left.
    const takesSamples = contractionOf(assignment)?.row === first;
    return isFirst && !takesSamples && !reduced.some(isCounted)
      ? { kind: "own", axis: first }
      : { kind: "alone" };
  }
  if (!reduced.some(isCounted)) return { kind: "free" };
  if (value.kind !== "reduced" || value.reduction.reducer !== "sum") return { kind: "alone" };
  const [batch, ...rest] = value.reduction.over;
  const points = rest.reduce((all, { extent }) => all * extent, 1);
  const joins = batch!.counted && points >= LEAST_POINTS && reduced.filter(isCounted).length === 1;
  return joins ? { kind: "sum", axis: batch! } : { kind: "alone" };
}

/** Every tensor it reads, with the first place where it does. */
function* readsOf(assignment: Assignment): Generator<readonly [Tensor, Place | undefined]> {
  for (const { term } of termsIn(assignment.value)) {
    if (term.kind === "read") yield [term.tensor, term.at[0]];
    for (const place of placesOf(term)) yield* elementsIn(place);
  }
  for (const place of assignment.at) yield* elementsIn(place);
}

function* elementsIn(place: Place): Generator<readonly [Tensor, Place | undefined]> {
  switch (place.kind) {
    case "element":
      yield [place.tensor, place.at[0]];
      for (const at of place.at) yield* elementsIn(at);
      return;
    case "sum":
      for (const term of place.terms) yield* elementsIn(term);
      return;
    case "scaled":
    case "quotient":
    case "remainder":
      yield* elementsIn(place.of);
      return;
    default:
  }
}

function touched(assignment: Assignment): readonly Tensor[] {
  return [assignment.target, ...[...readsOf(assignment)].map(([tensor]) => tensor)];
}

function elements(shape: readonly number[]): number {
  return shape.reduce((all, extent) => all * extent, 1);
}

/** All tensors together, of one sample or of the whole batch. */
function sizeOf(tensors: Iterable<Tensor>, of: "sample" | "batch"): number {
  return [...tensors].reduce(
    (sum, { shape, batched }) => sum + elements(of === "sample" && batched ? shape.slice(1) : shape),
    0,
  );
}

/** A run that is being gathered. */
class Run {
  readonly before: Assignment[] = [];
  readonly members: { readonly assignment: Assignment; readonly kind: "own" | "sum"; readonly axis: Axis }[] =
    [];
  readonly #written = new Map<Tensor, "own" | "sum">();
  readonly #touched = new Set<Tensor>();

  /** Whether it became part of the run. */
  take(assignment: Assignment): boolean {
    const kind = kindOf(assignment);
    if (kind.kind === "alone") return false;
    const reads = [...readsOf(assignment)];
    if (this.#touched.has(assignment.target)) return false;
    if (kind.kind === "free") {
      if (this.members.length === 0 || reads.some(([tensor]) => this.#written.has(tensor))) return false;
      this.before.push(assignment);
      // Nothing later may write what it reads, nothing earlier did.
      for (const tensor of touched(assignment)) this.#touched.add(tensor);
      return true;
    }
    const sameSample = reads.every(
      ([tensor, place]) =>
        !this.#written.has(tensor) ||
        (this.#written.get(tensor) === "own" && place?.kind === "axis" && place.axis === kind.axis),
    );
    const all = new Set([...this.#touched, ...touched(assignment)]);
    if (!sameSample || sizeOf(all, "sample") > WORKING_SET) return false;
    this.members.push({ assignment, ...kind });
    this.#written.set(assignment.target, kind.kind);
    for (const tensor of all) this.#touched.add(tensor);
    return true;
  }

  /** As it stood in the program where sharing a loop brings nothing. */
  steps(): readonly Step[] {
    const pays = this.members.length > 1 && sizeOf(this.#touched, "batch") > SMALL;
    return pays ? [this.#block()] : [...this.before, ...this.members.map(({ assignment }) => assignment)];
  }

  #block(): SampleBlock {
    const axis: Axis = { ...this.members[0]!.axis };
    const zeroed: Tensor[] = [];
    const body = this.members.map(({ assignment, kind, axis: own }): Assignment => {
      const places = new Map([[own, axisPlace(axis)]]);
      const at = assignment.at.map((place) => substitutePlace(place, places));
      if (kind === "sum" || assignment.zeroed) zeroed.push(assignment.target);
      if (kind === "own") {
        const value = substituteTerm(assignment.value, places);
        return { ...assignment, axes: assignment.axes.slice(1), at, value, zeroed: false };
      }
      const { value } = assignment;
      if (value.kind !== "reduced") throw new Error("a sum over the batch is a reduction");
      const { reduction } = value;
      const rest = reduction.over.slice(1);
      const within: Term = {
        kind: "reduced",
        reduction: { ...reduction, over: rest, body: substituteTerm(reduction.body, places) },
      };
      return { ...assignment, at, value: within, goesOn: true };
    });
    const { frame } = this.members[0]!.assignment;
    return { kind: "samples", axis, zeroed, before: this.before, body, frame };
  }
}

/** Runs of neighbours that take samples in turn become blocks. */
export function bySample(steps: readonly Step[]): readonly Step[] {
  const result: Step[] = [];
  let run = new Run();
  for (const step of steps) {
    if (!("kind" in step) && run.take(step)) continue;
    result.push(...run.steps());
    run = new Run();
    if ("kind" in step || !run.take(step)) result.push(step);
  }
  result.push(...run.steps());
  return withoutBatch(result);
}

/** Temporaries that only one block touches hold one sample. */
function withoutBatch(steps: readonly Step[]): readonly Step[] {
  const users = new Map<Tensor, Set<Step>>();
  const use = (tensor: Tensor, step: Step): void => {
    users.set(tensor, (users.get(tensor) ?? new Set()).add(step));
  };
  for (const step of steps)
    for (const assignment of within(step)) for (const t of touched(assignment)) use(t, step);
  return steps.map((step) => {
    if (!("kind" in step) || step.kind !== "samples") return step;
    const narrowed = new Map<Tensor, Tensor>();
    for (const { target } of step.body) {
      const only = users.get(target)!.size === 1 && target.role.kind === "temporary" && target.batched;
      // Of rank 1 there is nothing left to hold: numbers stay where they are.
      if (only && target.shape.length > 1) narrowed.set(target, ofOneSample(target));
    }
    return {
      ...step,
      zeroed: step.zeroed.map((tensor) => narrowed.get(tensor) ?? tensor),
      body: step.body.map((assignment) => narrow(assignment, narrowed)),
    };
  });
}

function within(step: Step): readonly Assignment[] {
  if (!("kind" in step)) return [step];
  return isScan(step) ? scanned(step) : [...step.before, ...step.body];
}

function scanned(scan: ScanBlock): readonly Assignment[] {
  return [...scan.before, ...scan.body.flatMap(within)];
}

function ofOneSample(tensor: Tensor): Tensor {
  return {
    ...tensor,
    shape: tensor.shape.slice(1),
    batched: false,
    ...(tensor.margins === undefined ? {} : { margins: tensor.margins.slice(1) }),
  };
}

/** Reads and writes what holds one sample without saying which. */
function narrow(assignment: Assignment, narrowed: ReadonlyMap<Tensor, Tensor>): Assignment {
  const place = (of: Place): Place => {
    switch (of.kind) {
      case "element": {
        const tensor = narrowed.get(of.tensor);
        const at = of.at.map(place);
        return tensor === undefined ? { ...of, at } : { kind: "element", tensor, at: at.slice(1) };
      }
      case "sum":
        return { ...of, terms: of.terms.map(place) };
      case "scaled":
      case "quotient":
      case "remainder":
        return { ...of, of: place(of.of) };
      default:
        return of;
    }
  };
  const value = rebuild(assignment.value, place, (tensor, at) => {
    const own = narrowed.get(tensor);
    return own === undefined ? { kind: "read", tensor, at } : { kind: "read", tensor: own, at: at.slice(1) };
  });
  const own = narrowed.get(assignment.target);
  const at = assignment.at.map(place);
  return own === undefined
    ? { ...assignment, at, value }
    : { ...assignment, target: own, at: at.slice(1), value };
}
