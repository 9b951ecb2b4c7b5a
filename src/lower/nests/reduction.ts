/** Owns reductions outside the micro-kernel: an accumulator, the loops that feed it, and what it came to. */
import type { Lanes, Local, Numeric, Statement } from "../../ir/loops.ts";
import type { Reducer } from "../../ir/comprehension.ts";
import { type Axis, type Place, type Reduction } from "../term.ts";
import { simplifyPlace } from "../linear.ts";
import { type NestContext, toInteger } from "./context.ts";
import { loopsOver } from "./loops.ts";
import { applied, number, numericOf, type ValueSetting } from "./value.ts";

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

function step(
  { reducer, over }: Reduction,
  value: Numeric,
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
      const candidate = context.local("candidate", 1);
      const better =
        reducer === "argmax"
          ? applied("less", 1, local(best), local(candidate))
          : applied("less", 1, local(candidate), local(best));
      const here: Numeric = { kind: "integer", of: toInteger(simplifyPlace(placeAmong(over)), context) };
      return [
        { kind: "define", local: candidate, value },
        assign(place, applied("select", 1, better, here, local(place))),
        assign(best, applied("select", 1, better, local(candidate), local(best))),
      ];
    }
  }
}

/** Statements that compute the reduction at one point, and its value. */
export function reduce(
  reduction: Reduction,
  setting: ValueSetting,
): { readonly statements: readonly Statement[]; readonly value: Numeric } {
  const { context } = setting;
  const lanes: Lanes = setting.lane === null ? 1 : 4;
  const { reducer, over } = reduction;
  const isPlace = reducer === "argmax" || reducer === "argmin";
  const best = context.local(isPlace ? "best" : reducer === "sum" ? "total" : reducer, lanes);
  const place = isPlace ? context.local("place", 1) : best;
  const declare = (to: Local, value: number): Statement => ({
    kind: "declare",
    local: to,
    value: number(value, to.lanes),
  });
  const body = step(reduction, numericOf(reduction.body, setting), best, place, context);
  return {
    statements: [
      declare(best, START[reducer]),
      ...(isPlace ? [declare(place, 0)] : []),
      ...loopsOver(over, context, body),
    ],
    value: local(isPlace ? place : best),
  };
}
