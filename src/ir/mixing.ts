/**
 * Owns the question whether the samples of a batch depend on each other, so that a batch cannot be taken in parts. Each
 * value is told what it is of the batch; what is not seen to be less is `mixed`.
 */
import {
  type Comprehension,
  type IndexExpression,
  type IndexVariable,
  type Scalar,
  reducedVariables,
} from "./comprehension.ts";
import { declaredSymbols, type Dimension, type DimensionSymbol, isLiteral } from "./dimension.ts";
import type { Frame } from "./frame.ts";
import { type GraphFunction, type IndexNode, type Node, type ScanNode, type Value } from "./graph.ts";
import { indicesOf, partsOfIndex } from "./rewrite.ts";

/**
 * `none`: the same whatever the batch. `count`: a multiple of the number of samples, `share` one over it, `elements` how many
 * elements samples of different lengths have together. `sample`: an axis of samples, each made of itself; `part`: such,
 * divided by their number. `sum`, `mean`: over samples; `average`: over their elements. `mixed`: anything else.
 */
export type Mixing =
  "none" | "count" | "share" | "elements" | "sample" | "part" | "sum" | "mean" | "average" | "mixed";

export interface BatchUse {
  readonly of: ReadonlyMap<Value, Mixing>;
  /** Who first mixes samples, in the order of the program. */
  readonly mixers: readonly Frame[];
}

/** What each value of a function is of the batch. */
export function batchUse(fn: GraphFunction, batch: DimensionSymbol): BatchUse {
  const of = new Map<Value, Mixing>();
  const mixers: Frame[] = [];
  for (const { value } of fn.arguments) of.set(value, holdsBatch(value, batch) ? "sample" : "none");
  visit(fn.nodes, { of, mixers, batch });
  return { of, mixers };
}

/** Whether parts of a batch give what all of it gives, as results that are averaged or stand side by side. */
export function takenInParts(mixing: Mixing): boolean {
  return mixing === "none" || mixing === "sample" || mixing === "mean";
}

interface Setting {
  readonly of: Map<Value, Mixing>;
  readonly mixers: Frame[];
  readonly batch: DimensionSymbol;
}

function holdsBatch({ type }: Value, batch: DimensionSymbol): boolean {
  return type.shape.some((dimension) => !isWithout(dimension, batch));
}

function isWithout(dimension: Dimension, batch: DimensionSymbol): boolean {
  // What is made of other dimensions, as the steps of all samples together, may hold the batch too.
  return declaredSymbols(dimension).every((symbol) => symbol !== batch && symbol.kind === "length");
}

function visit(nodes: readonly Node[], setting: Setting): void {
  for (const node of nodes) {
    if (node.kind === "scan") visitScan(node, setting);
    else enter(node, node.result, ofNode(node, setting), setting);
  }
}

/** What mixes first is remembered. */
function enter(node: IndexNode, value: Value, mixing: Mixing, { of, mixers }: Setting): void {
  of.set(value, mixing);
  if (mixing === "mixed" && !node.operands.some((operand) => of.get(operand) === "mixed"))
    mixers.push(node.frame);
}

/** What is carried is what any step makes of it: steps are gone through until that no longer changes. */
function visitScan(scan: ScanNode, setting: Setting): void {
  const { of } = setting;
  const known = (value: Value): Mixing => of.get(value) ?? "mixed";
  for (const { outer, inner } of scan.sequences) of.set(inner, known(outer));
  if (scan.place !== null) of.set(scan.place, "none");
  for (const { initial, inner } of scan.carries) of.set(inner, known(initial));
  for (let changed = true; changed;) {
    const mixers: Frame[] = [];
    visit(scan.nodes, { ...setting, mixers });
    changed = false;
    for (const { inner, next } of scan.carries) {
      const joined = either(known(inner), known(next));
      changed ||= joined !== known(inner);
      of.set(inner, joined);
    }
    if (!changed) setting.mixers.push(...mixers);
  }
  for (const { next, last } of scan.carries) of.set(last, known(next));
  for (const { inner, result } of scan.collects) of.set(result, known(inner));
}

