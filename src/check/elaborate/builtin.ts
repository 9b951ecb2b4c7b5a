/** Owns callables that are neither in the library nor single operations: draws, several results, statistics. */
import { variablesOver } from "../../ir/build.ts";
import { literal, literalValue, printDimension, variesBySample } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import { apply, dimensionScalar, readAt } from "../../ir/scalars.ts";
import { float, floats, printType } from "../../ir/type.ts";
import { divideByExtents } from "../../ops/reduction.ts";
import { notSplit, optionUnfit } from "../../report/catalogue/check.ts";
import { type Formal, matchArguments, optionFormal, tensorFormal } from "./arguments.ts";
import { isStatic, staticFunction } from "../statics/arithmetic.ts";
import type { CallSite } from "./call.ts";
import { continueFormals, runContinue } from "./continue.ts";
import { appendFormals, runAppend } from "./append.ts";
import { runUntil, untilFormals } from "./decided.ts";
import { draw, drawFormals } from "./draw.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { orFailure } from "./expression.ts";
import { type Given, type Meaning, describe, plain, tensor, unknown } from "../statics/meaning.ts";
import { axesOf } from "./operation-call.ts";
import { applyComprehension, applyFitting, applyOperation, tensorDue } from "./operations.ts";
import { shapeOf } from "../shapes/shape.ts";

type Matched = ReadonlyMap<string, readonly Given[]>;

interface Builtin {
  readonly formals: readonly Formal[];
  readonly run: (elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite) => Meaning;
}

const table: Readonly<Record<string, Builtin>> = {
  bernoulli: { formals: drawFormals.bernoulli, run: draw("bernoulli") },
  uniform: { formals: drawFormals.uniform, run: draw("uniform") },
  uniform_index: { formals: drawFormals.uniform_index, run: draw("uniform_index") },
  normal: { formals: drawFormals.normal, run: draw("normal") },
  continue: { formals: continueFormals, run: runContinue },
  until: { formals: untilFormals, run: runUntil },
  append: { formals: appendFormals, run: runAppend },
  fill: { formals: [optionFormal("value", true), optionFormal("shape", true)], run: fill },
  split: { formals: [tensorFormal("x"), optionFormal("parts", true), optionFormal("over")], run: split },
  unstack: { formals: [tensorFormal("x"), optionFormal("over")], run: unstack },
  unsqueeze: { formals: [tensorFormal("x"), optionFormal("at")], run: unsqueeze },
  variance: { formals: [tensorFormal("x"), optionFormal("over"), optionFormal("keep")], run: variance },
  moments: { formals: [tensorFormal("x"), optionFormal("over"), optionFormal("keep")], run: moments },
};

export const builtins: ReadonlySet<string> = new Set(Object.keys(table));

/** What a built-in takes; null where no built-in of this version is called so. */
export function formalsOfBuiltin(name: string): readonly Formal[] | null {
  return Object.hasOwn(table, name) ? table[name]!.formals : null;
}

export function callBuiltin(
  elaboration: Elaboration,
  scope: Scope,
  name: string,
  given: readonly Given[],
  site: CallSite,
): Meaning {
  const builtin = table[name];
  if (builtin === undefined) return callStatic(elaboration, scope, name, given, site);
  const matched = matchArguments(elaboration, scope, name, builtin.formals, given, site.span);
  return matched === null ? unknown : builtin.run(elaboration, scope, matched, site);
}

/** A function that exists at compile time only. */
function callStatic(
  elaboration: Elaboration,
  scope: Scope,
  name: string,
  given: readonly Given[],
  site: CallSite,
): Meaning {
  const values = given.map((argument) => argument.evaluate(plain));
  if (values.some((value) => value.kind === "unknown")) return unknown;
  const result = values.every(isStatic) ? staticFunction(name, values, site.span) : null;
  if (result !== null) return orFailure(elaboration, scope, result, site.span);
  const found = values.map(describe).join(", ");
  complain(
    elaboration,
    scope,
    optionUnfit.build({
      span: site.span,
      callee: name,
      option: "arguments",
      due: "numbers known at compile time",
      found,
    }),
  );
  return unknown;
}

