/**
 * Owns places as linear forms: `constant + Σ coefficient · term`. Loops are counted in iterations, so that what a form
 * gains per iteration is its coefficient and its value at the start of a loop is the form without that term.
 */
import type { Buffer, Integer, LoopVariable } from "../../ir/loops.ts";

/** All integers from `low` to `high`, both included; may be infinite. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What is known of a loop within its body. */
export interface LoopScope {
  readonly variable: LoopVariable;
  readonly from: Linear;
  readonly step: number;
  /** Numbers of iterations that it may have. */
  readonly trips: Interval;
}

export type Term =
  /** Iterations that this loop has done. */
  | { readonly kind: "trip"; readonly loop: LoopScope }
  | { readonly kind: "count" }
  /** Where the memory of a slice lies behind that of the first, in bytes. */
  | { readonly kind: "slice" }
  /** The address of what a kernel was given for this parameter. */
  | { readonly kind: "start"; readonly parameter: Buffer }
  | { readonly kind: "quotient" | "remainder"; readonly of: Linear; readonly by: number }
  | { readonly kind: "least" | "greatest"; readonly a: Linear; readonly b: Linear }
  | { readonly kind: "element"; readonly address: Linear };

export interface Linear {
  readonly constant: number;
  /** By a text that is equal for equal terms; no coefficient is 0. */
  readonly terms: ReadonlyMap<string, { readonly term: Term; readonly coefficient: number }>;
}

/** What places mean within one function: where buffers start, and the loops around. */
export interface PlaceScope {
  /** The address of each buffer's first element, in bytes. */
  readonly startOf: (buffer: Buffer) => Linear;
  readonly identify: (object: object) => number;
  readonly capacity: number;
  readonly loops: ReadonlyMap<LoopVariable, LoopScope>;
}

export const elementBytes = 4;

export function constantLinear(constant: number): Linear {
  return { constant, terms: new Map() };
}

export function termLinear(key: string, term: Term): Linear {
  return { constant: 0, terms: new Map([[key, { term, coefficient: 1 }]]) };
}

export function addLinear(a: Linear, b: Linear): Linear {
  const terms = new Map(a.terms);
  for (const [key, { term, coefficient }] of b.terms) {
    const sum = coefficient + (terms.get(key)?.coefficient ?? 0);
    if (sum === 0) terms.delete(key);
    else terms.set(key, { term, coefficient: sum });
  }
  return { constant: a.constant + b.constant, terms };
}

export function scaleLinear(linear: Linear, factor: number): Linear {
  if (factor === 0) return constantLinear(0);
  const terms = [...linear.terms].map(
    ([key, { term, coefficient }]) => [key, { term, coefficient: coefficient * factor }] as const,
  );
  return { constant: linear.constant * factor, terms: new Map(terms) };
}

/** Those terms that are wanted, and the rest with the constant. */
export function partition(
  linear: Linear,
  wanted: (term: Term) => boolean,
): { readonly chosen: Linear; readonly rest: Linear } {
  const entries = [...linear.terms];
  return {
    chosen: { constant: 0, terms: new Map(entries.filter(([, { term }]) => wanted(term))) },
    rest: { constant: linear.constant, terms: new Map(entries.filter(([, { term }]) => !wanted(term))) },
  };
}

/** A text equal for forms that differ at most in their constant. */
export function variablePart(linear: Linear): string {
  return [...linear.terms]
    .map(([key, { coefficient }]) => `${coefficient}${key}`)
    .sort()
    .join("+");
}

export function sameLinear(a: Linear, b: Linear): boolean {
  return a.constant === b.constant && variablePart(a) === variablePart(b);
}

/** Whether the value of the term changes from one iteration of the loop to the next. */
export function varies(term: Term, variable: LoopVariable): boolean {
  switch (term.kind) {
    case "trip":
      return term.loop.variable === variable;
    case "count":
    case "slice":
    case "start":
      return false;
    case "quotient":
    case "remainder":
      return someTerm(term.of, (inner) => varies(inner, variable));
    case "least":
    case "greatest":
      return [term.a, term.b].some((of) => someTerm(of, (inner) => varies(inner, variable)));
    case "element":
      return someTerm(term.address, (inner) => varies(inner, variable));
  }
}

export function someTerm(linear: Linear, holds: (term: Term) => boolean): boolean {
  return [...linear.terms.values()].some(({ term }) => holds(term));
}

/** Whether computing the term reads memory. */
export function readsMemory(term: Term): boolean {
  switch (term.kind) {
    case "element":
      return true;
    case "quotient":
    case "remainder":
      return someTerm(term.of, readsMemory);
    case "least":
    case "greatest":
      return someTerm(term.a, readsMemory) || someTerm(term.b, readsMemory);
    default:
      return false;
  }
}

