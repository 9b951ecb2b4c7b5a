/**
 * Owns fusion: assignments that need no memory of their own move into those that read them. Views always do;
 * element-wise work does where it is read once and never repeated; a reduction takes what is done to its result along
 * (the epilogue).
 */
import type { Assignment } from "./assignment.ts";
import { isLaneFunction } from "./lanes.ts";
import { linearForm } from "./linear.ts";
import type { Tensor } from "./tensor.ts";
import {
  type Axis,
  axesIn,
  type Place,
  placesOf,
  rebuild,
  substituteTerm,
  type Term,
  termsIn,
} from "./term.ts";

const RANDOM_COST = 30;

/** Applications of functions, those repeated by reductions counted once. */
function costOf(term: Term): number {
  let cost = 0;
  for (const { term: inner } of termsIn(term)) {
    if (inner.kind === "apply" || inner.kind === "inside") cost += 1;
    if (inner.kind === "random") cost += RANDOM_COST;
  }
  return cost;
}

function readsIn(term: Term): number {
  let reads = 0;
  for (const { term: inner } of termsIn(term)) if (inner.kind === "read") reads += 1;
  return reads;
}

function reduces(term: Term): boolean {
  for (const { term: inner } of termsIn(term)) if (inner.kind === "reduced") return true;
  return false;
}

/** Whether it asks where it is: what such a question guards may not be computed before. */
function isGuarded(term: Term): boolean {
  for (const { term: inner } of termsIn(term)) if (inner.kind === "inside") return true;
  return false;
}

/** Nothing but another tensor under other places, or a number. */
function isView({ scatter, value }: Assignment): boolean {
  return !scatter && costOf(value) === 0 && !reduces(value);
}

/** The producer's value at the places where it is read. */
function valueAt(producer: Assignment, at: readonly Place[]): Term {
  return substituteTerm(producer.value, new Map(producer.axes.map((axis, i) => [axis, at[i]!])));
}

function inlineViews(assignments: readonly Assignment[], kept: ReadonlySet<Tensor>): readonly Assignment[] {
  const views = new Map<Tensor, Assignment>();
  const result: Assignment[] = [];
  for (const assignment of assignments) {
    const inlined = {
      ...assignment,
      value: inlineReads(assignment.value, (tensor) => views.get(tensor) ?? null),
    };
    // An index tensor is also read by places, which hold no terms: it stays.
    const view = isView(inlined) && inlined.target.element === "float";
    if (view) views.set(inlined.target, inlined);
    if (!view || kept.has(inlined.target)) result.push(inlined);
  }
  return result;
}

function inlineReads(value: Term, producerOf: (tensor: Tensor) => Assignment | null): Term {
  return rebuild(
    value,
    (place) => place,
    (tensor, at) => {
      const producer = producerOf(tensor);
      return producer === null ? { kind: "read", tensor, at } : valueAt(producer, at);
    },
  );
}

interface Site {
  readonly at: readonly Place[];
  /** The axes that loop around the read. */
  readonly around: readonly Axis[];
  readonly inReduction: boolean;
}

function* sitesIn(
  term: Term,
  around: readonly Axis[],
  inReduction: boolean,
): Generator<{ readonly tensor: Tensor; readonly site: Site }> {
  if (term.kind === "read") yield { tensor: term.tensor, site: { at: term.at, around, inReduction } };
  if (term.kind === "apply") for (const inner of term.arguments) yield* sitesIn(inner, around, inReduction);
  if (term.kind === "reduced") {
    const { body, over } = term.reduction;
    yield* sitesIn(body, [...around, ...over], true);
  }
}

/** Whether every loop around the read moves it, so that nothing is computed twice. */
function isUnrepeated({ at, around }: Site): boolean {
  const moving = new Set(at.flatMap((place) => [...axesIn(place)]));
  return around.every((axis) => moving.has(axis));
}

function isIdentity({ at }: Site, axes: readonly Axis[]): boolean {
  return at.length === axes.length && at.every((place, i) => place.kind === "axis" && place.axis === axes[i]);
}

/** Whether neighbours along the axis are neighbours there, every fourth of them at a place that fours divide. */
function startsVectors(place: Place, axis: Axis): boolean {
  const { constant, terms } = linearForm(place);
  const own = terms.find(({ atom }) => atom.kind === "axis" && atom.axis === axis);
  const others = terms.filter((term) => term !== own);
  return (
    own?.factor === 1 &&
    constant % 4 === 0 &&
    others.every(({ factor, atom }) => factor % 4 === 0 && ![...axesIn(atom)].includes(axis))
  );
}

