/** Owns the arithmetic of nests as instructions: numbers, four numbers, and conditions. */
import type { Lanes, Local, Numeric } from "../../ir/loops.ts";
import { call, get, integer, load, number, numbers, operate, plus, select, set, tee } from "./build.ts";
import { elementaryFunction, isWrittenOut, throughFirst, type ElementaryName } from "./elementary.ts";
import type { Instruction, Operation, WasmLocal } from "./instructions.ts";
import { integerValue, placeOf, type HostName, type Site } from "./site.ts";

type Apply = Numeric & { readonly kind: "apply" };

export function lanesOf(numeric: Numeric): Lanes {
  switch (numeric.kind) {
    case "number":
    case "load":
    case "apply":
      return numeric.lanes;
    case "local":
      return numeric.local.lanes;
    case "splat":
      return 4;
    case "integer":
    case "inside":
    case "random":
    case "host":
      return 1;
  }
}

export function valueLocal(local: Local, site: Site): WasmLocal {
  const known = site.frame.values.get(local);
  if (known !== undefined) return known;
  const made: WasmLocal = { name: local.name, type: local.lanes === 4 ? "v128" : "f32" };
  site.frame.values.set(local, made);
  return made;
}

/** The value: `f32` of one lane, `v128` of four. */
export function numericValue(numeric: Numeric, site: Site): Instruction {
  switch (numeric.kind) {
    case "number":
      return numeric.lanes === 4 ? numbers(numeric.value) : number(numeric.value);
    case "local":
      return get(valueLocal(numeric.local, site));
    case "load": {
      const { base, offset } = placeOf(numeric.buffer, numeric.at, site);
      if (numeric.buffer.element === "float") {
        return load(numeric.lanes === 4 ? "v128.load" : "f32.load", base, offset);
      }
      return numeric.lanes === 4
        ? operate("f32x4.convert_i32x4_s", load("v128.load", base, offset))
        : operate("f32.convert_i32_s", load("i32.load", base, offset));
    }
    case "splat":
      return splat(numeric.of, site);
    case "integer":
      return operate("f32.convert_i32_s", integerValue(numeric.of, site));
    case "inside":
      return operate("f32.convert_i32_u", condition(numeric, site));
    case "apply":
      return apply(numeric, site);
    case "random":
      return random(numeric, site);
    case "host":
      throw new Error("what the host knows is only computed by the host");
  }
}

function splat(of: Numeric, site: Site): Instruction {
  if (of.kind === "number") return numbers(of.value);
  const value = numericValue(of, site);
  if (value.kind === "load" && value.access === "f32.load") {
    return load("v128.load32_splat", value.address, value.offset);
  }
  return operate("f32x4.splat", value);
}

/** Of one lane: an `i32`, not 0 where it holds. Of four: a mask. */
export function condition(numeric: Numeric, site: Site): Instruction {
  const four = lanesOf(numeric) === 4;
  const single = four ? singleCondition(numeric) : null;
  if (single !== null) {
    const truth = condition(single, site);
    return operate("i32x4.splat", operate("i32.sub", integer(0), truth));
  }
  if (numeric.kind === "inside") {
    const at = integerValue(numeric.of, site);
    return operate("i32.lt_u", at, integerValue(numeric.extent, site));
  }
  if (numeric.kind === "apply") {
    const [a, b] = numeric.arguments;
    switch (numeric.function) {
      case "less":
      case "less_equal":
      case "equal":
      case "not_equal":
        return comparison(numeric.function, a!, b!, four, site);
      case "and":
      case "or":
        return operate(
          `${four ? "v128" : "i32"}.${numeric.function}`,
          condition(a!, site),
          condition(b!, site),
        );
      case "not":
        return operate(four ? "v128.not" : "i32.eqz", condition(a!, site));
    }
  }
  const value = numericValue(numeric, site);
  return four ? operate("f32x4.ne", value, numbers(0)) : operate("f32.ne", value, number(0));
}

