/** Owns operators and functions on values known at compile time: numbers, dimensions, booleans, lists. */
import {
  addDimensions,
  type Dimension,
  divideDimension,
  leastValue,
  mostValue,
  type Origin,
  multiplyDimensions,
  scaleDimension,
  variesBySample,
} from "../../ir/dimension.ts";
import type { BinaryOperator, ComparisonOperator } from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import * as exact from "./exact.ts";
import {
  type ListMeaning,
  type Meaning,
  type NumberMeaning,
  type RatioMeaning,
  dimensionOf,
  meaningOfDimension,
  numeric,
  printMeaning,
} from "./meaning.ts";

/** Why arithmetic on static values has no result. */
export interface Failure {
  readonly kind: "failure";
  readonly message: string;
}

export function isStatic(meaning: Meaning): boolean {
  if (meaning.kind === "list") return meaning.items.every(isStatic);
  return meaning.kind !== "tensor" && meaning.kind !== "unknown" && meaning.kind !== "several";
}

/** `a operator b` on static values; null where the operator is not for them. */
export function staticBinary(
  operator: BinaryOperator,
  a: Meaning,
  b: Meaning,
  span: Span,
): Meaning | Failure | null {
  if (a.kind === "number" && b.kind === "number") return numbers(operator, a, b, span);
  if (a.kind === "boolean" && b.kind === "boolean") {
    if (operator === "and") return { kind: "boolean", value: a.value && b.value };
    if (operator === "or") return { kind: "boolean", value: a.value || b.value };
    return null;
  }
  if (a.kind === "list" || b.kind === "list") return lists(operator, a, b, span);
  const [x, y] = [dimensionOf(a), dimensionOf(b)];
  return x === null || y === null ? null : dimensions(operator, x, y);
}

export function staticComparison(operator: ComparisonOperator, a: Meaning, b: Meaning): boolean | null {
  if (a.kind === "number" && b.kind === "number") {
    const difference = exact.compare(a.number, b.number);
    switch (operator) {
      case "==":
        return difference === 0;
      case "!=":
        return difference !== 0;
      case "<=":
        return difference <= 0;
      case ">=":
        return difference >= 0;
      case "<":
        return difference < 0;
      case ">":
        return difference > 0;
    }
  }
  const [m, n] = [dimensionOf(a), dimensionOf(b)];
  if (m !== null && n !== null) return compareSizes(operator, addDimensions(m, scaleDimension(n, -1)));
  // An option that takes a word or something else is not that word while it is something else.
  if (a.kind !== b.kind && (a.kind === "word" || b.kind === "word") && isStatic(a) && isStatic(b))
    return operator === "==" || operator === "!=" ? operator === "!=" : null;
  const [x, y] = [plainValue(a), plainValue(b)];
  if (x === null || y === null || typeof x !== typeof y) return null;
  if (operator === "==") return x === y;
  return operator === "!=" ? x !== y : null;
}

/** `difference operator 0` where the bounds of every symbol decide it; else null. */
function compareSizes(operator: ComparisonOperator, difference: Dimension): boolean | null {
  const [least, most] = [leastValue(difference), mostValue(difference)];
  const decided = (holds: boolean, fails: boolean): boolean | null => (holds ? true : fails ? false : null);
  switch (operator) {
    case "==":
      return decided(least === 0 && most === 0, least > 0 || most < 0);
    case "!=":
      return decided(least > 0 || most < 0, least === 0 && most === 0);
    case "<":
      return decided(most < 0, least >= 0);
    case "<=":
      return decided(most <= 0, least > 0);
    case ">":
      return decided(least > 0, most <= 0);
    case ">=":
      return decided(least >= 0, most < 0);
  }
}

/** Of two sizes their difference, where it varies from sample to sample. */
export function varyingDifference(left: Meaning, right: Meaning): Dimension | null {
  const [a, b] = [dimensionOf(left), dimensionOf(right)];
  if (a === null || b === null) return null;
  const difference = addDimensions(a, scaleDimension(b, -1));
  return variesBySample(difference) ? difference : null;
}

export function staticNegation(meaning: Meaning, span: Span): Meaning | Failure | null {
  return staticBinary("-", numeric(exact.zero), meaning, span);
}

function plainValue(meaning: Meaning): string | boolean | null {
  if (meaning.kind === "boolean" || meaning.kind === "string") return meaning.value;
  return meaning.kind === "word" ? meaning.text : null;
}

function numbers(
  operator: BinaryOperator,
  a: NumberMeaning,
  b: NumberMeaning,
  span: Span,
): Meaning | Failure | null {
  const result = onExact(operator, a.number, b.number);
  if (result === null || "message" in result) return result;
  const origin = combinedOrigin(
    `${printMeaning(a)} ${sign(operator)} ${printMeaning(b)}`,
    result,
    [a, b],
    span,
  );
  return numeric(result, origin);
}

