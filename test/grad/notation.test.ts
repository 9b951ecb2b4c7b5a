/** Gradients of index notation: windows, padding, gathers, diagonals, extremes; and of values used more than once. */
import { describe, expect, test } from "vitest";
import { evaluateFunction, tensor } from "../../src/evaluate/index.ts";
import { differentiate } from "../../src/grad/index.ts";
import { type Comprehension, type IndexVariable, isGather } from "../../src/ir/comprehension.ts";
import { literal } from "../../src/ir/dimension.ts";
import { type GraphFunction, indexNodes, type Value } from "../../src/ir/graph.ts";
import {
  constantIndex,
  quotientIndex,
  readIndex,
  remainderIndex,
  scaleIndex,
  subtractIndex,
  sumIndex,
  variableIndex,
} from "../../src/ir/indices.ts";
import { apply, constant, inside, read, readAt, select } from "../../src/ir/scalars.ts";
import type { TensorType } from "../../src/ir/type.ts";
import { context, draw, expectTrueGradients } from "../support/gradient.ts";
import { Graph, batch, frame, typeOf } from "../support/graph.ts";

const index = (name: string, extent: number): IndexVariable => ({ name, extent: literal(extent) });
const times = (a: Parameters<typeof apply>[1], b: Parameters<typeof apply>[1]) => apply("multiply", a!, b!);

/** `sum(sin(y * weights))` of a comprehension, and its gradients, by name of the argument. */
function withLoss(
  types: readonly TensorType[],
  comprehension: Comprehension,
  resultShape: readonly number[],
) {
  const graph = new Graph();
  const operands = types.map((type, place) => graph.argument(type, `x${place}`));
  const y = graph.builder.add({
    operation: "index",
    operands,
    type: typeOf(resultShape),
    comprehension,
    frame,
  });
  const weights = graph.argument(y.type, "weights");
  const loss = graph.apply("sum", [graph.apply("sin", [graph.apply("multiply", [y, weights])])]);
  const parameters = operands.filter(({ type }) => type.element.kind === "float");
  return { fn: graph.finish(loss), loss, parameters, values: [...operands, weights] };
}

function check(
  types: readonly TensorType[],
  comprehension: Comprehension,
  shape: readonly number[],
): GraphFunction {
  const { fn, loss, parameters, values } = withLoss(types, comprehension, shape);
  for (const seed of [1, 2, 3]) {
    const inputs = new Map(values.map((value, place) => [value, draw(value.type, seed, place, context)]));
    expectTrueGradients(fn, loss, parameters, inputs);
  }
  const differentiated = differentiate(fn, loss, parameters);
  if (differentiated.kind === "problem") throw new Error(differentiated.reason);
  return differentiated.fn;
}

const isScatter = (fn: GraphFunction): boolean =>
  indexNodes(fn.nodes).some(({ comprehension }) => !isGather(comprehension));

