/**
 * Owns exp, log and their kin as functions of four numbers. A single number goes through the first of four, so that
 * it gets the same bits. Polynomials are minimax fits (Lawson's iteration over Chebyshev points, in double) of our own;
 * the methods are those of Cephes (S. Moshier, 1989). The largest error over float32 stands in `test/wasm`.
 */
import { call, get, integer, integers, numbers, operate, set } from "./build.ts";
import type { Instruction, WasmFunction, WasmLocal } from "./instructions.ts";

export type ElementaryName = "exp" | "expm1" | "log" | "log1p" | "tanh" | "sigmoid" | "erf" | "sign";

/** What each calls. */
export const elementaryNeeds: Readonly<Record<ElementaryName, readonly ElementaryName[]>> = {
  exp: [],
  expm1: [],
  log: [],
  log1p: ["log"],
  tanh: [],
  sigmoid: [],
  erf: [],
  sign: [],
};

/** Whether four numbers are computed in place, without a call; logarithms are long and stand in few loops. */
export function isWrittenOut(name: ElementaryName): boolean {
  return name !== "log" && name !== "log1p";
}

/** In the module, `exp` is the function `$exp`. */
export function elementaryFunction(name: ElementaryName): WasmFunction {
  return bodies[name]();
}

const add = (a: Instruction, b: Instruction) => operate("f32x4.add", a, b);
const subtract = (a: Instruction, b: Instruction) => operate("f32x4.sub", a, b);
const multiply = (a: Instruction, b: Instruction) => operate("f32x4.mul", a, b);
const divide = (a: Instruction, b: Instruction) => operate("f32x4.div", a, b);
const less = (a: Instruction, b: Instruction) => operate("f32x4.lt", a, b);
const choose = (mask: Instruction, a: Instruction, b: Instruction) => operate("v128.bitselect", a, b, mask);
/** `x` between the limits; NaN stays NaN. */
const clamp = (x: Instruction, low: number, high: number) =>
  operate("f32x4.pmin", operate("f32x4.pmax", x, numbers(low)), numbers(high));

/** Σ coefficients[k] · xᵏ by Horner's rule, one line a coefficient. */
function polynomial(x: Instruction, coefficients: readonly number[], body: Body): Instruction {
  const total = body.local("p", numbers(coefficients.at(-1)!));
  for (const coefficient of coefficients.slice(0, -1).reverse()) {
    body.set(total, add(multiply(get(total), x), numbers(coefficient)));
  }
  return get(total);
}

/** The lines of a function as they are written. */
class Body {
  readonly lines: Instruction[] = [];

  /** A value under a name. */
  named(name: string, value: Instruction): Instruction {
    return get(this.local(name, value));
  }

  local(name: string, value: Instruction): WasmLocal {
    const local: WasmLocal = { name, type: "v128" };
    this.set(local, value);
    return local;
  }

  set(local: WasmLocal, value: Instruction): void {
    this.lines.push(set(local, value));
  }
}

function helper(
  name: ElementaryName,
  text: string,
  write: (x: Instruction, body: Body) => Instruction,
): WasmFunction {
  const x: WasmLocal = { name: "x", type: "v128" };
  const body = new Body();
  const result = write(get(x), body);
  return { name, text, parameters: [x], results: ["v128"], body: [...body.lines, result], exported: false };
}

/** (eʳ - 1 - r) / r² for |r| ≤ ln 2 / 2, within 5.2e-11 of eʳ. */
const exponential = [
  0.5000000067646513, 0.16666665869417566, 0.04166629508237087, 0.008333497002743427, 0.0013944649279292016,
  0.0001979035737379008,
];
/** ln 2 in two parts; multiples of the first by up to 2⁸ are exact. */
const ln2High = 0.693359375;
const ln2Low = Math.LN2 - ln2High;

/** Added to a number below 2²² in size, it leaves the nearest integer in the lowest bits. */
const rounding = 1.5 * 2 ** 23;

