/** Owns initial values of parameters and states: `zeros()`, `glorot_uniform()` and the others, with their fans. */
import type { Initializer } from "../../ir/network.ts";
import { initializerUnfit, unknownName } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Expression } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { type Formal, givenArguments, matchArguments } from "./arguments.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "./expression.ts";
import { describe, plain } from "../statics/meaning.ts";

/** Numbers of a weight: how many inputs each output has, and the other way round. */
interface Fans {
  readonly in: number;
  readonly out: number;
}

interface Scheme {
  /** Its options with what they are when left out; null where one must be given. */
  readonly options: Readonly<Record<string, number | null>>;
  readonly make: (option: (name: string) => number, fans: Fans) => Initializer;
}

/** Glorot and Bengio (2010), He et al. (2015), LeCun et al. (1998), Saxe et al. (2014) for `orthogonal`. */
const schemes: Readonly<Record<string, Scheme>> = {
  zeros: { options: {}, make: () => ({ kind: "constant", value: 0 }) },
  ones: { options: {}, make: () => ({ kind: "constant", value: 1 }) },
  constant: { options: { value: null }, make: (option) => ({ kind: "constant", value: option("value") }) },
  uniform: {
    options: { limit: Number.NaN, from: Number.NaN, to: Number.NaN },
    make: (option) => {
      const limit = option("limit");
      if (!Number.isNaN(limit)) return { kind: "uniform", from: -limit, to: limit };
      const [from, to] = [option("from"), option("to")];
      return { kind: "uniform", from: Number.isNaN(from) ? 0 : from, to: Number.isNaN(to) ? 1 : to };
    },
  },
  normal: {
    options: { deviation: 1, mean: 0 },
    make: (option) => ({ kind: "normal", mean: option("mean"), deviation: option("deviation") }),
  },
  truncated: {
    options: { deviation: 1, mean: 0 },
    make: (option) => ({ kind: "truncated", mean: option("mean"), deviation: option("deviation") }),
  },
  glorot_uniform: { options: {}, make: (_, fans) => between(Math.sqrt(6 / (fans.in + fans.out))) },
  glorot_normal: { options: {}, make: (_, fans) => around(Math.sqrt(2 / (fans.in + fans.out))) },
  glorot_truncated: { options: {}, make: (_, fans) => cut(Math.sqrt(2 / (fans.in + fans.out))) },
  he_uniform: leaky((variance) => between(Math.sqrt(3 * variance))),
  he_normal: leaky((variance) => around(Math.sqrt(variance))),
  he_truncated: leaky((variance) => cut(Math.sqrt(variance))),
  lecun_uniform: { options: {}, make: (_, fans) => between(Math.sqrt(3 / fans.in)) },
  lecun_normal: { options: {}, make: (_, fans) => around(Math.sqrt(1 / fans.in)) },
  lecun_truncated: { options: {}, make: (_, fans) => cut(Math.sqrt(1 / fans.in)) },
  orthogonal: { options: { gain: 1 }, make: (option) => ({ kind: "orthogonal", gain: option("gain") }) },
  identity: { options: {}, make: () => ({ kind: "identity" }) },
};

export const initializerNames: readonly string[] = Object.keys(schemes);

/** What begins a `carry`, too, and takes its shape from that line. */
export const fillingNames: ReadonlySet<string> = new Set(["zeros", "ones", "constant"]);

/** What stands behind `param w: … =` and `state s: … =`: initializers, and statistics of an input. */
export const initialNames: ReadonlySet<string> = new Set([
  ...initializerNames,
  "fitted_mean",
  "fitted_deviation",
]);

/** The options of an initializer; null where none is called so. */
export function optionsOfInitializer(name: string): readonly string[] | null {
  return Object.hasOwn(schemes, name) ? Object.keys(schemes[name]!.options) : null;
}

function between(limit: number): Initializer {
  return { kind: "uniform", from: -limit, to: limit };
}

function around(deviation: number): Initializer {
  return { kind: "normal", mean: 0, deviation };
}

/** The deviation of a standard normal distribution cut at two deviations. */
const deviationOfCut = 0.8796256610342398;

/** Cut at two deviations, and so much wider before that its own deviation is the one given. */
function cut(deviation: number): Initializer {
  return { kind: "truncated", mean: 0, deviation: deviation / deviationOfCut };
}