/** The tensor argument of that name, or null with a message. */
function tensorOf(elaboration: Elaboration, scope: Scope, matched: Matched, name: string): Value | null {
  const given = matched.get(name)?.[0];
  return given === undefined ? null : tensorDue(elaboration, scope, given.evaluate(plain), given.span);
}

/** One number at every place of a shape. */
function fill(elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning {
  const [value, shape] = [matched.get("value")?.[0], matched.get("shape")?.[0]];
  if (value === undefined || shape === undefined) return unknown;
  const number = value.evaluate(plain);
  const dimensions = shapeOf(elaboration, scope, shape.evaluate(plain), shape.span);
  if (number.kind === "unknown" || dimensions === null) return unknown;
  if (number.kind === "dimension") {
    const domain = variablesOver(dimensions);
    const target = domain.map(variableIndex);
    const comprehension = { domain, target, reducer: null, body: dimensionScalar(number.dimension) };
    const type = { element: float, shape: dimensions };
    return tensor(applyComprehension(elaboration, scope, "fill", [], { type, comprehension }));
  }
  if (number.kind !== "number") {
    const due = "a number known at compile time, or a dimension";
    const found = describe(number);
    complain(
      elaboration,
      scope,
      optionUnfit.build({ span: value.span, callee: "fill", option: "value", due, found }),
    );
    return unknown;
  }
  const options = { value: exact.toNumber(number.number), shape: dimensions };
  return applyOperation(elaboration, scope, "constant", [], options, site.span);
}

/** One axis by `over:`, else the last; null with a message. */
function axisOf(elaboration: Elaboration, scope: Scope, matched: Matched, value: Value): number | null {
  const given = matched.get("over")?.[0];
  if (given === undefined) return value.type.shape.length - 1;
  const axes = axesOf(elaboration, scope, given.evaluate(plain), given.span, value.type);
  return axes?.[0] ?? null;
}

/** Equal parts along one axis, by default the last: `i, f, g, o = split(gates, 4)`. */
function split(elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning {
  const value = tensorOf(elaboration, scope, matched, "x");
  const given = matched.get("parts")?.[0];
  if (value === null || given === undefined) return unknown;
  const parts = given.evaluate(plain);
  const axis = axisOf(elaboration, scope, matched, value);
  if (axis === null || parts.kind === "unknown") return unknown;
  const dimension = value.type.shape[axis];
  const size = dimension === undefined ? null : literalValue(dimension);
  const count = parts.kind === "number" ? exact.toNumber(parts.number) : NaN;
  if (size === null || !Number.isInteger(count) || count < 1 || size % count !== 0) {
    const shown = dimension === undefined ? "no axis" : printDimension(dimension);
    complain(
      elaboration,
      scope,
      notSplit.build({ span: site.span, tensor: printType(value.type), size: shown, parts: describe(parts) }),
    );
    return unknown;
  }
  const each = size / count;
  const items = Array.from({ length: count }, (_, k) =>
    applyOperation(
      elaboration,
      scope,
      "slice",
      [value],
      {
        axis,
        from: [{ constant: k * each, terms: [] }],
        to: [{ constant: (k + 1) * each, terms: [] }],
        at: null,
      },
      site.span,
    ),
  );
  return count === 1 ? items[0]! : { kind: "several", items };
}

/** The places of one axis, by default the last, each without it: `low, middle, high = unstack(x)`. */
function unstack(elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning {
  const value = tensorOf(elaboration, scope, matched, "x");
  const axis = value === null ? null : axisOf(elaboration, scope, matched, value);
  if (value === null || axis === null) return unknown;
  const dimension = value.type.shape[axis];
  const size = dimension === undefined ? null : literalValue(dimension);
  if (size === null || size > 1000) {
    const shown = dimension === undefined ? "no axis" : printDimension(dimension);
    complain(
      elaboration,
      scope,
      notSplit.build({ span: site.span, tensor: printType(value.type), size: shown, parts: "single places" }),
    );
    return unknown;
  }
  const items = Array.from({ length: size }, (_, k) =>
    applyOperation(
      elaboration,
      scope,
      "slice",
      [value],
      { axis, from: 0, to: null, at: [{ constant: k, terms: [] }] },
      site.span,
    ),
  );
  return size === 1 ? items[0]! : { kind: "several", items };
}

/** A new axis of size 1, by default behind all; `at` counts from the end as in `over:`, -1 being the last. */
function unsqueeze(elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning {
  const value = tensorOf(elaboration, scope, matched, "x");
  if (value === null) return unknown;
  const given = matched.get("at")?.[0];
  const place = given === undefined ? null : given.evaluate(plain);
  if (place?.kind === "unknown") return unknown;
  const wanted = place === null ? -1 : place.kind === "number" ? exact.toNumber(place.number) : NaN;
  const rank = value.type.shape.length;
  if (!Number.isInteger(wanted) || wanted >= 0 || wanted < -rank - 1) {
    complain(
      elaboration,
      scope,
      optionUnfit.build({
        span: given?.span ?? site.span,
        callee: "unsqueeze",
        option: "at",
        due: "a place from the end, -1 being the last",
        found: describe(place ?? unknown),
      }),
    );
    return unknown;
  }
  return applyOperation(elaboration, scope, "unsqueeze", [value], { at: rank + 1 + wanted }, site.span);
}

interface Statistics {
  readonly mean: Value;
  readonly variance: Value;
}

/** The mean and the mean squared distance from it (divided by n, not n - 1). */
function statistics(
  elaboration: Elaboration,
  scope: Scope,
  matched: Matched,
  site: CallSite,
): Statistics | null {
  const value = tensorOf(elaboration, scope, matched, "x");
  if (value === null) return null;
  const { shape } = value.type;
  const given = matched.get("over")?.[0];
  const over =
    given === undefined
      ? [...shape.keys()]
      : axesOf(elaboration, scope, given.evaluate(plain), given.span, value.type);
  if (over === null) return null;
  const mean = applyFitting(elaboration, scope, "mean", [value], { over, keep: false }, site.span);
  if (mean === null) return null;
  const variance = squaredDistance(elaboration, scope, value, mean, over);
  const keep = matched.get("keep")?.[0]?.evaluate(plain);
  if (keep?.kind !== "boolean" || !keep.value) return { mean, variance };
  const kept = shape.map((dimension, axis) => (over.includes(axis) ? literal(1) : dimension));
  const [wideMean, wideVariance] = [mean, variance].map((narrow) =>
    applyFitting(elaboration, scope, "reshape", [narrow], { shape: kept }, site.span),
  );
  return wideMean && wideVariance ? { mean: wideMean, variance: wideVariance } : null;
}

/** `v[kept…] = mean((x[…] - m[kept…])², over: reduced…)` */
function squaredDistance(
  elaboration: Elaboration,
  scope: Scope,
  value: Value,
  mean: Value,
  over: readonly number[],
): Value {
  const all = variablesOver(value.type.shape);
  const kept = all.filter((_, axis) => !over.includes(axis));
  const reduced = all.filter((_, axis) => over.includes(axis));
  const distance = apply("subtract", readAt(0, all), readAt(1, kept));
  const square = apply("multiply", distance, distance);
  const extents = reduced.map(({ extent }) => extent);
  const body = extents.some(variesBySample)
    ? divideByExtents(square, extents)
    : extents.reduce((sum, extent) => apply("divide", sum, dimensionScalar(extent)), square);
  return applyComprehension(elaboration, scope, "index", [value, mean], {
    type: floats(kept.map(({ extent }) => extent)),
    comprehension: { domain: [...kept, ...reduced], target: kept.map(variableIndex), reducer: "sum", body },
  });
}

function variance(elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning {
  const found = statistics(elaboration, scope, matched, site);
  return found === null ? unknown : tensor(found.variance);
}

/** `mean, deviation = moments(x, over: …)` */
function moments(elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning {
  const found = statistics(elaboration, scope, matched, site);
  if (found === null) return unknown;
  const deviation = applyOperation(elaboration, scope, "sqrt", [found.variance], {}, site.span);
  return { kind: "several", items: [tensor(found.mean), deviation] };
}
