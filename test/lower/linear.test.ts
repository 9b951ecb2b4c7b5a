/** The algebra of places: whatever it makes of a place has the same value everywhere. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  coefficientOf,
  linearForm,
  mentions,
  rangeOf,
  samePlace,
  simplifyPlace,
} from "../../src/lower/linear.ts";
import { type Axis, axisPlace, type Place } from "../../src/lower/term.ts";

const axes: readonly Axis[] = [
  { name: "i", extent: 3, counted: false },
  { name: "j", extent: 4, counted: false },
  { name: "k", extent: 8, counted: false },
  { name: "l", extent: 1, counted: false },
];
const [i, j, k] = axes as readonly [Axis, Axis, Axis];

type Point = ReadonlyMap<Axis, number>;

function* points(of: readonly Axis[] = axes): Generator<Point> {
  const [first, ...rest] = of;
  if (first === undefined) yield new Map();
  else
    for (let at = 0; at < first.extent; at += 1)
      for (const point of points(rest)) yield new Map([[first, at], ...point]);
}

/** What the place comes to, by its definition. */
function valueAt(place: Place, point: Point): number {
  switch (place.kind) {
    case "literal":
      return place.value;
    case "axis":
      return point.get(place.axis)!;
    case "sum":
      return place.terms.reduce((sum, term) => sum + valueAt(term, point), 0);
    case "scaled":
      return place.factor * valueAt(place.of, point);
    case "quotient":
      return Math.floor(valueAt(place.of, point) / place.by);
    case "remainder":
      return valueAt(place.of, point) - place.by * Math.floor(valueAt(place.of, point) / place.by);
    default:
      throw new Error(`no ${place.kind} is drawn`);
  }
}

const literal = (value: number): Place => ({ kind: "literal", value });
const sum = (...terms: readonly Place[]): Place => ({ kind: "sum", terms });
const scaled = (factor: number, of: Place): Place => ({ kind: "scaled", factor, of });
const quotient = (of: Place, by: number): Place => ({ kind: "quotient", of, by });
const remainder = (of: Place, by: number): Place => ({ kind: "remainder", of, by });

const { place: places } = fc.letrec<{ place: Place }>((tie) => ({
  place: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...axes).map(axisPlace),
    fc.integer({ min: -9, max: 9 }).map(literal),
    fc.array(tie("place"), { minLength: 1, maxLength: 3 }).map((terms) => sum(...terms)),
    fc
      .tuple(fc.constantFrom(-2, -1, 0, 1, 2, 3, 4, 8), tie("place"))
      .map(([factor, of]) => scaled(factor, of)),
    fc
      .tuple(fc.constantFrom(quotient, remainder), tie("place"), fc.constantFrom(1, 2, 3, 4, 8, 12))
      .map(([divide, of, by]) => divide(of, by)),
  ),
}));

describe("places", () => {
  it("keep their values when simplified", () => {
    fc.assert(
      fc.property(places, (place) => {
        const simplified = simplifyPlace(place);
        for (const point of points()) expect(valueAt(simplified, point) === valueAt(place, point)).toBe(true);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it("stay within their range", () => {
    fc.assert(
      fc.property(places, (place) => {
        const range = rangeOf(linearForm(place));
        if (range === null) return;
        for (const point of points()) {
          expect(valueAt(place, point)).toBeGreaterThanOrEqual(range.least);
          expect(valueAt(place, point)).toBeLessThanOrEqual(range.most);
        }
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it("grow with an axis by its coefficient", () => {
    fc.assert(
      fc.property(places, fc.constantFrom(i, j, k), (place, axis) => {
        const coefficient = coefficientOf(place, axis);
        if (coefficient === null) return;
        for (const point of points()) {
          const moved = new Map([...point, [axis, point.get(axis)! + 1]]);
          if (moved.get(axis)! >= axis.extent) continue;
          expect(valueAt(place, moved) - valueAt(place, point)).toBe(coefficient);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it("do not move with an axis that they do not mention", () => {
    fc.assert(
      fc.property(places, fc.constantFrom(i, j, k), (place, axis) => {
        if (mentions(place, axis)) return;
        for (const point of points())
          expect(valueAt(place, new Map([...point, [axis, 0]]))).toBe(valueAt(place, point));
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

describe("division", () => {
  const flat = sum(scaled(32, axisPlace(i)), scaled(8, axisPlace(j)), axisPlace(k));
  it.each([
    ["takes out what it divides", quotient(flat, 8), sum(scaled(4, axisPlace(i)), axisPlace(j))],
    ["leaves what is too small", remainder(flat, 8), axisPlace(k)],
    ["goes on after a division", quotient(quotient(flat, 8), 4), axisPlace(i)],
    ["takes a digit from the middle", remainder(quotient(flat, 8), 4), axisPlace(j)],
    [
      "joins quotient and remainder",
      sum(scaled(3, quotient(axisPlace(k), 3)), remainder(axisPlace(k), 3)),
      axisPlace(k),
    ],
    [
      "joins them with what they begin at",
      sum(
        scaled(3, quotient(sum(axisPlace(k), literal(1)), 3)),
        remainder(sum(axisPlace(k), literal(1)), 3),
        literal(5),
      ),
      sum(axisPlace(k), literal(6)),
    ],
  ])("%s", (_, place, expected) => {
    expect(samePlace(simplifyPlace(place), simplifyPlace(expected))).toBe(true);
  });

  it("keeps what would borrow", () => {
    const shifted = sum(axisPlace(k), literal(-1));
    expect(simplifyPlace(quotient(shifted, 8)).kind).toBe("quotient");
  });
});
