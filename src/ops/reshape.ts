/** Owns reshaping: the same elements in row-major order under another shape, as an index map. */
import type { IndexExpression } from "../ir/comprehension.ts";
import { variablesOver } from "../ir/build.ts";
import {
  type Dimension,
  isLiteral,
  literal,
  multiplyDimensions,
  printDimension,
  sameDimension,
} from "../ir/dimension.ts";
import {
  constantIndex,
  quotientIndex,
  remainderIndex,
  scaleIndex,
  sumIndex,
  variableIndex,
} from "../ir/indices.ts";
import { read } from "../ir/scalars.ts";
import { printShape } from "../ir/type.ts";
import type { Operation, Problem } from "./operation.ts";
import { problem, shapeOption, whole } from "./problem.ts";

export const reshape: Operation = {
  name: "reshape",
  doc: "The same elements in row-major order under another shape.",
  tensors: ["x"],
  variadic: false,
  options: { shape: { type: "shape" } },
  gradient: { kind: "derived" },
  build: (operands, options) => {
    const { element, shape: source } = operands[0]!;
    const shape = shapeOption(options, "shape") ?? source;
    const [from, to] = [groupsOf(source), groupsOf(shape)];
    const wrong = disagreement(source, shape, from, to);
    if (wrong !== null) return wrong;
    const domain = variablesOver(shape);
    let done = 0;
    const map = from.flatMap((group, place) => {
      const target = to[place]!;
      const variables = domain.slice(done, done + target.length).map(variableIndex);
      done += target.length;
      return digits(offsetOf(variables, target), group);
    });
    return {
      kind: "built",
      type: { element, shape },
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: read(0, map) },
    };
  },
};

/**
 * A shape cut before each axis whose size is known only at run time: within a group only the first axis may be such,
 * so that strides are literal and no map divides by it. The first group is that of the axes before, maybe none.
 */
function groupsOf(shape: readonly Dimension[]): readonly (readonly Dimension[])[] {
  const groups: Dimension[][] = [[]];
  for (const dimension of shape) {
    if (isLiteral(dimension)) groups.at(-1)!.push(dimension);
    else groups.push([dimension]);
  }
  return groups;
}

function productOf(dimensions: readonly Dimension[]): Dimension {
  return dimensions.reduce((product, dimension) => multiplyDimensions(product, dimension)!, literal(1));
}

function disagreement(
  source: readonly Dimension[],
  shape: readonly Dimension[],
  from: readonly (readonly Dimension[])[],
  to: readonly (readonly Dimension[])[],
): Problem | null {
  if (from.every((group, place) => sameGroup(group, to[place])) && from.length === to.length) return null;
  const sizes = `${printShape(source)} cannot become ${printShape(shape)}`;
  if ([...source, ...shape].every(isLiteral)) {
    const [have, want] = [printDimension(productOf(source)), printDimension(productOf(shape))];
    return problem(`\`reshape\`: ${sizes}: there are ${have} elements, and ${want} places`, whole(0));
  }
  return problem(
    `\`reshape\`: ${sizes}`,
    whole(0),
    "axes whose size is known only at run time stay where they are; those after each keep their product",
  );
}

function sameGroup(from: readonly Dimension[], to: readonly Dimension[] | undefined): boolean {
  return to !== undefined && sameDimension(productOf(from), productOf(to));
}

/** The row-major place within a group. */
function offsetOf(at: readonly IndexExpression[], group: readonly Dimension[]): IndexExpression {
  return group.reduce<IndexExpression>(
    (offset, { constant: size }, axis) =>
      sumIndex(axis === 0 ? constantIndex(0) : scaleIndex(size, offset), at[axis]!),
    constantIndex(0),
  );
}

/** The places along each axis of a group, of a row-major place. */
function digits(offset: IndexExpression, group: readonly Dimension[]): IndexExpression[] {
  return group.map((dimension, axis) => {
    const stride = group.slice(axis + 1).reduce((product, { constant: size }) => product * size, 1);
    const above = quotientIndex(offset, stride);
    return axis === 0 ? above : remainderIndex(above, dimension.constant);
  });
}
