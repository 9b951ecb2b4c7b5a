/** What each operation gives, on examples that fit in the head. */
import { describe, expect, test } from "vitest";
import { tensor } from "../../src/evaluate/index.ts";
import { literal, symbolic } from "../../src/ir/dimension.ts";
import { floats } from "../../src/ir/type.ts";
import { operations } from "../../src/ops/index.ts";
import { erf } from "../../src/ops/scalar/erf.ts";
import { batch, build, indices, run, truths, typeOf } from "../support/graph.ts";

const count = (n: number): number[] => Array.from({ length: n }, (_, place) => place);
const shaped = (...shape: number[]) =>
  tensor(shape, count(shape.reduce((product, size) => product * size, 1)));
const message = (built: ReturnType<typeof build>): string =>
  built.kind === "problem" ? built.message : "built";

describe("elementwise", () => {
  test.each([
    ["exp", 0.5, Math.E ** 0.5],
    ["log", 2, Math.LN2],
    ["log1p", 1e-12, 1e-12],
    ["expm1", 1e-12, 1e-12],
    ["sqrt", 9, 3],
    ["abs", -2.5, 2.5],
    ["sign", -2.5, -1],
    ["floor", -2.5, -3],
    ["ceil", -2.5, -2],
    ["round", 2.5, 2],
    ["round", 3.5, 4],
    ["round", -2.5, -2],
    ["round", 0.49999999999999994, 0],
    ["sin", 1, 0.8414709848078965],
    ["cos", 1, 0.5403023058681398],
    ["tanh", 1, 0.7615941559557649],
    ["sigmoid", -800, 0],
    ["sigmoid", 1, 0.7310585786300049],
    ["erf", 0.5, 0.5204998778130465],
    ["negate", 3, -3],
  ])("%s(%d) = %d", (name, x, y) => {
    expect(run(name, [tensor([], [x])]).data[0]).toBeCloseTo(y, 14);
  });

  // Abramowitz and Stegun, table 7.1, and mpmath beyond it
  test.each([
    [1e-8, 1.1283791670955126e-8],
    [0.1, 0.1124629160182849],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.5, 0.999593047982555],
    [3, 0.9999779095030014],
    [5, 0.9999999999984626],
  ])("erf(%d) to the last places", (x, y) => {
    expect(Math.abs(erf(x) - y)).toBeLessThan(2e-15 * y);
    expect(erf(-x)).toBe(-erf(x));
  });

  test("broadcasting aligns at the right and stretches 1", () => {
    const sum = run("add", [shaped(2, 1), tensor([3], [10, 20, 30])]);
    expect(sum.shape).toEqual([2, 3]);
    expect([...sum.data]).toEqual([10, 20, 30, 11, 21, 31]);
    expect([...run("multiply", [shaped(2), tensor([], [3])]).data]).toEqual([0, 3]);
  });

  test("remainder has the sign of its divisor", () => {
    const rest = run("remainder", [tensor([4], [7, -7, 7, -7]), tensor([4], [3, 3, -3, -3])]);
    expect([...rest.data]).toEqual([1, 2, -2, -1]);
  });

  test("comparisons and logic give truth values", () => {
    expect([...run("greater", [tensor([3], [1, 2, 3]), tensor([], [2])]).data]).toEqual([0, 0, 1]);
    expect([...run("greater_equal", [tensor([3], [1, 2, 3]), tensor([], [2])]).data]).toEqual([0, 1, 1]);
    expect([...run("and", [truths([2], [1, 1]), truths([2], [0, 1])]).data]).toEqual([0, 1]);
    expect([...run("not", [truths([2], [1, 0])]).data]).toEqual([0, 1]);
  });

  test("where computes only what it chooses", () => {
    const chosen = run("where", [truths([2], [1, 0]), tensor([2], [1, 2]), tensor([2], [3, 4])]);
    expect([...chosen.data]).toEqual([1, 4]);
  });
});

