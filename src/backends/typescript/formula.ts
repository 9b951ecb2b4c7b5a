/** Owns formulas in JavaScript: text with as few parentheses as its operators allow, truth kept apart from numbers. */
import type { NumericFunction } from "../../ir/loops.ts";

/** How tightly the outermost operator binds. */
const enum Binding {
  Conditional = 3,
  Or = 4,
  And = 5,
  BitAnd = 8,
  Equality = 9,
  Relation = 10,
  Shift = 11,
  Sum = 12,
  Product = 13,
  Power = 14,
  Unary = 15,
  Primary = 18,
}

export interface Formula {
  readonly text: string;
  readonly binding: number;
  /** Whether it is `true` or `false` instead of a number. */
  readonly truth: boolean;
}

function formula(text: string, binding: number, truth = false): Formula {
  return { text, binding, truth };
}

export function primary(text: string): Formula {
  return formula(text, Binding.Primary);
}

export function numberFormula(value: number): Formula {
  const negative = value < 0 || Object.is(value, -0);
  const text = Object.is(value, -0) ? "-0" : String(value);
  return formula(text, negative ? Binding.Unary : Binding.Primary);
}

/** In parentheses where it binds less tightly than `least`. */
function within(part: Formula, least: number): string {
  return part.binding < least ? `(${part.text})` : part.text;
}

export function asNumber(part: Formula): Formula {
  return part.truth ? formula(`${within(part, Binding.Or)} ? 1 : 0`, Binding.Conditional) : part;
}

export function asCondition(part: Formula): Formula {
  return part.truth ? part : formula(`${within(part, Binding.Relation)} !== 0`, Binding.Equality, true);
}

function infix(a: Formula, operator: string, b: Formula, binding: number, truth = false): Formula {
  return formula(`${within(a, binding)} ${operator} ${within(b, binding + 1)}`, binding, truth);
}

export function call(name: string, ...operands: readonly Formula[]): Formula {
  return primary(`${name}(${operands.map(({ text }) => text).join(", ")})`);
}

export function add(a: Formula, b: Formula): Formula {
  if (b.text.startsWith("-") && b.binding >= Binding.Product)
    return formula(`${within(a, Binding.Sum)} - ${b.text.slice(1)}`, Binding.Sum);
  return infix(a, "+", b, Binding.Sum);
}

export function multiply(a: Formula, b: Formula): Formula {
  return infix(a, "*", b, Binding.Product);
}

/** `⌊a / by⌋` of integers. */
export function quotient(a: Formula, by: number, natural: boolean): Formula {
  if (Number.isInteger(Math.log2(by))) return infix(a, ">>", numberFormula(Math.log2(by)), Binding.Shift);
  const ratio = infix(a, "/", numberFormula(by), Binding.Product);
  return natural ? formula(`(${ratio.text}) | 0`, 6) : call("Math.floor", ratio);
}

/** `a - by · ⌊a / by⌋` of integers. */
export function modulo(a: Formula, by: number, natural: boolean): Formula {
  if (Number.isInteger(Math.log2(by))) return infix(a, "&", numberFormula(by - 1), Binding.BitAnd);
  const rest = infix(a, "%", numberFormula(by), Binding.Product);
  if (natural) return rest;
  return infix(infix(rest, "+", numberFormula(by), Binding.Sum), "%", numberFormula(by), Binding.Product);
}

/** Whether `0 <= a < extent`. */
export function inside(a: Formula, extent: Formula, natural: boolean): Formula {
  const below = infix(a, "<", extent, Binding.Relation, true);
  if (natural) return below;
  return infix(infix(a, ">=", numberFormula(0), Binding.Relation, true), "&&", below, Binding.And, true);
}

/** What a function of the language is called in JavaScript, where it is a call. */
const calls: Partial<Record<NumericFunction, string>> = {
  maximum: "Math.max",
  minimum: "Math.min",
  exp: "Math.exp",
  log: "Math.log",
  log1p: "Math.log1p",
  expm1: "Math.expm1",
  sqrt: "Math.sqrt",
  abs: "Math.abs",
  sign: "Math.sign",
  floor: "Math.floor",
  ceil: "Math.ceil",
  sin: "Math.sin",
  cos: "Math.cos",
  tanh: "Math.tanh",
  remainder: "remainder",
  round: "roundToEven",
  sigmoid: "sigmoid",
  erf: "erf",
  flush: "flush",
};

/** Functions of the runtime that formulas call: no local may be named so. */
export const calledFunctions: readonly string[] = [
  ...Object.values(calls).filter((name) => !name.startsWith("Math.")),
  "uniform",
  "normal",
  "streamKey",
];

/** The name of the runtime's function that `apply` will call, if it calls one. */
export function runtimeFunction(name: NumericFunction): string | null {
  const called = calls[name];
  return called === undefined || called.startsWith("Math.") ? null : called;
}

export function apply(name: NumericFunction, operands: readonly Formula[]): Formula {
  const called = calls[name];
  if (called !== undefined) return call(called, ...operands.map(asNumber));
  const [a, b, c] = operands.map(asNumber) as [Formula, Formula, Formula];
  const condition = (k: number) => asCondition(operands[k]!);
  switch (name) {
    case "add":
      return add(a, b);
    case "subtract":
      return b.text.startsWith("-")
        ? infix(a, "-", formula(b.text, 0), Binding.Sum)
        : infix(a, "-", b, Binding.Sum);
    case "multiply":
      return multiply(a, b);
    case "divide":
      return infix(a, "/", b, Binding.Product);
    case "multiplyAdd":
      // A sum that goes on reads from left to right.
      return c.binding === Binding.Sum ? add(c, multiply(a, b)) : add(multiply(a, b), c);
    case "negate":
      return formula(`-${a.text.startsWith("-") ? `(${a.text})` : within(a, Binding.Unary)}`, Binding.Unary);
    case "power":
      if (b.text === "2" && /^[\w$]+$/.test(a.text)) return multiply(a, a);
      return formula(`${within(a, Binding.Primary)} ** ${within(b, Binding.Power)}`, Binding.Power);
    case "less":
      return infix(a, "<", b, Binding.Relation, true);
    case "less_equal":
      return infix(a, "<=", b, Binding.Relation, true);
    case "equal":
      return infix(a, "===", b, Binding.Equality, true);
    case "not_equal":
      return infix(a, "!==", b, Binding.Equality, true);
    case "and":
      return infix(condition(0), "&&", condition(1), Binding.And, true);
    case "or":
      return infix(condition(0), "||", condition(1), Binding.Or, true);
    case "not":
      return formula(`!${within(condition(0), Binding.Unary)}`, Binding.Unary, true);
    case "select":
      return formula(
        `${within(condition(0), Binding.Or)} ? ${within(b, Binding.Conditional)} : ${within(c, Binding.Conditional)}`,
        Binding.Conditional,
      );
    default:
      throw new Error(`${name} is not printed`);
  }
}
