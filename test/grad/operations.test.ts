/** Every operation's gradient against finite differences, over random shapes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { literal } from "../../src/ir/dimension.ts";
import { type ElementType, float } from "../../src/ir/type.ts";
import { operations } from "../../src/ops/index.ts";
import type { OptionValue } from "../../src/ops/operation.ts";
import { type Range, context, draw, expectTrueGradients } from "../support/gradient.ts";
import { Graph, typeOf } from "../support/graph.ts";

interface Case {
  readonly operands: readonly (readonly number[])[];
  readonly elements?: readonly ElementType[];
  readonly options?: Readonly<Record<string, OptionValue>>;
  readonly range?: Range;
  /** Per operand, where they differ. */
  readonly ranges?: readonly Range[];
}

const size = fc.integer({ min: 1, max: 4 });
const shape = (rank: { min: number; max: number }) =>
  fc.array(size, { minLength: rank.min, maxLength: rank.max });
const positive = { from: 0.3, to: 3 };

const unary = (range?: Range) =>
  shape({ min: 0, max: 3 }).map((of): Case => ({ operands: [of], ...(range && { range }) }));

/** Two shapes that broadcast: the second lacks leading axes, and either is 1 here and there. */
const pairs = fc
  .tuple(
    shape({ min: 0, max: 3 }),
    fc.nat(3),
    fc.array(fc.constantFrom("a", "b", "both"), { minLength: 3, maxLength: 3 }),
  )
  .map(([full, dropped, stretched]) => {
    const a = full.map((extent, axis) => (stretched[axis] === "a" ? 1 : extent));
    const b = full
      .map((extent, axis) => (stretched[axis] === "b" ? 1 : extent))
      .slice(Math.min(dropped, full.length));
    return [a, b] as const;
  });
const binary = (ranges?: readonly Range[]) =>
  pairs.map(([a, b]): Case => ({ operands: [a, b], ...(ranges && { ranges }) }));

const withAxis = (options: (axis: number, of: readonly number[]) => fc.Arbitrary<Case["options"]>) =>
  shape({ min: 1, max: 3 }).chain((of) =>
    fc
      .nat(of.length - 1)
      .chain((axis) =>
        options(axis, of).map((chosen): Case => ({ operands: [of], ...(chosen && { options: chosen }) })),
      ),
  );

const reduction = shape({ min: 0, max: 3 }).chain((of) =>
  fc
    .tuple(fc.subarray([...of.keys()]), fc.boolean(), fc.boolean())
    .map(([over, keep, all]): Case => ({ operands: [of], options: { over: all ? null : over, keep } })),
);

const matmul = fc
  .tuple(size, size, size, size, fc.constantFrom("mm", "mv", "vm", "vv", "bmm", "bm", "mb"))
  .map(([b, n, k, m, form]): Case => {
    const forms = {
      mm: [
        [n, k],
        [k, m],
      ],
      mv: [[n, k], [k]],
      vm: [[k], [k, m]],
      vv: [[k], [k]],
      bmm: [
        [b, n, k],
        [b, k, m],
      ],
      bm: [
        [b, n, k],
        [k, m],
      ],
      mb: [
        [n, k],
        [b, k, m],
      ],
    };
    return { operands: forms[form] };
  });

/** Shapes of one product, by cutting 24 or 12 into factors. */
const factorings = fc.constantFrom(
  [24],
  [2, 12],
  [2, 3, 4],
  [4, 3, 2],
  [1, 6, 4],
  [8, 3],
  [2, 2, 6],
  [3, 1, 8],
);
const reshape = fc
  .tuple(factorings, factorings)
  .map(([from, to]): Case => ({ operands: [from], options: { shape: to.map((extent) => literal(extent)) } }));

const transpose = shape({ min: 2, max: 3 }).chain((of) =>
  fc
    .shuffledSubarray([...of.keys()], { minLength: of.length })
    .map((order): Case => ({ operands: [of], options: { order } })),
);

const concat = fc
  .tuple(shape({ min: 1, max: 3 }), fc.array(size, { minLength: 1, maxLength: 3 }))
  .chain(([of, sizes]) =>
    fc.nat(of.length - 1).map((axis): Case => ({
      operands: sizes.map((along) => of.map((extent, place) => (place === axis ? along : extent))),
      options: { over: axis },
    })),
  );

const slice = withAxis((axis, of) =>
  fc.tuple(fc.nat(of[axis]! - 1), fc.nat(of[axis]! - 1), fc.boolean()).map(([a, b, drop]) => {
    const [from, last] = [Math.min(a, b), Math.max(a, b)];
    return drop ? { axis, at: [literal(from)] } : { axis, from, to: last + 1 };
  }),
);

