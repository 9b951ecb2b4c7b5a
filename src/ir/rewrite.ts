/**
 * Owns rewriting of scalars and index expressions: substituting variables and operands, and finding what an
 * expression holds. Index expressions come out canonical.
 */
import type { Comprehension, IndexExpression, IndexVariable, Scalar } from "./comprehension.ts";
import { dimensionIndex, quotientIndex, readIndex, remainderIndex, scaleIndex, sumIndex } from "./indices.ts";
import { indexScalar } from "./scalars.ts";

export { linearize } from "./indices.ts";

/** What to put in place of parts; parts without an entry stay as they are. */
export interface Substitution {
  readonly variable?: (variable: IndexVariable) => IndexExpression | null;
  /** The new number of an operand. */
  readonly operand?: (operand: number) => number;
  /** In place of a read within a scalar; `at` is already rewritten, `operand` is the old number. */
  readonly read?: (operand: number, at: readonly IndexExpression[]) => Scalar | null;
  /** In place of a read within an index expression, likewise. */
  readonly indexRead?: (operand: number, at: readonly IndexExpression[]) => IndexExpression | null;
}

export function mapIndex(index: IndexExpression, substitution: Substitution): IndexExpression {
  const go = (part: IndexExpression): IndexExpression => mapIndex(part, substitution);
  switch (index.kind) {
    case "constant":
      return index;
    case "dimension":
      return dimensionIndex(index.dimension);
    case "variable":
      return substitution.variable?.(index.variable) ?? index;
    case "sum":
      return sumIndex(...index.terms.map(go));
    case "scaled":
      return scaleIndex(index.factor, go(index.of));
    case "quotient":
      return quotientIndex(go(index.of), index.by);
    case "remainder":
      return remainderIndex(go(index.of), index.by);
    case "read": {
      const at = index.at.map(go);
      const replaced = substitution.indexRead?.(index.operand, at) ?? null;
      return replaced ?? readIndex(substitution.operand?.(index.operand) ?? index.operand, at);
    }
  }
}

export function mapScalar(scalar: Scalar, substitution: Substitution): Scalar {
  const index = (part: IndexExpression): IndexExpression => mapIndex(part, substitution);
  switch (scalar.kind) {
    case "constant":
    case "dimension":
      return scalar;
    case "index":
      return indexScalar(index(scalar.of));
    case "inside":
      return { ...scalar, of: index(scalar.of) };
    case "read": {
      const at = scalar.at.map(index);
      const replaced = substitution.read?.(scalar.operand, at) ?? null;
      return (
        replaced ?? { kind: "read", operand: substitution.operand?.(scalar.operand) ?? scalar.operand, at }
      );
    }
    case "apply":
      return { ...scalar, arguments: scalar.arguments.map((argument) => mapScalar(argument, substitution)) };
    case "random":
      return {
        ...scalar,
        sample: scalar.sample === null ? null : index(scalar.sample),
        element: index(scalar.element),
      };
  }
}

/** Each variable of the map replaced by its expression. */
export function substituteVariables(scalar: Scalar, by: ReadonlyMap<IndexVariable, IndexExpression>): Scalar {
  return mapScalar(scalar, { variable: (variable) => by.get(variable) ?? null });
}

/** Operands renumbered throughout a comprehension. */
export function renumberOperands(
  comprehension: Comprehension,
  operand: (operand: number) => number,
): Comprehension {
  return {
    ...comprehension,
    target: comprehension.target.map((at) => mapIndex(at, { operand })),
    body: mapScalar(comprehension.body, { operand }),
  };
}

/** Index expressions within an index expression, itself first. */
export function* partsOfIndex(index: IndexExpression): Generator<IndexExpression> {
  yield index;
  switch (index.kind) {
    case "sum":
      for (const term of index.terms) yield* partsOfIndex(term);
      return;
    case "scaled":
    case "quotient":
    case "remainder":
      yield* partsOfIndex(index.of);
      return;
    case "read":
      for (const at of index.at) yield* partsOfIndex(at);
      return;
    case "constant":
    case "variable":
    case "dimension":
  }
}

/** The outermost index expressions that stand directly in one scalar, not in its arguments. */
export function indicesOf(scalar: Scalar): readonly IndexExpression[] {
  switch (scalar.kind) {
    case "constant":
    case "dimension":
    case "apply":
      return [];
    case "index":
    case "inside":
      return [scalar.of];
    case "read":
      return scalar.at;
    case "random":
      return scalar.sample === null ? [scalar.element] : [scalar.sample, scalar.element];
  }
}

/** Scalars within a scalar, itself first. */
export function* partsOfScalar(scalar: Scalar): Generator<Scalar> {
  yield scalar;
  if (scalar.kind === "apply") for (const argument of scalar.arguments) yield* partsOfScalar(argument);
}

/** Index expressions anywhere in a scalar, outer ones first. */
export function* indicesWithin(scalar: Scalar): Generator<IndexExpression> {
  for (const part of partsOfScalar(scalar)) for (const index of indicesOf(part)) yield* partsOfIndex(index);
}

export function freeVariablesOfIndex(index: IndexExpression): ReadonlySet<IndexVariable> {
  const found = new Set<IndexVariable>();
  for (const part of partsOfIndex(index)) if (part.kind === "variable") found.add(part.variable);
  return found;
}

export function freeVariables(scalar: Scalar): ReadonlySet<IndexVariable> {
  const found = new Set<IndexVariable>();
  for (const part of indicesWithin(scalar)) if (part.kind === "variable") found.add(part.variable);
  return found;
}

/** Numbers of the operands that a comprehension reads, in its body, its maps or its target. */
export function operandsRead({ target, body }: Comprehension): ReadonlySet<number> {
  const found = new Set<number>();
  for (const part of partsOfScalar(body)) if (part.kind === "read") found.add(part.operand);
  for (const part of indicesWithin(body)) if (part.kind === "read") found.add(part.operand);
  for (const at of target)
    for (const part of partsOfIndex(at)) if (part.kind === "read") found.add(part.operand);
  return found;
}
