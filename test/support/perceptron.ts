/** Owns a small network as a graph: two dense layers with dropout and a mean cross-entropy over the batch. */
import { literal, symbolic } from "../../src/ir/dimension.ts";
import type { GraphFunction, Value } from "../../src/ir/graph.ts";
import { floats } from "../../src/ir/type.ts";
import { Graph, batch } from "./graph.ts";

export interface Perceptron {
  readonly fn: GraphFunction;
  readonly loss: Value;
  readonly parameters: readonly Value[];
}

export function perceptron(): Perceptron {
  const graph = new Graph();
  const samples = symbolic(batch);
  const x = graph.argument(floats([samples, literal(2), literal(3)]), "image");
  const digit = graph.argument({ element: { kind: "index", size: 4 }, shape: [samples] }, "digit");
  const w1 = graph.argument(floats([literal(6), literal(5)]), "hidden.w");
  const b1 = graph.argument(floats([literal(5)]), "hidden.b");
  const w2 = graph.argument(floats([literal(5), literal(4)]), "scores.w");
  const flat = graph.apply("reshape", [x], { shape: [samples, literal(6)] });
  const before = graph.apply("add", [graph.apply("matmul", [flat, w1]), b1]);
  const active = graph.apply("maximum", [before, graph.number(0)], {}, "hidden");
  const mask = graph.apply("bernoulli", [active], { probability: 0.5, stream: 3 });
  const kept = graph.apply("divide", [graph.apply("multiply", [active, mask]), graph.number(0.5)]);
  const scores = graph.apply("matmul", [kept, w2], {}, "scores");
  const most = graph.apply("stop_gradient", [graph.apply("max", [scores], { over: [1], keep: true })]);
  const shifted = graph.apply("subtract", [scores, most]);
  const total = graph.apply("sum", [graph.apply("exp", [shifted])], { over: [1] });
  const own = graph.apply("pick", [shifted, digit]);
  const each = graph.apply("subtract", [graph.apply("log", [total]), own]);
  const loss = graph.apply("mean", [each], {}, "loss");
  return { fn: graph.finish(loss), loss, parameters: [w1, b1, w2] };
}
