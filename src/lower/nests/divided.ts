/**
 * Owns axes that are divided: where a nest asks for `i div 2` and `i mod 2`, a loop over the pairs and one within each
 * ask for nothing.
 */
import type { Assignment } from "../assignment.ts";
import { linearForm } from "../linear.ts";
import {
  type Axis,
  axisPlace,
  type Place,
  placesOf,
  substitutePlace,
  substituteTerm,
  termsIn,
} from "../term.ts";

/** What divides an axis somewhere in the place. */
function* divisorsIn(place: Place): Generator<readonly [Axis, number]> {
  switch (place.kind) {
    case "sum":
      for (const term of place.terms) yield* divisorsIn(term);
      return;
    case "quotient":
    case "remainder": {
      const { constant, terms } = linearForm(place.of);
      const [only] = terms;
      if (constant === 0 && terms.length === 1 && only!.factor === 1 && only!.atom.kind === "axis")
        yield [only!.atom.axis, place.by];
      yield* divisorsIn(place.of);
      return;
    }
    case "scaled":
      yield* divisorsIn(place.of);
      return;
    case "element":
      for (const at of place.at) yield* divisorsIn(at);
      return;
    default:
  }
}

/** The same assignment with each such axis (not the last, whose neighbours are neighbours in memory) as two. */
export function splitDivided(assignment: Assignment): Assignment {
  const last = assignment.axes.at(-1);
  const divisors = new Map<Axis, number>();
  for (const { term } of termsIn(assignment.value)) {
    for (const place of placesOf(term)) {
      for (const [axis, by] of divisorsIn(place)) {
        const fits = axis !== last && !axis.counted && axis.extent % by === 0 && by > 1;
        if (fits && assignment.axes.includes(axis)) divisors.set(axis, by);
      }
    }
  }
  if (divisors.size === 0) return assignment;
  const places = new Map<Axis, Place>();
  const within: Axis[] = [];
  const axes = assignment.axes.map((axis) => {
    const by = divisors.get(axis);
    if (by === undefined) return axis;
    const outer: Axis = { name: axis.name, extent: axis.extent / by, counted: false };
    const inner: Axis = { name: `${axis.name}_in`, extent: by, counted: false };
    within.push(inner);
    places.set(axis, {
      kind: "sum",
      terms: [{ kind: "scaled", factor: by, of: axisPlace(outer) }, axisPlace(inner)],
    });
    return outer;
  });
  return {
    ...assignment,
    axes: [...axes.slice(0, -1), ...within, ...axes.slice(-1)],
    at: assignment.at.map((place) => substitutePlace(place, places)),
    value: substituteTerm(assignment.value, places),
  };
}