function onExact(operator: BinaryOperator, a: exact.Exact, b: exact.Exact): exact.Exact | Failure | null {
  switch (operator) {
    case "+":
      return exact.add(a, b);
    case "-":
      return exact.subtract(a, b);
    case "*":
      return exact.multiply(a, b);
    case "/":
      return exact.divide(a, b) ?? failure("this divides by 0");
    case "%":
      return exact.remainder(a, b) ?? failure("this takes the remainder by 0");
    case "**": {
      const power = exact.power(a, b);
      return Number.isFinite(exact.toNumber(power)) ? power : failure("this power is no finite number");
    }
    default:
      return null;
  }
}

/** `8 × 8 = 64`, made of the first of its parts that came from somewhere. */
function combinedOrigin(
  text: string,
  result: exact.Exact,
  parts: readonly NumberMeaning[],
  span: Span,
): Origin | null {
  const from = parts.find((part) => part.origin !== null)?.origin ?? null;
  return from === null ? null : { span, via: { text: `${text} = ${exact.printExact(result)}`, from } };
}

function sign(operator: BinaryOperator): string {
  return operator === "*" ? "×" : operator;
}

function dimensions(operator: BinaryOperator, a: Dimension, b: Dimension): Meaning | Failure | null {
  switch (operator) {
    case "+":
      return meaningOfDimension(addDimensions(a, b));
    case "-":
      return meaningOfDimension(addDimensions(a, scaleDimension(b, -1)));
    case "*": {
      const product = multiplyDimensions(a, b);
      return product === null ? null : meaningOfDimension(product);
    }
    case "/": {
      const by = b.terms.length === 0 ? b.constant : 0;
      if (by === 0) return null;
      const whole = [a.constant, ...a.terms.map((term) => term.coefficient)].every((n) => n % by === 0);
      if (whole && by > 0) return meaningOfDimension(divideDimension(a, by));
      return variesBySample(a) && by > 0 ? { kind: "ratio", dimension: a, by } : null;
    }
    default:
      return null;
  }
}

function lists(operator: BinaryOperator, a: Meaning, b: Meaning, span: Span): Meaning | Failure | null {
  const length = a.kind === "list" ? a.items.length : b.kind === "list" ? b.items.length : 0;
  if (a.kind === "list" && b.kind === "list" && b.items.length !== length)
    return failure(`these lists have ${a.items.length} and ${b.items.length} items`);
  const items: Meaning[] = [];
  for (let place = 0; place < length; place += 1) {
    const item = staticBinary(
      operator,
      a.kind === "list" ? a.items[place]! : a,
      b.kind === "list" ? b.items[place]! : b,
      span,
    );
    if (item === null || item.kind === "failure") return item;
    items.push(item);
  }
  return { kind: "list", items };
}

function failure(message: string): Failure {
  return { kind: "failure", message };
}

const ofOne: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  round: Math.round,
};

/** Names of functions that can be evaluated at compile time. */
export const staticFunctions: ReadonlySet<string> = new Set([
  ...Object.keys(ofOne),
  "floor",
  "ceil",
  "abs",
  "max",
  "min",
  "sum",
  "product",
  "length",
  "linear_space",
  "cumulative_product",
  "cumsum",
  "concat",
]);

/** A function of static values; null where these arguments are not static ones for it. */
export function staticFunction(
  name: string,
  given: readonly Meaning[],
  span: Span,
): Meaning | Failure | null {
  const [first, second, third] = given;
  if (name === "sum" || name === "product")
    return first?.kind === "list" && given.length === 1
      ? folded(name === "sum" ? "+" : "*", first.items, span)
      : null;
  if (name === "length")
    return first?.kind === "list" && given.length === 1 ? numeric(exact.whole(first.items.length)) : null;
  if (name === "linear_space") return linearSpace(first, second, third);
  if (name === "cumulative_product") return running("*", first, span);
  if (name === "cumsum") return running("+", first, span);
  if (name === "concat") return joined(given);
  if (name === "max" || name === "min") return extreme(name, given);
  if (first?.kind === "ratio" && given.length === 1) return roundedRatio(name, first);
  if (first?.kind === "dimension" && given.length === 1 && (name === "floor" || name === "ceil"))
    return first;
  if (first?.kind === "list" && given.length === 1) return ofEach(name, first, span);
  if (first?.kind !== "number" || given.length !== 1) return null;
  const made = (number: exact.Exact): Meaning => {
    const origin = combinedOrigin(`${name}(${printMeaning(first)})`, number, [first], span);
    return numeric(number, origin);
  };
  if (name === "floor") return made(exact.floor(first.number));
  if (name === "ceil") return made(exact.ceil(first.number));
  if (name === "abs")
    return made(exact.compare(first.number, exact.zero) < 0 ? exact.negate(first.number) : first.number);
  const plain = ofOne[name];
  if (plain === undefined) return null;
  const value = plain(exact.toNumber(first.number));
  return Number.isFinite(value)
    ? made(exact.inexact(value))
    : failure(`\`${name}\` of ${printMeaning(first)} is no finite number`);
}

