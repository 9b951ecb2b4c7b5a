/** Owns the operations that put axes elsewhere and elements in another order: views, as index maps. */
import { variablesOver } from "../ir/build.ts";
import {
  type Dimension,
  addDimensions,
  leastValue,
  literal,
  printDimension,
  scaleDimension,
} from "../ir/dimension.ts";
import { dimensionIndex, subtractIndex, sumIndex, variableIndex } from "../ir/indices.ts";
import { read } from "../ir/scalars.ts";
import { printShape } from "../ir/type.ts";
import type { Operation } from "./operation.ts";
import { axesOption, axisProblem, dimensionOption, numberOption, problem, whole } from "./problem.ts";

const transpose: Operation = {
  name: "transpose",
  doc: "Axes in another order; without one the last two change places.",
  tensors: ["x"],
  variadic: false,
  options: { order: { type: "axes", fallback: null } },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const { element, shape } = operands[0]!;
    const rank = shape.length;
    const asked = axesOption(options, "order");
    if (asked === null && rank < 2) {
      return problem(`\`transpose\` swaps the last two axes, and ${printShape(shape)} has ${rank}`, whole(0));
    }
    const order = asked ?? [...shape.keys()].map((axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
    const wrong = axisProblem("transpose", operands[0]!, order);
    if (wrong !== null) return wrong;
    if (order.length !== rank) {
      return problem(
        `\`transpose\` is given an order of ${order.length} axes for ${printShape(shape)}`,
        whole(0),
      );
    }
    const swapped = order.map((axis) => shape[axis]!);
    const domain = variablesOver(swapped);
    const map = shape.map((_, axis) => variableIndex(domain[order.indexOf(axis)]!));
    return {
      kind: "built",
      type: { element, shape: swapped },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: read(0, map) },
    };
  },
};

const unsqueeze: Operation = {
  name: "unsqueeze",
  doc: "A new axis of size 1 before axis `at`, or behind all.",
  tensors: ["x"],
  variadic: false,
  options: { at: { type: "int" } },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const { element, shape } = operands[0]!;
    const at = numberOption(options, "at", 0);
    if (!Number.isInteger(at) || at < 0 || at > shape.length) {
      return problem(`\`unsqueeze\` cannot put an axis at ${at} of ${printShape(shape)}`, whole(0));
    }
    const wider = [...shape.slice(0, at), literal(1), ...shape.slice(at)];
    const domain = variablesOver(wider);
    const map = domain.filter((_, axis) => axis !== at).map(variableIndex);
    return {
      kind: "built",
      type: { element, shape: wider },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: read(0, map) },
    };
  },
};

const flip: Operation = {
  name: "flip",
  doc: "The elements along one axis from last to first.",
  tensors: ["x"],
  variadic: false,
  options: { over: { type: "axis" } },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const { element, shape } = operands[0]!;
    const flipped = numberOption(options, "over", shape.length - 1);
    const wrong = axisProblem("flip", operands[0]!, [flipped]);
    if (wrong !== null) return wrong;
    const domain = variablesOver(shape);
    const map = domain.map((variable, axis) => {
      if (axis !== flipped) return variableIndex(variable);
      const last = addDimensions(variable.extent, literal(-1));
      return subtractIndex(dimensionIndex(last), variableIndex(variable));
    });
    return {
      kind: "built",
      type: { element, shape },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: read(0, map) },
    };
  },
};

const slice: Operation = {
  name: "slice",
  doc: "The places `from … to` (not `to` itself) along one axis, or with `at` the one place, which drops the axis. From the front; the checker counts from the end.",
  tensors: ["x"],
  variadic: false,
  options: {
    axis: { type: "axis" },
    from: { type: "shape", fallback: 0 },
    to: { type: "shape", fallback: null },
    at: { type: "shape", fallback: null },
  },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const { element, shape } = operands[0]!;
    const axis = numberOption(options, "axis", 0);
    const wrong = axisProblem("slice", operands[0]!, [axis]);
    if (wrong !== null) return wrong;
    const size = shape[axis]!;
    const at = dimensionOption(options, "at");
    const from = at ?? dimensionOption(options, "from") ?? literal(0);
    const to = at === null ? (dimensionOption(options, "to") ?? size) : addDimensions(at, literal(1));
    const length = difference(to, from);
    if (leastValue(from) < 0 || leastValue(difference(size, to)) < 0 || leastValue(length) < 1) {
      const asked =
        at === null ? `${printDimension(from)} to ${printDimension(to)}` : `place ${printDimension(at)}`;
      return problem(`${asked} is not within an axis of ${printDimension(size)}`, [{ operand: 0, axis }]);
    }
    const kept = shape.map((dimension, place) => (place === axis ? length : dimension));
    const cut = at === null ? kept : kept.filter((_, place) => place !== axis);
    const domain = variablesOver(cut);
    const map = shape.map((_, place) => {
      if (place !== axis) return variableIndex(domain[at !== null && place > axis ? place - 1 : place]!);
      return at === null ? sumIndex(variableIndex(domain[place]!), dimensionIndex(from)) : dimensionIndex(at);
    });
    return {
      kind: "built",
      type: { element, shape: cut },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: read(0, map) },
    };
  },
};

function difference(a: Dimension, b: Dimension): Dimension {
  return addDimensions(a, scaleDimension(b, -1));
}

export const layoutOperations: readonly Operation[] = [transpose, unsqueeze, flip, slice];
