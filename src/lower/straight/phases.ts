/**
 * Owns the question whether a routine is small enough to be written out: everything for one sample as straight-line
 * arithmetic within one loop over samples, with what the batch sums in accumulators around it.
 */
import type { Assignment } from "../assignment.ts";
import type { Tensor } from "../tensor.ts";
import {
  type Axis,
  placesOf,
  type Reduction,
  type Term,
  tensorsIn,
  tensorsInPlace,
  termsIn,
} from "../term.ts";

/**
 * Functions applied in one sample's straight line. V8 stops optimizing past about 61 KB of bytecode, which a little
 * over 1,600 multiply-adds reach (`bench/cliff.ts`); this stays clear of it.
 */
export const STRAIGHT_BUDGET = 1500;

/**
 * Functions up to which straight lines are chosen unasked: there they cost at most about two and a half times the time of
 * WebAssembly, a few millionths of a second a step, and the module is shorter and can be read (`bench/tiny.ts`).
 */
export const TINY_BUDGET = 600;

export interface Phases {
  /** Neither read nor make anything by sample. */
  readonly before: readonly Assignment[];
  /** One sample's work, the sums over the batch among it. */
  readonly within: readonly Assignment[];
  /** Read what the batch summed. */
  readonly after: readonly Assignment[];
}

export function isCounted(axes: readonly Axis[]): boolean {
  return axes.some(({ counted }) => counted);
}

/** The sum over the batch that this assignment is, or null. */
export function batchSum({ value, axes }: Assignment): Reduction | null {
  if (value.kind !== "reduced" || value.reduction.reducer !== "sum" || isCounted(axes)) return null;
  return isCounted(value.reduction.over) ? value.reduction : null;
}

function reducesBatch(value: Term): boolean {
  for (const { term } of termsIn(value)) {
    if (term.kind === "reduced" && isCounted(term.reduction.over)) return true;
  }
  return false;
}

/** How often functions are applied for one sample. */
function workOf(assignment: Assignment): number {
  const times = (axes: readonly Axis[]): number =>
    axes.reduce((all, { counted, extent }) => (counted ? all : all * extent), 1);
  const inTerm = (term: Term): number => {
    if (term.kind === "apply") return 1 + term.arguments.reduce((sum, inner) => sum + inTerm(inner), 0);
    if (term.kind === "reduced") return times(term.reduction.over) * (1 + inTerm(term.reduction.body));
    return term.kind === "random" ? 8 : 0;
  };
  return times(assignment.axes) * (1 + inTerm(assignment.value));
}

/** The phases of the routine, or null where it does not fall into three or is too much work. */
export function phasesOf(assignments: readonly Assignment[], budget: number): Phases | null {
  const before: Assignment[] = [];
  const within: Assignment[] = [];
  const after: Assignment[] = [];
  const bySample = new Set<Tensor>();
  const summed = new Set<Tensor>();
  for (const assignment of assignments) {
    const reads = new Set([
      ...tensorsIn(assignment.value),
      ...assignment.at.flatMap((place) => (place.kind === "element" ? [place.tensor] : [])),
    ]);
    const isBySample = isCounted(assignment.axes) && !reducesBatch(assignment.value);
    const readsSum = [...reads].some((tensor) => summed.has(tensor));
    if (assignment.scatter && !assignment.target.batched) return null;
    if (isBySample || batchSum(assignment) !== null) {
      if (readsSum) return null;
      within.push(assignment);
      if (isBySample) bySample.add(assignment.target);
      else summed.add(assignment.target);
    } else if (reducesBatch(assignment.value)) return null;
    else if (readsSum) {
      after.push(assignment);
      summed.add(assignment.target);
    } else before.push(assignment);
  }
  // An order by phases is the order of the program only if nothing before reads what is by sample.
  if (before.some(({ value }) => [...tensorsIn(value)].some((tensor) => bySample.has(tensor)))) return null;
  const work = within.reduce((sum, assignment) => sum + workOf(assignment), 0);
  return within.length === 0 || work > budget ? null : { before, within, after };
}

/** Tensors that are read at a place known only at run time, and those that tell such places: they must lie in memory. */
export function readByPlace(assignments: readonly Assignment[]): ReadonlySet<Tensor> {
  const found = new Set<Tensor>();
  for (const { value, at } of assignments) {
    for (const place of at) for (const tensor of tensorsInPlace(place)) found.add(tensor);
    for (const { term } of termsIn(value)) {
      for (const place of placesOf(term)) for (const tensor of tensorsInPlace(place)) found.add(tensor);
      if (term.kind !== "read") continue;
      const dynamic = term.at.some(
        (place) => place.kind !== "axis" && [...placesBelow(place)].some((kind) => kind === "element"),
      );
      if (dynamic) found.add(term.tensor);
    }
  }
  return found;
}

function* placesBelow(place: Assignment["at"][number]): Generator<string> {
  yield place.kind;
  if (place.kind === "sum") for (const term of place.terms) yield* placesBelow(term);
  if (place.kind === "scaled" || place.kind === "quotient" || place.kind === "remainder")
    yield* placesBelow(place.of);
}