/** `⌊time / 2⌋`, and `⌈time / 2⌉` as `⌊(time + 1) / 2⌋`. */
function roundedRatio(name: string, { dimension, by }: RatioMeaning): Meaning | null {
  if (name === "floor") return meaningOfDimension(divideDimension(dimension, by));
  const raised = addDimensions(dimension, { constant: by - 1, terms: [] });
  return name === "ceil" ? meaningOfDimension(divideDimension(raised, by)) : null;
}

/** `8 × 8 = 64` in one step, however many factors there are. */
function folded(operator: "+" | "*", items: readonly Meaning[], span: Span): Meaning | Failure | null {
  let result: Meaning = numeric(operator === "+" ? exact.zero : exact.one);
  for (const item of items) {
    const next = staticBinary(operator, result, item, span);
    if (next === null || next.kind === "failure") return next;
    result = next;
  }
  if (result.kind !== "number") return result;
  const parts = items.flatMap((item) => (item.kind === "number" ? [item] : []));
  if (parts.length === 1) return parts[0]!;
  const text = parts.map(printMeaning).join(operator === "+" ? " + " : " × ");
  return numeric(result.number, combinedOrigin(text, result.number, parts, span));
}

function extreme(name: "max" | "min", given: readonly Meaning[]): Meaning | null {
  const items = given.length === 1 && given[0]?.kind === "list" ? given[0].items : given;
  if (items.some(({ kind }) => kind === "dimension")) return extremeSize(name, items);
  let best: NumberMeaning | null = null;
  for (const item of items) {
    if (item.kind !== "number") return null;
    const difference = best === null ? 0 : exact.compare(item.number, best.number);
    if (best === null || (name === "max" ? difference > 0 : difference < 0)) best = item;
  }
  return best;
}

/** The largest or least of sizes, where the bounds of lengths decide which it is. */
function extremeSize(name: "max" | "min", items: readonly Meaning[]): Meaning | null {
  const sizes = items.map(dimensionOf);
  const chosen = sizes.find(
    (size) =>
      size !== null &&
      sizes.every((other) => {
        if (other === null) return false;
        const [more, less] = name === "max" ? [size, other] : [other, size];
        return leastValue(addDimensions(more, scaleDimension(less, -1))) >= 0;
      }),
  );
  return chosen === undefined || chosen === null || !sizes.some((size) => size && variesBySample(size))
    ? null
    : meaningOfDimension(chosen);
}

/** `count` numbers from the first to the last, both included. */
function linearSpace(
  from: Meaning | undefined,
  to: Meaning | undefined,
  count: Meaning | undefined,
): Meaning | Failure | null {
  if (from?.kind !== "number" || to?.kind !== "number" || count?.kind !== "number") return null;
  const n = exact.toNumber(count.number);
  if (!exact.isWhole(count.number) || n < 2 || n > 100_000)
    return failure("`linear_space` takes a count of 2 to 100000");
  const whole = exact.subtract(to.number, from.number);
  const items = Array.from({ length: n }, (_, k) => {
    const share = exact.divide(exact.multiply(whole, exact.whole(k)), exact.whole(n - 1))!;
    return numeric(exact.add(from.number, share));
  });
  return { kind: "list", items };
}

/** Sums or products of each item and all before it. */
function running(operator: "+" | "*", list: Meaning | undefined, span: Span): Meaning | Failure | null {
  if (list?.kind !== "list") return null;
  const items: Meaning[] = [];
  for (const item of list.items) {
    const before = items.at(-1);
    const next = before === undefined ? item : staticBinary(operator, before, item, span);
    if (next === null || next.kind === "failure") return next;
    items.push(next);
  }
  return { kind: "list", items };
}

/** The numbers of several lists, one after the other. */
function joined(given: readonly Meaning[]): Meaning | null {
  const items = given.flatMap((one) => (one.kind === "list" ? one.items : [one]));
  const flat = given.every(({ kind }) => kind === "list") && items.every(({ kind }) => kind === "number");
  return flat ? { kind: "list", items } : null;
}

/** A function of one number, of each item of a list. */
function ofEach(name: string, { items }: ListMeaning, span: Span): Meaning | Failure | null {
  const results: Meaning[] = [];
  for (const item of items) {
    const result = staticFunction(name, [item], span);
    if (result === null || result.kind === "failure") return result;
    results.push(result);
  }
  return { kind: "list", items: results };
}
