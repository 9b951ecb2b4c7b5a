/** Owns recurrences for tests: an LSTM written out in nodes, forwards or backwards through time, with all its losses. */
import { symbolic, literal } from "../../src/ir/dimension.ts";
import type { GraphFunction, Value } from "../../src/ir/graph.ts";
import { floats } from "../../src/ir/type.ts";
import { batch, frame, Graph } from "./graph.ts";

export interface Recurrence {
  readonly fn: GraphFunction;
  readonly loss: Value;
  readonly parameters: readonly Value[];
}

/** `c' = σ(f) c + σ(i) tanh(g)`, `h' = σ(o) tanh(c')`; the loss reads every h and the last c. */
export function lstm(steps: number, features: number, units: number, reversed: boolean): Recurrence {
  const graph = new Graph();
  const outside = graph.builder;
  const samples = symbolic(batch);
  const typed = (...shape: readonly number[]) => floats(shape.map((size) => literal(size)));
  const batched = (...shape: readonly number[]) => floats([samples, ...shape.map((size) => literal(size))]);
  const x = graph.argument(batched(steps, features), "x");
  const w = graph.argument(typed(features, 4 * units), "w");
  const u = graph.argument(typed(units, 4 * units), "u");
  const b = graph.argument(typed(4 * units), "b");
  const h0 = graph.argument(batched(units), "h0");
  const c0 = graph.argument(batched(units), "c0");

  const inner = outside.inside();
  const inside = new Graph(inner);
  const step = inner.value(batched(features), "x_t");
  const h = inner.value(batched(units), "h");
  const c = inner.value(batched(units), "c");
  const mixed = inside.apply("add", [inside.apply("matmul", [step, w]), inside.apply("matmul", [h, u])]);
  const gates = inside.apply("add", [mixed, b]);
  const gate = (place: number): Value =>
    inside.apply("slice", [gates], { axis: 1, from: place * units, to: (place + 1) * units, at: null });
  const [i, f, g, o] = [0, 1, 2, 3].map(gate) as [Value, Value, Value, Value];
  const sigmoid = (value: Value): Value => inside.apply("sigmoid", [value]);
  const tanh = (value: Value): Value => inside.apply("tanh", [value]);
  const kept = inside.apply("multiply", [sigmoid(f), c]);
  const nextC = inside.apply("add", [kept, inside.apply("multiply", [sigmoid(i), tanh(g)])]);
  const nextH = inside.apply("multiply", [sigmoid(o), tanh(nextC)], {}, "h");

  const lastH = outside.value(batched(units), "last_h");
  const lastC = outside.value(batched(units), "last_c");
  const hs = outside.value(batched(steps, units), "hs");
  outside.append({
    kind: "scan",
    steps: literal(steps),
    reversed,
    sequences: [{ outer: x, axis: 1, inner: step }],
    place: null,
    carries: [
      { initial: h0, inner: h, next: nextH, last: lastH },
      { initial: c0, inner: c, next: nextC, last: lastC },
    ],
    nodes: inner.nodes,
    collects: [{ inner: nextH, axis: 1, result: hs }],
    frame,
  });
  const squared = graph.apply("sum", [graph.apply("multiply", [hs, hs])], { over: null, keep: false });
  const ends = graph.apply("sum", [graph.apply("multiply", [lastC, lastH])], { over: null, keep: false });
  const loss = graph.apply("add", [squared, ends], {}, "loss");
  return { fn: graph.finish(loss), loss, parameters: [x, w, u, b, h0, c0] };
}
