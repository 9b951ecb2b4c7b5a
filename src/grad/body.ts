/** Owns reverse differentiation of one scalar: what each read in a body gets of the cotangent of its value. */
import type { IndexExpression, Scalar } from "../ir/comprehension.ts";
import { variesBySample } from "../ir/dimension.ts";
import { partsOfScalar } from "../ir/rewrite.ts";
import { apply, constant, sameScalar, select } from "../ir/scalars.ts";
import { sameIndices } from "../ir/indices.ts";
import { plus, times } from "../ops/scalar/algebra.ts";
import { scalarRules } from "../ops/scalar/rules.ts";

/** What the element `operand[at]` gets at each point: `scale · cotangent`. */
export interface Contribution {
  readonly operand: number;
  readonly at: readonly IndexExpression[];
  readonly cotangent: Scalar;
  /** A factor that is the same at every point. */
  readonly scale: Scalar;
}

export interface BodyForm {
  readonly body: Scalar;
  /** The cotangent of the body's value. */
  readonly cotangent: Scalar;
  /** What must hold at a point for its cotangent not to be 0. */
  readonly guards: readonly Scalar[];
  /** The body's value as a read of the result, where the result holds it. */
  readonly result: Scalar | null;
  /** Whether a gradient of that operand is wanted. */
  readonly wanted: (operand: number) => boolean;
}

export type BodyGradient =
  | { readonly kind: "contributions"; readonly contributions: readonly Contribution[] }
  | { readonly kind: "none"; readonly function: string; readonly reason: string };

/** Where in the body the walk is, and what has come down to there. */
interface Path {
  readonly value: Scalar;
  readonly scale: Scalar;
  /** Outermost first: later ones may be meaningless where earlier ones fail. */
  readonly guards: readonly Scalar[];
}

const zero = constant(0);
const one = constant(1);

/** One contribution for each element read; several reads of the same element are summed. */
export function differentiateBody({ body, cotangent, guards, result, wanted }: BodyForm): BodyGradient {
  const found: Contribution[] = [];
  let failure: { readonly function: string; readonly reason: string } | null = null;

  const visit = (scalar: Scalar, value: Scalar | null, path: Path): void => {
    if (scalar.kind === "read" && wanted(scalar.operand)) found.push(contribution(scalar, path));
    if (scalar.kind !== "apply") return;
    const { derivative } = scalarRules[scalar.function];
    const reached = scalar.arguments.map((argument) => reaches(argument, wanted));
    if (!reached.includes(true) || derivative.kind === "stopped") return;
    if (derivative.kind === "none") {
      failure ??= { function: scalar.function, reason: derivative.reason };
      return;
    }
    const unbounded = derivative.unbounded(scalar.arguments);
    for (const [place, partialOf] of derivative.of.entries()) {
      if (partialOf === null || !reached[place]) continue;
      const partial = partialOf(scalar.arguments, value ?? scalar);
      visit(scalar.arguments[place]!, null, follow(path, partial, unbounded));
    }
  };

  visit(body, result, { value: cotangent, scale: one, guards });
  return failure === null
    ? { kind: "contributions", contributions: mergeReads(found) }
    : { kind: "none", ...(failure as { function: string; reason: string }) };
}

/** The path beyond a function with that partial derivative. */
function follow(path: Path, partial: Scalar, unbounded: boolean): Path {
  const condition = decision(partial);
  if (condition !== null) return { ...path, guards: [...path.guards, condition] };
  if (isInvariant(partial)) return { ...path, scale: times(path.scale, partial) };
  const product = times(path.value, partial);
  if (!unbounded) return { ...path, value: product };
  return { ...path, value: select(apply("not_equal", path.value, zero), product, zero) };
}

/** The condition `c` of a partial that is 1 where `c` holds and 0 elsewhere. */
function decision(partial: Scalar): Scalar | null {
  if (partial.kind !== "apply" || partial.function !== "select") return null;
  const [condition, a, b] = partial.arguments as readonly [Scalar, Scalar, Scalar];
  if (sameScalar(a, one) && sameScalar(b, zero)) return condition;
  return sameScalar(a, zero) && sameScalar(b, one) ? apply("not", condition) : null;
}

/** Whether it is the same at every point: made of constants and dimensions. */
function isInvariant(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case "constant":
      return true;
    case "dimension":
      return !variesBySample(scalar.dimension);
    case "apply":
      return scalar.arguments.every(isInvariant);
    case "index":
    case "inside":
    case "read":
    case "random":
      return false;
  }
}

function reaches(scalar: Scalar, wanted: (operand: number) => boolean): boolean {
  for (const part of partsOfScalar(scalar)) if (part.kind === "read" && wanted(part.operand)) return true;
  return false;
}

function contribution(read: Extract<Scalar, { kind: "read" }>, path: Path): Contribution {
  const cotangent = path.guards.reduceRight<Scalar>((value, guard) => select(guard, value, zero), path.value);
  return { operand: read.operand, at: read.at, cotangent, scale: path.scale };
}

function mergeReads(found: readonly Contribution[]): readonly Contribution[] {
  const merged: Contribution[] = [];
  for (const next of found) {
    const known = merged.findIndex(({ operand, at }) => operand === next.operand && sameIndices(at, next.at));
    const before = merged[known];
    if (before === undefined) {
      merged.push(next);
    } else if (sameScalar(before.scale, next.scale)) {
      merged[known] = { ...before, cotangent: plus(before.cotangent, next.cotangent) };
    } else {
      const cotangent = plus(times(before.cotangent, before.scale), times(next.cotangent, next.scale));
      merged[known] = { ...before, cotangent, scale: one };
    }
  }
  return merged;
}