const take = fc.tuple(shape({ min: 1, max: 3 }), shape({ min: 0, max: 2 })).chain(([table, chosen]) =>
  fc.nat(table.length - 1).map((axis): Case => ({
    operands: [table, chosen],
    elements: [float, { kind: "index", size: table[axis]! }],
    options: { axis },
  })),
);

const pick = shape({ min: 1, max: 3 }).map((of): Case => ({
  operands: [of, of.slice(0, -1)],
  elements: [float, { kind: "index", size: of.at(-1)! }],
}));

const takeAlong = fc.tuple(shape({ min: 1, max: 3 }), size).map(([of, count]): Case => ({
  operands: [of, [...of.slice(0, -1), count]],
  elements: [float, { kind: "index", size: of.at(-1)! }],
}));

const where = pairs.map(([a, b]): Case => ({
  operands: [a, a, b],
  elements: [{ kind: "bool" }, float, float],
}));
const none = "none" as const;
const integer = "integer" as const;

/** How each operation is tried; `none` where it has no gradient, `integer` where its result or operand is no float. */
const cases: Readonly<Record<string, fc.Arbitrary<Case> | typeof none | typeof integer>> = {
  exp: unary(),
  log: unary(positive),
  log1p: unary({ from: -0.6, to: 3 }),
  expm1: unary(),
  sqrt: unary(positive),
  abs: unary(),
  sign: none,
  floor: none,
  ceil: none,
  round: none,
  sin: unary(),
  cos: unary(),
  tanh: unary(),
  sigmoid: unary(),
  erf: unary(),
  negate: unary(),
  add: binary(),
  subtract: binary(),
  multiply: binary(),
  divide: binary([{ from: -2, to: 2 }, positive]),
  power: binary([positive, { from: -2, to: 3 }]),
  remainder: binary([
    { from: 2.1, to: 2.9 },
    { from: 0.95, to: 1.04 },
  ]),
  maximum: binary(),
  minimum: binary(),
  less: integer,
  less_equal: integer,
  greater: integer,
  greater_equal: integer,
  equal: integer,
  not_equal: integer,
  and: integer,
  or: integer,
  not: integer,
  where,
  to_float: unary(),
  stop_gradient: integer,
  sum: reduction,
  mean: reduction,
  max: reduction,
  min: reduction,
  product: reduction,
  argmax: integer,
  argmin: integer,
  cumsum: withAxis((axis) => fc.constant({ over: axis })),
  matmul,
  reshape,
  transpose,
  unsqueeze: shape({ min: 0, max: 3 }).chain((of) =>
    fc.nat(of.length).map((at): Case => ({ operands: [of], options: { at } })),
  ),
  flip: withAxis((axis) => fc.constant({ over: axis })),
  slice,
  concat,
  pad: withAxis((axis) =>
    fc.tuple(fc.nat(2), fc.nat(2)).map(([before, after]) => ({ axis, before, after, value: 0.5 })),
  ),
  take,
  pick,
  take_along: takeAlong,
  one_hot: integer,
  constant: integer,
  size: integer,
  range: integer,
  bernoulli: integer,
  uniform: integer,
  uniform_index: integer,
  normal: integer,
  index: integer,
};

describe("gradients agree with finite differences", () => {
  test("every operation is tried here", () => {
    expect(Object.keys(cases).sort()).toEqual([...operations.keys()].sort());
  });

  test.each(
    Object.entries(cases).flatMap(([name, of]) => (typeof of === "string" ? [] : [[name, of] as const])),
  )("%s", (name, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, fc.nat(1e6), (one, seed) => {
        const graph = new Graph();
        const operands = one.operands.map((of, place) =>
          graph.argument(typeOf(of, one.elements?.[place]), `x${place}`),
        );
        const y = graph.apply(name, operands, one.options);
        // Every element counts differently, and not linearly.
        const weights = graph.argument(y.type, "weights");
        const loss = graph.apply("sum", [graph.apply("sin", [graph.apply("multiply", [y, weights])])]);
        const inputs = new Map(
          [...operands, weights].map((value, place) => [
            value,
            draw(
              value.type,
              seed,
              place,
              context,
              one.ranges?.[place] ?? (place < operands.length ? one.range : undefined),
            ),
          ]),
        );
        const floats = operands.filter(({ type }) => type.element.kind === "float");
        expectTrueGradients(graph.finish(loss), loss, floats, inputs);
      }),
      { numRuns: 25 },
    );
  });
});