function ofNode({ comprehension, operands, result }: IndexNode, setting: Setting): Mixing {
  const { domain, target, reducer, body } = comprehension;
  const { batch } = setting;
  const overSamples = domain.filter(({ extent }) => !isWithout(extent, batch));
  const samples = overSamples[0] ?? null;
  // Two axes of samples, or one that is not exactly the batch, stand side by side with nothing.
  if (overSamples.length > 1 || (samples !== null && !isBatch(samples.extent, batch))) return "mixed";
  const reading: Reading = { operands, samples, batch, of: setting.of };
  if (target.some((at) => speaksOf(at, samples) && !isVariable(at, samples))) return "mixed";
  const made = ofScalar(body, reading);
  const kept = samples !== null && target.some((at) => isVariable(at, samples));
  if (samples === null || kept)
    return afterReduction(comprehension, made, samples, holdsBatch(result, batch));
  if (reducer !== "sum") return made === "none" && reducer !== "product" ? "none" : "mixed";
  if (made === "part") return "mean";
  return made === "sample" || made === "none" ? "sum" : "mixed";
}

/** Sums over other axes leave it what it is; of each sample, and of nothing, so do all others. */
function afterReduction(
  comprehension: Comprehension,
  made: Mixing,
  samples: IndexVariable | null,
  batched: boolean,
): Mixing {
  const whole = made === "none" || made === "sample";
  const { reducer } = comprehension;
  const others = reducedVariables(comprehension).some((variable) => variable !== samples);
  if (others && reducer !== "sum" && reducer !== null && !whole) return "mixed";
  // The same number for each sample is as good as one that each has made.
  return made === "none" && batched ? "sample" : made;
}

interface Reading {
  readonly operands: readonly Value[];
  readonly samples: IndexVariable | null;
  readonly batch: DimensionSymbol;
  readonly of: ReadonlyMap<Value, Mixing>;
}

function ofScalar(scalar: Scalar, reading: Reading): Mixing {
  const { batch, samples } = reading;
  switch (scalar.kind) {
    case "constant":
      return "none";
    case "dimension": {
      const { dimension } = scalar;
      if (isWithout(dimension, batch)) return isLiteral(dimension) ? "none" : "sample";
      const [only] = dimension.terms;
      if (dimension.constant !== 0 || dimension.terms.length > 1) return "mixed";
      return isOneSymbol(dimension, batch) ? "count" : only!.symbol.kind === "product" ? "elements" : "mixed";
    }
    case "index":
    case "inside":
      // Which place of the batch a sample has is told by who stands before it; whose index it holds is not.
      return indicesOf(scalar).every((index) => isApart(index, reading))
        ? ofIndices(indicesOf(scalar), reading)
        : "mixed";
    case "random":
      if (scalar.sample === null) return isApart(scalar.element, reading) ? "none" : "mixed";
      return isVariable(scalar.sample, samples) ? "sample" : "mixed";
    case "read":
      return ofRead(scalar.operand, scalar.at, reading);
    case "apply":
      return applied(scalar, reading);
  }
}

function isOneSymbol({ terms }: Dimension, batch: DimensionSymbol): boolean {
  return terms[0]?.symbol === batch;
}

function isBatch(dimension: Dimension, batch: DimensionSymbol): boolean {
  return (
    dimension.constant === 0 &&
    dimension.terms.length === 1 &&
    dimension.terms[0]!.coefficient === 1 &&
    isOneSymbol(dimension, batch)
  );
}

/** Whether an index is that variable; along axes of size 1 others add nothing. */
function isVariable(index: IndexExpression, variable: IndexVariable | null): boolean {
  if (index.kind !== "sum") return index.kind === "variable" && index.variable === variable;
  const left = index.terms.filter((term) => !(term.kind === "variable" && isOne(term.variable.extent)));
  return left.length === 1 && isVariable(left[0]!, variable);
}

function isOne(extent: Dimension): boolean {
  return isLiteral(extent) && extent.constant === 1;
}