const comparisons = {
  less: ["i32.lt_s", "f32.lt", "f32x4.lt"],
  less_equal: ["i32.le_s", "f32.le", "f32x4.le"],
  equal: ["i32.eq", "f32.eq", "f32x4.eq"],
  not_equal: ["i32.ne", "f32.ne", "f32x4.ne"],
} as const;

/** Integers are compared as integers: exactly. */
function comparison(
  name: keyof typeof comparisons,
  a: Numeric,
  b: Numeric,
  four: boolean,
  site: Site,
): Instruction {
  const [whole, single, vector] = comparisons[name];
  if (isIntegral(a) && isIntegral(b)) return operate(whole, integralValue(a, site), integralValue(b, site));
  return operate(four ? vector : single, numericValue(a, site), numericValue(b, site));
}

/** Whether the number is an integer of 32 bits by its form. */
export function isIntegral(numeric: Numeric): boolean {
  if (lanesOf(numeric) === 4) return false;
  if (numeric.kind === "number") return (numeric.value | 0) === numeric.value;
  return numeric.kind === "integer" || (numeric.kind === "load" && numeric.buffer.element === "index");
}

/** Its value as an `i32`. Fractions are cut off. */
export function integralValue(numeric: Numeric, site: Site): Instruction {
  if (numeric.kind === "number") return integer(Math.trunc(numeric.value));
  if (numeric.kind === "integer") return integerValue(numeric.of, site);
  if (numeric.kind === "load" && numeric.buffer.element === "index") {
    const { base, offset } = placeOf(numeric.buffer, numeric.at, site);
    return load("i32.load", base, offset);
  }
  return operate("i32.trunc_sat_f32_s", numericValue(numeric, site));
}

/** The condition of one lane that all four share, or null. */
function singleCondition(numeric: Numeric): Numeric | null {
  if (numeric.kind === "splat") return numeric.of;
  if (numeric.kind === "number") return { ...numeric, lanes: 1 };
  if (numeric.kind !== "apply" || !["and", "or", "not"].includes(numeric.function)) return null;
  const singles = numeric.arguments.map(singleCondition);
  if (singles.some((single) => single === null)) return null;
  return { ...numeric, lanes: 1, arguments: singles.flatMap((single) => single ?? []) };
}

const direct: Readonly<Partial<Record<Apply["function"], string>>> = {
  add: "add",
  subtract: "sub",
  multiply: "mul",
  divide: "div",
  negate: "neg",
  maximum: "max",
  minimum: "min",
  sqrt: "sqrt",
  abs: "abs",
  floor: "floor",
  ceil: "ceil",
  round: "nearest",
};

function apply(numeric: Apply, site: Site): Instruction {
  const four = numeric.lanes === 4;
  const prefix = four ? "f32x4" : "f32";
  const [a, b, c] = numeric.arguments;
  const value = (of: Numeric) => numericValue(of, site);
  const name = direct[numeric.function];
  if ((name === "max" || name === "min") && four) {
    // With a number that is none of NaN's the quick form lets NaN of the other through as well.
    const [other, constant] = isKnown(a!) ? [b!, a!] : [a!, b!];
    if (isKnown(constant)) return operate(`f32x4.p${name}`, value(other), value(constant));
  }
  if (name !== undefined) return operate(`${prefix}.${name}` as Operation, ...numeric.arguments.map(value));
  switch (numeric.function) {
    case "multiplyAdd":
      return operate(`${prefix}.add`, operate(`${prefix}.mul`, value(a!), value(b!)), value(c!));
    case "flush": {
      const speck = four ? numbers(2 ** -80) : number(2 ** -80);
      return operate(`${prefix}.sub`, operate(`${prefix}.add`, value(a!), speck), speck);
    }
    case "exp":
    case "log":
    case "log1p":
    case "expm1":
    case "tanh":
    case "sigmoid":
    case "erf":
    case "sign":
      return elementary(numeric.function, value(a!), four, site);
    case "sin":
    case "cos":
      return hosted(numeric.function, [value(a!)], four, site);
    case "remainder":
      return hosted("remainder", [value(a!), value(b!)], four, site);
    case "power":
      return b!.kind === "number" && b!.value === 2
        ? squared(value(a!), four)
        : hosted("pow", [value(a!), value(b!)], four, site);
    case "select":
      return choice(a!, b!, c!, site);
    default: {
      const truth = condition(numeric, site);
      return four ? operate("v128.and", truth, numbers(1)) : operate("f32.convert_i32_u", truth);
    }
  }
}

