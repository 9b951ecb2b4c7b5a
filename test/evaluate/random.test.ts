/** The generator against the published vectors, and its draws against their distributions. */
import { describe, expect, test } from "vitest";
import { normalAt, threefry, uniformAt } from "../../src/ir/random.ts";

describe("Threefry-2x32 with 20 rounds", () => {
  // Random123, tests/kat_vectors
  test.each([
    { key: [0, 0], counter: [0, 0], words: [0x6b200159, 0x99ba4efe] },
    {
      key: [0xffffffff, 0xffffffff],
      counter: [0xffffffff, 0xffffffff],
      words: [0x1cb996fc, 0xbb002be7],
    },
    {
      key: [0x13198a2e, 0x03707344],
      counter: [0x243f6a88, 0x85a308d3],
      words: [0xc4923a9c, 0x483df7a0],
    },
  ] as const)("of counter $counter under key $key", ({ key, counter, words }) => {
    expect(threefry(key, counter)).toEqual(words);
  });
});

describe("draws", () => {
  const many = Array.from({ length: 20000 }, (_, element) => ({
    seed: 7,
    stream: 3,
    step: 11,
    sample: element % 100,
    element: Math.floor(element / 100),
  }));
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

  test("uniform numbers lie in [0, 1) with mean a half and variance a twelfth", () => {
    const drawn = many.map(uniformAt);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(mean(drawn)).toBeCloseTo(0.5, 1.9);
    expect(mean(drawn.map((x) => (x - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  test("normal numbers have mean 0, variance 1 and a fourth moment of 3", () => {
    const drawn = many.map(normalAt);
    expect(Math.abs(mean(drawn))).toBeLessThan(0.03);
    expect(Math.abs(mean(drawn.map((x) => x ** 2)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(drawn.map((x) => x ** 4)) - 3)).toBeLessThan(0.3);
  });

  test("every part of the place changes the draw", () => {
    const place = { seed: 1, stream: 2, step: 3, sample: 4, element: 5 };
    const drawn = [
      place,
      { ...place, seed: 2 },
      { ...place, seed: 1 + 2 ** 32 },
      { ...place, stream: 3 },
      { ...place, step: 4 },
      { ...place, sample: 5 },
      { ...place, element: 6 },
    ].map(uniformAt);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});
