/**
 * Owns turning index maps round: of `x[map]` read at each point of a domain, the comprehension that gives each element
 * of `x` the sum of what its reads contribute. Where the map can be solved for variables of the domain the result is a
 * gather; an axis that cannot be solved becomes a target that is scattered to.
 */
import { variablesOver } from "../ir/build.ts";
import type { Comprehension, IndexExpression, IndexVariable, Scalar } from "../ir/comprehension.ts";
import type { Dimension } from "../ir/dimension.ts";
import { variableIndex } from "../ir/indices.ts";
import { mapIndex, substituteVariables } from "../ir/rewrite.ts";
import { constant, select } from "../ir/scalars.ts";
import { simplifyScalar } from "../ops/scalar/simplify.ts";
import {
  type Fresh,
  type Solution,
  type Step,
  anyFactor,
  compared,
  digitsOfOne,
  fixedPlace,
  mixedRadix,
  plainVariable,
  scattered,
  unitFactor,
} from "./solve.ts";

/** `result[map] += body` for every point of the domain, solved for the places of the result as far as possible. */
export function turnRound(
  domain: readonly IndexVariable[],
  map: readonly IndexExpression[],
  shape: readonly Dimension[],
  body: Scalar,
): Comprehension {
  let known = [...domain];
  const fresh: Fresh = (extent) => {
    const [variable] = variablesOver([extent], known) as [IndexVariable];
    known = [...known, variable];
    return variable;
  };
  const start: Solution = {
    target: map.map(() => null),
    map,
    shape,
    open: domain,
    claimed: [],
    guards: [],
    body,
  };
  // Plain variables come first on all axes, so that a window is solved for what no other axis determines.
  const steps: readonly (readonly Step[])[] = [
    [plainVariable],
    [digitsOfOne],
    [mixedRadix],
    [unitFactor, fixedPlace, scattered, anyFactor, compared],
  ];
  const solved = steps.reduce(
    (solution, alternatives) =>
      shape.reduce((before, extent, axis) => {
        if (before.target[axis] !== null) return before;
        for (const step of alternatives) {
          const after = step(before, axis, extent, fresh);
          if (after !== null) return after;
        }
        return before;
      }, solution),
    start,
  );
  return assemble(solved);
}

function assemble({ target, open, claimed, guards, body }: Solution): Comprehension {
  const places = target.map((place) => place!);
  const order = places.flatMap((place) => (place.kind === "variable" ? [place.variable] : []));
  const free = order.filter((variable) => claimed.includes(variable));
  const domain = [...free, ...open.filter((variable) => !free.includes(variable))];
  const guarded = guards.reduceRight<Scalar>((value, guard) => select(guard, value, constant(0)), body);
  const reduces = domain.length > places.length || places.some(({ kind }) => kind !== "variable");
  return renewed({
    domain,
    target: places,
    reducer: reduces ? "sum" : null,
    body: simplifyScalar(guarded),
  });
}

/** The same comprehension over variables of its own. */
function renewed(comprehension: Comprehension): Comprehension {
  const copies = new Map(comprehension.domain.map((variable) => [variable, { ...variable }]));
  const variable = (old: IndexVariable): IndexExpression | null => {
    const copy = copies.get(old);
    return copy === undefined ? null : variableIndex(copy);
  };
  return {
    ...comprehension,
    domain: [...copies.values()],
    target: comprehension.target.map((at) => mapIndex(at, { variable })),
    body: simplifyScalar(
      substituteVariables(
        comprehension.body,
        new Map([...copies].map(([old, copy]) => [old, variableIndex(copy)])),
      ),
    ),
  };
}
