/** Owns the operations that drop axes: sums, means, products, extremes and their places, running sums. */
import type { IndexVariable, Reducer, Scalar } from "../ir/comprehension.ts";
import { variablesOver } from "../ir/build.ts";
import {
  type Dimension,
  isLiteral,
  literal,
  mostValue,
  multiplyDimensions,
  printDimension,
  variesBySample,
} from "../ir/dimension.ts";
import { scaleIndex, sumIndex, variableIndex } from "../ir/indices.ts";
import { apply, constant, dimensionScalar, inside, readAt, select } from "../ir/scalars.ts";
import { type ElementType, type TensorType, float } from "../ir/type.ts";
import type { Operation } from "./operation.ts";
import { axesOption, axisProblem, boolOption, numberOption, problem, whole } from "./problem.ts";

interface ReductionForm {
  readonly name: string;
  readonly doc: string;
  readonly reducer: Reducer;
  readonly body?: (element: Scalar, reduced: readonly Dimension[]) => Scalar;
}

function reduction({ name, doc, reducer, body = (element) => element }: ReductionForm): Operation {
  const places = reducer === "argmax" || reducer === "argmin";
  return {
    name,
    doc,
    tensors: ["x"],
    variadic: false,
    options: {
      over: { type: "axes", fallback: null },
      keep: { type: "bool", fallback: false },
    },
    gradient: places
      ? { kind: "none", reason: "gives a place, which is piecewise constant" }
      : { kind: "derived" },
    build: (operands, options) => {
      const { shape } = operands[0]!;
      // Places are asked for along the last axis, that of classes, and everything else over all axes.
      const all = variablesOver(shape);
      const unnamed = [...shape.keys()].slice(places ? -1 : 0);
      const axes = axesOption(options, "over") ?? unnamed;
      const wrong = axisProblem(name, operands[0]!, axes);
      if (wrong !== null) return wrong;
      const extents = shape.filter((_, axis) => axes.includes(axis));
      // Row-major places among several axes are the same for all samples where only the first of them varies.
      const open = extents.find(
        (extent, place) => !isLiteral(extent) && (place > 0 || !variesBySample(extent)),
      );
      if (places && open !== undefined) {
        return problem(
          `\`${name}\` gives an index into ${printDimension(open)}, whose size is known only at run time`,
          whole(0),
          "take the place along an axis of fixed size",
        );
      }
      const kept = all.filter((_, axis) => !axes.includes(axis));
      const reduced = all.filter((_, axis) => axes.includes(axis));
      const { domain, target, resultShape } = boolOption(options, "keep")
        ? keepAxes(all, axes)
        : { domain: [...kept, ...reduced], target: kept, resultShape: kept.map(({ extent }) => extent) };
      const size = extents.reduce((product, extent) => product * mostValue(extent), 1);
      const element: ElementType = places ? { kind: "index", size } : float;
      return {
        kind: "built",
        type: { element, shape: resultShape },
        comprehension: {
          domain,
          target: target.map(variableIndex),
          reducer,
          body: body(readAt(0, all), extents),
        },
      };
    },
  };
}

/** Each dropped axis gets a variable of extent 1 in the result. */
function keepAxes(
  all: readonly IndexVariable[],
  axes: readonly number[],
): { domain: IndexVariable[]; target: IndexVariable[]; resultShape: Dimension[] } {
  const ones = variablesOver(
    axes.map(() => literal(1)),
    all,
  );
  const sorted = [...axes].sort((a, b) => a - b);
  const target = all.map((variable, axis) => (axes.includes(axis) ? ones[sorted.indexOf(axis)]! : variable));
  return {
    domain: [...target, ...all.filter((_, axis) => axes.includes(axis))],
    target,
    resultShape: target.map(({ extent }) => extent),
  };
}

/**
 * `x / n` with one factor of `n` for all literal axes and one for each other axis; of axes whose length varies one for
 * all of them together, which over a batch is what its samples have in all.
 */
export function divideByExtents(element: Scalar, extents: readonly Dimension[]): Scalar {
  if (extents.some(variesBySample)) return apply("divide", element, dimensionScalar(elementsOf(extents)));
  const fixed = extents.filter(isLiteral).reduce((product, { constant: size }) => product * size, 1);
  const factors: Scalar[] = extents
    .filter((extent) => !isLiteral(extent))
    .map((dimension) => ({ kind: "dimension", dimension }));
  if (fixed !== 1) factors.push(constant(fixed));
  return factors.reduce((quotient, factor) => apply("divide", quotient, factor), element);
}

/** How many elements axes make. */
export function elementsOf(extents: readonly Dimension[]): Dimension {
  return extents.reduce((product, extent) => multiplyDimensions(product, extent)!, literal(1));
}

const cumsum: Operation = {
  name: "cumsum",
  doc: "Running sums along one axis: each element and all before it.",
  tensors: ["x"],
  variadic: false,
  options: { over: { type: "axis" } },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const { shape } = operands[0]! satisfies TensorType;
    const axis = numberOption(options, "over", shape.length - 1);
    const wrong = axisProblem("cumsum", operands[0]!, [axis]);
    if (wrong !== null) return wrong;
    const free = variablesOver(shape);
    const [summed] = variablesOver([shape[axis]!], free) as [IndexVariable];
    const last = free[axis]!;
    // y[…, j, …] = sum(if j - k >= 0 { x[…, k, …] } else { 0 }, over: k)
    const distance = sumIndex(variableIndex(last), scaleIndex(-1, variableIndex(summed)));
    const element = readAt(
      0,
      free.map((variable, place) => (place === axis ? summed : variable)),
    );
    return {
      kind: "built",
      type: { element: float, shape },
      comprehension: {
        domain: [...free, summed],
        target: free.map(variableIndex),
        reducer: "sum",
        body: select(inside(distance, shape[axis]!), element, constant(0)),
      },
    };
  },
};

export const reductionOperations: readonly Operation[] = [
  reduction({
    name: "sum",
    doc: "The sum over the axes; over all of them where none are named.",
    reducer: "sum",
  }),
  reduction({
    name: "mean",
    doc: "The mean over the axes; over all of them where none are named.",
    reducer: "sum",
    body: divideByExtents,
  }),
  reduction({
    name: "max",
    doc: "The largest element along the axes; its gradient goes to the first of equals.",
    reducer: "max",
  }),
  reduction({
    name: "min",
    doc: "The least element along the axes; its gradient goes to the first of equals.",
    reducer: "min",
  }),
  reduction({ name: "product", doc: "The product over the axes.", reducer: "product" }),
  reduction({
    name: "argmax",
    doc: "The place of the largest element along the axes, by default the last; row-major, the first of equals.",
    reducer: "argmax",
  }),
  reduction({
    name: "argmin",
    doc: "The place of the least element along the axes, by default the last; row-major, the first of equals.",
    reducer: "argmin",
  }),
  cumsum,
];
