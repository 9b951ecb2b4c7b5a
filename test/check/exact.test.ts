import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as exact from "../../src/check/statics/exact.ts";

const text = fc
  .tuple(fc.nat(1000), fc.nat(999))
  .map(([whole, part]) => `${whole}.${String(part).padStart(3, "0")}`);

describe("exact numbers", () => {
  it("keep tenths exact", () => {
    const tenth = exact.exactOfText("0.1");
    const sum = Array.from({ length: 30 }, () => tenth).reduce(exact.add);
    expect(exact.isWhole(sum)).toBe(true);
    expect(exact.toNumber(sum)).toBe(3);
  });

  it.each(["0.1", "1e-3", "1e-8", "0.999", "1.6732632423543772848170429916717", "3", "2.5e10"])(
    "%s is the double that JavaScript reads",
    (literal) => {
      expect(exact.toNumber(exact.exactOfText(literal))).toBe(Number(literal));
    },
  );

  it("obey the laws of fractions", () => {
    fc.assert(
      fc.property(text, text, text, (x, y, z) => {
        const [a, b, c] = [x, y, z].map(exact.exactOfText) as [exact.Exact, exact.Exact, exact.Exact];
        const left = exact.multiply(a, exact.add(b, c));
        const right = exact.add(exact.multiply(a, b), exact.multiply(a, c));
        expect(exact.compare(left, right)).toBe(0);
        const quotient = exact.divide(a, b);
        if (quotient !== null) expect(exact.compare(exact.multiply(quotient, b), a)).toBe(0);
        const rest = exact.remainder(a, b);
        if (rest !== null) {
          expect(exact.compare(rest, exact.zero)).toBeGreaterThanOrEqual(0);
          expect(exact.compare(rest, b)).toBeLessThan(0);
        }
      }),
    );
  });

  it("round towards the floor", () => {
    const half = exact.negate(exact.exactOfText("0.5"));
    expect(exact.toNumber(exact.floor(half))).toBe(-1);
    expect(exact.compare(exact.ceil(half), exact.zero)).toBe(0);
  });

  it("go on as doubles where they cannot stay exact", () => {
    expect(exact.toNumber(exact.power(exact.whole(2), exact.exactOfText("0.5")))).toBeCloseTo(Math.SQRT2, 15);
    expect(exact.toNumber(exact.power(exact.whole(10), exact.whole(100_000)))).toBe(Infinity);
  });
});
