/**
 * Owns the ways of solving one axis of an index map for variables of its domain. Each takes a solution so far and gives
 * a further one, or null where the map is of another form.
 */
import type { IndexExpression, IndexVariable, Scalar } from "../ir/comprehension.ts";
import { type Dimension, isLiteral, literal, sameDimension, scaleDimension } from "../ir/dimension.ts";
import {
  constantIndex,
  linearize,
  provenInside,
  quotientIndex,
  remainderIndex,
  scaleIndex,
  subtractIndex,
  sumIndex,
  variableIndex,
} from "../ir/indices.ts";
import { freeVariablesOfIndex, mapIndex, substituteVariables } from "../ir/rewrite.ts";
import { apply, constant, indexScalar, inside } from "../ir/scalars.ts";

/** How far the map is solved. Each step takes one or more axes and is applied to everything that is left. */
export interface Solution {
  /** The place along each axis of the result; null where still to be solved. */
  readonly target: readonly (IndexExpression | null)[];
  /** The map, rewritten by what is known. */
  readonly map: readonly IndexExpression[];
  /** Of the result. */
  readonly shape: readonly Dimension[];
  /** Variables of the domain that are not solved for: they are summed over, unless the target holds them. */
  readonly open: readonly IndexVariable[];
  readonly claimed: readonly IndexVariable[];
  /** What must hold for a point to contribute; earlier ones first. */
  readonly guards: readonly Scalar[];
  readonly body: Scalar;
}

export type Step = (solution: Solution, axis: number, extent: Dimension, fresh: Fresh) => Solution | null;
export type Fresh = (extent: Dimension) => IndexVariable;

/** The solution with variables of the domain expressed by others, and some axes settled. */
function substituted(
  solution: Solution,
  by: ReadonlyMap<IndexVariable, IndexExpression>,
  settled: ReadonlyMap<number, IndexVariable>,
  guards: readonly Scalar[],
): Solution {
  const variable = (old: IndexVariable): IndexExpression | null => by.get(old) ?? null;
  return {
    ...solution,
    target: solution.target.map((place, axis) => {
      const own = settled.get(axis);
      return own === undefined ? place : variableIndex(own);
    }),
    map: solution.map.map((index) => mapIndex(index, { variable })),
    open: solution.open.filter((old) => !by.has(old)),
    claimed: [...solution.claimed, ...settled.values()],
    guards: [...solution.guards.map((guard) => substituteVariables(guard, by)), ...guards],
    body: substituteVariables(solution.body, by),
  };
}

/** `x[…, i, …]`: the variable is the place; where it does not cover the axis, it is guarded. */
export function plainVariable(
  solution: Solution,
  axis: number,
  extent: Dimension,
  fresh: Fresh,
): Solution | null {
  const place = solution.map[axis]!;
  if (place.kind !== "variable" || !solution.open.includes(place.variable)) return null;
  const { variable } = place;
  if (sameDimension(variable.extent, extent)) {
    return substituted(
      { ...solution, open: solution.open.filter((other) => other !== variable) },
      new Map(),
      new Map([[axis, variable]]),
      [],
    );
  }
  const own = fresh(extent);
  const guard = inside(variableIndex(own), variable.extent);
  return substituted(solution, new Map([[variable, variableIndex(own)]]), new Map([[axis, own]]), [guard]);
}