function speaksOf(index: IndexExpression, variable: IndexVariable | null): boolean {
  return variable !== null && [...partsOfIndex(index)].some((part) => isVariable(part, variable));
}

/** Whether an index says nothing of the place in the batch, but through what it reads of its own sample. */
function isApart(index: IndexExpression, reading: Reading): boolean {
  switch (index.kind) {
    case "variable":
      return index.variable !== reading.samples;
    case "dimension":
      return isWithout(index.dimension, reading.batch);
    case "constant":
      return true;
    case "sum":
      return index.terms.every((term) => isApart(term, reading));
    case "scaled":
    case "quotient":
    case "remainder":
      return isApart(index.of, reading);
    case "read":
      return isOwn(ofRead(index.operand, index.at, reading));
  }
}

/** Made of nothing of the batch, or of each sample by itself. */
export function isOwn(mixing: Mixing): boolean {
  return mixing === "none" || mixing === "sample";
}

/** Of an element: what the tensor is, where it is read at its own sample. */
function ofRead(operand: number, at: readonly IndexExpression[], reading: Reading): Mixing {
  const value = reading.operands[operand]!;
  const mixing = reading.of.get(value) ?? "mixed";
  const axes = [...at.entries()];
  const along = axes.filter(([axis]) => !isWithout(value.type.shape[axis]!, reading.batch));
  if (along.some(([, index]) => !isVariable(index, reading.samples))) return "mixed";
  const others = axes.filter((entry) => !along.includes(entry)).map(([, index]) => index);
  if (!others.every((index) => isApart(index, reading))) return "mixed";
  const chosen = ofIndices(others, reading);
  return chosen === "none" ? mixing : isOwn(mixing) ? "sample" : mixing === "part" ? "part" : "mixed";
}

/** What the elements within indices are of. */
function ofIndices(indices: readonly IndexExpression[], reading: Reading): Mixing {
  const read = indices.flatMap((index) => [...partsOfIndex(index)]).filter((part) => part.kind === "read");
  return read.every((part) => ofRead(part.operand, part.at, reading) === "none") ? "none" : "sample";
}

/** What either of two is. */
function either(a: Mixing, b: Mixing): Mixing {
  if (a === b) return a;
  return isOwn(a) && isOwn(b) ? "sample" : "mixed";
}

function isMean(mixing: Mixing): boolean {
  return mixing === "none" || mixing === "mean" || mixing === "average";
}

function meanOf(a: Mixing, b: Mixing): Mixing {
  if (a === "average" || b === "average") return "average";
  return a === "mean" || b === "mean" ? "mean" : "none";
}

const products: Readonly<Record<string, Mixing>> = {
  "count share": "none",
  "sample share": "part",
  "sum share": "mean",
  "mean count": "sum",
  "part count": "sample",
};

function applied(scalar: Scalar & { readonly kind: "apply" }, reading: Reading): Mixing {
  const made = scalar.arguments.map((argument) => ofScalar(argument, reading));
  const [a = "none", b = "none", c = "none"] = made;
  switch (scalar.function) {
    case "add":
    case "subtract":
      // A mean moved by a number is one still; a sum is not.
      return isMean(a) && isMean(b) ? meanOf(a, b) : either(a, b);
    case "negate":
      return a;
    case "multiply":
      return product(a, b);
    case "divide":
      if (a === "sum" && b === "elements") return "average";
      return product(
        a,
        b === "count" ? "share" : b === "none" ? "none" : isOwn(a) && isOwn(b) ? "sample" : "mixed",
      );
    case "select":
      return a === "none" ? either(b, c) : made.every(isOwn) ? "sample" : "mixed";
    default:
      return made.every((one) => one === "none") ? "none" : made.every(isOwn) ? "sample" : "mixed";
  }
}

function product(a: Mixing, b: Mixing): Mixing {
  if (a === "none") return b;
  if (b === "none") return a;
  if (a === "sample" && b === "sample") return "sample";
  if ((a === "part" && b === "sample") || (a === "sample" && b === "part")) return "part";
  return products[`${a} ${b}`] ?? products[`${b} ${a}`] ?? "mixed";
}