describe("windows", () => {
  /** conv1d: `y[t, o] = sum(if inside { x[t · stride + k - border, c] } else { 0 } * w[k, c, o], over: k, c)` */
  const convolution = (length: number, kernel: number, stride: number, border: number) => {
    const steps = Math.floor((length + 2 * border - kernel) / stride) + 1;
    const [t, o, k, c] = [index("t", steps), index("o", 2), index("k", kernel), index("c", 3)] as const;
    const place = sumIndex(scaleIndex(stride, variableIndex(t)), variableIndex(k), constantIndex(-border));
    const x = read(0, [place, variableIndex(c)]);
    const guarded = border === 0 ? x : select(inside(place, literal(length)), x, constant(0));
    const comprehension: Comprehension = {
      domain: [t, o, k, c],
      target: [t, o].map(variableIndex),
      reducer: "sum",
      body: times(guarded, readAt(1, [k, c, o])),
    };
    return check([typeOf([length, 3]), typeOf([kernel, 3, 2])], comprehension, [steps, 2]);
  };

  test.each([
    [5, 3, 1, 0],
    [5, 1, 1, 0],
    [6, 3, 1, 1],
    [4, 3, 1, 2],
    [6, 2, 2, 0],
    [7, 2, 2, 0],
  ])("length %d, kernel %d, stride %d, border %d: gathered", (length, kernel, stride, border) => {
    convolution(length, kernel, stride, border);
  });

  test.each([
    [7, 3, 2, 0],
    [8, 3, 2, 1],
    [9, 4, 3, 2],
    [5, 1, 2, 0],
  ])("length %d, kernel %d, stride %d, border %d: strided", (length, kernel, stride, border) => {
    convolution(length, kernel, stride, border);
  });

  test("a window as wide as its stride is turned into a gather", () => {
    expect(isScatter(convolution(6, 2, 2, 0))).toBe(false);
  });

  test("a strided window that stays inside is scattered", () => {
    expect(isScatter(convolution(9, 3, 2, 0))).toBe(true);
  });

  test("max-pooling sends its gradient to the place it chose", () => {
    const [t, k] = [index("t", 3), index("k", 2)] as const;
    const place = sumIndex(scaleIndex(2, variableIndex(t)), variableIndex(k));
    const fn = check(
      [typeOf([6])],
      { domain: [t, k], target: [variableIndex(t)], reducer: "max", body: read(0, [place]) },
      [3],
    );
    expect(isScatter(fn)).toBe(false);
    expect(indexNodes(fn.nodes).filter(({ operation }) => operation === "argmax")).toHaveLength(1);
  });
});

describe("maps of other forms", () => {
  const [i, j] = [index("i", 4), index("j", 3)] as const;

  test("a gather becomes a scatter", () => {
    const chosen = readIndex(1, [variableIndex(i)]);
    const fn = check(
      [typeOf([5, 3]), typeOf([4], { kind: "index", size: 5 })],
      {
        domain: [i, j],
        target: [i, j].map(variableIndex),
        reducer: null,
        body: read(0, [chosen, variableIndex(j)]),
      },
      [4, 3],
    );
    expect(isScatter(fn)).toBe(true);
  });

  test("a gradient through a scatter is a gather", () => {
    const chosen = readIndex(1, [variableIndex(i)]);
    check(
      [typeOf([4]), typeOf([4], { kind: "index", size: 6 })],
      { domain: [i], target: [chosen], reducer: "sum", body: readAt(0, [i]) },
      [6],
    );
  });

  test.each([
    ["the diagonal", [variableIndex(i), variableIndex(i)], [4, 4]],
    ["a fixed place", [constantIndex(2), variableIndex(i)], [3, 4]],
    ["a smaller range", [variableIndex(i), variableIndex(j)], [6, 5]],
    [
      "sums and differences",
      [
        sumIndex(variableIndex(i), variableIndex(j)),
        sumIndex(subtractIndex(variableIndex(i), variableIndex(j)), constantIndex(2)),
      ],
      [6, 6],
    ],
    ["every third", [scaleIndex(3, variableIndex(i)), variableIndex(j)], [12, 3]],
    ["repeated", [remainderIndex(variableIndex(i), 2), quotientIndex(variableIndex(j), 2)], [2, 2]],
    ["each held twice", [quotientIndex(variableIndex(i), 2), variableIndex(j)], [2, 3]],
    ["from the end", [subtractIndex(constantIndex(3), variableIndex(i)), variableIndex(j)], [4, 3]],
    [
      "digits of a place",
      [quotientIndex(variableIndex(i), 2), remainderIndex(variableIndex(i), 2), variableIndex(j)],
      [2, 2, 3],
    ],
    [
      "digits in a wider axis",
      [quotientIndex(variableIndex(i), 2), remainderIndex(variableIndex(i), 2), variableIndex(j)],
      [2, 5, 3],
    ],
  ] as const)("%s", (_, map, shape) => {
    check(
      [typeOf(shape)],
      { domain: [i, j], target: [i, j].map(variableIndex), reducer: null, body: read(0, [...map]) },
      [4, 3],
    );
  });

  test("doubled and padded: a quotient that may lie outside", () => {
    const place = sumIndex(quotientIndex(variableIndex(i), 2), constantIndex(-1));
    const body = select(inside(place, literal(3)), read(0, [place]), constant(0));
    check([typeOf([3])], { domain: [i], target: [variableIndex(i)], reducer: null, body }, [4]);
  });

  test("a tensor read twice in one body, and a reduced variable that is not read", () => {
    const body = times(readAt(0, [i]), apply("add", readAt(0, [i]), read(0, [constantIndex(1)])));
    check([typeOf([4])], { domain: [j, i], target: [variableIndex(j)], reducer: "sum", body }, [3]);
  });

  test("products with a factor of 0", () => {
    const { fn, loss, parameters, values } = withLoss(
      [typeOf([4, 3])],
      { domain: [i, j], target: [variableIndex(i)], reducer: "product", body: readAt(0, [i, j]) },
      [4],
    );
    const x = tensor([4, 3], [0, 2, 3, 0, 0, 1, 1, 2, 3, -1, 0.5, 2]);
    const inputs = new Map([
      [values[0]!, x],
      [values[1]!, draw(values[1]!.type, 1, 1, context)],
    ]);
    expectTrueGradients(fn, loss, parameters, inputs);
  });
});