/** `x[v / 6, (v / 2) % 3, v % 2]`, a reshape: the digits of `v` on several axes are solved together. */
export function digitsOfOne(solution: Solution, axis: number, _: Dimension, fresh: Fresh): Solution | null {
  const first = digitOf(solution.map[axis]!);
  if (first === null || !solution.open.includes(first.variable)) return null;
  const { variable } = first;
  const digits = solution.map
    .flatMap((index, place) => {
      const digit = solution.target[place] === null ? digitOf(index) : null;
      return digit?.variable === variable ? [{ ...digit, axis: place }] : [];
    })
    .sort((a, b) => b.stride - a.stride);
  let stride = 1;
  const owns: { readonly own: IndexVariable; readonly stride: number; readonly axis: number }[] = [];
  for (const digit of [...digits].reverse()) {
    if (digit.stride !== stride) return null;
    const top = digit === digits[0];
    if (!top && digit.modulus === null) return null;
    const size: Dimension | null = digit.modulus === null ? null : literal(digit.modulus);
    const own = size ?? quotientDimension(variable.extent, stride);
    if (own === null || !sameDimension(own, solution.shape[digit.axis]!)) return null;
    owns.push({ own: fresh(own), stride, axis: digit.axis });
    stride *= own.constant;
    if (top && !sameDimension(scaleDimension(own, digit.stride), variable.extent)) return null;
  }
  const whole = sumIndex(...owns.map((part) => scaleIndex(part.stride, variableIndex(part.own))));
  const settled = new Map(owns.map((part) => [part.axis, part.own]));
  return substituted(solution, new Map([[variable, whole]]), settled, []);
}

/** `(variable / stride) % modulus`; null where it is of another form, or the variable itself. */
function digitOf(
  index: IndexExpression,
): { readonly variable: IndexVariable; readonly stride: number; readonly modulus: number | null } | null {
  const [above, modulus] = index.kind === "remainder" ? [index.of, index.by] : [index, null];
  if (above.kind === "variable") return { variable: above.variable, stride: 1, modulus };
  if (above.kind !== "quotient" || above.of.kind !== "variable") return null;
  return { variable: above.of.variable, stride: above.by, modulus };
}

function quotientDimension({ constant: whole, terms }: Dimension, by: number): Dimension | null {
  if (whole % by !== 0 || terms.some(({ coefficient }) => coefficient % by !== 0)) return null;
  return {
    constant: whole / by,
    terms: terms.map(({ coefficient, symbol }) => ({ coefficient: coefficient / by, symbol })),
  };
}

/** `x[6 * a + 2 * b + c]` with `b < 3`, `c < 2`: all are digits of the place. */
export function mixedRadix(
  solution: Solution,
  axis: number,
  extent: Dimension,
  fresh: Fresh,
): Solution | null {
  const affine = linearize(solution.map[axis]!);
  if (affine === null || affine.constant !== 0 || affine.terms.size < 2) return null;
  const terms = [...affine.terms].sort(([, a], [, b]) => a - b);
  if (!terms.every(([variable]) => solution.open.includes(variable))) return null;
  const strides = new Map<IndexVariable, number>();
  let stride: Dimension = literal(1);
  for (const [variable, factor] of terms) {
    if (!isLiteral(stride) || stride.constant !== factor) return null;
    strides.set(variable, factor);
    stride = scaleDimension(variable.extent, factor);
  }
  if (!sameDimension(stride, extent)) return null;
  const own = fresh(extent);
  const [top] = terms.at(-1)!;
  const by = new Map(
    [...strides].map(([variable, factor]) => {
      const above = quotientIndex(variableIndex(own), factor);
      return [variable, variable === top ? above : remainderIndex(above, variable.extent.constant)];
    }),
  );
  return substituted(solution, by, new Map([[axis, own]]), []);
}

/**
 * `x[… + v + …]`: `v` is the place less the rest; the others are summed over. Only for the `v` that runs farthest:
 * solving a window `s * t + k` for its short `k` would go through every `t` for each place.
 */
export function unitFactor(
  solution: Solution,
  axis: number,
  extent: Dimension,
  fresh: Fresh,
): Solution | null {
  const terms = [...(termsOf(solution.map[axis]!) ?? [])].filter(([variable]) =>
    solution.open.includes(variable),
  );
  const units = terms.flatMap(([variable, factor]) => (Math.abs(factor) === 1 ? [variable] : []));
  const variable = farthest(units);
  const most = farthest(terms.map(([other]) => other));
  if (variable === null || most === null || reach(variable) < reach(most)) return null;
  return solveFor(variable, solution, axis, extent, fresh);
}