/** Whether the value can be computed for neighbours along the last axis at once. */
export function isLaneFriendly(value: Term, last: Axis | null): boolean {
  if (last === null) return true;
  const moves = (place: Place): boolean => [...axesIn(place)].includes(last);
  for (const { term } of termsIn(value)) {
    if (term.kind === "random") return false;
    if (term.kind === "apply" && !isLaneFunction(term.function)) return false;
    if ((term.kind === "place" || term.kind === "inside") && placesOf(term).some(moves)) return false;
    if (term.kind === "read") {
      const end = term.at.length - 1;
      // Indices that a caller gave lie tight: four at once would pass their end.
      const given = term.tensor.element === "index" && term.tensor.role.kind !== "temporary";
      if (given && term.at.some(moves)) return false;
      for (const [i, place] of term.at.entries()) {
        if (moves(place) && !(i === end && startsVectors(place, last))) return false;
      }
    }
  }
  return true;
}

/** Whether neighbours along the last axis are stored beside each other: the steps of a recurrence may lie between them. */
export function storesNeighbours({ at, axes }: Assignment): boolean {
  const last = axes.at(-1);
  const end = at.at(-1);
  return (
    last !== undefined &&
    end !== undefined &&
    startsVectors(end, last) &&
    at.slice(0, -1).every((place) => ![...axesIn(place)].includes(last))
  );
}

function mayFuse(producer: Assignment, consumer: Assignment, site: Site): boolean {
  if (producer.scatter || consumer.scatter) return false;
  if (!reduces(producer.value)) return isUnrepeated(site);
  return (
    !site.inReduction &&
    isIdentity(site, consumer.axes) &&
    !reduces(consumer.value) &&
    !isGuarded(consumer.value) &&
    isLaneFriendly(consumer.value, consumer.axes.at(-1) ?? null)
  );
}

function fuseSingles(assignments: readonly Assignment[], kept: ReadonlySet<Tensor>): readonly Assignment[] {
  const reads = new Map<Tensor, number>();
  for (const { value, at } of assignments) {
    for (const { term } of termsIn(value)) {
      if (term.kind === "read") reads.set(term.tensor, (reads.get(term.tensor) ?? 0) + 1);
      for (const place of placesOf(term)) countElements(place, reads);
    }
    for (const place of at) countElements(place, reads);
  }
  const producers = new Map<Tensor, Assignment>();
  for (const original of assignments) {
    let assignment = original;
    for (const { tensor, site } of [...sitesIn(original.value, original.axes, false)]) {
      const producer = producers.get(tensor);
      const single = reads.get(tensor) === 1 && !kept.has(tensor) && tensor.element === "float";
      if (producer === undefined || !single || !mayFuse(producer, assignment, site)) continue;
      assignment = {
        ...assignment,
        value: inlineReads(assignment.value, (read) => (read === tensor ? producer : null)),
      };
      producers.delete(tensor);
    }
    producers.set(assignment.target, assignment);
  }
  return [...producers.values()];
}

/** An index tensor read by a place counts as often as it likes: it is never moved. */
function countElements(place: Place, reads: Map<Tensor, number>): void {
  if (place.kind === "element") {
    reads.set(place.tensor, Number.POSITIVE_INFINITY);
    for (const at of place.at) countElements(at, reads);
  } else if (place.kind === "sum") for (const term of place.terms) countElements(term, reads);
  else if (place.kind === "scaled" || place.kind === "quotient" || place.kind === "remainder")
    countElements(place.of, reads);
}

/** Numbers without reads that cost next to nothing are computed where they are needed. */
function inlineNumbers(assignments: readonly Assignment[], kept: ReadonlySet<Tensor>): readonly Assignment[] {
  const numbers = new Map<Tensor, Assignment>();
  return assignments.flatMap((assignment) => {
    const value = inlineReads(assignment.value, (tensor) => numbers.get(tensor) ?? null);
    const inlined = { ...assignment, value };
    const cheap =
      !assignment.scatter &&
      assignment.axes.length > 0 &&
      assignment.target.element === "float" &&
      readsIn(value) === 0 &&
      !reduces(value) &&
      costOf(value) <= 2;
    if (cheap) numbers.set(assignment.target, inlined);
    return cheap && !kept.has(assignment.target) ? [] : [inlined];
  });
}

/** The same assignments in fewer; the tensors of `kept` are computed all the same. */
export function fuse(assignments: readonly Assignment[], kept: ReadonlySet<Tensor>): readonly Assignment[] {
  return fuseSingles(inlineNumbers(inlineViews(assignments, kept), kept), kept);
}