/** `x = n·ln 2 + r`: r, `eʳ - 1 - r`, and 2ⁿ⁺ˢ of a given s, or zero where n + s is -127. */
function reduced(x: Instruction, body: Body) {
  const rounded = body.named("rounded", add(multiply(x, numbers(Math.LOG2E)), numbers(rounding)));
  const n = body.named("n", subtract(rounded, numbers(rounding)));
  const high = subtract(x, multiply(n, numbers(ln2High)));
  const r = body.named("r", subtract(high, multiply(n, numbers(ln2Low))));
  const tail = multiply(multiply(r, r), polynomial(r, exponential, body));
  // What lies above the integer's bits is shifted out.
  const power = (s: number) =>
    operate("i32x4.shl", operate("i32x4.add", rounded, integers(127 + s)), integer(23));
  return { r, tail, power };
}

/** eˣ for x from -87.5 to 89: half of 2ⁿ times twice eʳ, because 2¹²⁸ is too large. Below 2⁻¹²⁵ it is zero. */
function exponentialOf(x: Instruction, body: Body): Instruction {
  const { r, tail, power } = reduced(x, body);
  const near = body.named("near", add(add(tail, r), numbers(1)));
  return multiply(add(near, near), power(-1));
}

/** (log(1 + f) - f + f²/2) / f³ for √½ ≤ 1 + f ≤ √2, within 7.5e-10 of log(1 + f). */
const logarithm = [
  0.33333312602803, -0.2500000960365524, 0.2000211873219824, -0.1666799566704627, 0.14219550908241085,
  -0.12405591417730516, 0.11888174598992536, -0.11675641301478945, 0.06746601324799013,
];

/** erf(x) / x - 1 for |x| < 1, in x², within 1.2e-9 of erf. */
const errorNear = [
  0.1283791657317253, -0.37612625838068126, 0.11283585257684836, -0.02685381562829446, 0.00518833377647006,
  -0.0008010241923482342, 0.00007854008857791917,
];
/** log(1 - erf(x)) for 1 ≤ x ≤ 4, within 2.2e-11 of erf. */
const errorFar = [
  0.0001884677713725968, -1.129580311829298, -0.6332163950854045, -0.1084221025237023, 0.02521034221549778,
  -0.0042052858650987145, 0.00044147291031582846, -0.000021697638496120534,
];

