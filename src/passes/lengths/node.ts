/**
 * Owns one comprehension with fixed extents: its variables run to the limit, and what several points share is guarded by
 * the sample's own length. Beyond a length anything may stand; nothing reads it.
 */
import {
  type Comprehension,
  type IndexExpression,
  type IndexVariable,
  type Reducer,
  type Scalar,
} from "../../ir/comprehension.ts";
import { type Dimension, sameDimension, variesBySample } from "../../ir/dimension.ts";
import type { IndexNode, Value } from "../../ir/graph.ts";
import { constantIndex, provenInside, readIndex, sameIndex, variableIndex } from "../../ir/indices.ts";
import { mapIndex, partsOfIndex, partsOfScalar, indicesOf } from "../../ir/rewrite.ts";
import {
  lengthsSpokenOf,
  mixedVariables,
  sampleAxis,
  sampleVariables,
  varyingVariables,
} from "../../ir/samples.ts";
import { apply, constant, indexScalar, inside, read, select } from "../../ir/scalars.ts";
import { paddedDimension, type Lengths } from "./lengths.ts";
import { factorsOf, isLength, isZero, replaceLengths } from "./parts.ts";

/** What stands for the values of the function with its own extents. */
export interface Padding {
  readonly samples: Dimension;
  readonly lengths: Lengths;
  /** With fixed extents. */
  readonly now: (value: Value) => Value;
  /** The same with 0 beyond each sample's length. */
  readonly masked: (value: Value) => Value;
  /** Values that hold one of themselves for each sample, along an axis in front, since they speak of its length. */
  readonly lifted: ReadonlySet<Value>;
}

/** Whether a node without an axis of samples needs one: it speaks of a sample's length, or goes along it. */
export function needsSample(node: IndexNode, lifted: ReadonlySet<Value>): boolean {
  const { comprehension, operands } = node;
  const mixed = mixedVariables(comprehension);
  return (
    lengthsSpokenOf(comprehension).length > 0 ||
    varyingVariables(comprehension).some((variable) => mixed.has(variable)) ||
    operands.some((operand) => lifted.has(operand))
  );
}

export interface PaddedNode {
  readonly operands: readonly Value[];
  readonly comprehension: Comprehension;
}

export function padNode(node: IndexNode, padding: Padding, lifts: boolean): PaddedNode {
  return new NodePadding(node, padding, lifts).made();
}

/** The value of a point that does not count. */
function neutral(reducer: Reducer | null): number {
  switch (reducer) {
    case "max":
    case "argmax":
      return -Infinity;
    case "min":
    case "argmin":
      return Infinity;
    case "product":
      return 1;
    case "sum":
    case null:
      return 0;
  }
}

class NodePadding {
  readonly #node: IndexNode;
  readonly #padding: Padding;
  readonly #operands: Value[];
  readonly #variables: ReadonlyMap<IndexVariable, IndexVariable>;
  /** Whose length is meant; null where the node belongs to no sample. */
  readonly #sample: IndexVariable | null;
  readonly #lifts: boolean;

