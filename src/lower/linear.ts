/** Owns the algebra of places: sums of atoms with factors, and the division rules that undo reshapes. */
import type { Axis, Place } from "./term.ts";

/** `constant + Σ factor · atom`; atoms are axes, the count, or divisions and elements that resist. */
export interface Linear {
  readonly constant: number;
  readonly terms: readonly { readonly factor: number; readonly atom: Place }[];
}

export function samePlace(a: Place, b: Place): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "literal":
      return b.kind === "literal" && a.value === b.value;
    case "count":
      return b.kind === "count";
    case "axis":
      return b.kind === "axis" && a.axis === b.axis;
    case "sum":
      return (
        b.kind === "sum" &&
        a.terms.length === b.terms.length &&
        a.terms.every((t, i) => samePlace(t, b.terms[i]!))
      );
    case "scaled":
      return b.kind === "scaled" && a.factor === b.factor && samePlace(a.of, b.of);
    case "quotient":
    case "remainder":
      return b.kind === a.kind && a.by === b.by && samePlace(a.of, b.of);
    case "element":
      return b.kind === "element" && a.tensor === b.tensor && a.at.every((at, i) => samePlace(at, b.at[i]!));
  }
}

function add(parts: readonly Linear[]): Linear {
  let constant = 0;
  const terms: { factor: number; atom: Place }[] = [];
  for (const part of parts) {
    constant += part.constant;
    for (const { factor, atom } of part.terms) {
      const known = terms.find((term) => samePlace(term.atom, atom));
      if (known) known.factor += factor;
      else terms.push({ factor, atom });
    }
  }
  return rejoin({ constant, terms: terms.filter((term) => term.factor !== 0) });
}

function scale(linear: Linear, factor: number): Linear {
  if (factor === 0) return { constant: 0, terms: [] };
  return {
    constant: linear.constant * factor,
    terms: linear.terms.map((term) => ({ factor: term.factor * factor, atom: term.atom })),
  };
}

/** by·f · (p div by) + f · (p mod by) = f · p. */
function rejoin(linear: Linear): Linear {
  const { constant, terms } = linear;
  for (const rest of terms) {
    if (rest.atom.kind !== "remainder") continue;
    const { of, by } = rest.atom;
    const quotient = toPlace(divide(linearForm(of), by));
    const whole = terms.find(
      (term) => term.factor === rest.factor * by && samePlace(term.atom, quotient) && term !== rest,
    );
    if (whole === undefined) continue;
    const others = terms.filter((term) => term !== rest && term !== whole);
    return add([{ constant, terms: others }, scale(linearForm(of), rest.factor)]);
  }
  return linear;
}

/** The smallest and largest value, or null where nothing is known. */
export function rangeOf(linear: Linear): { readonly least: number; readonly most: number } | null {
  let least = linear.constant;
  let most = linear.constant;
  for (const { factor, atom } of linear.terms) {
    const top =
      atom.kind === "axis"
        ? atom.axis.extent - 1
        : atom.kind === "remainder"
          ? atom.by - 1
          : quotientMost(atom);
    if (top === null) return null;
    if (factor > 0) most += factor * top;
    else least += factor * top;
  }
  return { least, most };
}

function quotientMost(atom: Place): number | null {
  if (atom.kind !== "quotient") return null;
  const range = rangeOf(linearForm(atom.of));
  return range === null || range.least < 0 ? null : Math.floor(range.most / atom.by);
}

/** Splits into what `by` divides and the rest, where the rest is known to stay in `0 … by - 1`. */
function splitBy(linear: Linear, by: number): { readonly whole: Linear; readonly rest: Linear } | null {
  const multiple = linear.terms.filter(({ factor }) => factor % by === 0);
  const others = linear.terms.filter(({ factor }) => factor % by !== 0);
  const constant = ((linear.constant % by) + by) % by;
  const rest = { constant, terms: others };
  const range = rangeOf(rest);
  if (range === null || range.least < 0 || range.most >= by) return null;
  return { whole: { constant: linear.constant - constant, terms: multiple }, rest };
}

function divide(linear: Linear, by: number): Linear {
  const split = splitBy(linear, by);
  if (split !== null) return scale(split.whole, 1 / by);
  const only = linear.terms[0];
  if (linear.constant === 0 && linear.terms.length === 1 && only!.factor === 1) {
    // (p div a) div b = p div (a · b)
    if (only!.atom.kind === "quotient") return divide(linearForm(only!.atom.of), only!.atom.by * by);
  }
  return { constant: 0, terms: [{ factor: 1, atom: { kind: "quotient", of: toPlace(linear), by } }] };
}

function modulo(linear: Linear, by: number): Linear {
  const split = splitBy(linear, by);
  if (split !== null) return split.rest;
  // What `by` divides leaves no remainder.
  const rest = {
    constant: ((linear.constant % by) + by) % by,
    terms: linear.terms.filter(({ factor }) => factor % by !== 0),
  };
  return { constant: 0, terms: [{ factor: 1, atom: { kind: "remainder", of: toPlace(rest), by } }] };
}

export function linearForm(place: Place): Linear {
  switch (place.kind) {
    case "literal":
      return { constant: place.value, terms: [] };
    case "axis":
      return place.axis.extent === 1 && !place.axis.counted
        ? { constant: 0, terms: [] }
        : { constant: 0, terms: [{ factor: 1, atom: place }] };
    case "count":
      return { constant: 0, terms: [{ factor: 1, atom: place }] };
    case "sum":
      return add(place.terms.map(linearForm));
    case "scaled":
      return scale(linearForm(place.of), place.factor);
    case "quotient":
      return divide(linearForm(place.of), place.by);
    case "remainder":
      return modulo(linearForm(place.of), place.by);
    case "element":
      return {
        constant: 0,
        terms: [{ factor: 1, atom: { ...place, at: place.at.map((at) => toPlace(linearForm(at))) } }],
      };
  }
}

export function toPlace(linear: Linear): Place {
  const terms: Place[] = linear.terms.map(({ factor, atom }) =>
    factor === 1 ? atom : { kind: "scaled", factor, of: atom },
  );
  if (linear.constant !== 0 || terms.length === 0) terms.push({ kind: "literal", value: linear.constant });
  return terms.length === 1 ? terms[0]! : { kind: "sum", terms };
}

export function simplifyPlace(place: Place): Place {
  return toPlace(linearForm(place));
}

/** How the place grows with the axis, or null where not linearly. */
export function coefficientOf(place: Place, axis: Axis): number | null {
  const form = linearForm(place);
  let coefficient = 0;
  for (const { factor, atom } of form.terms) {
    if (atom.kind === "axis" && atom.axis === axis) coefficient = factor;
    else if (atom.kind !== "axis" && atom.kind !== "count" && mentions(atom, axis)) return null;
  }
  return coefficient;
}

export function mentions(place: Place, axis: Axis): boolean {
  switch (place.kind) {
    case "axis":
      return place.axis === axis;
    case "literal":
    case "count":
      return false;
    case "sum":
      return place.terms.some((term) => mentions(term, axis));
    case "scaled":
    case "quotient":
    case "remainder":
      return mentions(place.of, axis);
    case "element":
      return place.at.some((at) => mentions(at, axis));
  }
}
