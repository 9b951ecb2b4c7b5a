/** Owns callables that are neither in the library nor single operations: draws, several results, statistics. */
import { variablesOver } from "../../ir/build.ts";
import { literal, literalValue, printDimension, variesBySample } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import { apply, dimensionScalar, readAt } from "../../ir/scalars.ts";
import { floats, printType } from "../../ir/type.ts";
import type { OptionValue } from "../../ops/operation.ts";
import { divideByExtents } from "../../ops/reduction.ts";
import { drawShape, notSplit, optionUnfit, unsupported } from "../../report/catalogue/check.ts";
import { type Formal, matchArguments } from "./arguments.ts";
import { isStatic, staticFunction } from "../statics/arithmetic.ts";
import type { CallSite } from "./call.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { orFailure } from "./expression.ts";
import { type Given, type Meaning, describe, plain, tensor, unknown } from "../statics/meaning.ts";
import { axesOf } from "./operation-call.ts";
import { applyComprehension, applyFitting, applyOperation, tensorDue } from "./operations.ts";
import { applyDraw } from "./recurrence.ts";
import { shapeOf } from "../shapes/shape.ts";

type Matched = ReadonlyMap<string, readonly Given[]>;

interface Builtin {
  readonly formals: readonly Formal[];
  readonly run: (elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite) => Meaning;
}

function tensorFormal(name: string, required = true): Formal {
  return { name, tensor: true, required, variadic: false, span: null };
}

function option(name: string, required = false): Formal {
  return { name, tensor: false, required, variadic: false, span: null };
}

const table: Readonly<Record<string, Builtin>> = {
  bernoulli: {
    formals: [option("probability", true), option("shape"), tensorFormal("like", false)],
    run: draw("bernoulli"),
  },
  uniform: { formals: [option("shape"), tensorFormal("like", false)], run: draw("uniform") },
  normal: { formals: [option("shape"), tensorFormal("like", false)], run: draw("normal") },
  fill: { formals: [option("value", true), option("shape", true)], run: fill },
  split: { formals: [tensorFormal("x"), option("parts", true), option("over")], run: split },
  unstack: { formals: [tensorFormal("x"), option("over")], run: unstack },
  unsqueeze: { formals: [tensorFormal("x"), option("at")], run: unsqueeze },
  variance: { formals: [tensorFormal("x"), option("over"), option("keep")], run: variance },
  moments: { formals: [tensorFormal("x"), option("over"), option("keep")], run: moments },
};

/** Parts of the language that this version does not have yet: said so, instead of calling them unknown. */
export const later: ReadonlySet<string> = new Set([
  ..."categorical continue delay until append uniform_index".split(" "),
  ..."topk sort roc_auc ndcg ctc ctc_decode edit_distance log_mel sample nucleus".split(" "),
]);

export const builtins: ReadonlySet<string> = new Set([...Object.keys(table), ...later]);

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
  if (later.has(name)) {
    complain(elaboration, scope, unsupported.build({ span: site.span, what: `\`${name}\`` }));
    return unknown;
  }
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

/** Random numbers drawn anew each step, of the shape of `like` or of a list of dimensions. */
function draw(distribution: "bernoulli" | "uniform" | "normal"): Builtin["run"] {
  return (elaboration, scope, matched, site) => {
    const like = matched.has("like") ? tensorOf(elaboration, scope, matched, "like") : null;
    if (matched.has("like") && like === null) return unknown;
    const given = matched.get("shape")?.[0];
    const shape = given === undefined ? null : shapeOf(elaboration, scope, given.evaluate(plain), given.span);
    if (given !== undefined && shape === null) return unknown;
    if (like === null && shape === null) {
      complain(elaboration, scope, drawShape.build({ span: site.span, draw: distribution }));
      return unknown;
    }
    const options: Record<string, OptionValue> = {
      stream: streamOf(elaboration, scope, site),
      shape: shape ?? like!.type.shape,
    };
    const probability = matched.get("probability")?.[0];
    if (probability !== undefined) {
      const meaning = probability.evaluate(plain);
      if (meaning.kind !== "number") {
        if (meaning.kind !== "unknown")
          complain(
            elaboration,
            scope,
            optionUnfit.build({
              span: probability.span,
              callee: distribution,
              option: "probability",
              due: "a number known at compile time",
              found: describe(meaning),
            }),
          );
        return unknown;
      }
      options["probability"] = exact.toNumber(meaning.number);
    }
    return applyDraw(elaboration, scope, distribution, options, site.span);
  };
}

/** One number at every place of a shape. */
function fill(elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning {
  const [value, shape] = [matched.get("value")?.[0], matched.get("shape")?.[0]];
  if (value === undefined || shape === undefined) return unknown;
  const number = value.evaluate(plain);
  const dimensions = shapeOf(elaboration, scope, shape.evaluate(plain), shape.span);
  if (number.kind === "unknown" || dimensions === null) return unknown;
  if (number.kind !== "number") {
    const due = "a number known at compile time";
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

/** The number of a draw: the same for the same place in the program, whichever elaboration meets it. */
function streamOf(elaboration: Elaboration, scope: Scope, site: CallSite): number {
  const { source, start } = site.span;
  const place = [scope.frame.path, ...scope.loops, `${source.name}:${start}`].join("|");
  const drawn = elaboration.draws.get(place) ?? 0;
  elaboration.draws.set(place, drawn + 1);
  const { streams } = elaboration.registry;
  const key = `${place}#${drawn}`;
  const known = streams.get(key);
  if (known !== undefined) return known;
  streams.set(key, streams.size);
  return streams.size - 1;
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
