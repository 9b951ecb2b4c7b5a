/** Owns what reducers do to a cotangent on its way from the result to each point of the domain. */
import {
  type Comprehension,
  type IndexExpression,
  type IndexVariable,
  type Scalar,
  reducedVariables,
} from "../ir/comprehension.ts";
import { dimensionScalar, apply, constant, indexScalar, read, select } from "../ir/scalars.ts";
import { isLiteral, variesBySample } from "../ir/dimension.ts";
import { constantIndex, scaleIndex, sumIndex, variableIndex } from "../ir/indices.ts";
import { substituteVariables } from "../ir/rewrite.ts";
import type { TensorType } from "../ir/type.ts";
import { floats } from "../ir/type.ts";

/** Where no bound is known, places are below this: they are 32-bit integers in every backend. */
const largestIndex = 2 ** 31 - 1;

/** Whether the points that are reduced can be numbered alike for every sample: one length at most, which comes first. */
export function hasPlace(comprehension: Comprehension): boolean {
  return reducedVariables(comprehension).filter(({ extent }) => variesBySample(extent)).length <= 1;
}

/** The domain with a length in front of what else is reduced, so that only whole numbers are strides. */
function lengthFirst(comprehension: Comprehension): readonly IndexVariable[] {
  const reduced = reducedVariables(comprehension);
  const varies = ({ extent }: IndexVariable): boolean => variesBySample(extent);
  const free = comprehension.domain.filter((variable) => !reduced.includes(variable));
  return [...free, ...reduced.filter(varies), ...reduced.filter((variable) => !varies(variable))];
}

/** The places that a `max` or `min` chose: the same comprehension with the arg-reducer. */
export function chosenPlaces(
  comprehension: Comprehension,
  result: TensorType,
): { readonly comprehension: Comprehension; readonly type: TensorType } {
  const reducer = comprehension.reducer === "max" ? "argmax" : "argmin";
  const size = reducedVariables(comprehension).reduce((product, { extent }) => {
    const most = extent.terms.reduce(
      (sum, { coefficient, symbol }) =>
        sum + coefficient * (coefficient > 0 ? (symbol.maximum ?? largestIndex) : symbol.minimum),
      extent.constant,
    );
    return Math.min(product * most, largestIndex);
  }, 1);
  return {
    comprehension: { ...comprehension, domain: lengthFirst(comprehension), reducer },
    type: { element: { kind: "index", size }, shape: result.shape },
  };
}

/** Whether a point is the one whose place was chosen. */
export function isChosen(comprehension: Comprehension, places: number): Scalar {
  return apply("equal", read(places, comprehension.target), placeAmong(reducedVariables(comprehension)));
}

/**
 * `others[…free, …reduced] = product(body at the other reduced points)`: the partial derivative of a product by each
 * of its factors, also where factors are 0.
 */
export function productOfOthers(comprehension: Comprehension): {
  readonly comprehension: Comprehension;
  readonly type: TensorType;
  readonly at: readonly IndexExpression[];
} {
  const reduced = reducedVariables(comprehension);
  const free = comprehension.domain.filter((variable) => !reduced.includes(variable));
  const others = reduced.map((variable): IndexVariable => ({ ...variable, name: `${variable.name}'` }));
  const by = new Map(reduced.map((variable, place) => [variable, variableIndex(others[place]!)]));
  const body = substituteVariables(comprehension.body, by);
  const points = [...free, ...reduced];
  const at = points.map(variableIndex);
  return {
    comprehension: {
      domain: [...points, ...others],
      target: at,
      reducer: "product",
      body: select(apply("equal", placeAmong(others), placeAmong(reduced)), constant(1), body),
    },
    type: floats(points.map(({ extent }) => extent)),
    at,
  };
}

/** The row-major place among variables, as a number; by arithmetic on scalars where a stride is no literal. */
function placeAmong(variables: readonly IndexVariable[]): Scalar {
  if (variables.slice(1).every(({ extent }) => isLiteral(extent))) {
    const place = variables.reduce<IndexExpression>(
      (sum, variable) => sumIndex(scaleIndex(variable.extent.constant, sum), variableIndex(variable)),
      constantIndex(0),
    );
    return indexScalar(place);
  }
  const [first, ...rest] = variables.map((variable) => ({
    extent: dimensionScalar(variable.extent),
    index: indexScalar(variableIndex(variable)),
  }));
  return rest.reduce(
    (sum, { extent, index }) => apply("add", apply("multiply", sum, extent), index),
    first!.index,
  );
}
