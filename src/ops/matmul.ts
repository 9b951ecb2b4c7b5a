/** Owns the matrix product. */
import type { IndexVariable } from "../ir/comprehension.ts";
import { variablesOver } from "../ir/build.ts";
import { type Dimension, printDimension, sameDimension } from "../ir/dimension.ts";
import { variableIndex } from "../ir/indices.ts";
import { apply, read } from "../ir/scalars.ts";
import { float, printShape } from "../ir/type.ts";
import { broadcastShapes, readBroadcast } from "./broadcast.ts";
import type { Operation } from "./operation.ts";
import { notFloat, problem, whole } from "./problem.ts";

/** `y[…, i, j] = sum(a[…, i, k] * b[…, k, j], over: k)` */
export const matmul: Operation = {
  name: "matmul",
  doc: "The matrix product over the last axis of `a` and the second to last of `b`; leading axes broadcast, a vector is a row on the left and a column on the right.",
  tensors: ["a", "b"],
  variadic: false,
  options: {},
  gradient: { kind: "derived" },
  build: (operands) => {
    const wrong = notFloat("matmul", operands);
    if (wrong !== null) return wrong;
    const [a, b] = operands.map(({ shape }) => shape) as [readonly Dimension[], readonly Dimension[]];
    const scalar = [a, b].findIndex((shape) => shape.length === 0);
    if (scalar >= 0) {
      return problem(
        "`@` takes vectors and matrices, and this is a scalar",
        whole(scalar),
        "multiply by it with `*`",
      );
    }
    const summedAxisOfB = Math.max(b.length - 2, 0);
    const [summedOfA, summedOfB] = [a.at(-1)!, b[summedAxisOfB]!];
    if (!sameDimension(summedOfA, summedOfB)) {
      return problem(
        `\`@\` sums over the last axis of the left and ${b.length === 1 ? "the axis" : "the second to last axis"} of the right side: ` +
          `${printShape(a)} @ ${printShape(b)} meets ${printDimension(summedOfA)} with ${printDimension(summedOfB)}`,
        [
          { operand: 0, axis: a.length - 1 },
          { operand: 1, axis: summedAxisOfB },
        ],
      );
    }
    const leading = broadcastShapes("matmul", [a.slice(0, -2), b.slice(0, -2)]);
    if (leading.kind === "problem") return leading;
    const rows = a.slice(0, -1).slice(-1);
    const columns = b.length === 1 ? [] : b.slice(-1);
    const shape = [...leading.shape, ...rows, ...columns];
    const free = variablesOver(shape);
    const [summed] = variablesOver([summedOfA], free) as [IndexVariable];
    const outer = free.slice(0, leading.shape.length);
    const rowVariables = free.slice(outer.length, outer.length + rows.length);
    const columnVariables = free.slice(outer.length + rows.length);
    const leadingMap = (operand: number, own: readonly Dimension[]) => {
      const map = readBroadcast(operand, own, outer);
      return map.kind === "read" ? map.at : [];
    };
    const left = [...leadingMap(0, a.slice(0, -2)), ...[...rowVariables, summed].map(variableIndex)];
    const right = [...leadingMap(1, b.slice(0, -2)), ...[summed, ...columnVariables].map(variableIndex)];
    return {
      kind: "built",
      type: { element: float, shape },
      comprehension: {
        domain: [...free, summed],
        target: free.map(variableIndex),
        reducer: "sum",
        body: apply("multiply", read(0, left), read(1, right)),
      },
    };
  },
};