/** As He et al. say, of variance 2 / (fan in · (1 + slope²)) before a leaky unit of that slope. */
function leaky(make: (variance: number) => Initializer): Scheme {
  return {
    options: { slope: 0 },
    make: (option, fans) => make(2 / (fans.in * (1 + option("slope") ** 2))),
  };
}

/** Weights are `[in, out]`, of convolutions `[kernel …, in, out]`: a kernel's places count on both sides. */
function fansOf(shape: readonly number[]): Fans {
  const size = (axes: readonly number[]): number => axes.reduce((product, axis) => product * axis, 1);
  if (shape.length < 2) return { in: size(shape), out: size(shape) };
  const places = size(shape.slice(0, -2));
  return { in: places * shape.at(-2)!, out: places * shape.at(-1)! };
}

/** The initializer that an expression names, or null with a message. A number stands for itself everywhere. */
export function evaluateInitializer(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression,
  shape: readonly number[],
): Initializer | null {
  if (expression.kind !== "call" || expression.callee.kind !== "name") {
    const meaning = evaluate(elaboration, scope, expression);
    if (meaning.kind === "number") return { kind: "constant", value: exact.toNumber(meaning.number) };
    if (meaning.kind !== "unknown")
      complain(
        elaboration,
        scope,
        initializerUnfit.build({ span: expression.span, reason: `${describe(meaning)} is no initial value` }),
      );
    return null;
  }
  const { name } = expression.callee;
  const scheme = Object.hasOwn(schemes, name.text) ? schemes[name.text] : undefined;
  if (scheme === undefined) {
    const suggestion = suggest(name.text, initializerNames);
    complain(
      elaboration,
      scope,
      unknownName.build({
        span: name.span,
        name: name.text,
        what: "initializer",
        suggestion,
        known: initializerNames,
      }),
    );
    return null;
  }
  const formals: Formal[] = Object.entries(scheme.options).map(([option, fallback]) => ({
    name: option,
    tensor: false,
    required: fallback === null,
    variadic: false,
    span: null,
  }));
  const given = givenArguments(elaboration, scope, expression.arguments);
  const matched = matchArguments(elaboration, scope, name.text, formals, given, expression.span);
  if (matched === null) return null;
  const values = new Map<string, number>();
  for (const [option, [argument]] of matched) {
    const meaning = argument!.evaluate(plain);
    if (meaning.kind !== "number") {
      const reason = `\`${option}\` is ${describe(meaning)}, and must be a number`;
      if (meaning.kind !== "unknown")
        complain(elaboration, scope, initializerUnfit.build({ span: argument!.span, reason }));
      return null;
    }
    values.set(option, exact.toNumber(meaning.number));
  }
  if ((name.text === "orthogonal" || name.text === "identity") && shape.length < 2) {
    const reason = `\`${name.text}\` fills matrices, and this has ${shape.length} ${shape.length === 1 ? "axis" : "axes"}`;
    complain(elaboration, scope, initializerUnfit.build({ span: expression.span, reason }));
    return null;
  }
  const conflict = conflictAmong(values);
  if (conflict !== null) {
    complain(elaboration, scope, initializerUnfit.build({ span: expression.span, reason: conflict }));
    return null;
  }
  return scheme.make((option) => values.get(option) ?? scheme.options[option] ?? 0, fansOf(shape));
}

/** Why an initializer's numbers make no distribution, or null. */
function conflictAmong(values: ReadonlyMap<string, number>): string | null {
  const [limit, from, to] = ["limit", "from", "to"].map((option) => values.get(option));
  if (limit !== undefined && (from !== undefined || to !== undefined))
    return "`uniform` takes one limit, for both sides of 0, or `from:` and `to:`";
  if (limit !== undefined && limit < 0) return `a limit is at least 0, and this is ${limit}`;
  if (from !== undefined && from > (to ?? 1)) return `\`from\` is ${from}, above \`to\`, which is ${to ?? 1}`;
  const deviation = values.get("deviation");
  return deviation !== undefined && deviation < 0
    ? `a deviation is at least 0, and this is ${deviation}`
    : null;
}

/** For states: one number for all elements; null with a message. */
export function evaluateInitialNumber(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression,
  shape: readonly number[],
): number | null {
  const initializer = evaluateInitializer(elaboration, scope, expression, shape);
  if (initializer === null) return null;
  if (initializer.kind === "constant") return initializer.value;
  const reason = `a state starts at one number, and \`${textOf(expression.span)}\` draws them`;
  complain(elaboration, scope, initializerUnfit.build({ span: expression.span, reason }));
  return null;
}