describe("what a graph makes of it", () => {
  const gradientOf = (fn: GraphFunction, of: Value, by: Value, x: number): number => {
    const differentiated = differentiate(fn, of, [by]);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    const values = evaluateFunction(differentiated.fn, new Map([[by, tensor([], [x])]]), context);
    return values.get(differentiated.gradients.get(by)!)!.data[0]!;
  };

  test("where at sqrt(0), log(0), 1 / 0: an unchosen infinity counts nothing", () => {
    for (const name of ["sqrt", "log", "divide", "power"]) {
      const graph = new Graph();
      const x = graph.argument(typeOf([]), "x");
      const zero = graph.number(0);
      const root = {
        sqrt: () => graph.apply("sqrt", [x]),
        log: () => graph.apply("log", [x]),
        divide: () => graph.apply("divide", [graph.number(1), x]),
        power: () => graph.apply("power", [x, graph.number(-0.5)]),
      }[name]!();
      const y = graph.apply("where", [graph.apply("greater", [x, zero]), root, zero]);
      expect(gradientOf(graph.finish(y), y, x, 0)).toBe(0);
    }
  });

  test("relu has gradient 0 at 0", () => {
    const graph = new Graph();
    const x = graph.argument(typeOf([]), "x");
    const y = graph.apply("maximum", [x, graph.number(0)]);
    const fn = graph.finish(y);
    expect([-1, 0, 1].map((at) => gradientOf(fn, y, x, at))).toEqual([0, 0, 1]);
  });

  test("a value used several times gets the sum, and a stopped path nothing", () => {
    const graph = new Graph();
    const x = graph.argument(typeOf([]), "x");
    const held = graph.apply("stop_gradient", [x]);
    const y = graph.apply("add", [graph.apply("multiply", [x, x]), graph.apply("multiply", [x, held])]);
    expect(gradientOf(graph.finish(y), y, x, 3)).toBe(9);
  });

  test("what a loss does not depend on has gradient 0 of its shape", () => {
    const graph = new Graph();
    const [x, w] = [graph.argument(typeOf([]), "x"), graph.argument(typeOf([2]), "w")];
    const y = graph.apply("exp", [x]);
    const differentiated = differentiate(graph.finish(y), y, [w]);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    const inputs = new Map([
      [x, tensor([], [1])],
      [w, tensor([2], [1, 2])],
    ]);
    expect(
      evaluateFunction(differentiated.fn, inputs, context).get(differentiated.gradients.get(w)!),
    ).toEqual(tensor([2], [0, 0]));
  });

  test("an operation without a gradient names itself and the parameter", () => {
    const graph = new Graph();
    const [x, w] = [graph.argument(typeOf([]), "x"), graph.argument(typeOf([]), "w")];
    const y = graph.apply("floor", [graph.apply("multiply", [x, w])]);
    const problem = differentiate(graph.finish(y), y, [w]);
    expect(problem).toMatchObject({ kind: "problem", operation: "floor", parameter: w, frame });
  });

  test("the same without a path to a parameter is none of its business", () => {
    const graph = new Graph();
    const [x, w] = [graph.argument(typeOf([]), "x"), graph.argument(typeOf([]), "w")];
    const y = graph.apply("multiply", [graph.apply("floor", [x]), w]);
    expect(differentiate(graph.finish(y), y, [w]).kind).toBe("differentiated");
  });

  test("a gradient can be differentiated again", () => {
    const graph = new Graph();
    const x = graph.argument(typeOf([3]), "x");
    const y = graph.apply("sum", [graph.apply("power", [x, graph.number(3)])]);
    const first = differentiate(graph.finish(y), y, [x]);
    if (first.kind === "problem") throw new Error(first.reason);
    const builder = new Graph();
    builder.arguments.push(x);
    const slope = first.gradients.get(x)!;
    // The sum of the gradient, d/dx of which is 6 x.
    const square = { ...first.fn, nodes: [...first.fn.nodes] };
    const [i] = [index("i", 3)];
    const total: Value = { id: 1000, type: typeOf([]), name: null };
    square.nodes.push({
      kind: "index",
      operation: "sum",
      operands: [slope],
      comprehension: { domain: [i!], target: [], reducer: "sum", body: readAt(0, [i!]) },
      result: total,
      frame,
    });
    const second = differentiate(square, total, [x]);
    if (second.kind === "problem") throw new Error(second.reason);
    const values = evaluateFunction(second.fn, new Map([[x, tensor([3], [1, 2, -3])]]), context);
    expect([...values.get(second.gradients.get(x)!)!.data]).toEqual([6, 12, -18]);
  });

  test("dense: the gradients are bare contractions, and a mean divides once", () => {
    const graph = new Graph();
    const samples = { constant: 0, terms: [{ coefficient: 1, symbol: batch }] };
    const x = graph.argument({ element: { kind: "float" }, shape: [samples, literal(4)] }, "x");
    const [w, b] = [graph.argument(typeOf([4, 3]), "w"), graph.argument(typeOf([3]), "b")];
    const y = graph.apply("add", [graph.apply("matmul", [x, w]), b]);
    const loss = graph.apply("mean", [graph.apply("tanh", [y])]);
    const fn = graph.finish(loss);
    const within = { ...context, sizes: new Map([[batch, 5]]) };
    const inputs = new Map([x, w, b].map((value, place) => [value, draw(value.type, 1, place, within)]));
    expectTrueGradients(fn, loss, [x, w, b], inputs, within);
    const differentiated = differentiate(fn, loss, [x, w, b]);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    const bodyOf = (value: Value) => {
      const gradient = differentiated.gradients.get(value);
      const node = indexNodes(differentiated.fn.nodes).find(({ result }) => result === gradient)!;
      const { domain, target, reducer, body } = node.comprehension;
      return { domain: domain.map(({ name }) => name), rank: target.length, reducer, body };
    };
    const product = { kind: "apply", function: "multiply", arguments: [{ kind: "read" }, { kind: "read" }] };
    expect(bodyOf(w)).toMatchObject({ domain: ["j", "i", "b"], rank: 2, reducer: "sum", body: product });
    expect(bodyOf(x)).toMatchObject({ domain: ["b", "j", "i"], rank: 2, reducer: "sum", body: product });
    expect(bodyOf(b)).toMatchObject({ domain: ["i", "b"], rank: 1, reducer: "sum", body: { kind: "read" } });
  });
});