  constructor(node: IndexNode, padding: Padding, lifts: boolean) {
    this.#node = node;
    this.#padding = padding;
    this.#lifts = lifts;
    this.#operands = node.operands.map((operand) => padding.now(operand));
    this.#variables = new Map(
      node.comprehension.domain.map((variable) => {
        const extent = paddedDimension(variable.extent);
        return [variable, extent === variable.extent ? variable : { ...variable, extent }];
      }),
    );
    const [own = null] = sampleVariables(node.comprehension);
    this.#sample = lifts ? { name: "b", extent: padding.samples } : own && this.#variables.get(own)!;
  }

  made(): PaddedNode {
    const { comprehension } = this.#node;
    const { domain, target, reducer } = comprehension;
    const guarded = this.#guarded();
    const product = reducer === "sum" && guarded.length > 0 && this.#isMaskable(comprehension.body, guarded);
    const body = this.#scalar(comprehension.body, product);
    const conditions = product ? [] : guarded.map((variable) => this.#within(variable));
    const whole = conditions.reduceRight<Scalar>(
      (value, condition) => select(condition, value, constant(neutral(reducer))),
      body,
    );
    const variables = domain.map((variable) => this.#variables.get(variable)!);
    const at = target.map((index) => this.#index(index));
    const lifted = this.#lifts ? [this.#sample!] : [];
    return {
      operands: this.#operands,
      comprehension: {
        domain: [...lifted, ...variables],
        target: [...lifted.map(variableIndex), ...at],
        reducer,
        body: whole,
      },
    };
  }

  /** The variables that must end where the sample ends. */
  #guarded(): readonly IndexVariable[] {
    if (this.#sample === null) return [];
    const { comprehension } = this.#node;
    const varying = varyingVariables(comprehension);
    if (!this.#staysInside()) return varying;
    const mixed = mixedVariables(comprehension);
    const samplesMixed = sampleVariables(comprehension).some((variable) => mixed.has(variable));
    return varying.filter((variable) => samplesMixed || mixed.has(variable));
  }

  /** Whether every place is within its tensor up to the limits, as it is up to the sample's length. */
  #staysInside(): boolean {
    const { comprehension, operands } = this.#node;
    if (lengthsSpokenOf(comprehension).length > 0 && this.#readsByLength()) return false;
    const visit = (operand: number, at: readonly IndexExpression[]): boolean =>
      at.every((index, axis) => {
        const extent = operands[operand]!.type.shape[axis]!;
        if (!variesBySample(extent) || index.kind === "variable" || index.kind === "read") return true;
        return provenInside(this.#index(index), paddedDimension(extent));
      });
    return [...partsOfScalar(comprehension.body)].every(
      (part) => part.kind !== "read" || this.#isGuardedRead(part) || visit(part.operand, part.at),
    );
  }

  /** A place that is proven inside only by the guard around it. */
  #isGuardedRead({ at }: Extract<Scalar, { kind: "read" }>): boolean {
    return [...partsOfScalar(this.#node.comprehension.body)].some(
      (part) => part.kind === "inside" && at.some((index) => sameIndex(index, part.of)),
    );
  }

  #readsByLength(): boolean {
    const { body, target } = this.#node.comprehension;
    const read = [...partsOfScalar(body)].flatMap((part) => (part.kind === "read" ? indicesOf(part) : []));
    return [...read, ...target].some((index) =>
      [...partsOfIndex(index)].some((part) => part.kind === "dimension" && variesBySample(part.dimension)),
    );
  }

  /** `i < length[b]` */
  #within(variable: IndexVariable): Scalar {
    const here = indexScalar(variableIndex(this.#variables.get(variable)!));
    return apply("less", here, this.#length(variable.extent));
  }

  #length(dimension: Dimension): Scalar {
    return read(this.#operand(this.#padding.lengths.of(dimension)), [variableIndex(this.#sample!)]);
  }

  #operand(value: Value): number {
    const known = this.#operands.indexOf(value);
    if (known >= 0) return known;
    this.#operands.push(value);
    return this.#operands.length - 1;
  }

  /**
   * Whether a sum of products is right without guards once what it reads is 0 beyond the lengths: each variable stands
   * alone along the very axis of some factor, so that this factor is 0.
   */
  #isMaskable(body: Scalar, guarded: readonly IndexVariable[]): boolean {
    const factors = factorsOf(body);
    if (factors === null) return false;
    return guarded.every((variable) =>
      factors.some(
        (factor) =>
          factor.kind === "read" &&
          this.#readsOwnSample(factor) &&
          factor.at.some(
            (index, axis) =>
              index.kind === "variable" &&
              index.variable === variable &&
              sameDimension(this.#shapeOf(factor.operand)[axis]!, variable.extent),
          ),
      ),
    );
  }

  #shapeOf(operand: number): readonly Dimension[] {
    return this.#node.operands[operand]!.type.shape;
  }

  /** Whether it reads of the sample that the node belongs to. */
  #readsOwnSample({ operand, at }: Extract<Scalar, { kind: "read" }>): boolean {
    const value = this.#node.operands[operand]!;
    if (this.#padding.lifted.has(value)) return false;
    const index = at[sampleAxis(value.type)];
    return index?.kind === "variable" && this.#variables.get(index.variable) === this.#sample;
  }

  #variable(variable: IndexVariable): IndexExpression {
    return variableIndex(this.#variables.get(variable)!);
  }

  #index(index: IndexExpression): IndexExpression {
    const [renamed] = [
      mapIndex(index, {
        variable: (variable) => this.#variable(variable),
        indexRead: (operand, at) => readIndex(operand, this.#placed(operand, at)),
      }),
    ];
    return this.#withLengths(renamed);
  }

  /** Lengths within an index become elements of the tensors of lengths. */
  #withLengths(index: IndexExpression): IndexExpression {
    if (this.#sample === null || ![...partsOfIndex(index)].some(isLength)) return index;
    return replaceLengths(index, (dimension) =>
      readIndex(this.#operand(this.#padding.lengths.of(dimension)), [variableIndex(this.#sample!)]),
    );
  }

  /** Of what each sample has of its own, that of the sample. */
  #placed(operand: number, at: readonly IndexExpression[]): readonly IndexExpression[] {
    const value = this.#node.operands[operand];
    if (value === undefined || !this.#padding.lifted.has(value)) return at;
    return [this.#sample === null ? constantIndex(0) : variableIndex(this.#sample), ...at];
  }

  #read(operand: number, at: readonly IndexExpression[], masked: boolean): Scalar {
    const value = this.#node.operands[operand]!;
    const own = masked && value.type.shape.some(variesBySample) && sampleAxis(value.type) >= 0;
    const place = own ? this.#operand(this.#padding.masked(value)) : operand;
    return read(
      place,
      this.#placed(
        operand,
        at.map((index) => this.#index(index)),
      ),
    );
  }

  #scalar(scalar: Scalar, masked: boolean): Scalar {
    switch (scalar.kind) {
      case "constant":
        return scalar;
      case "dimension":
        return this.#dimension(scalar.dimension);
      case "index":
        return indexScalar(this.#index(scalar.of));
      case "inside":
        return this.#inside(scalar.of, scalar.extent);
      case "read":
        return this.#read(scalar.operand, scalar.at, masked);
      case "apply": {
        const window = this.#windowed(scalar);
        if (window !== null) return window;
        return { ...scalar, arguments: scalar.arguments.map((part) => this.#scalar(part, masked)) };
      }
      case "random":
        return {
          ...scalar,
          sample: scalar.sample === null ? null : this.#index(scalar.sample),
          element: this.#index(scalar.element),
        };
    }
  }

  #dimension(dimension: Dimension): Scalar {
    const count = dimension.terms.some(({ symbol }) => symbol.kind === "product");
    if (!count) return variesBySample(dimension) ? this.#length(dimension) : { kind: "dimension", dimension };
    const value = this.#padding.lengths.elements(dimension);
    const overall = value.type.shape.length === 0;
    return read(this.#operand(value), overall ? [] : [variableIndex(this.#sample!)]);
  }

  #inside(of: IndexExpression, extent: Dimension): Scalar {
    const place = this.#index(of);
    const limit = inside(place, paddedDimension(extent));
    // What belongs to no sample is 0 beyond every sample's length, and there up to the limit.
    if (!variesBySample(extent) || this.#sample === null) return limit;
    return apply("and", limit, apply("less", indexScalar(place), this.#length(extent)));
  }

  /**
   * `if (0 <= i < length) x[b, …, i, …] · … else 0`: what is read is 0 beyond the length anyway, so that the guard needs
   * to hold up to the limit only, as that of a tensor of fixed size.
   */
  #windowed(scalar: Extract<Scalar, { kind: "apply" }>): Scalar | null {
    if (scalar.function !== "select") return null;
    const [condition, then, otherwise] = scalar.arguments;
    if (condition?.kind !== "inside" || !variesBySample(condition.extent) || !isZero(otherwise)) return null;
    const { of, extent } = condition;
    const reads = (factorsOf(then!) ?? []).some(
      (factor) =>
        factor.kind === "read" &&
        this.#readsOwnSample(factor) &&
        factor.at.some(
          (index, axis) =>
            sameIndex(index, of) && sameDimension(this.#shapeOf(factor.operand)[axis]!, extent),
        ),
    );
    if (!reads) return null;
    const limit = inside(this.#index(of), paddedDimension(extent));
    return select(limit, this.#scalar(then!, true), constant(0));
  }
}