const bodies: Readonly<Record<ElementaryName, () => WasmFunction>> = {
  // Numbers below 2⁻¹²⁶ take processors a hundred times as long: half of a masked softmax would be such.
  exp: () =>
    helper("exp", "exp(x) = 2ⁿ · eʳ with x = n·ln 2 + r; zero where that is below 2⁻¹²⁵", (x, body) =>
      exponentialOf(body.named("c", clamp(x, -87.5, 89)), body),
    ),
  expm1: () =>
    helper("expm1", "exp(x) - 1 = 2ⁿ · (eʳ - 1) + (2ⁿ - 1) with x = n·ln 2 + r", (x, body) => {
      const { r, tail, power } = reduced(body.named("c", clamp(x, -25, 89)), body);
      const half = body.named("half", power(-1));
      const sum = add(multiply(add(tail, r), half), subtract(half, numbers(0.5)));
      const result = body.named("y", sum);
      const tiny = less(operate("f32x4.abs", x), numbers(2 ** -14));
      // Near 0 the sum is the series' first two terms, and keeps the sign of a zero.
      const series = add(x, multiply(multiply(x, x), numbers(0.5)));
      const near = choose(operate("f32x4.eq", x, numbers(0)), x, series);
      return choose(body.named("tiny", tiny), near, add(result, result));
    }),
  log: () =>
    helper("log", "log(x) = n·ln 2 + log(1 + f) with x = 2ⁿ · (1 + f) and √½ ≤ 1 + f < √2", (x, body) => {
      const small = body.named("small", less(x, numbers(2 ** -126)));
      const scaled = body.named("scaled", choose(small, multiply(x, numbers(2 ** 23)), x));
      // The bits of √½ taken off, the exponent field is n.
      const bits = body.named("bits", operate("i32x4.sub", scaled, integers(0x3f3504f3)));
      const exponent = operate("i32x4.shr_s", bits, integer(23));
      const whole = operate("i32x4.sub", exponent, operate("v128.and", small, integers(23)));
      const n = body.named("n", operate("f32x4.convert_i32x4_s", whole));
      const fraction = operate("v128.and", bits, integers(0x7fffff));
      const f = body.named("f", subtract(operate("i32x4.add", fraction, integers(0x3f3504f3)), numbers(1)));
      const square = body.named("square", multiply(f, f));
      const cubic = multiply(multiply(square, f), polynomial(f, logarithm, body));
      const low = add(cubic, multiply(n, numbers(ln2Low)));
      const tail = subtract(low, multiply(square, numbers(0.5)));
      const result = body.named("y", add(add(tail, f), multiply(n, numbers(ln2High))));
      const regular = operate("v128.and", less(numbers(0), x), less(x, numbers(Infinity)));
      const zero = operate("f32x4.eq", x, numbers(0));
      // 0 gives -∞, ∞ itself, what is negative or NaN gives NaN.
      const infinite = operate("f32x4.eq", x, numbers(Infinity));
      const special = choose(zero, numbers(-Infinity), choose(infinite, x, numbers(NaN)));
      return choose(body.named("regular", regular), result, special);
    }),
  log1p: () =>
    helper("log1p", "log(1 + x) = log(u) + (x - (u - 1)) / u with u = 1 + x as rounded", (x, body) => {
      const u = body.named("u", add(x, numbers(1)));
      const lost = subtract(x, subtract(u, numbers(1)));
      const correction = body.named("correction", divide(lost, u));
      const regular = operate("v128.and", less(numbers(0), u), less(u, numbers(2 ** 24)));
      const y = body.named("y", add(call("log", u), operate("v128.and", regular, correction)));
      return choose(operate("f32x4.eq", u, numbers(1)), x, y);
    }),
  tanh: () =>
    helper("tanh", "tanh(x) = m / (m + 2) with m = exp(2|x|) - 1, and the sign of x", (x, body) => {
      const size = body.named("size", operate("f32x4.abs", x));
      const capped = body.named("c", operate("f32x4.pmin", add(size, size), numbers(20)));
      const { r, tail, power } = reduced(capped, body);
      const whole = body.named("whole", power(0));
      const m = body.named("m", add(multiply(add(tail, r), whole), subtract(whole, numbers(1))));
      return operate("v128.or", divide(m, add(m, numbers(2))), operate("v128.and", x, numbers(-0)));
    }),
  sigmoid: () =>
    helper("sigmoid", "1 / (1 + exp(-x)), for x < 0 exp(x) / (1 + exp(x))", (x, body) => {
      const below = operate("f32x4.neg", operate("f32x4.abs", x));
      const capped = body.named("c", operate("f32x4.pmax", below, numbers(-87.5)));
      const power = body.named("power", exponentialOf(capped, body));
      const above = choose(less(x, numbers(0)), power, numbers(1));
      return divide(above, add(power, numbers(1)));
    }),
  erf: () =>
    helper(
      "erf",
      "erf(x): a polynomial for |x| < 1, else 1 - exp(polynomial) with the sign of x",
      (x, body) => {
        const size = body.named("size", operate("f32x4.abs", x));
        const square = body.named("square", multiply(x, x));
        const near = body.named("close", add(x, multiply(x, polynomial(square, errorNear, body))));
        const capped = body.named("capped", operate("f32x4.pmin", size, numbers(4)));
        const power = body.named("c", polynomial(capped, errorFar, body));
        const far = subtract(numbers(1), exponentialOf(power, body));
        const signed = operate("v128.or", far, operate("v128.and", x, numbers(-0)));
        const large = body.named("far", choose(operate("f32x4.eq", x, x), signed, x));
        return choose(less(size, numbers(1)), near, large);
      },
    ),
  sign: () =>
    helper("sign", "1 or -1 with the sign of x; 0 and NaN as they are", (x) => {
      const one = operate("v128.or", operate("v128.and", x, numbers(-0)), numbers(1));
      const signed = operate("v128.or", less(x, numbers(0)), less(numbers(0), x));
      return choose(signed, one, x);
    }),
};

/** The function of one number through that of four. */
export function throughFirst(name: ElementaryName, x: Instruction): Instruction {
  return { kind: "extract", lane: 0, of: call(name, operate("f32x4.splat", x)) };
}
