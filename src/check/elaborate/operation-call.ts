/** Owns calls of operations: their options from the source, axes by name or from the end. */
import type { Dimension } from "../../ir/dimension.ts";
import { holdsProduct, literalValue, printDimension, sameDimension } from "../../ir/dimension.ts";
import type { TensorType } from "../../ir/type.ts";
import { printShape } from "../../ir/type.ts";
import type { Operation, OptionForm, OptionValue } from "../../ops/operation.ts";
import { ambiguousAxis, optionUnfit, positiveAxis, unknownAxis } from "../../report/catalogue/check.ts";
import type { Span } from "../../text/source.ts";
import { matchArguments } from "./arguments.ts";
import { isStatic, staticFunction, staticFunctions } from "../statics/arithmetic.ts";
import { type CallSite, formalsOfOperation } from "./call.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { orFailure } from "./expression.ts";
import {
  type Expected,
  type Given,
  type Meaning,
  describe,
  dimensionOf,
  plain,
  unknown,
} from "../statics/meaning.ts";
import { applyOperation, tensorDue } from "./operations.ts";
import { shapeOf } from "../shapes/shape.ts";

export function callOperation(
  elaboration: Elaboration,
  scope: Scope,
  operation: Operation,
  given: readonly Given[],
  site: CallSite,
): Meaning {
  const { name } = operation;
  if (staticFunctions.has(name) && given.every(({ label }) => label === null)) {
    const values = given.map((argument) => argument.evaluate(plain));
    if (values.some((value) => value.kind === "unknown")) return unknown;
    if (values.every(isStatic)) {
      const result = staticFunction(name, values, site.span);
      if (result !== null) return orFailure(elaboration, scope, result, site.span);
    }
    const known = given.map((argument, place) => ({ ...argument, evaluate: () => values[place]! }));
    return onTensors(elaboration, scope, operation, known, site);
  }
  return onTensors(elaboration, scope, operation, given, site);
}

function onTensors(
  elaboration: Elaboration,
  scope: Scope,
  operation: Operation,
  given: readonly Given[],
  site: CallSite,
): Meaning {
  const { name } = operation;
  if ((name === "max" || name === "min") && given.filter(({ label }) => label === null).length > 1)
    return pairwise(elaboration, scope, name === "max" ? "maximum" : "minimum", given, site);
  const matched = matchArguments(elaboration, scope, name, formalsOfOperation(name), given, site.span);
  if (matched === null) return unknown;
  const tensors = operation.tensors.flatMap((tensor) => matched.get(tensor) ?? []);
  const values = tensors.map((argument) =>
    tensorDue(elaboration, scope, argument.evaluate(plain), argument.span),
  );
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return unknown;
  const options: Record<string, OptionValue> = {};
  for (const [option, form] of Object.entries(operation.options)) {
    const argument = matched.get(option)?.[0];
    if (argument === undefined) {
      if (form.fallback !== undefined) options[option] = form.fallback;
      continue;
    }
    const value = optionValue(elaboration, scope, name, option, form, argument, known[0]?.type ?? null);
    if (value === undefined) return unknown;
    options[option] = value;
  }
  const spans = tensors.map((argument) => argument.span);
  return applyOperation(elaboration, scope, name, known, options, site.span, spans);
}

/** `max(a, b, c)`: the larger of each two, with broadcasting. */
function pairwise(
  elaboration: Elaboration,
  scope: Scope,
  operation: string,
  given: readonly Given[],
  site: CallSite,
): Meaning {
  const values = given.map((argument) => ({
    value: tensorDue(elaboration, scope, argument.evaluate(plain), argument.span),
    span: argument.span,
  }));
  let result: Meaning | null = null;
  for (const { value, span } of values) {
    if (value === null) return unknown;
    if (result === null) result = { kind: "tensor", value };
    else if (result.kind === "tensor")
      result = applyOperation(elaboration, scope, operation, [result.value, value], {}, site.span, [
        site.span,
        span,
      ]);
  }
  return result ?? unknown;
}