/** `x[0]`, `x[i]` or `x[chosen[i]]` with an `i` that another axis determines: only that place contributes. */
export function fixedPlace(
  solution: Solution,
  axis: number,
  extent: Dimension,
  fresh: Fresh,
): Solution | null {
  const place = solution.map[axis]!;
  if ([...freeVariablesOfIndex(place)].some((variable) => solution.open.includes(variable))) return null;
  const own = fresh(extent);
  const alone = isLiteral(extent) && extent.constant === 1;
  const guard = apply("equal", indexScalar(variableIndex(own)), indexScalar(place));
  return substituted(solution, new Map(), new Map([[axis, own]]), alone ? [] : [guard]);
}

/** A gather, or a window with a stride: its reads are scattered back, where none can lie outside. */
export function scattered(solution: Solution, axis: number, extent: Dimension): Solution | null {
  const place = solution.map[axis]!;
  if (place.kind !== "read" && !provenInside(place, extent)) return null;
  return { ...solution, target: solution.target.map((own, other) => (other === axis ? place : own)) };
}

/** `x[s * v + …]` that may lie outside, as with padding: where `s` divides the place less the rest. */
export function anyFactor(
  solution: Solution,
  axis: number,
  extent: Dimension,
  fresh: Fresh,
): Solution | null {
  const terms = termsOf(solution.map[axis]!) ?? new Map<IndexVariable, number>();
  const variable = farthest([...terms.keys()].filter((candidate) => solution.open.includes(candidate)));
  return variable === null ? null : solveFor(variable, solution, axis, extent, fresh);
}

/** Any other map: each place takes what was read there, by comparing. */
export function compared(solution: Solution, axis: number, extent: Dimension, fresh: Fresh): Solution {
  const own = fresh(extent);
  const guard = apply("equal", indexScalar(variableIndex(own)), indexScalar(solution.map[axis]!));
  return substituted(solution, new Map(), new Map([[axis, own]]), [guard]);
}

function solveFor(
  variable: IndexVariable,
  solution: Solution,
  axis: number,
  extent: Dimension,
  fresh: Fresh,
): Solution {
  const place = solution.map[axis]!;
  const factor = termsOf(place)!.get(variable)!;
  const own = fresh(extent);
  const rest = mapIndex(place, { variable: (other) => (other === variable ? constantIndex(0) : null) });
  // own = factor · variable + rest
  const scaled = subtractIndex(variableIndex(own), rest);
  const size = Math.abs(factor);
  const positive = factor > 0 ? scaled : scaleIndex(-1, scaled);
  const solved = quotientIndex(positive, size);
  const divides = apply("equal", indexScalar(remainderIndex(positive, size)), constant(0));
  const guards = [inside(solved, variable.extent), ...(size === 1 ? [] : [divides])];
  return substituted(solution, new Map([[variable, solved]]), new Map([[axis, own]]), guards);
}

/** Factors of the variables that stand outside quotients, remainders and reads and nowhere within these. */
function termsOf(place: IndexExpression): ReadonlyMap<IndexVariable, number> | null {
  const parts = place.kind === "sum" ? place.terms : [place];
  const terms = new Map<IndexVariable, number>();
  for (const part of parts) {
    const [factor, atom] = part.kind === "scaled" ? [part.factor, part.of] : [1, part];
    if (atom.kind === "variable") terms.set(atom.variable, factor);
    else if (atom.kind === "quotient" || atom.kind === "remainder" || atom.kind === "read") return null;
  }
  return terms;
}

/** How far a variable runs; one known only at run time farther than all others. */
function reach({ extent }: IndexVariable): number {
  return isLiteral(extent) ? extent.constant : Infinity;
}

/** The variable of the largest extent, the first among equals. */
function farthest(variables: readonly IndexVariable[]): IndexVariable | null {
  return variables.reduce<IndexVariable | null>(
    (most, variable) => (most === null || reach(variable) > reach(most) ? variable : most),
    null,
  );
}
