/** Every pass keeps what a function computes, leaves it well formed, and does what it is for. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EvaluationContext, type Tensor, evaluateFunction } from "../../src/evaluate/index.ts";
import { differentiate } from "../../src/grad/index.ts";
import { literal } from "../../src/ir/dimension.ts";
import { type GraphFunction, indexNodes, type Value } from "../../src/ir/graph.ts";
import { printFunction } from "../../src/ir/print.ts";
import { verifyFunction } from "../../src/ir/verify.ts";
import { cse, dead, fold, passes, simplify } from "../../src/passes/index.ts";
import { expectGolden } from "../golden.ts";
import { context, draw, expectTrueGradients } from "../support/gradient.ts";
import { Graph, batch, typeOf } from "../support/graph.ts";
import { perceptron } from "../support/perceptron.ts";

const within: EvaluationContext = { ...context, sizes: new Map([[batch, 3]]) };

function inputsOf(fn: GraphFunction, seed: number): ReadonlyMap<Value, Tensor> {
  return new Map(fn.arguments.map(({ value }, place) => [value, draw(value.type, seed, place, within)]));
}

function resultsOf(fn: GraphFunction, seed: number): readonly Tensor[] {
  const values = evaluateFunction(fn, inputsOf(fn, seed), within);
  return fn.results.map(({ value }) => values.get(value)!);
}

/** Equal within rounding; NaN and infinities where they were. */
function expectSameResults(before: GraphFunction, after: GraphFunction, seed: number): void {
  const [expected, actual] = [resultsOf(before, seed), resultsOf(after, seed)];
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [place, { data }] of expected.entries()) {
    for (const [element, value] of data.entries()) {
      const own = actual[place]!.data[element]!;
      if (Number.isFinite(value))
        expect(Math.abs(own - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
      else expect(own).toEqual(value);
    }
  }
}

/** One thing done to values made before, all of shape [2, 3] or scalars. */
interface Move {
  readonly operation: string;
  readonly operands: readonly [number, number];
  readonly number: number;
}

const moves = fc.array(
  fc.record<Move>({
    operation: fc.constantFrom(
      "add",
      "subtract",
      "multiply",
      "divide",
      "maximum",
      "power",
      "negate",
      "exp",
      "tanh",
      "sqrt",
      "transposed",
      "copied",
      "constant",
      "wide",
      "drawn",
      "compared",
      "total",
      "twice",
      "stop_gradient",
    ),
    operands: fc.tuple(fc.nat(40), fc.nat(40)),
    number: fc.constantFrom(0, 1, -1, 2, 0.5, 3),
  }),
  { minLength: 1, maxLength: 25 },
);

function graphOf(list: readonly Move[]): GraphFunction {
  const graph = new Graph();
  const values = [graph.argument(typeOf([2, 3]), "x"), graph.argument(typeOf([2, 3]), "y")];
  for (const { operation, operands, number } of list) {
    const [a, b] = operands.map((place) => values[place % values.length]!) as [Value, Value];
    values.push(make(graph, operation, a, b, number));
  }
  return graph.finish(values.at(-1)!, values[values.length >> 1]!, values.at(-2)!);
}

function make(graph: Graph, operation: string, a: Value, b: Value, number: number): Value {
  const wide = (value: Value): Value =>
    value.type.shape.length === 2
      ? value
      : graph.apply("add", [
          value,
          graph.apply("constant", [], { value: 0, shape: [literal(2), literal(3)] }),
        ]);
  switch (operation) {
    case "negate":
    case "exp":
    case "tanh":
    case "sqrt":
    case "stop_gradient":
      return graph.apply(operation, [a]);
    case "transposed":
      return graph.apply("transpose", [graph.apply("transpose", [wide(a)])]);
    case "copied": {
      const flat = graph.apply("reshape", [wide(a)], { shape: [literal(6)] });
      return graph.apply("reshape", [flat], { shape: [literal(2), literal(3)] });
    }
    case "constant":
      return graph.number(number);
    case "wide":
      return graph.apply("constant", [], { value: number, shape: [literal(2), literal(3)] });
    case "drawn":
      return graph.apply("uniform", [wide(a)], { stream: Math.abs(number) });
    case "compared":
      return graph.apply("where", [graph.apply("less", [a, b]), a, b]);
    case "total":
      return graph.apply("sum", [a]);
    case "twice":
      return graph.apply("negate", [graph.apply("negate", [a])]);
    default:
      return graph.apply(operation, [a, b]);
  }
}

describe.each(passes.map((pass) => [pass.name, pass] as const))("%s", (_, pass) => {
  test("keeps what random functions compute, and their form", () => {
    fc.assert(
      fc.property(moves, fc.nat(1000), (list, seed) => {
        const before = graphOf(list);
        expect(verifyFunction(before)).toEqual([]);
        const after = pass.run(before);
        expect(verifyFunction(after)).toEqual([]);
        expect(after.nodes.length).toBeLessThanOrEqual(before.nodes.length);
        expectSameResults(before, after, seed);
        // A second time there is nothing left to do.
        expect(pass.run(after)).toBe(after);
      }),
      { numRuns: 300 },
    );
  });

  test("keeps a network and its gradients", () => {
    const { fn, loss, parameters } = perceptron();
    const differentiated = differentiate(fn, loss, parameters);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    const after = pass.run(differentiated.fn);
    expect(verifyFunction(after)).toEqual([]);
    expectSameResults(differentiated.fn, after, 1);
  });
});

describe("what each is for", () => {
  const x = (graph: Graph): Value => graph.argument(typeOf([2, 3]), "x");
  const count = (fn: GraphFunction): number => fn.nodes.length;

  test("fold leaves out what does nothing", () => {
    const graph = new Graph();
    const y = graph.apply("negate", [
      graph.apply("negate", [graph.apply("multiply", [x(graph), graph.number(1)])]),
    ]);
    const fn = simplify(graph.finish(graph.apply("exp", [graph.apply("add", [y, graph.number(0)])])));
    expect(count(fn)).toBe(1);
  });

  test("fold computes numbers", () => {
    const graph = new Graph();
    const total = graph.apply("sum", [graph.apply("range", [], { of: [literal(5)] })]);
    const y = graph.apply("power", [graph.apply("add", [total, graph.number(2)]), graph.number(2)]);
    const fn = simplify(graph.finish(y));
    expect(resultsOf(fn, 1)[0]!.data[0]).toBe(144);
  });

  test("x * 0 is not 0: x may be infinite", () => {
    const graph = new Graph();
    const fn = graph.finish(graph.apply("multiply", [x(graph), graph.number(0)]));
    expect(indexNodes(fold.run(fn).nodes).at(-1)!.operands).toHaveLength(1);
  });

  test("cse merges equal nodes, and draws only of one stream", () => {
    const graph = new Graph();
    const at = x(graph);
    const drawn = [1, 1, 2].map((stream) => graph.apply("normal", [at], { stream }));
    const sum = drawn.reduce((a, b) => graph.apply("add", [a, b]));
    expect(
      indexNodes(cse.run(graph.finish(sum)).nodes).filter(({ operation }) => operation === "normal"),
    ).toHaveLength(2);
  });

  test("cse keeps what stops a gradient apart from what does not", () => {
    const graph = new Graph();
    const at = x(graph);
    const held = graph.apply("stop_gradient", [at]);
    const loss = graph.apply("sum", [graph.apply("multiply", [at, held])]);
    const fn = simplify(graph.finish(loss));
    const differentiated = differentiate(fn, loss, [at]);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    const inputs = inputsOf(fn, 1);
    const values = evaluateFunction(differentiated.fn, inputs, within);
    expect(values.get(differentiated.gradients.get(at)!)).toEqual(inputs.get(at));
  });

  test("dead drops what no result needs", () => {
    const graph = new Graph();
    const at = x(graph);
    graph.apply("exp", [graph.apply("exp", [at])]);
    expect(count(dead.run(graph.finish(graph.apply("tanh", [at]))))).toBe(1);
  });

  test("results keep values of their own", () => {
    const graph = new Graph();
    const at = x(graph);
    const [a, b, c] = [
      graph.apply("exp", [at]),
      graph.apply("exp", [at]),
      graph.apply("add", [at, graph.number(0)]),
    ];
    const fn = simplify(graph.finish(a, b, c));
    expect(fn.results.map(({ value }) => value)).toEqual([a, b, c]);
  });
});

describe("a network", () => {
  test("has the gradients of finite differences, also once simplified", () => {
    const { fn, loss, parameters } = perceptron();
    for (const form of [fn, simplify(fn)]) {
      expectTrueGradients(form, loss, parameters, inputsOf(fn, 4), within);
    }
  });

  test("prints as one line a value", () => {
    const { fn, loss, parameters } = perceptron();
    expectGolden("graph/perceptron/graph.txt", printFunction(fn));
    const simple = simplify(fn);
    expectGolden("graph/perceptron/after-simplify.txt", printFunction(simple));
    const differentiated = differentiate(simple, loss, parameters);
    if (differentiated.kind === "problem") throw new Error(differentiated.reason);
    expectGolden("graph/perceptron/gradients.txt", printFunction(simplify(differentiated.fn)));
  });

  test("a chain of layers is simplified and differentiated in as many nodes as it has, times a constant", () => {
    const lengthOf = (layers: number): number => {
      const graph = new Graph();
      const w = graph.argument(typeOf([4, 4]), "w");
      let at = graph.argument(typeOf([4, 4]), "x");
      for (let layer = 0; layer < layers; layer += 1)
        at = graph.apply("tanh", [graph.apply("matmul", [at, w])]);
      const loss = graph.apply("sum", [at]);
      const differentiated = differentiate(simplify(graph.finish(loss)), loss, [w]);
      if (differentiated.kind === "problem") throw new Error(differentiated.reason);
      return simplify(differentiated.fn).nodes.length;
    };
    const [one, two, four] = [lengthOf(50), lengthOf(100), lengthOf(200)];
    expect(four! - two!).toBe(2 * (two! - one!));
  });
});
