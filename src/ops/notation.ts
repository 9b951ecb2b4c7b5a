/** Owns the entry of index notation, whose comprehension the user writes. */
import type { Operation } from "./operation.ts";
import { problem } from "./problem.ts";

export const notation: Operation = {
  name: "index",
  doc: "A comprehension written out: `y[b, o] = sum(x[b, i] * w[i, o], over: i)`.",
  tensors: ["operands"],
  variadic: true,
  options: {},
  gradient: { kind: "derived" },
  build: () =>
    problem("index notation is written as an equation: `y[b, o] = sum(x[b, i] * w[i, o], over: i)`"),
};
