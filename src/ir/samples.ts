/** Owns whose length is meant: which sample a comprehension belongs to, and what it asks of that sample's length. */
import {
  type Comprehension,
  type IndexVariable,
  isGather,
  reducedVariables,
  type Scalar,
} from "./comprehension.ts";
import { type DeclaredSymbol, type Dimension, countsSamples, variesBySample } from "./dimension.ts";
import { indicesWithin, partsOfIndex, partsOfScalar } from "./rewrite.ts";
import type { TensorType } from "./type.ts";

/** The variables that run over samples. */
export function sampleVariables({ domain }: Comprehension): readonly IndexVariable[] {
  return domain.filter(({ extent }) => countsSamples(extent));
}

/** The axis of samples; -1 where there is none. */
export function sampleAxis({ shape }: TensorType): number {
  return shape.findIndex(countsSamples);
}

/** The variables along lengths. */
export function varyingVariables({ domain }: Comprehension): readonly IndexVariable[] {
  return domain.filter(({ extent }) => variesBySample(extent));
}

/** The variables that several points of the result share: reduced ones; of a scatter all that do not stand alone in the target. */
export function mixedVariables(comprehension: Comprehension): ReadonlySet<IndexVariable> {
  if (isGather(comprehension)) return new Set(reducedVariables(comprehension));
  const alone = new Set(comprehension.target.flatMap((at) => (at.kind === "variable" ? [at.variable] : [])));
  return new Set(comprehension.domain.filter((variable) => !alone.has(variable)));
}

/** The lengths that a body or target speaks of as numbers: in indices, in guards and as they are. */
export function lengthsSpokenOf({ body, target }: Comprehension): readonly Dimension[] {
  const indices = [...indicesWithin(body), ...target.flatMap((at) => [...partsOfIndex(at)])];
  return [
    ...indices.flatMap((index) => (index.kind === "dimension" ? [index.dimension] : [])),
    ...[...partsOfScalar(body)].flatMap(lengthOfScalar),
  ].filter(variesBySample);
}

function lengthOfScalar(scalar: Scalar): readonly Dimension[] {
  if (scalar.kind === "dimension") return [scalar.dimension];
  return scalar.kind === "inside" ? [scalar.extent] : [];
}

/** What the port is called that says how long samples are, or the output that does: none of a program can be. */
export function lengthName({ name, carried }: Pick<DeclaredSymbol, "name" | "carried">): string {
  return carried === true ? `decided length of ${name}` : `length of ${name}`;
}