/** The form of a place, in elements. */
export function linearOf(integer: Integer, scope: PlaceScope): Linear {
  switch (integer.kind) {
    case "literal":
      return constantLinear(integer.value);
    case "count":
      return termLinear("n", { kind: "count" });
    case "variable": {
      const loop = scope.loops.get(integer.variable);
      if (loop === undefined) throw new Error(`${integer.variable.name} is used outside of its loop`);
      if (loop.trips.high <= 1) return loop.from;
      const key = `t${scope.identify(loop.variable)}`;
      return addLinear(loop.from, scaleLinear(termLinear(key, { kind: "trip", loop }), loop.step));
    }
    case "sum":
      return integer.terms.map((term) => linearOf(term, scope)).reduce(addLinear, constantLinear(0));
    case "scaled":
      return scaleLinear(linearOf(integer.of, scope), integer.factor);
    case "quotient":
      return quotientOf(linearOf(integer.of, scope), integer.by, scope);
    case "remainder":
      return remainderOf(linearOf(integer.of, scope), integer.by, scope);
    case "least":
    case "greatest":
      return extremeOf(integer.kind, linearOf(integer.a, scope), linearOf(integer.b, scope), scope);
    case "element": {
      const address = addressOf(integer.buffer, integer.at, scope);
      return termLinear(`e(${address.constant}+${variablePart(address)})`, { kind: "element", address });
    }
  }
}

/** The address of an element, in bytes. */
export function addressOf(buffer: Buffer, at: Integer, scope: PlaceScope): Linear {
  return addLinear(scope.startOf(buffer), scaleLinear(linearOf(at, scope), elementBytes));
}

/** `⌊(by·a + b) / by⌋ = a + ⌊b / by⌋`, and the last is 0 where `0 ≤ b < by`. */
function quotientOf(of: Linear, by: number, scope: PlaceScope): Linear {
  const { multiple, rest } = divide(of, by);
  const { low, high } = intervalOf(rest, scope);
  if (low >= 0 && high < by) return multiple;
  if (rest.terms.size === 0) return addLinear(multiple, constantLinear(Math.floor(rest.constant / by)));
  const key = `q(${rest.constant}+${variablePart(rest)},${by})`;
  return addLinear(multiple, termLinear(key, { kind: "quotient", of: rest, by }));
}

function remainderOf(of: Linear, by: number, scope: PlaceScope): Linear {
  const { rest } = divide(of, by);
  const { low, high } = intervalOf(rest, scope);
  if (low >= 0 && high < by) return rest;
  if (rest.terms.size === 0) return constantLinear(rest.constant - by * Math.floor(rest.constant / by));
  const key = `r(${rest.constant}+${variablePart(rest)},${by})`;
  return termLinear(key, { kind: "remainder", of: rest, by });
}

/** One of the two where it is known which, as at a literal. */
function extremeOf(kind: "least" | "greatest", a: Linear, b: Linear, scope: PlaceScope): Linear {
  const { low, high } = intervalOf(addLinear(a, scaleLinear(b, -1)), scope);
  if (high <= 0) return kind === "least" ? a : b;
  if (low >= 0) return kind === "least" ? b : a;
  const text = [a, b].map((each) => `${each.constant}+${variablePart(each)}`).join(",");
  return termLinear(`${kind}(${text})`, { kind, a, b });
}

/** `of = by · multiple + rest`, where what divides evenly has left the rest. */
function divide(of: Linear, by: number): { readonly multiple: Linear; readonly rest: Linear } {
  const whole = new Map([...of.terms].filter(([, { coefficient }]) => coefficient % by === 0));
  const broken = new Map([...of.terms].filter(([, { coefficient }]) => coefficient % by !== 0));
  const constant = Math.floor(of.constant / by);
  const multiple = scaleLinear({ constant: constant * by, terms: whole }, 1 / by);
  return { multiple, rest: { constant: of.constant - constant * by, terms: broken } };
}

/** Bounds of the value, as far as they follow from the bounds of loops. */
export function intervalOf(linear: Linear, scope: PlaceScope): Interval {
  let low = linear.constant;
  let high = linear.constant;
  for (const { term, coefficient } of linear.terms.values()) {
    const inner = termInterval(term, scope);
    low += coefficient * (coefficient > 0 ? inner.low : inner.high);
    high += coefficient * (coefficient > 0 ? inner.high : inner.low);
  }
  return { low, high };
}

function termInterval(term: Term, scope: PlaceScope): Interval {
  switch (term.kind) {
    case "trip":
      return { low: 0, high: Math.max(0, term.loop.trips.high - 1) };
    case "count":
      return { low: 0, high: scope.capacity };
    case "slice":
    case "start":
    case "element":
      return { low: 0, high: Infinity };
    case "remainder":
      return { low: 0, high: term.by - 1 };
    case "quotient": {
      const { low, high } = intervalOf(term.of, scope);
      return { low: Math.floor(low / term.by), high: Math.floor(high / term.by) };
    }
    case "least":
    case "greatest": {
      const [a, b] = [intervalOf(term.a, scope), intervalOf(term.b, scope)];
      const chosen = term.kind === "least" ? Math.min : Math.max;
      return { low: chosen(a.low, b.low), high: chosen(a.high, b.high) };
    }
  }
}

/** The loop as its body sees it. */
export function loopScope(
  loop: {
    readonly variable: LoopVariable;
    readonly from: Integer;
    readonly to: Integer;
    readonly step: number;
  },
  scope: PlaceScope,
): LoopScope {
  const from = linearOf(loop.from, scope);
  const distance = intervalOf(addLinear(linearOf(loop.to, scope), scaleLinear(from, -1)), scope);
  const trips = { low: Math.floor(distance.low / loop.step), high: Math.floor(distance.high / loop.step) };
  return { variable: loop.variable, from, step: loop.step, trips };
}

export function within(scope: PlaceScope, loop: LoopScope): PlaceScope {
  return { ...scope, loops: new Map(scope.loops).set(loop.variable, loop) };
}