describe("broadcasting keeps samples apart", () => {
  const samples = symbolic(batch);

  test("a batch meets the same batch, a scalar, or nothing", () => {
    const [wide, row, scalar] = [floats([samples, literal(4)]), floats([literal(4)]), floats([])] as const;
    for (const other of [wide, row, scalar]) expect(message(build("add", [wide, other]))).toBe("built");
  });

  test.each([[4], [1]])("and not an axis of %d", (size) => {
    expect(message(build("add", [floats([samples, literal(4)]), typeOf([size, 4])]))).toBe(
      `\`add\` cannot combine [batch, 4] with [${size}, 4]: batch is not ${size}`,
    );
  });
});

describe("reductions", () => {
  const x = tensor([2, 3], [3, 1, 2, -1, 5, 5]);

  test.each([
    ["sum", [1], [6, 9]],
    ["sum", null, [15]],
    ["mean", [0], [1, 3, 3.5]],
    ["max", [1], [3, 5]],
    ["min", null, [-1]],
    ["product", [1], [6, -25]],
    ["argmax", [1], [0, 1]],
    ["argmin", [1], [1, 0]],
    ["argmax", null, [0, 1]],
  ] as const)("%s over %j", (name, over, expected) => {
    expect([...run(name, [x], { over }).data]).toEqual([...expected]);
  });

  test("kept axes stay as 1", () => {
    expect(run("sum", [x], { over: [0], keep: true }).shape).toEqual([1, 3]);
  });

  test("running sums", () => {
    expect([...run("cumsum", [x], { over: 1 }).data]).toEqual([3, 4, 6, -1, 4, 9]);
    expect([...run("cumsum", [x], { over: 0 }).data]).toEqual([3, 1, 2, 2, 6, 7]);
  });

  test("a place along the batch has no size, and is refused", () => {
    const refused = build("argmax", [floats([symbolic(batch), literal(3)])], { over: [0] });
    expect(message(refused)).toContain("known only at run time");
  });
});

describe("matmul", () => {
  test("matrices, vectors on either side, leading axes", () => {
    expect([...run("matmul", [shaped(2, 3), shaped(3, 2)]).data]).toEqual([10, 13, 28, 40]);
    expect(run("matmul", [shaped(3), shaped(3)]).data[0]).toBe(5);
    expect([...run("matmul", [shaped(2, 3), shaped(3)]).data]).toEqual([5, 14]);
    expect([...run("matmul", [shaped(3), shaped(3, 2)]).data]).toEqual([10, 13]);
    const stacked = run("matmul", [shaped(2, 1, 3), shaped(3, 2)]);
    expect(stacked.shape).toEqual([2, 1, 2]);
    expect([...stacked.data]).toEqual([10, 13, 28, 40]);
  });

  test("a disagreement names both sizes", () => {
    const built = build("matmul", [typeOf([2, 3]), typeOf([4, 5])]);
    expect(message(built)).toBe(
      "`@` sums over the last axis of the left and the second to last axis of the right side: [2, 3] @ [4, 5] meets 3 with 4",
    );
  });
});

