/** Owns the operations that lay tensors next to something: to each other, or to a border. */
import type { Scalar } from "../ir/comprehension.ts";
import { variablesOver } from "../ir/build.ts";
import {
  type Dimension,
  addDimensions,
  leastValue,
  literal,
  printDimension,
  sameDimension,
} from "../ir/dimension.ts";
import { dimensionIndex, subtractIndex, variableIndex } from "../ir/indices.ts";
import { constant, inside, read, select } from "../ir/scalars.ts";
import { printShape, sameElement } from "../ir/type.ts";
import type { Operation } from "./operation.ts";
import { axisProblem, dimensionOption, numberOption, problem, whole } from "./problem.ts";

const concat: Operation = {
  name: "concat",
  doc: "Tensors one after the other along an axis; their other axes are equal.",
  tensors: ["parts"],
  variadic: true,
  options: { over: { type: "axis", fallback: null } },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const first = operands[0]!;
    const axis = numberOption(options, "over", first.shape.length - 1);
    const wrong = axisProblem("concat", first, [axis]);
    if (wrong !== null) return wrong;
    for (const [operand, type] of operands.entries()) {
      const other = type.shape.findIndex(
        (dimension, place) =>
          place !== axis && !(first.shape[place] && sameDimension(dimension, first.shape[place])),
      );
      if (type.shape.length !== first.shape.length || other >= 0) {
        const place = other >= 0 && type.shape.length === first.shape.length ? other : null;
        return problem(
          `\`concat\` lays tensors along axis ${axis}, and their other axes must be equal: ` +
            `${printShape(first.shape)} and ${printShape(type.shape)}`,
          [
            { operand: 0, axis: place },
            { operand, axis: place },
          ],
        );
      }
      if (!sameElement(type.element, first.element)) {
        return problem(
          "`concat` joins tensors of one kind: floats, truth values or the same indices",
          whole(operand),
        );
      }
    }
    const total = operands.reduce((sum, { shape }) => addDimensions(sum, shape[axis]!), literal(0));
    const shape = first.shape.map((dimension, place) => (place === axis ? total : dimension));
    const domain = variablesOver(shape);
    const offsets = operands.map((_, operand) =>
      operands.slice(0, operand).reduce((sum, part) => addDimensions(sum, part.shape[axis]!), literal(0)),
    );
    const part = (operand: number): { readonly element: Scalar; readonly guard: Scalar } => {
      const along = subtractIndex(variableIndex(domain[axis]!), dimensionIndex(offsets[operand]!));
      const map = domain.map((variable, place) => (place === axis ? along : variableIndex(variable)));
      return { element: read(operand, map), guard: inside(along, operands[operand]!.shape[axis]!) };
    };
    // x0[i] where i is in its range, else x1[i - n0] where i is in its range, … else the last
    const body = operands.slice(0, -1).reduceRight(
      (rest, _, operand) => {
        const { element, guard } = part(operand);
        return select(guard, element, rest);
      },
      part(operands.length - 1).element,
    );
    return {
      kind: "built",
      type: { element: first.element, shape },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body },
    };
  },
};

const pad: Operation = {
  name: "pad",
  doc: "A border of `value` along one axis: `before` places in front, `after` behind.",
  tensors: ["x"],
  variadic: false,
  options: {
    axis: { type: "axis" },
    before: { type: "size", fallback: 0 },
    after: { type: "size", fallback: 0 },
    value: { type: "float", fallback: 0 },
  },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const { element, shape } = operands[0]!;
    const axis = numberOption(options, "axis", 0);
    const wrong = axisProblem("pad", operands[0]!, [axis]);
    if (wrong !== null) return wrong;
    const before = dimensionOption(options, "before") ?? literal(0);
    const after = dimensionOption(options, "after") ?? literal(0);
    const value = numberOption(options, "value", 0);
    if (![before, after].every((places) => Number.isInteger(places.constant) && leastValue(places) >= 0)) {
      const given = `${printDimension(before)} and ${printDimension(after)}`;
      return problem(`\`pad\` adds whole numbers of places, not ${given}`);
    }
    if (element.kind === "index" && !(Number.isInteger(value) && value >= 0 && value < element.size)) {
      return problem(`\`pad\` fills with ${value}, which is no index into ${element.size}`, whole(0));
    }
    const padded = addDimensions(addDimensions(shape[axis]!, before), after);
    const wider: Dimension[] = shape.map((dimension, place) => (place === axis ? padded : dimension));
    const domain = variablesOver(wider);
    const along = subtractIndex(variableIndex(domain[axis]!), dimensionIndex(before));
    const map = domain.map((variable, place) => (place === axis ? along : variableIndex(variable)));
    return {
      kind: "built",
      type: { element, shape: wider },
      comprehension: {
        domain,
        target: domain.map(variableIndex),
        reducer: null,
        body: select(inside(along, shape[axis]!), read(0, map), constant(value)),
      },
    };
  },
};

export const joiningOperations: readonly Operation[] = [concat, pad];
