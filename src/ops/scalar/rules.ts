/** Owns what each scalar function means and how it is differentiated, exhaustive by type. */
import type { ScalarFunction } from "../../ir/comprehension.ts";
import { constant } from "../../ir/scalars.ts";
import { call, chosen, constantOf, minus, negated, over, plus, times } from "./algebra.ts";
import { erf } from "./erf.ts";
import { type ScalarRule, bounded, none, stopped, unbounded, unboundedUnless } from "./rule.ts";

const zero = constant(0);
const one = constant(1);

/** Truth as a number. */
function truth(condition: boolean): number {
  return condition ? 1 : 0;
}

/** Rounded to the nearest integer, halves to the even one (IEEE 754, as WebAssembly's `nearest`). */
export function roundToEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Without overflow on either side. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

const piecewise = "is piecewise constant: its derivative is 0 wherever it has one";

export const scalarRules: Readonly<Record<ScalarFunction, ScalarRule>> = {
  add: {
    arity: 2,
    evaluate: (a, b) => a + b,
    // ∂(a + b)/∂a = 1, ∂/∂b = 1
    derivative: bounded(
      () => one,
      () => one,
    ),
  },
  subtract: {
    arity: 2,
    evaluate: (a, b) => a - b,
    // ∂(a - b)/∂a = 1, ∂/∂b = -1
    derivative: bounded(
      () => one,
      () => constant(-1),
    ),
  },
  multiply: {
    arity: 2,
    evaluate: (a, b) => a * b,
    // ∂(a·b)/∂a = b, ∂/∂b = a
    derivative: bounded(
      ([, b]) => b!,
      ([a]) => a!,
    ),
  },
  divide: {
    arity: 2,
    evaluate: (a, b) => a / b,
    // ∂(a/b)/∂a = 1/b, ∂/∂b = -y/b
    derivative: unboundedUnless(
      ([, b]) => b!.kind === "dimension" || (b!.kind === "constant" && b!.value !== 0),
      ([, b]) => over(one, b!),
      ([, b], y) => negated(over(y, b!)),
    ),
  },
  negate: {
    arity: 1,
    evaluate: (a) => -a,
    // ∂(-a)/∂a = -1
    derivative: bounded(() => constant(-1)),
  },
  power: {
    arity: 2,
    evaluate: (a, b) => Math.pow(a, b),
    derivative: unboundedUnless(
      ([, b]) => (constantOf(b!) ?? 0) >= 1,
      // ∂aᵇ/∂a = b·aᵇ⁻¹
      ([a, b]) => {
        const exponent = constantOf(b!);
        if (exponent === 0) return zero;
        if (exponent === 1) return one;
        if (exponent === 2) return times(constant(2), a!);
        return times(b!, call("power", a!, minus(b!, one)));
      },
      // ∂aᵇ/∂b = y·ln a, and 0 at a = 0, its limit for b > 0
      ([a], y) => chosen(call("equal", a!, zero), zero, times(y, call("log", a!))),
    ),
  },
  remainder: {
    arity: 2,
    // a - b·⌊a/b⌋: the sign of b
    evaluate: (a, b) => {
      const rest = a % b;
      return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
    },
    // between jumps ∂/∂a = 1, ∂/∂b = -⌊a/b⌋
    derivative: bounded(
      () => one,
      ([a, b]) => negated(call("floor", over(a!, b!))),
    ),
  },
  maximum: {
    arity: 2,
    evaluate: (a, b) => Math.max(a, b),
    // 1 for the larger one; at a tie for b. With a constant b, a > b is y > b, so that backward needs only y.
    derivative: bounded(
      ([a, b], y) => chosen(call("less", b!, constantOf(b!) === null ? a! : y), one, zero),
      ([a, b]) => chosen(call("less", b!, a!), zero, one),
    ),
  },
  minimum: {
    arity: 2,
    evaluate: (a, b) => Math.min(a, b),
    // 1 for the smaller one; at a tie for b
    derivative: bounded(
      ([a, b], y) => chosen(call("less", constantOf(b!) === null ? a! : y, b!), one, zero),
      ([a, b]) => chosen(call("less", a!, b!), zero, one),
    ),
  },
  exp: {
    arity: 1,
    evaluate: (a) => Math.exp(a),
    // y' = y
    // Overflows to ∞ where a branch that is not taken computes it.
    derivative: unbounded((_, y) => y),
  },
  log: {
    arity: 1,
    evaluate: (a) => Math.log(a),
    // y' = 1/a
    derivative: unbounded(([a]) => over(one, a!)),
  },
  log1p: {
    arity: 1,
    evaluate: (a) => Math.log1p(a),
    // y' = 1/(1 + a)
    derivative: unbounded(([a]) => over(one, plus(one, a!))),
  },
  expm1: {
    arity: 1,
    evaluate: (a) => Math.expm1(a),
    // y' = eᵃ = y + 1
    derivative: unbounded((_, y) => plus(y, one)),
  },
  sqrt: {
    arity: 1,
    evaluate: (a) => Math.sqrt(a),
    // y' = 1/(2y)
    derivative: unbounded((_, y) => over(constant(0.5), y)),
  },
  abs: {
    arity: 1,
    evaluate: (a) => Math.abs(a),
    // y' = sign a, 0 at 0
    derivative: bounded(([a]) => call("sign", a!)),
  },
  sign: { arity: 1, evaluate: (a) => Math.sign(a), derivative: none(piecewise) },
  floor: { arity: 1, evaluate: (a) => Math.floor(a), derivative: none(piecewise) },
  ceil: { arity: 1, evaluate: (a) => Math.ceil(a), derivative: none(piecewise) },
  round: { arity: 1, evaluate: roundToEven, derivative: none(piecewise) },
  sin: {
    arity: 1,
    evaluate: (a) => Math.sin(a),
    // y' = cos a
    derivative: bounded(([a]) => call("cos", a!)),
  },
  cos: {
    arity: 1,
    evaluate: (a) => Math.cos(a),
    // y' = -sin a
    derivative: bounded(([a]) => negated(call("sin", a!))),
  },
  tanh: {
    arity: 1,
    evaluate: (a) => Math.tanh(a),
    // y' = 1 - y²
    derivative: bounded((_, y) => minus(one, times(y, y))),
  },
  sigmoid: {
    arity: 1,
    evaluate: sigmoid,
    // y' = y·(1 - y)
    derivative: bounded((_, y) => times(y, minus(one, y))),
  },
  erf: {
    arity: 1,
    evaluate: erf,
    // y' = 2/√π · exp(-a²)
    derivative: bounded(([a]) =>
      times(constant(2 / Math.sqrt(Math.PI)), call("exp", negated(times(a!, a!)))),
    ),
  },
  less: { arity: 2, evaluate: (a, b) => truth(a < b), derivative: stopped },
  less_equal: { arity: 2, evaluate: (a, b) => truth(a <= b), derivative: stopped },
  equal: { arity: 2, evaluate: (a, b) => truth(a === b), derivative: stopped },
  not_equal: { arity: 2, evaluate: (a, b) => truth(a !== b), derivative: stopped },
  and: { arity: 2, evaluate: (a, b) => truth(a !== 0 && b !== 0), derivative: stopped },
  or: { arity: 2, evaluate: (a, b) => truth(a !== 0 || b !== 0), derivative: stopped },
  not: { arity: 1, evaluate: (a) => truth(a === 0), derivative: stopped },
  select: {
    arity: 3,
    evaluate: (condition, a, b) => (condition !== 0 ? a : b),
    // the chosen branch 1, the other 0; the condition decides
    derivative: bounded(
      null,
      ([condition]) => chosen(condition!, one, zero),
      ([condition]) => chosen(condition!, zero, one),
    ),
  },
};
