/** Index arithmetic: canonical forms mean what they were made of. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IndexExpression, IndexVariable } from "../../src/ir/comprehension.ts";
import { literal, symbolic } from "../../src/ir/dimension.ts";
import {
  canonicalIndex,
  constantIndex,
  linearize,
  provenInside,
  quotientIndex,
  remainderIndex,
  scaleIndex,
  subtractIndex,
  sumIndex,
  variableIndex,
} from "../../src/ir/indices.ts";

const i: IndexVariable = { name: "i", extent: literal(28) };
const j: IndexVariable = { name: "j", extent: literal(5) };
const flat: IndexVariable = { name: "f", extent: literal(784) };

/** The value of an expression of `i` and `j`, straight from the definition. */
function valueOf(index: IndexExpression, at: ReadonlyMap<IndexVariable, number>): number {
  switch (index.kind) {
    case "constant":
      return index.value;
    case "variable":
      return at.get(index.variable)!;
    case "sum":
      return index.terms.reduce((sum, term) => sum + valueOf(term, at), 0);
    case "scaled":
      return index.factor * valueOf(index.of, at);
    case "quotient":
      return Math.floor(valueOf(index.of, at) / index.by);
    case "remainder":
      return valueOf(index.of, at) - index.by * Math.floor(valueOf(index.of, at) / index.by);
    case "dimension":
    case "read":
      throw new Error(`no ${index.kind} here`);
  }
}

const expressions = fc.letrec<{ index: IndexExpression }>((tie) => ({
  index: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<IndexExpression>(variableIndex(i), variableIndex(j)),
    fc.integer({ min: -40, max: 40 }).map(constantIndex),
    fc
      .array(tie("index"), { minLength: 1, maxLength: 3 })
      .map((terms): IndexExpression => ({ kind: "sum", terms })),
    fc
      .tuple(fc.integer({ min: -7, max: 30 }), tie("index"))
      .map(([factor, of]): IndexExpression => ({ kind: "scaled", factor, of })),
    fc
      .tuple(tie("index"), fc.integer({ min: 1, max: 30 }))
      .map(([of, by]): IndexExpression => ({ kind: "quotient", of, by })),
    fc
      .tuple(tie("index"), fc.integer({ min: 1, max: 30 }))
      .map(([of, by]): IndexExpression => ({ kind: "remainder", of, by })),
  ),
})).index;

describe("index expressions", () => {
  test("the canonical form has the same value everywhere", () => {
    fc.assert(
      fc.property(expressions, fc.nat(27), fc.nat(4), (index, atI, atJ) => {
        const at = new Map([
          [i, atI],
          [j, atJ],
        ]);
        expect(valueOf(canonicalIndex(index), at) + 0).toBe(valueOf(index, at) + 0);
      }),
      { numRuns: 2000 },
    );
  });

  test("splitting a row-major place and joining it again leaves the variables", () => {
    const place = sumIndex(scaleIndex(5, variableIndex(i)), variableIndex(j));
    expect(quotientIndex(place, 5)).toEqual(variableIndex(i));
    expect(remainderIndex(place, 5)).toEqual(variableIndex(j));
    expect(remainderIndex(quotientIndex(variableIndex(flat), 28), 28)).toEqual({
      kind: "quotient",
      of: variableIndex(flat),
      by: 28,
    });
  });

  test("bounds are proven with symbolic extents", () => {
    const batch = symbolic({ kind: "batch", name: "batch", minimum: 1, maximum: null });
    const b: IndexVariable = { name: "b", extent: batch };
    const reversed = sumIndex(
      { kind: "dimension", dimension: batch },
      constantIndex(-1),
      scaleIndex(-1, variableIndex(b)),
    );
    expect(provenInside(reversed, batch)).toBe(true);
    expect(provenInside(sumIndex(variableIndex(b), constantIndex(1)), batch)).toBe(false);
  });

  test("linearize gives the factors of variables, and null where it is not affine", () => {
    const affine = linearize(subtractIndex(scaleIndex(3, variableIndex(i)), constantIndex(2)));
    expect(affine).toEqual({ constant: -2, terms: new Map([[i, 3]]) });
    expect(linearize(quotientIndex(variableIndex(i), 3))).toBeNull();
  });
});