function isKnown(numeric: Numeric): boolean {
  return numeric.kind === "number" && !Number.isNaN(numeric.value);
}

/** Of four numbers most are written out where they are needed: a call costs as much as they do. */
function elementary(name: ElementaryName, value: Instruction, four: boolean, site: Site): Instruction {
  if (four && isWrittenOut(name)) return writtenOut(name, value, site);
  site.demands.elementary.add(name);
  return four ? call(name, value) : throughFirst(name, value);
}

function writtenOut(name: ElementaryName, value: Instruction, { frame }: Site): Instruction {
  const known = frame.inlined.get(name) ?? elementaryFunction(name);
  frame.inlined.set(name, known);
  return { kind: "block", result: "v128", body: [set(known.parameters[0]!, value), ...known.body] };
}

function squared(value: Instruction, four: boolean): Instruction {
  const base: WasmLocal = { name: "base", type: four ? "v128" : "f32" };
  return operate(four ? "f32x4.mul" : "f32.mul", tee(base, value), get(base));
}

/** A function of the host; of four numbers one by one. */
function hosted(name: HostName, values: readonly Instruction[], four: boolean, site: Site): Instruction {
  site.demands.host.add(name);
  return call(four ? `${name}_of_four` : name, ...values);
}

function choice(chooser: Numeric, a: Numeric, b: Numeric, site: Site): Instruction {
  const four = lanesOf(a) === 4;
  const single = lanesOf(chooser) === 1 ? chooser : singleCondition(chooser);
  if (single === null) {
    const mask = condition(chooser, site);
    return operate("v128.bitselect", numericValue(a, site), numericValue(b, site), mask);
  }
  const truth = condition(single, site);
  if (!isHeavy(a) && !isHeavy(b)) return select(truth, numericValue(a, site), numericValue(b, site));
  return {
    kind: "if",
    condition: truth,
    result: four ? "v128" : "f32",
    then: [numericValue(a, site)],
    otherwise: [numericValue(b, site)],
  };
}

/** Whether it reads memory or takes longer than a jump. */
function isHeavy(numeric: Numeric): boolean {
  switch (numeric.kind) {
    case "load":
    case "random":
    case "integer":
      return true;
    case "splat":
      return isHeavy(numeric.of);
    case "apply":
      return (
        (direct[numeric.function] === undefined && numeric.function !== "multiplyAdd") ||
        numeric.arguments.some(isHeavy)
      );
    default:
      return false;
  }
}

function random(numeric: Numeric & { readonly kind: "random" }, site: Site): Instruction {
  const { drawing, streams } = site.frame;
  if (drawing === null) throw new Error("a function that draws was given no seed");
  const known = streams.get(numeric.stream);
  const key: WasmLocal = known ?? { name: `key_${streams.size}`, type: "i32" };
  streams.set(numeric.stream, key);
  site.demands.random.add(numeric.distribution);
  const sample =
    numeric.sample === null ? integer(0) : plus(integerValue(numeric.sample, site), get(drawing.first));
  return call(numeric.distribution, get(key), get(drawing.step), sample, integerValue(numeric.element, site));
}

/** The keys of all streams drawn from: what the seed makes of the stream's number. */
export function streamKeys(site: Site): readonly Instruction[] {
  const { drawing, streams } = site.frame;
  if (drawing === null) return [];
  return [...streams].map(([stream, key]) => set(key, call("line_key", get(drawing.seed), integer(stream))));
}
