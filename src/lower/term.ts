/** Owns terms: the body of an assignment, a scalar expression that reads tensors at places. */
import type { Reducer, ScalarFunction } from "../ir/comprehension.ts";
import type { Tensor } from "./tensor.ts";

/**
 * A loop of an assignment, compared by identity. `extent` is what it runs to at most; where `counted`, it runs to the
 * number of samples of the call instead.
 */
export interface Axis {
  readonly name: string;
  readonly extent: number;
  readonly counted: boolean;
}

/** A place along an axis of a tensor, an integer. */
export type Place =
  | { readonly kind: "literal"; readonly value: number }
  | { readonly kind: "axis"; readonly axis: Axis }
  /** `constant + coefficient · count`: a dimension that holds the batch. */
  | { readonly kind: "count" }
  | { readonly kind: "sum"; readonly terms: readonly Place[] }
  | { readonly kind: "scaled"; readonly factor: number; readonly of: Place }
  | { readonly kind: "quotient"; readonly of: Place; readonly by: number }
  | { readonly kind: "remainder"; readonly of: Place; readonly by: number }
  | { readonly kind: "element"; readonly tensor: Tensor; readonly at: readonly Place[] };

export interface Reduction {
  readonly reducer: Reducer;
  readonly over: readonly Axis[];
  readonly body: Term;
}

export type Term =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "place"; readonly of: Place }
  | { readonly kind: "inside"; readonly of: Place; readonly extent: Place }
  | { readonly kind: "read"; readonly tensor: Tensor; readonly at: readonly Place[] }
  | { readonly kind: "apply"; readonly function: ScalarFunction; readonly arguments: readonly Term[] }
  | {
      readonly kind: "random";
      readonly distribution: "uniform" | "normal";
      readonly stream: number;
      readonly sample: Place | null;
      readonly element: Place;
    }
  | { readonly kind: "reduced"; readonly reduction: Reduction };

export function apply(fn: ScalarFunction, ...args: readonly Term[]): Term {
  return { kind: "apply", function: fn, arguments: args };
}

export function axisPlace(axis: Axis): Place {
  return { kind: "axis", axis };
}

/** The place with every axis replaced; an axis that `axes` lacks stays. */
export function substitutePlace(place: Place, axes: ReadonlyMap<Axis, Place>): Place {
  switch (place.kind) {
    case "literal":
    case "count":
      return place;
    case "axis":
      return axes.get(place.axis) ?? place;
    case "sum":
      return { kind: "sum", terms: place.terms.map((term) => substitutePlace(term, axes)) };
    case "scaled":
      return { ...place, of: substitutePlace(place.of, axes) };
    case "quotient":
    case "remainder":
      return { ...place, of: substitutePlace(place.of, axes) };
    case "element":
      return { ...place, at: place.at.map((at) => substitutePlace(at, axes)) };
  }
}

/** The term rebuilt with every place and every read replaced; `read` sees places that are already replaced. */
export function rebuild(
  term: Term,
  place: (place: Place) => Place,
  read: (tensor: Tensor, at: readonly Place[]) => Term,
): Term {
  const again = (inner: Term): Term => rebuild(inner, place, read);
  switch (term.kind) {
    case "number":
      return term;
    case "place":
      return { kind: "place", of: place(term.of) };
    case "inside":
      return { kind: "inside", of: place(term.of), extent: place(term.extent) };
    case "read":
      return read(term.tensor, term.at.map(place));
    case "apply":
      return { ...term, arguments: term.arguments.map(again) };
    case "random":
      return {
        ...term,
        sample: term.sample === null ? null : place(term.sample),
        element: place(term.element),
      };
    case "reduced":
      return { kind: "reduced", reduction: { ...term.reduction, body: again(term.reduction.body) } };
  }
}

/** The term with axes replaced, those that its reductions run over apart: they are its own. */
export function substituteTerm(term: Term, axes: ReadonlyMap<Axis, Place>): Term {
  return rebuild(
    term,
    (place) => substitutePlace(place, axes),
    (tensor, at) => ({ kind: "read", tensor, at }),
  );
}

/** The term with another reduction in the place of one that is in no other. */
export function withReduction(term: Term, reduction: Reduction, by: Reduction): Term {
  if (term.kind === "reduced" && term.reduction === reduction) return { kind: "reduced", reduction: by };
  if (term.kind !== "apply") return term;
  return { ...term, arguments: term.arguments.map((inner) => withReduction(inner, reduction, by)) };
}

/** Every term within, the outermost first; `inReduction` tells whether it is repeated by a reduction. */
export function* termsIn(
  term: Term,
  inReduction = false,
): Generator<{ readonly term: Term; readonly inReduction: boolean }> {
  yield { term, inReduction };
  if (term.kind === "apply") for (const inner of term.arguments) yield* termsIn(inner, inReduction);
  if (term.kind === "reduced") yield* termsIn(term.reduction.body, true);
}

export function* axesIn(place: Place): Generator<Axis> {
  switch (place.kind) {
    case "literal":
    case "count":
      return;
    case "axis":
      yield place.axis;
      return;
    case "sum":
      for (const term of place.terms) yield* axesIn(term);
      return;
    case "scaled":
    case "quotient":
    case "remainder":
      yield* axesIn(place.of);
      return;
    case "element":
      for (const at of place.at) yield* axesIn(at);
  }
}

/** Tensors read by a place: those that hold indices. */
export function* tensorsInPlace(place: Place): Generator<Tensor> {
  switch (place.kind) {
    case "sum":
      for (const term of place.terms) yield* tensorsInPlace(term);
      return;
    case "scaled":
    case "quotient":
    case "remainder":
      yield* tensorsInPlace(place.of);
      return;
    case "element":
      yield place.tensor;
      for (const at of place.at) yield* tensorsInPlace(at);
      return;
    default:
  }
}

/** The places that stand directly in one term. */
export function placesOf(term: Term): readonly Place[] {
  switch (term.kind) {
    case "place":
      return [term.of];
    case "inside":
      return [term.of, term.extent];
    case "read":
      return term.at;
    case "random":
      return term.sample === null ? [term.element] : [term.sample, term.element];
    default:
      return [];
  }
}

/** Every tensor the term reads, as often as it is read. */
export function* tensorsIn(term: Term): Generator<Tensor> {
  for (const { term: inner } of termsIn(term)) {
    if (inner.kind === "read") yield inner.tensor;
    for (const place of placesOf(inner)) yield* tensorsInPlace(place);
  }
}
