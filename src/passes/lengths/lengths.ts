/** Owns the lengths of samples as values: those that callers give, and those that follow from them. */
import type { GraphBuilder } from "../../ir/build.ts";
import type { IndexExpression, IndexVariable } from "../../ir/comprehension.ts";
import {
  countsSamples,
  type DeclaredSymbol,
  type Dimension,
  isLiteral,
  literal,
  mostValue,
  printDimension,
  sameDimension,
  symbolic,
  variesBySample,
} from "../../ir/dimension.ts";
import type { Frame } from "../../ir/frame.ts";
import type { Value } from "../../ir/graph.ts";
import {
  constantIndex,
  provenInside,
  quotientIndex,
  readIndex,
  remainderIndex,
  scaleIndex,
  sumIndex,
  variableIndex,
} from "../../ir/indices.ts";
import { apply, constant, dimensionScalar, indexScalar, read } from "../../ir/scalars.ts";
import { floats } from "../../ir/type.ts";
import type { Scalar } from "../../ir/comprehension.ts";

/** Hands out one value for each length: `index` numbers, one a sample. */
export class Lengths {
  readonly #samples: Dimension;
  readonly #builder: GraphBuilder;
  readonly #frame: Frame;
  readonly #known: { readonly dimension: Dimension; readonly value: Value }[] = [];
  readonly #totals: { readonly dimension: Dimension; readonly value: Value }[] = [];
  readonly arguments: { readonly symbol: DeclaredSymbol; readonly value: Value }[] = [];

  constructor(samples: Dimension, builder: GraphBuilder, frame: Frame) {
    this.#samples = samples;
    this.#builder = builder;
    this.#frame = frame;
  }

  /** Of each sample, how long the dimension is for it. */
  of(dimension: Dimension): Value {
    const known = this.#known.find((other) => sameDimension(other.dimension, dimension));
    if (known !== undefined) return known.value;
    const value = this.#make(dimension);
    this.#known.push({ dimension, value });
    return value;
  }

  #make(dimension: Dimension): Value {
    const type = {
      element: { kind: "index", size: mostValue(dimension) + 1 } as const,
      shape: [this.#samples],
    };
    const [only] = dimension.terms;
    const alone = dimension.terms.length === 1 && dimension.constant === 0 && only!.coefficient === 1;
    if (alone && only!.symbol.kind === "length") {
      const value = this.#builder.value(type, only!.symbol.name);
      this.arguments.push({ symbol: only!.symbol, value });
      return value;
    }
    const sample: IndexVariable = { name: "b", extent: this.#samples };
    const operands: Value[] = [];
    const index = this.#index(dimension, sample, operands);
    const sizeOf = (operand: number): number => sizeOfIndex(operands[operand]!);
    // What the bounds of each part alone do not show holds of all together: a length is never below 0.
    const shown = provenInside(index, literal(type.element.size), sizeOf);
    const body = indexScalar(shown ? index : remainderIndex(index, type.element.size));
    return this.#builder.add({
      operation: "size",
      operands,
      type,
      comprehension: { domain: [sample], target: [variableIndex(sample)], reducer: null, body },
      frame: this.#frame,
      name: null,
    });
  }

  /** The dimension by the lengths it is made of. */
  #index(dimension: Dimension, sample: IndexVariable, operands: Value[]): IndexExpression {
    const terms = dimension.terms.map(({ coefficient, symbol }) => {
      if (symbol.kind === "quotient")
        return scaleIndex(coefficient, quotientIndex(this.#index(symbol.of, sample, operands), symbol.by));
      operands.push(this.of(symbolic(symbol)));
      return scaleIndex(coefficient, readIndex(operands.length - 1, [variableIndex(sample)]));
    });
    return sumIndex(constantIndex(dimension.constant), ...terms);
  }

  /** How many elements there are, as a number: of a sample, or, with samples among the factors, of all together. */
  elements(dimension: Dimension): Value {
    const known = this.#totals.find((other) => sameDimension(other.dimension, dimension));
    if (known !== undefined) return known.value;
    const value = this.#count(dimension);
    this.#totals.push({ dimension, value });
    return value;
  }

  /** `n = constant + coefficient · sum(product of the factors of a sample, over: samples)` */
  #count(dimension: Dimension): Value {
    const [only] = dimension.terms;
    if (dimension.terms.length !== 1 || only!.symbol.kind !== "product")
      throw new Error(`${printDimension(dimension)} is no single count of elements`);
    const { factors } = only!.symbol;
    const overall = factors.some(countsSamples);
    const sample: IndexVariable = { name: "b", extent: this.#samples };
    const operands: Value[] = [];
    const counted = factors
      .filter((factor) => !countsSamples(factor))
      .map((factor): Scalar => {
        if (!variesBySample(factor)) return dimensionScalar(factor);
        operands.push(this.of(factor));
        return read(operands.length - 1, [variableIndex(sample)]);
      });
    const each = counted.reduce((product, factor) => apply("multiply", product, factor), constant(1));
    const value = this.#builder.add({
      operation: "size",
      operands,
      type: floats(overall ? [] : [this.#samples]),
      comprehension: {
        domain: [sample],
        target: overall ? [] : [variableIndex(sample)],
        reducer: overall ? "sum" : null,
        body: apply("multiply", each, constant(only!.coefficient)),
      },
      frame: this.#frame,
    });
    return dimension.constant === 0 ? value : this.#raised(value, dimension.constant);
  }

  #raised(value: Value, by: number): Value {
    const domain = value.type.shape.map((extent, axis): IndexVariable => ({ name: `i${axis}`, extent }));
    const at = domain.map(variableIndex);
    return this.#builder.add({
      operation: "add",
      operands: [value],
      type: value.type,
      comprehension: {
        domain,
        target: at,
        reducer: null,
        body: apply("add", read(0, at), constant(by)),
      },
      frame: this.#frame,
    });
  }
}

function sizeOfIndex({ type: { element } }: Value): number {
  return element.kind === "index" ? element.size : 0;
}

/** The size of an axis in memory: what the longest sample needs. */
export function paddedDimension(dimension: Dimension): Dimension {
  if (isLiteral(dimension) || !variesBySample(dimension)) return dimension;
  const padded: Dimension = { constant: mostValue(dimension), terms: [] };
  return dimension.origin === undefined ? padded : { ...padded, origin: dimension.origin };
}
