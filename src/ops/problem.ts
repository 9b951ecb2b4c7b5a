/** Owns how operations say that their operands do not fit, and how they read their options. */
import type { Dimension } from "../ir/dimension.ts";
import { type TensorType, printShape } from "../ir/type.ts";
import type { OptionValue, Problem } from "./operation.ts";

export type Options = Readonly<Record<string, OptionValue>>;

export function problem(
  message: string,
  operands: Problem["operands"] = [],
  help: string | null = null,
): Problem {
  return { kind: "problem", message, operands, help };
}

/** A whole operand is to blame. */
export function whole(operand: number): Problem["operands"] {
  return [{ operand, axis: null }];
}

/** Null where all are in range; negative axes are counted by the checker, not here. */
export function axisProblem(name: string, type: TensorType, axes: readonly number[]): Problem | null {
  const rank = type.shape.length;
  const wrong = axes.find((axis) => !Number.isInteger(axis) || axis < 0 || axis >= rank);
  if (wrong !== undefined) {
    return problem(
      rank === 0
        ? `\`${name}\` works along an axis, and a scalar has none`
        : `\`${name}\` is asked for axis ${wrong} of ${printShape(type.shape)}, which has axes 0 to ${rank - 1}`,
      whole(0),
    );
  }
  const twice = axes.find((axis, place) => axes.indexOf(axis) !== place);
  return twice === undefined ? null : problem(`\`${name}\` is given axis ${twice} twice`, whole(0));
}

/** A float is wanted; truth values and indices would be taken for numbers silently. */
export function notFloat(name: string, types: readonly TensorType[]): Problem | null {
  for (const [operand, { element }] of types.entries()) {
    if (element.kind === "bool") {
      return problem(
        `\`${name}\` takes floats, and these are truth values`,
        whole(operand),
        "`to_float` makes 1 of true and 0 of false",
      );
    }
    if (element.kind === "index") {
      return problem(
        `\`${name}\` takes floats, and these are indices into ${element.size}`,
        whole(operand),
        "`to_float` makes numbers of indices, `one_hot` rows",
      );
    }
  }
  return null;
}

export function numberOption(options: Options, name: string, fallback: number): number {
  const value = options[name];
  return typeof value === "number" ? value : fallback;
}

export function boolOption(options: Options, name: string): boolean {
  return options[name] === true;
}

/** A list of axes; a single one counts as a list; null where left out. */
export function axesOption(options: Options, name: string): readonly number[] | null {
  const value = options[name];
  if (typeof value === "number") return [value];
  if (!Array.isArray(value)) return null;
  return (value as readonly unknown[]).filter((axis) => typeof axis === "number");
}

/** A list of dimensions, of numbers too; null where left out. */
export function shapeOption(options: Options, name: string): readonly Dimension[] | null {
  const value = options[name];
  if (!Array.isArray(value)) return null;
  return (value as readonly (number | Dimension)[]).map((entry) =>
    typeof entry === "number" ? { constant: entry, terms: [] } : entry,
  );
}

/** A number or a dimension as a dimension; null where left out. */
export function dimensionOption(options: Options, name: string): Dimension | null {
  const value = options[name];
  if (typeof value === "number") return { constant: value, terms: [] };
  return shapeOption(options, name)?.[0] ?? null;
}
