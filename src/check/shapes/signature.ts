/** Owns signatures: tensors are unified with the shapes that a definition lists, options with their types. */
import { type Dimension, literalValue, printDimension, sameDimension } from "../../ir/dimension.ts";
import { type TensorType, printShape, printType } from "../../ir/type.ts";
import { argumentUnfit } from "../../report/catalogue/check.ts";
import type { Related } from "../../report/diagnostic.ts";
import type { Expression, IndexType, Parameter, ShapeType, Type } from "../../syntax/ast.ts";
import { type Span, textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "../elaborate/expression.ts";
import { type Meaning, dimensionOf, meaningOfDimension, numeric, plain } from "../statics/meaning.ts";
import { explain } from "./provenance.ts";
import { alternatives } from "../statics/option.ts";
import { freeNames } from "../elaborate/children.ts";

export function isTensorType(type: Type): boolean {
  return (
    type.kind === "shape" ||
    type.kind === "index" ||
    (type.kind === "union" && type.options.some(isTensorType))
  );
}

/** A tensor argument on its way into a signature. */
export interface TensorArgument {
  readonly parameter: Parameter;
  readonly type: TensorType;
  readonly span: Span;
}

/** What a signature's names stood for, and who said so first. */
interface Fixed {
  readonly dimension: Dimension;
  readonly by: TensorArgument | null;
}

/**
 * Unifies tensors with the shapes of a signature. Names that are new are bound in the body's scope; `...` is one and
 * the same throughout, and a scalar fits it whatever it is. False with a message where something does not fit.
 */
export function unifyTensors(
  elaboration: Elaboration,
  caller: Scope,
  owner: Scope,
  callee: string,
  tensors: readonly TensorArgument[],
): boolean {
  const fixed = new Map<string, Fixed>();
  for (const [name, { meaning }] of owner.bindings) {
    const dimension = dimensionOf(meaning);
    if (dimension !== null) fixed.set(name, { dimension, by: null });
  }
  // Scalars last: they fit any `...` that others have fixed.
  const ordered = tensors.toSorted(
    (a, b) => Number(a.type.shape.length === 0) - Number(b.type.shape.length === 0),
  );
  return ordered.every((tensor) => {
    const problem = unifyOne(elaboration, owner, tensor, fixed);
    if (problem !== null) report(elaboration, caller, owner, callee, tensor, problem);
    return problem === null;
  });
}

interface Mismatch {
  readonly message: string;
  readonly dimension: Dimension | null;
  readonly related: readonly Related[];
  readonly help?: string;
}

function unifyOne(
  elaboration: Elaboration,
  owner: Scope,
  tensor: TensorArgument,
  fixed: Map<string, Fixed>,
): Mismatch | null {
  let first: Mismatch | null = null;
  for (const type of alternatives(tensor.parameter.type)) {
    const problem =
      type.kind === "shape"
        ? unifyFloat(elaboration, owner, type, tensor, fixed)
        : type.kind === "index"
          ? unifyIndex(elaboration, owner, type, tensor, fixed)
          : null;
    if (problem === null) return null;
    first ??= problem;
  }
  return first;
}

function unifyFloat(
  elaboration: Elaboration,
  owner: Scope,
  type: ShapeType,
  tensor: TensorArgument,
  fixed: Map<string, Fixed>,
): Mismatch | null {
  const { element } = tensor.type;
  if (element.kind === "index") {
    const message = `indices into ${element.size} came where numbers are due`;
    const help = "`embedding` and `one_hot` make vectors of indices, `to_float` numbers";
    return { message, dimension: null, related: [], help };
  }
  if (element.kind === "bool")
    return { message: "truth values came where numbers are due", dimension: null, related: [] };
  return unifyShape(elaboration, owner, type, tensor, fixed);
}

function unifyIndex(
  elaboration: Elaboration,
  owner: Scope,
  type: IndexType,
  tensor: TensorArgument,
  fixed: Map<string, Fixed>,
): Mismatch | null {
  const { element } = tensor.type;
  if (element.kind !== "index") {
    const message = `numbers came where indices into \`${textOf(type.size.span)}\` are due`;
    const help = "indices come from an input or target of type `index(n)`, or from `argmax`";
    return { message, dimension: null, related: [], help };
  }
  const size: Dimension = { constant: element.size, terms: [] };
  const problem = unifyDimension(elaboration, owner, type.size, size, tensor, fixed, "its indices go into");
  if (problem !== null) return problem;
  const shape = type.shape ?? { kind: "shape", span: type.span, dimensions: [] };
  return unifyShape(elaboration, owner, shape, tensor, fixed);
}

function unifyShape(
  elaboration: Elaboration,
  owner: Scope,
  pattern: ShapeType,
  tensor: TensorArgument,
  fixed: Map<string, Fixed>,
): Mismatch | null {
  const { shape } = tensor.type;
  const open = pattern.dimensions.findIndex((dimension) => dimension.kind === "ellipsis");
  const alone = open === 0 && pattern.dimensions.length === 1;
  if (alone && shape.length === 0 && owner.ellipsis !== null) return null;
  if (shape.length === 0 && open < 0 && pattern.dimensions.every((one) => isKnown(owner, one))) return null;
  const fewest = pattern.dimensions.length - (open < 0 ? 0 : 1);
  if (open < 0 ? shape.length !== fewest : shape.length < fewest) {
    const due = open < 0 ? `${fewest}` : `at least ${fewest}`;
    const message = `it has ${counted(shape.length, "axis", "axes")}, and ${textOf(pattern.span)} has ${due}`;
    return { message, dimension: shape.at(-1) ?? null, related: [] };
  }
  const after = open < 0 ? 0 : pattern.dimensions.length - open - 1;
  const middle = open < 0 ? [] : shape.slice(open, shape.length - after);
  if (open >= 0) {
    const problem = unifyEllipsis(owner, middle, tensor, fixed);
    if (problem !== null) return problem;
  }
  for (const [place, expression] of pattern.dimensions.entries()) {
    if (place === open) continue;
    const axis = open >= 0 && place > open ? shape.length - (pattern.dimensions.length - place) : place;
    const dimension = shape[axis]!;
    const which = axis === shape.length - 1 ? "its last axis is" : `its axis ${axis} is`;
    const problem = unifyDimension(elaboration, owner, expression, dimension, tensor, fixed, which);
    if (problem !== null) return problem;
  }
  return null;
}

/** Whether a size of a signature is told by other arguments: then a scalar stands for as many alike. */
function isKnown(owner: Scope, expression: Expression): boolean {
  return freeNames(expression).every((name) => owner.bindings.has(name) || name === "batch");
}

function unifyEllipsis(
  owner: Scope,
  dimensions: readonly Dimension[],
  tensor: TensorArgument,
  fixed: Map<string, Fixed>,
): Mismatch | null {
  const known = owner.ellipsis;
  if (known === null) {
    owner.ellipsis = dimensions;
    fixed.set("...", { dimension: dimensions[0] ?? { constant: 1, terms: [] }, by: tensor });
    return null;
  }
  if (
    known.length === dimensions.length &&
    known.every((other, axis) => sameDimension(other, dimensions[axis]!))
  )
    return null;
  const first = fixed.get("...")?.by ?? null;
  const differing = dimensions.findIndex(
    (dimension, axis) => known[axis] === undefined || !sameDimension(known[axis], dimension),
  );
  return {
    message: `\`...\` is ${printShape(dimensions)} here and ${printShape(known)} for \`${first?.parameter.name.text ?? "the first"}\``,
    dimension: dimensions[differing] ?? null,
    related:
      first === null
        ? []
        : [{ span: first.span, message: `\`${first.parameter.name.text}\` is ${printType(first.type)}` }],
  };
}

/** One dimension against its expression in the signature: a new name is bound, one unknown in it is solved for. */
function unifyDimension(
  elaboration: Elaboration,
  owner: Scope,
  expression: Expression,
  dimension: Dimension,
  tensor: TensorArgument,
  fixed: Map<string, Fixed>,
  which: string,
): Mismatch | null {
  if (expression.kind === "missing") return null;
  const unknowns = freeNames(expression).filter((name) => !owner.bindings.has(name) && name !== "batch");
  if (unknowns.length === 0) {
    const meaning = evaluate(elaboration, owner, expression);
    const due = dimensionOf(meaning);
    if (due === null || sameDimension(due, dimension)) return null;
    const text = textOf(expression.span);
    const source = expression.kind === "name" ? fixed.get(expression.name.text) : undefined;
    const shown = /^\d+$/.test(text) || text === "batch" ? text : `\`${text}\` = ${printDimension(due)}`;
    const related: readonly Related[] =
      source !== undefined && source.by !== null
        ? [
            {
              span: source.by.span,
              message: `\`${text}\` = ${printDimension(due)} comes from \`${source.by.parameter.name.text}\`, which is ${printType(source.by.type)}`,
            },
          ]
        : explain(due);
    return {
      message: `${which} ${printDimension(dimension)}, and the signature needs ${shown}`,
      dimension,
      related,
    };
  }
  if (expression.kind === "name") {
    owner.bindings.set(expression.name.text, { meaning: namedDimension(dimension), span: expression.span });
    fixed.set(expression.name.text, { dimension, by: tensor });
    return null;
  }
  const solved =
    unknowns.length === 1 ? solve(elaboration, owner, expression, unknowns[0]!, dimension) : null;
  if (solved === null) {
    const message = `${which} ${printDimension(dimension)}, and no whole \`${unknowns.join("`, `")}\` makes \`${textOf(expression.span)}\` that`;
    return { message, dimension, related: [] };
  }
  owner.bindings.set(unknowns[0]!, { meaning: namedDimension(solved), span: expression.span });
  fixed.set(unknowns[0]!, { dimension: solved, by: tensor });
  return null;
}

/** Sizes that only a layer option's result names, as `m` of `layer([batch, n]) -> [batch, m]`, are what came back. */
export function bindResultOfLayers(
  elaboration: Elaboration,
  owner: Scope,
  parameters: readonly Parameter[],
  promised: ShapeType,
  returned: readonly Dimension[],
): void {
  const named = new Set(
    parameters.flatMap(({ type }) =>
      type.kind === "layerType" && type.result.kind === "shape"
        ? type.result.dimensions.flatMap(freeNames)
        : [],
    ),
  );
  const open = promised.dimensions.findIndex((dimension) => dimension.kind === "ellipsis");
  for (const [place, expression] of promised.dimensions.entries()) {
    const unknowns = freeNames(expression).filter((name) => !owner.bindings.has(name) && name !== "batch");
    const dimension = returned.at(open >= 0 && place > open ? place - promised.dimensions.length : place);
    const [name] = unknowns;
    if (unknowns.length !== 1 || name === undefined || !named.has(name) || dimension === undefined) continue;
    const size =
      expression.kind === "name" ? dimension : solve(elaboration, owner, expression, name, dimension);
    if (size !== null) owner.bindings.set(name, { meaning: namedDimension(size), span: expression.span });
  }
}

/** What a dimension's name means; it keeps the very dimension, so that `over:` finds its axis. */
function namedDimension(dimension: Dimension): Meaning {
  const meaning = meaningOfDimension(dimension);
  return meaning.kind === "number" ? { ...meaning, axis: dimension } : meaning;
}

/** The whole number that makes a linear expression the given size: from its values at 1, 2 and 3. */
function solve(
  elaboration: Elaboration,
  owner: Scope,
  expression: Expression,
  name: string,
  due: Dimension,
): Dimension | null {
  const size = literalValue(due);
  if (size === null) return null;
  const values = [1, 2, 3].map((trial) => {
    const bindings = new Map(owner.bindings).set(name, {
      meaning: numeric(exact.whole(trial)),
      span: expression.span,
    });
    const meaning = evaluate(elaboration, { ...owner, bindings }, expression, plain);
    return meaning.kind === "number" ? exact.toNumber(meaning.number) : NaN;
  });
  const [one, two, three] = values as [number, number, number];
  const slope = two - one;
  if (!(Math.abs(three - two - slope) < 1e-9) || slope === 0) return null;
  const solution = 1 + (size - one) / slope;
  if (!Number.isInteger(solution) || solution < 1) return null;
  const text = `\`${name}\` = ${solution} solves \`${textOf(expression.span)}\` = ${size}`;
  return {
    constant: solution,
    terms: [],
    origin: { span: expression.span, via: { text, from: due.origin ?? null } },
  };
}

function report(
  elaboration: Elaboration,
  caller: Scope,
  owner: Scope,
  callee: string,
  tensor: TensorArgument,
  problem: Mismatch,
): void {
  const origin = problem.dimension === null ? [] : explain(problem.dimension);
  complain(
    elaboration,
    caller,
    argumentUnfit.build({
      span: tensor.span,
      callee,
      parameter: tensor.parameter.name.text,
      found: printType(tensor.type),
      reason: problem.message,
      declared: owner.file.library ? null : tensor.parameter.span,
      signature: textOf(tensor.parameter.span),
      related: [...origin, ...problem.related],
      help: problem.help,
    }),
  );
}

function counted(count: number, one: string, many: string): string {
  return `${count === 0 ? "no" : count} ${count === 1 ? one : many}`;
}
