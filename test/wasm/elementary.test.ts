/** The largest error of the elementary functions over a dense grid of float32, in units in the last place. */
import { expect, test } from "vitest";
import { erf } from "../../src/ops/scalar/erf.ts";
import type { NumericFunction } from "../../src/ir/loops.ts";
import { apply, buffer, load, loop, program, routine, store } from "./build.ts";
import { meanings } from "./interpret.ts";
import { instantiate } from "./run.ts";

const points = 1 << 20;
const x = buffer("x", points);
const y = buffer("y", points);

/** Every 4,099th float32 pattern, so that all exponents, signs, infinities and NaNs take part. */
const patterns = new Float32Array(Uint32Array.from({ length: points }, (_, i) => Math.imul(i, 4099)).buffer);
/** Where the functions bend. */
const near = Float32Array.from({ length: points }, (_, i) => (i / points - 0.5) * 30);

/** Distance between neighbouring float32 numbers at this size. */
function ulp(value: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(value))));
  return 2 ** (exponent - 23);
}

function largestError(name: NumericFunction, exact: (x: number) => number, inputs: Float32Array): number {
  const body = [loop("i", 0, points, 4, (i) => [store(y, i, apply(name, 4, load(x, i, 4)), 4)])];
  const instance = instantiate(program([x, y], [routine("run", body)]), new Map());
  instance.view(x).set(inputs);
  instance.call("run", { count: 1, seed: 0, step: 0, first: 0 });
  const computed = instance.view(y);
  let largest = 0;
  for (let i = 0; i < points; i++) {
    const wanted = exact(inputs[i]!);
    const value = computed[i]!;
    // Of exponentials, what is that small is zero.
    if (value === 0 && Math.abs(wanted) < 2 ** -125 && (name === "exp" || name === "sigmoid")) continue;
    const rounded = Math.fround(wanted);
    if (!Number.isFinite(rounded) || !Number.isFinite(value)) {
      const overflowed = Math.abs(wanted) > 3.4e38 && !Number.isFinite(value) && !Number.isNaN(value);
      if (!Object.is(rounded, value) && !overflowed)
        throw new Error(`${name}(${inputs[i]}) is ${value}, not ${wanted}`);
      continue;
    }
    largest = Math.max(largest, Math.abs(value - wanted) / ulp(wanted));
  }
  return largest;
}

const limits: readonly (readonly [NumericFunction, number, (x: number) => number])[] = [
  ["exp", 1.5, meanings.exp],
  ["expm1", 2, meanings.expm1],
  ["log", 1.5, meanings.log],
  ["log1p", 2, meanings.log1p],
  ["tanh", 2.5, meanings.tanh],
  ["sigmoid", 2.5, meanings.sigmoid],
  ["erf", 2, erf],
  ["sign", 0, meanings.sign],
];

test.each(limits)("%s stays within %f ulp", (name, limit, exact) => {
  expect(largestError(name, exact, patterns)).toBeLessThanOrEqual(limit);
  expect(largestError(name, exact, near)).toBeLessThanOrEqual(limit);
});
