/** Owns the operations that make a tensor of nothing but options: constants, sizes, ranges and random draws. */
import type { IndexExpression, IndexVariable, Scalar } from "../ir/comprehension.ts";
import { variablesOver } from "../ir/build.ts";
import {
  countsSamples,
  type Dimension,
  isLiteral,
  literalValue,
  mostValue,
  printDimension,
  variesBySample,
} from "../ir/dimension.ts";
import { constantIndex, scaleIndex, sumIndex, variableIndex } from "../ir/indices.ts";
import { apply, constant, dimensionScalar, indexScalar } from "../ir/scalars.ts";
import { type ElementType, float } from "../ir/type.ts";
import type { Operation, OptionForm } from "./operation.ts";
import { type Options, dimensionOption, numberOption, problem, shapeOption } from "./problem.ts";

const constantOperation: Operation = {
  name: "constant",
  doc: "A number; with a shape, at every place of it.",
  tensors: [],
  variadic: false,
  options: { value: { type: "float" }, shape: { type: "shape", fallback: [] } },
  gradient: { kind: "derived" },
  build: (_, options) => {
    const shape = shapeOption(options, "shape") ?? [];
    const domain = variablesOver(shape);
    const body = constant(numberOption(options, "value", 0));
    return {
      kind: "built",
      type: { element: float, shape },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body },
    };
  },
};

const size: Operation = {
  name: "size",
  doc: "A dimension as a number, known at the latest when the network runs.",
  tensors: [],
  variadic: false,
  options: { of: { type: "shape" } },
  gradient: { kind: "derived" },
  build: (_, options) => {
    const dimension = dimensionOption(options, "of");
    if (dimension === null) return problem("`size` takes a dimension");
    return {
      kind: "built",
      type: { element: float, shape: [] },
      comprehension: { domain: [], target: [], reducer: null, body: dimensionScalar(dimension) },
    };
  },
};

const range: Operation = {
  name: "range",
  doc: "The indices 0, 1, 2 … below a size.",
  tensors: [],
  variadic: false,
  options: { of: { type: "shape" } },
  gradient: { kind: "derived" },
  build: (_, options) => {
    const extent = dimensionOption(options, "of");
    if (extent === null) return problem("`range` takes a size");
    const fixed = variesBySample(extent) ? mostValue(extent) : literalValue(extent);
    const domain = variablesOver([extent]);
    return {
      kind: "built",
      type: { element: fixed === null ? float : { kind: "index", size: fixed }, shape: [extent] },
      comprehension: {
        domain,
        target: domain.map(variableIndex),
        reducer: null,
        body: indexScalar(variableIndex(domain[0]!)),
      },
    };
  },
};

interface DrawForm {
  readonly name: string;
  readonly doc: string;
  readonly distribution: "uniform" | "normal";
  readonly options?: Readonly<Record<string, OptionForm>>;
  /** What is drawn, where it is no float. */
  readonly element?: (options: Options) => ElementType;
  readonly body: (drawn: Scalar, options: Options) => Scalar;
}

/** `stream` says which line draws: equal streams draw equal numbers. */
function draw({
  name,
  doc,
  distribution,
  options: more = {},
  element = () => float,
  body,
}: DrawForm): Operation {
  return {
    name,
    doc,
    tensors: ["like"],
    variadic: false,
    options: { ...more, stream: { type: "int" }, shape: { type: "shape", fallback: null } },
    gradient: { kind: "derived" },
    build: (operands, options) => {
      const shape = shapeOption(options, "shape") ?? operands[0]?.shape;
      if (shape === undefined) return problem(`\`${name}\` takes its shape from \`like\` or from \`shape\``);
      const domain = variablesOver(shape);
      const place = placeOf(domain);
      if ("unknown" in place) {
        const unknown = printDimension(place.unknown);
        return problem(
          `\`${name}\` numbers the elements of a sample, and ${unknown} is known only at run time`,
        );
      }
      const stream = numberOption(options, "stream", 0);
      const drawn: Scalar = { kind: "random", distribution, stream, ...place };
      return {
        kind: "built",
        type: { element: element(options), shape },
        comprehension: {
          domain,
          target: domain.map(variableIndex),
          reducer: null,
          body: body(drawn, options),
        },
      };
    },
  };
}

/** Numbers elements along an axis as if it had so many: a length's limit may grow that far and draws stay the same. */
const lengthStride = 4096;

/** How many numbers the elements along an axis take. */
export function strideOf(extent: Dimension): number {
  return isLiteral(extent) ? extent.constant : Math.max(mostValue(extent), lengthStride);
}

/**
 * The sample is the place along a leading batch axis; the element the place in the other axes, row-major but with those
 * whose length varies in front: so the first of them takes no stride.
 */
function placeOf(
  domain: readonly IndexVariable[],
):
  | { readonly sample: IndexExpression | null; readonly element: IndexExpression }
  | { readonly unknown: Dimension } {
  const batched = domain[0] !== undefined && countsSamples(domain[0].extent);
  const within = batched ? domain.slice(1) : domain;
  const unknown = within.find(({ extent }) => !isLiteral(extent) && !variesBySample(extent));
  if (unknown !== undefined) return { unknown: unknown.extent };
  const ordered = [
    ...within.filter(({ extent }) => !isLiteral(extent)),
    ...within.filter(({ extent }) => isLiteral(extent)),
  ];
  const element = ordered.reduce<IndexExpression>(
    (offset, variable, axis) =>
      sumIndex(
        axis === 0 ? constantIndex(0) : scaleIndex(strideOf(variable.extent), offset),
        variableIndex(variable),
      ),
    constantIndex(0),
  );
  return { sample: batched ? variableIndex(domain[0]!) : null, element };
}

export const makingOperations: readonly Operation[] = [
  constantOperation,
  size,
  range,
  draw({
    name: "bernoulli",
    doc: "1 with the given probability, else 0, drawn anew each step.",
    distribution: "uniform",
    options: { probability: { type: "float" } },
    body: (drawn, options) => apply("less", drawn, constant(numberOption(options, "probability", 0.5))),
  }),
  draw({
    name: "uniform",
    doc: "Numbers from 0 to 1, without 1, drawn anew each step.",
    distribution: "uniform",
    body: (drawn) => drawn,
  }),
  draw({
    name: "uniform_index",
    doc: "Indices below a size, each as likely as any other, drawn anew each step.",
    distribution: "uniform",
    options: { size: { type: "int" } },
    element: (options) => ({ kind: "index", size: numberOption(options, "size", 1) }),
    body: (drawn, options) =>
      apply("floor", apply("multiply", drawn, constant(numberOption(options, "size", 1)))),
  }),
  draw({
    name: "normal",
    doc: "Numbers of a standard normal distribution, drawn anew each step.",
    distribution: "normal",
    body: (drawn) => drawn,
  }),
];
