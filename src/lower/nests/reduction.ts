/** Owns reductions outside the micro-kernel: an accumulator, the loops that feed it, and what it came to. */
import type { Lanes, Local, Numeric, Statement } from "../../ir/loops.ts";
import type { Reducer } from "../../ir/comprehension.ts";
import { type Axis, type Place, type Reduction, substitutePlace } from "../term.ts";
import { simplifyPlace } from "../linear.ts";
import { type NestContext, toInteger } from "./context.ts";
import { loopsOver } from "./loops.ts";
import { applied, number, numericOf, type ValueSetting, widen } from "./value.ts";

/** Points of a reduction of vectors that are written out instead of looped over, as a pool's are. */
const WRITTEN_OUT = 9;

const START: Readonly<Record<Reducer, number>> = {
  sum: 0,
  product: 1,
  max: Number.NEGATIVE_INFINITY,
  argmax: Number.NEGATIVE_INFINITY,
  min: Number.POSITIVE_INFINITY,
  argmin: Number.POSITIVE_INFINITY,
};

function local(value: Local): Numeric {
  return { kind: "local", local: value };
}

/** The row-major place among the reduced axes. */
function placeAmong(over: readonly Axis[]): Place {
  return over.reduce<Place>(
    (place, axis) => ({
      kind: "sum",
      terms: [
        { kind: "scaled", factor: axis.extent, of: place },
        { kind: "axis", axis },
      ],
    }),
    { kind: "literal", value: 0 },
  );
}

/** What one value does to the accumulators; `here` is its place among the reduced axes. */
function step(
  reducer: Reducer,
  value: Numeric,
  here: Numeric,
  best: Local,
  place: Local,
  context: NestContext,
): readonly Statement[] {
  const { lanes } = best;
  const assign = (to: Local, numeric: Numeric): Statement => ({ kind: "assign", local: to, value: numeric });
  switch (reducer) {
    case "sum":
      return [
        assign(
          best,
          value.kind === "apply" && value.function === "multiply"
            ? applied("multiplyAdd", lanes, ...value.arguments, local(best))
            : applied("add", lanes, local(best), value),
        ),
      ];
    case "product":
      return [assign(best, applied("multiply", lanes, local(best), value))];
    case "max":
      return [assign(best, applied("maximum", lanes, local(best), value))];
    case "min":
      return [assign(best, applied("minimum", lanes, local(best), value))];
    case "argmax":
    case "argmin": {
      const candidate = context.local("candidate", lanes);
      const better =
        reducer === "argmax"
          ? applied("less", lanes, local(best), local(candidate))
          : applied("less", lanes, local(candidate), local(best));
      return [
        { kind: "define", local: candidate, value },
        assign(place, applied("select", lanes, better, widen(here, lanes), local(place))),
        assign(best, applied("select", lanes, better, local(candidate), local(best))),
      ];
    }
  }
}

type Places = ReadonlyMap<Axis, Place>;

/** Every point of the axes, row-major. */
function pointsOf(axes: readonly Axis[]): readonly Places[] {
  return axes.reduce<readonly Places[]>(
    (points, axis) =>
      points.flatMap((point) =>
        Array.from({ length: axis.extent }, (_, value) => new Map([...point, [axis, literalPlace(value)]])),
      ),
    [new Map()],
  );
}

function literalPlace(value: number): Place {
  return { kind: "literal", value };
}

function toNumeric(place: Place, context: NestContext): Numeric {
  return place.kind === "literal"
    ? number(place.value, 1)
    : { kind: "integer", of: toInteger(place, context) };
}

/** Statements that compute the reduction at one point, and its value; a sum may go on from a start. */
export function reduce(
  reduction: Reduction,
  setting: ValueSetting,
  start: Numeric | null = null,
): { readonly statements: readonly Statement[]; readonly value: Numeric } {
  const { context } = setting;
  const lanes: Lanes = setting.lane === null ? 1 : 4;
  const { reducer, over } = reduction;
  const isPlace = reducer === "argmax" || reducer === "argmin";
  const best = context.local(isPlace ? "best" : reducer === "sum" ? "total" : reducer, lanes);
  const place = isPlace ? context.local("place", lanes) : best;
  const declare = (to: Local, value: number): Statement => ({
    kind: "declare",
    local: to,
    value: number(value, to.lanes),
  });
  const valueAt = (axes: Places): Numeric =>
    numericOf(reduction.body, { ...setting, axes: new Map([...setting.axes, ...axes]) });
  const stepAt = (axes: Places): readonly Statement[] => {
    const here = toNumeric(simplifyPlace(substitutePlace(placeAmong(over), axes)), context);
    return step(reducer, valueAt(axes), here, best, place, context);
  };
  const points = over.reduce((all, { extent, counted }) => (counted ? Infinity : all * extent), 1);
  const writtenOut = lanes === 4 && points <= WRITTEN_OUT;
  // The largest of those written out begins as the first of them.
  const first = writtenOut && (reducer === "max" || reducer === "min") ? pointsOf(over)[0]! : null;
  const value = start ?? (first === null ? number(START[reducer], lanes) : valueAt(first));
  const begin: Statement = { kind: "declare", local: best, value };
  const body = writtenOut
    ? pointsOf(over)
        .slice(first === null ? 0 : 1)
        .flatMap(stepAt)
    : loopsOver(over, context, stepAt(new Map()));
  return {
    statements: [begin, ...(isPlace ? [declare(place, 0)] : []), ...body],
    value: local(isPlace ? place : best),
  };
}
