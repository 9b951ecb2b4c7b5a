/** Owns the operations that read or make by index tensors. */
import { variablesOver } from "../ir/build.ts";
import { literal, literalValue, printDimension } from "../ir/dimension.ts";
import { readIndex, variableIndex } from "../ir/indices.ts";
import { apply, indexScalar, read, readAt } from "../ir/scalars.ts";
import { float, printShape } from "../ir/type.ts";
import type { Operation } from "./operation.ts";
import { axisProblem, numberOption, problem, whole } from "./problem.ts";

const take: Operation = {
  name: "take",
  doc: "`table[indices]`: the axis is replaced by the axes of an index tensor whose size is the axis' extent.",
  tensors: ["table", "indices"],
  variadic: false,
  options: { axis: { type: "axis", fallback: 0 } },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const [table, indices] = operands as [(typeof operands)[0], (typeof operands)[0]];
    const axis = numberOption(options, "axis", 0);
    const wrong = axisProblem("take", table, [axis]);
    if (wrong !== null) return wrong;
    if (indices.element.kind !== "index") {
      return problem("a tensor is indexed by an index tensor, and these are no indices", whole(1));
    }
    const extent = table.shape[axis]!;
    if (literalValue(extent) !== indices.element.size) {
      return problem(
        `these are indices into ${indices.element.size}, and the axis they choose from has ${printDimension(extent)}`,
        [
          { operand: 0, axis },
          { operand: 1, axis: null },
        ],
      );
    }
    const shape = [...table.shape.slice(0, axis), ...indices.shape, ...table.shape.slice(axis + 1)];
    const domain = variablesOver(shape);
    const chosen = domain.slice(axis, axis + indices.shape.length).map(variableIndex);
    const map = [
      ...domain.slice(0, axis).map(variableIndex),
      readIndex(1, chosen),
      ...domain.slice(axis + indices.shape.length).map(variableIndex),
    ];
    return {
      kind: "built",
      type: { element: table.element, shape },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: read(0, map) },
    };
  },
};

const pick: Operation = {
  name: "pick",
  doc: "One element of the last axis for each place: `y[…] = x[…, index[…]]`.",
  tensors: ["x", "indices"],
  variadic: false,
  options: {},
  gradient: { kind: "derived" },
  build: (operands) => {
    const [x, indices] = operands as [(typeof operands)[0], (typeof operands)[0]];
    const extent = x.shape.at(-1);
    if (indices.element.kind !== "index") {
      return problem("`pick` takes indices, and these are none", whole(1));
    }
    const { size } = indices.element;
    const leading = x.shape.slice(0, -1);
    const fits = leading.length === indices.shape.length && printShape(leading) === printShape(indices.shape);
    if (extent === undefined || literalValue(extent) !== size || !fits) {
      return problem(
        `\`pick\` takes an index for each place: ${printShape(x.shape)} does not fit indices into ${size} of shape ${printShape(indices.shape)}`,
        [
          { operand: 0, axis: null },
          { operand: 1, axis: null },
        ],
      );
    }
    const domain = variablesOver(leading);
    const at = domain.map(variableIndex);
    return {
      kind: "built",
      type: { element: x.element, shape: leading },
      comprehension: { domain, target: at, reducer: null, body: read(0, [...at, readIndex(1, at)]) },
    };
  },
};

const takeAlong: Operation = {
  name: "take_along",
  doc: "Elements of the last axis, several for each place: `y[…, k] = x[…, indices[…, k]]`.",
  tensors: ["x", "indices"],
  variadic: false,
  options: {},
  gradient: { kind: "derived" },
  build: (operands) => {
    const [x, indices] = operands as [(typeof operands)[0], (typeof operands)[0]];
    const extent = x.shape.at(-1);
    if (indices.element.kind !== "index") {
      return problem("`take_along` takes indices, and these are none", whole(1));
    }
    const { size } = indices.element;
    const leading = x.shape.slice(0, -1);
    const fits =
      x.shape.length === indices.shape.length &&
      printShape(leading) === printShape(indices.shape.slice(0, -1));
    if (extent === undefined || literalValue(extent) !== size || !fits) {
      return problem(
        `\`take_along\` takes indices into the last axis for each place before it: ${printShape(x.shape)} does not fit indices into ${size} of shape ${printShape(indices.shape)}`,
        [
          { operand: 0, axis: null },
          { operand: 1, axis: null },
        ],
      );
    }
    const domain = variablesOver(indices.shape);
    const at = domain.map(variableIndex);
    return {
      kind: "built",
      type: { element: x.element, shape: indices.shape },
      comprehension: {
        domain,
        target: at,
        reducer: null,
        body: read(0, [...at.slice(0, -1), readIndex(1, at)]),
      },
    };
  },
};

const oneHot: Operation = {
  name: "one_hot",
  doc: "A new last axis as long as the index is wide: 1 at the index, else 0.",
  tensors: ["indices"],
  variadic: false,
  options: {},
  gradient: { kind: "derived" },
  build: (operands) => {
    const { element, shape } = operands[0]!;
    if (element.kind !== "index") {
      return problem("`one_hot` takes indices, and these are none", whole(0));
    }
    const wider = [...shape, literal(element.size)];
    const domain = variablesOver(wider);
    const last = domain.at(-1)!;
    return {
      kind: "built",
      type: { element: float, shape: wider },
      comprehension: {
        domain,
        target: domain.map(variableIndex),
        reducer: null,
        body: apply("equal", readAt(0, domain.slice(0, -1)), indexScalar(variableIndex(last))),
      },
    };
  },
};

export const indexingOperations: readonly Operation[] = [take, pick, takeAlong, oneHot];