/** The value of an option, or undefined with a message. */
function optionValue(
  elaboration: Elaboration,
  scope: Scope,
  operation: string,
  option: string,
  form: OptionForm,
  argument: Given,
  type: TensorType | null,
): OptionValue | undefined {
  const expected: Expected = plain;
  const meaning = argument.evaluate(expected);
  if (meaning.kind === "unknown") return undefined;
  const wrong = (due: string): undefined => {
    complain(
      elaboration,
      scope,
      optionUnfit.build({ span: argument.span, callee: operation, option, due, found: describe(meaning) }),
    );
    return undefined;
  };
  switch (form.type) {
    case "int":
      if (meaning.kind === "number" && exact.isWhole(meaning.number)) return exact.toNumber(meaning.number);
      return wrong("a whole number");
    case "size": {
      const size = dimensionOf(meaning);
      return size === null || holdsProduct(size) ? wrong("a whole number") : [size];
    }
    case "float":
      return meaning.kind === "number"
        ? exact.toNumber(meaning.number)
        : wrong("a number known at compile time");
    case "bool":
      return meaning.kind === "boolean" ? meaning.value : wrong("`true` or `false`");
    case "axis": {
      const axes = type === null ? null : axesOf(elaboration, scope, meaning, argument.span, type);
      return axes === null ? undefined : axes.length === 1 ? axes[0]! : wrong("one axis");
    }
    case "axes":
      return (type === null ? null : axesOf(elaboration, scope, meaning, argument.span, type)) ?? undefined;
    case "shape": {
      const shape = shapeOf(elaboration, scope, meaning, argument.span);
      return shape ?? undefined;
    }
  }
}

/** The axes that `over:` means: names of dimensions, numbers from the end, or a list of them; null with a message. */
export function axesOf(
  elaboration: Elaboration,
  scope: Scope,
  meaning: Meaning,
  span: Span,
  type: TensorType,
): readonly number[] | null {
  if (meaning.kind === "list") {
    const { items } = meaning;
    const axes = items.map((item, place) => {
      const alike = alikeAxis(items, place, type);
      return alike === null ? axesOf(elaboration, scope, item, span, type) : [alike];
    });
    return axes.every((axis) => axis !== null) ? axes.flat() : null;
  }
  const rank = type.shape.length;
  if (meaning.kind === "number" && meaning.axis === null) {
    const place = exact.toNumber(meaning.number);
    if (Number.isInteger(place) && place < 0 && place >= -rank) return [rank + place];
    const shape = printShape(type.shape);
    complain(
      elaboration,
      scope,
      place >= 0
        ? positiveAxis.build({ span, place, rank, shape })
        : unknownAxis.build({ span, axis: String(place), shape, names: null }),
    );
    return null;
  }
  const dimension = dimensionOf(meaning);
  if (dimension === null) {
    if (meaning.kind !== "unknown")
      complain(
        elaboration,
        scope,
        optionUnfit.build({ span, callee: null, option: "over", due: "an axis", found: describe(meaning) }),
      );
    return null;
  }
  return axisOfDimension(elaboration, scope, dimension, span, type);
}

/** Where a list names as many dimensions of one size as there are axes of it, each stands for one, in order. */
function alikeAxis(items: readonly Meaning[], place: number, type: TensorType): number | null {
  const dimensions = items.map((item) =>
    item.kind === "number" && item.axis === null ? null : dimensionOf(item),
  );
  const dimension = dimensions[place];
  if (dimension === null || dimension === undefined) return null;
  const named = [...items.keys()].filter((at) => {
    const other = dimensions[at];
    return other !== null && other !== undefined && sameDimension(other, dimension);
  });
  const axes = [...type.shape.keys()].filter((axis) => sameDimension(type.shape[axis]!, dimension));
  return axes.length === named.length ? axes[named.indexOf(place)]! : null;
}

/** By identity first: `over: time` means that axis even where another has the same size. */
function axisOfDimension(
  elaboration: Elaboration,
  scope: Scope,
  dimension: Dimension,
  span: Span,
  type: TensorType,
): readonly number[] | null {
  const places = [...type.shape.keys()];
  const identical = places.filter((axis) => type.shape[axis] === dimension);
  const equal = places.filter((axis) => sameDimension(type.shape[axis]!, dimension));
  const found = identical.length > 0 ? identical : equal;
  if (found.length === 1) return found;
  const shape = printShape(type.shape);
  const size = literalValue(dimension);
  complain(
    elaboration,
    scope,
    found.length === 0
      ? unknownAxis.build({ span, axis: printDimension(dimension), shape, names: null })
      : ambiguousAxis.build({ span, size: size ?? printDimension(dimension), shape }),
  );
  return null;
}