describe("layout", () => {
  test.each([
    [[784], [28, 28, 1]],
    [
      [2, 3, 4],
      [6, 4],
    ],
    [
      [6, 4],
      [2, 12],
    ],
    [
      [2, 3, 4],
      [4, 3, 2],
    ],
    [
      [1, 6],
      [6, 1],
    ],
  ])("reshape of %j to %j keeps the order", (from, to) => {
    const shaken = shaped(...from);
    const turned = run("reshape", [shaken], { shape: to.map((size) => literal(size)) });
    expect(turned.shape).toEqual(to);
    expect(turned.data).toEqual(shaken.data);
  });

  test("reshape keeps the batch apart, divides by no symbol, and says what does not fit", () => {
    const b = symbolic(batch);
    const image = floats([b, literal(28), literal(28)]);
    expect(message(build("reshape", [image], { shape: [b, literal(784)] }))).toBe("built");
    expect(
      message(
        build("reshape", [image], {
          shape: [{ ...b, terms: [{ coefficient: 28, symbol: batch }] }, literal(28)],
        }),
      ),
    ).toBe("built");
    expect(message(build("reshape", [image], { shape: [literal(784), b] }))).toContain(
      "cannot become [784, batch]",
    );
    expect(message(build("reshape", [typeOf([6])], { shape: [literal(4)] }))).toContain(
      "there are 6 elements, and 4 places",
    );
  });

  test("transpose, unsqueeze, flip, slice", () => {
    expect([...run("transpose", [shaped(2, 3)]).data]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(run("transpose", [shaped(2, 3, 4)], { order: [2, 0, 1] }).shape).toEqual([4, 2, 3]);
    expect(run("unsqueeze", [shaped(2, 3)], { at: 1 }).shape).toEqual([2, 1, 3]);
    expect([...run("flip", [shaped(2, 3)], { over: 1 }).data]).toEqual([2, 1, 0, 5, 4, 3]);
    expect([...run("slice", [shaped(2, 3)], { axis: 1, from: 1, to: 3 }).data]).toEqual([1, 2, 4, 5]);
    expect([...run("slice", [shaped(2, 3)], { axis: 0, at: [literal(1)] }).data]).toEqual([3, 4, 5]);
    expect(message(build("slice", [typeOf([3])], { axis: 0, from: 2, to: 5 }))).toBe(
      "2 to 5 is not within an axis of 3",
    );
  });

  test("concat and pad", () => {
    expect([...run("concat", [shaped(2, 1), shaped(2, 2), shaped(2, 1)], { over: 1 }).data]).toEqual([
      0, 0, 1, 0, 1, 2, 3, 1,
    ]);
    expect([...run("pad", [shaped(2, 2)], { axis: 1, before: 1, after: 2, value: 9 }).data]).toEqual([
      9, 0, 1, 9, 9, 9, 2, 3, 9, 9,
    ]);
  });
});

describe("indices", () => {
  test("take, pick, take_along and one_hot", () => {
    expect([...run("take", [shaped(3, 2), indices(3, [2], [2, 0])]).data]).toEqual([4, 5, 0, 1]);
    expect([...run("take", [shaped(2, 3), indices(3, [], [1])], { axis: 1 }).data]).toEqual([1, 4]);
    expect([...run("pick", [shaped(2, 3), indices(3, [2], [2, 0])]).data]).toEqual([2, 3]);
    const along = run("take_along", [shaped(2, 3), indices(3, [2, 2], [2, 0, 1, 1])]);
    expect([...along.data]).toEqual([2, 0, 4, 4]);
    expect([...run("one_hot", [indices(3, [2], [2, 0])]).data]).toEqual([0, 0, 1, 1, 0, 0]);
  });

  test("an index chooses only from an axis of its size", () => {
    const chosen = build("take", [typeOf([80, 2]), typeOf([4], { kind: "index", size: 65 })]);
    expect(message(chosen)).toBe("these are indices into 65, and the axis they choose from has 80");
  });
});

describe("making", () => {
  test("constants, sizes, ranges", () => {
    expect([...run("constant", [], { value: 2.5, shape: [literal(2)] }).data]).toEqual([2.5, 2.5]);
    expect([...run("size", [], { of: [literal(7)] }).data]).toEqual([7]);
    expect([...run("range", [], { of: [literal(3)] }).data]).toEqual([0, 1, 2]);
  });

  test("bernoulli keeps about the fraction asked for, and each stream draws its own", () => {
    const like = shaped(4000);
    const kept = run("bernoulli", [like], { probability: 0.8, stream: 1 });
    expect(kept.data.reduce((sum, x) => sum + x, 0) / 4000).toBeCloseTo(0.8, 1);
    expect(run("uniform", [like], { stream: 1 }).data).not.toEqual(
      run("uniform", [like], { stream: 2 }).data,
    );
    expect(run("normal", [like], { stream: 1 }).data).toEqual(run("normal", [like], { stream: 1 }).data);
  });
});

test("every operation is listed under its own name and says what it is", () => {
  for (const [name, operation] of operations) {
    expect(operation.name).toBe(name);
    expect(operation.doc).toMatch(/\.$/);
  }
});
