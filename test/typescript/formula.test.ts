/** Owns tests of printed formulas: with as few parentheses as they have, they mean what was built. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  apply,
  asCondition,
  asNumber,
  type Formula,
  modulo,
  numberFormula,
  primary,
  quotient,
} from "../../src/backends/typescript/formula.ts";
import type { ScalarFunction } from "../../src/ir/comprehension.ts";
import { scalarRules } from "../../src/ops/scalar/rules.ts";

interface Pair {
  readonly formula: Formula;
  readonly value: number;
}

const leaf: fc.Arbitrary<Pair> = fc.oneof(
  fc.constantFrom(-2, -0.5, 0, 0.25, 1, 3).map((value) => ({ formula: numberFormula(value), value })),
  fc.constantFrom({ formula: primary("x"), value: 0.75 }, { formula: primary("y"), value: -1.5 }),
);

const plain = [
  "add",
  "subtract",
  "multiply",
  "divide",
  "negate",
  "maximum",
  "minimum",
  "exp",
  "abs",
] as const;
const truths = ["less", "less_equal", "equal", "not_equal", "and", "or", "not"] as const;
const functions: readonly ScalarFunction[] = [...plain, ...truths, "select", "power"];

const { tree } = fc.letrec<{ tree: Pair }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium" },
    leaf,
    fc.tuple(fc.constantFrom(...functions), tie("tree"), tie("tree"), tie("tree")).map(([name, a, b, c]) => {
      const rule = scalarRules[name];
      const operands = [a, b, c].slice(0, rule.arity);
      const formulas = operands.map(({ formula }) => formula);
      const given = name === "select" ? [asCondition(formulas[0]!), ...formulas.slice(1)] : formulas;
      return { formula: apply(name, given), value: rule.evaluate(a.value, b.value, c.value) };
    }),
  ),
}));

function run(text: string, values: Readonly<Record<string, number>>): number {
  // Printing is what is tested here: the text is our own.
  return new Function(...Object.keys(values), `return ${text};`)(...Object.values(values)) as number;
}

describe("formulas", () => {
  it("mean what was built", () => {
    fc.assert(
      fc.property(tree, ({ formula, value }) => {
        expect(run(asNumber(formula).text, { x: 0.75, y: -1.5 })).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it("have no parentheses that they can do without", () => {
    const [a, b, c] = ["a", "b", "c"].map(primary) as [Formula, Formula, Formula];
    const text = (name: ScalarFunction | "multiplyAdd", ...operands: Formula[]) => apply(name, operands);
    expect(text("add", text("add", a, b), c).text).toBe("a + b + c");
    expect(text("add", a, text("add", b, c)).text).toBe("a + (b + c)");
    expect(text("subtract", a, text("multiply", b, c)).text).toBe("a - b * c");
    expect(text("multiply", text("subtract", a, b), c).text).toBe("(a - b) * c");
    expect(text("multiplyAdd", a, b, c).text).toBe("a * b + c");
    expect(text("select", text("less", a, b), a, text("select", text("less", b, c), b, c)).text).toBe(
      "a < b ? a : (b < c ? b : c)".replace(/[()]/g, ""),
    );
  });

  it("round integers down", () => {
    const n = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(n, fc.integer({ min: 1, max: 40 }), (value, by) => {
        const x = primary("x");
        const natural = value >= 0;
        expect(run(quotient(x, by, natural).text, { x: value })).toBe(Math.floor(value / by));
        const rest = run(modulo(x, by, natural).text, { x: value });
        expect(rest + 0).toBe(value - by * Math.floor(value / by));
      }),
    );
  });
});
