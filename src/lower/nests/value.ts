/** Owns the step from terms to numerics: reads become loads, one lane or four along one axis. */
import type { Lanes, Numeric, NumericFunction } from "../../ir/loops.ts";
import { mentions, simplifyPlace } from "../linear.ts";
import { type Axis, type Place, type Reduction, substitutePlace, type Term } from "../term.ts";
import { addressOf, type NestContext, toInteger } from "./context.ts";

/** How a term is to be computed at one point of the nest. */
export interface ValueSetting {
  readonly context: NestContext;
  /** The axis whose neighbours fill the lanes; null for one lane. */
  readonly lane: Axis | null;
  /** Where each axis stands. */
  readonly axes: ReadonlyMap<Axis, Place>;
  readonly reduced: (reduction: Reduction) => Numeric;
  /** A value that an earlier statement of the same nest holds in a local, instead of a load. */
  readonly held?: (term: Extract<Term, { readonly kind: "read" }>) => Numeric | null;
}

export function lanesOf(value: Numeric): Lanes {
  switch (value.kind) {
    case "number":
    case "load":
    case "apply":
      return value.lanes;
    case "local":
      return value.local.lanes;
    case "splat":
      return 4;
    default:
      return 1;
  }
}

export function number(value: number, lanes: Lanes): Numeric {
  return { kind: "number", value, lanes };
}

export function applied(fn: NumericFunction, lanes: Lanes, ...args: readonly Numeric[]): Numeric {
  return { kind: "apply", function: fn, arguments: args, lanes };
}

/** The same value in as many lanes. */
export function widen(value: Numeric, lanes: Lanes): Numeric {
  if (lanesOf(value) === lanes) return value;
  return value.kind === "number" ? number(value.value, lanes) : { kind: "splat", of: value };
}

/** a · b + c is one function, which a backend may round once. */
function contract(fn: NumericFunction, lanes: Lanes, args: readonly Numeric[]): Numeric {
  const isProduct = (value: Numeric | undefined): value is Extract<Numeric, { readonly kind: "apply" }> =>
    value?.kind === "apply" && value.function === "multiply";
  if (fn === "add") {
    const [a, b] = args;
    if (isProduct(a)) return applied("multiplyAdd", lanes, ...a.arguments, b!);
    if (isProduct(b)) return applied("multiplyAdd", lanes, ...b.arguments, a!);
  }
  return applied(fn, lanes, ...args);
}

/** Whether a place that does not move lies inside; null where that is known only at run time. */
function knownInside(of: Place, extent: Place): boolean | null {
  if (of.kind !== "literal") return null;
  if (of.value < 0) return false;
  return extent.kind === "literal" ? of.value < extent.value : null;
}

/** The branch that a `select` always takes; the other may read where nothing is. */
function chosenBranch(term: Extract<Term, { readonly kind: "apply" }>, setting: ValueSetting): Term | null {
  const [condition, whenTrue, otherwise] = term.arguments;
  if (term.function !== "select" || condition?.kind !== "inside") return null;
  const known = numericOf(condition, setting);
  return known.kind === "number" ? (known.value === 0 ? otherwise! : whenTrue!) : null;
}

export function numericOf(term: Term, setting: ValueSetting): Numeric {
  const { context, lane } = setting;
  const lanes: Lanes = lane === null ? 1 : 4;
  const placed = (place: Place): Place => simplifyPlace(substitutePlace(place, setting.axes));
  switch (term.kind) {
    case "number":
      return number(term.value, lanes);
    case "place":
      return widen({ kind: "integer", of: toInteger(placed(term.of), context) }, lanes);
    case "inside": {
      const known = knownInside(placed(term.of), placed(term.extent));
      if (known !== null) return number(known ? 1 : 0, lanes);
      const extent = toInteger(placed(term.extent), context);
      return widen({ kind: "inside", of: toInteger(placed(term.of), context), extent }, lanes);
    }
    case "read": {
      const held = setting.held?.(term) ?? null;
      if (held !== null) return widen(held, lanes);
      const buffer = context.buffer(term.tensor);
      const at = addressOf(buffer, term.at.map(placed), context);
      if (lane !== null && term.at.some((place) => mentions(place, lane)))
        return { kind: "load", buffer, at, lanes: 4 };
      return widen({ kind: "load", buffer, at, lanes: 1 }, lanes);
    }
    case "apply": {
      const chosen = chosenBranch(term, setting);
      if (chosen !== null) return numericOf(chosen, setting);
      const args = term.arguments.map((argument) => numericOf(argument, setting));
      return contract(term.function, lanes, args);
    }
    case "random": {
      const sample = term.sample === null ? null : toInteger(placed(term.sample), context);
      const element = toInteger(placed(term.element), context);
      const { distribution, stream } = term;
      return widen({ kind: "random", distribution, stream, sample, element }, lanes);
    }
    case "reduced":
      return setting.reduced(term.reduction);
  }
}
