/** Owns tests of the runtime's randomness: it is the compiler's, to the bit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as contract from "../../src/ir/random.ts";
import { initialValues } from "../../src/runtime/initialize.ts";
import { normal, permutation, streamKey, threefry, uniform } from "../../src/runtime/random.ts";

const word = fc.nat(0xffffffff);

describe("threefry", () => {
  it("gives the published words of Random123 for 20 rounds", () => {
    const words = [0, 1].map((k) => threefry(0, 0, 0, 0, k as 0 | 1) >>> 0);
    expect(words).toEqual([0x6b200159, 0x99ba4efe]);
    const ones = [0, 1].map((k) => threefry(-1, -1, -1, -1, k as 0 | 1) >>> 0);
    expect(ones).toEqual([0x1cb996fc, 0xbb002be7]);
  });

  it("draws what the compiler says a draw is", () => {
    fc.assert(
      fc.property(word, word, word, word, word, (seed, stream, step, sample, element) => {
        const place = { seed, stream, step, sample, element };
        const key = streamKey(seed | 0, stream);
        expect(uniform(key, step, sample, element)).toBe(contract.uniformAt(place));
        expect(normal(key, step, sample, element)).toBe(contract.normalAt(place));
      }),
    );
  });
});

describe("permutation", () => {
  it("holds every number once, in an order of its seed and round", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), fc.nat(50), (count, seed, round) => {
        const order = permutation(count, seed, round);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, k) => k));
        expect(order).toEqual(permutation(count, seed, round));
      }),
    );
    expect(permutation(50, 1, 0)).not.toEqual(permutation(50, 1, 1));
    expect(permutation(50, 1, 0)).not.toEqual(permutation(50, 2, 0));
  });
});

describe("initial values", () => {
  const moments = (values: Float64Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return { mean, deviation: Math.sqrt(spread) };
  };

  it("depend on seed and name alone", () => {
    const draw = (name: string, seed: number) => initialValues(name, [3, 4], ["normal", 0, 1], seed);
    expect(draw("a", 1)).toEqual(draw("a", 1));
    expect(draw("a", 1)).not.toEqual(draw("b", 1));
    expect(draw("a", 1)).not.toEqual(draw("a", 2));
  });

  it("are distributed as asked for", () => {
    const uniforms = initialValues("u", [100, 100], ["uniform", -1, 3], 7);
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniforms)).toBeLessThan(3);
    expect(moments(uniforms).mean).toBeCloseTo(1, 1);
    expect(moments(uniforms).deviation).toBeCloseTo(4 / Math.sqrt(12), 1);
    const normals = moments(initialValues("n", [100, 100], ["normal", 2, 0.5], 7));
    expect(normals.mean).toBeCloseTo(2, 1);
    expect(normals.deviation).toBeCloseTo(0.5, 1);
    const cut = initialValues("t", [100, 100], ["truncated", 0, 1], 7);
    expect(Math.max(...cut.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(moments(cut).deviation).toBeCloseTo(0.88, 1);
  });

  it.each([
    [[8, 3], 3],
    [[3, 8], 3],
    [[2, 3, 4], 4],
    [[5, 5], 5],
  ])("are orthogonal along the shorter side: %j", (shape, short) => {
    const columns = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
    const values = initialValues("q", shape, ["orthogonal", 2], 3);
    const at = (row: number, column: number) => values[row * columns + column]!;
    for (let a = 0; a < short; a += 1)
      for (let b = 0; b < short; b += 1) {
        let product = 0;
        if (rows >= columns) for (let row = 0; row < rows; row += 1) product += at(row, a) * at(row, b);
        else for (let column = 0; column < columns; column += 1) product += at(a, column) * at(b, column);
        expect(product).toBeCloseTo(a === b ? 4 : 0, 12);
      }
  });

  it("can be an identity", () => {
    expect([...initialValues("i", [2, 3], ["identity"], 1)]).toEqual([1, 0, 0, 0, 1, 0]);
  });
});
