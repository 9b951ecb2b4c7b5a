/** Owns bodies of comprehensions as elementwise operators over the variables that they hold. */
import type { IndexVariable, Scalar, ScalarFunction } from "../../ir/comprehension.ts";
import { addDimensions, literalValue, sameDimension, scaleDimension } from "../../ir/dimension.ts";
import { linearize, sameIndex } from "../../ir/indices.ts";
import { freeVariablesOfIndex } from "../../ir/rewrite.ts";
import type { Context } from "./context.ts";
import { indexSpread } from "./indices.ts";
import { readSpread } from "./reads.ts";
import { type Spread, as, elementwise } from "./spread.ts";

/** Functions that are one operator on numbers. */
export const numeric: Readonly<Partial<Record<ScalarFunction, string>>> = {
  add: "Add",
  subtract: "Sub",
  multiply: "Mul",
  divide: "Div",
  negate: "Neg",
  power: "Pow",
  maximum: "Max",
  minimum: "Min",
  exp: "Exp",
  log: "Log",
  sqrt: "Sqrt",
  abs: "Abs",
  sign: "Sign",
  floor: "Floor",
  ceil: "Ceil",
  round: "Round",
  sin: "Sin",
  cos: "Cos",
  tanh: "Tanh",
  sigmoid: "Sigmoid",
  erf: "Erf",
};
export const comparing: Readonly<Partial<Record<ScalarFunction, string>>> = {
  less: "Less",
  less_equal: "LessOrEqual",
  equal: "Equal",
};
export const logical: Readonly<Partial<Record<ScalarFunction, string>>> = {
  and: "And",
  or: "Or",
  not: "Not",
};

export function scalarSpread(context: Context, scalar: Scalar): Spread {
  const { writer } = context;
  switch (scalar.kind) {
    case "constant":
      return number(context, scalar.value);
    case "dimension":
      return as(writer, { name: writer.dimension(scalar.dimension), axes: [], sort: "whole" }, "float");
    case "index":
      return indexSpread(context, scalar.of);
    case "inside": {
      const of = indexSpread(context, scalar.of);
      const whole = (name: string): Spread => ({ name, axes: [], sort: "whole" });
      const below = elementwise(writer, "Less", [of, whole(writer.dimension(scalar.extent))], "truth");
      const from = elementwise(writer, "GreaterOrEqual", [of, whole(writer.whole(0))], "truth");
      return elementwise(writer, "And", [from, below], "truth");
    }
    case "read":
      return readSpread(context, scalar.operand, scalar.at);
    case "random":
      return context.noise(scalar);
    case "apply":
      return applied(context, scalar.function, scalar.arguments);
  }
}

function number({ writer }: Context, value: number): Spread {
  return { name: writer.constant("float", [], [value]), axes: [], sort: "float" };
}

function applied(context: Context, name: ScalarFunction, given: readonly Scalar[]): Spread {
  const { writer } = context;
  if (name === "select") {
    const padded = paddedRead(context, given);
    if (padded !== null) return padded;
  }
  const spreads = given.map((argument) => scalarSpread(context, argument));
  const floats = (): readonly Spread[] => spreads.map((spread) => as(writer, spread, "float"));
  const operator = numeric[name];
  if (operator !== undefined) return elementwise(writer, operator, floats(), "float");
  const comparison = comparing[name];
  if (comparison !== undefined || name === "not_equal") {
    const alike = spreads.every(({ sort }) => sort === "whole") ? spreads : floats();
    const compared = elementwise(writer, comparison ?? "Equal", alike, "truth");
    return name === "not_equal" ? elementwise(writer, "Not", [compared], "truth") : compared;
  }
  const connective = logical[name];
  if (connective !== undefined)
    return elementwise(
      writer,
      connective,
      spreads.map((spread) => as(writer, spread, "truth")),
      "truth",
    );
  const [a, b, c] = spreads as [Spread, Spread, Spread];
  const of = (operatorName: string, ...of: readonly Spread[]): Spread =>
    elementwise(writer, operatorName, of, "float");
  const choose = (condition: Spread, yes: Spread, no: Spread): Spread =>
    elementwise(writer, "Where", [condition, yes, no], yes.sort);
  switch (name) {
    case "select": {
      const sort = b.sort === c.sort ? b.sort : "float";
      return choose(as(writer, a, "truth"), as(writer, b, sort), as(writer, c, sort));
    }
    case "remainder": {
      // a - b·⌊a/b⌋
      const [x, y] = floats() as [Spread, Spread];
      return of("Sub", x, of("Mul", y, of("Floor", of("Div", x, y))));
    }
    case "log1p": {
      // u = 1 + x: ln(u)·x/(u - 1) has no error where u lost digits of x; x where u is 1 (Kahan).
      const x = as(writer, a, "float");
      const one = number(context, 1);
      const u = of("Add", x, one);
      const near = of("Mul", of("Log", u), of("Div", x, of("Sub", u, one)));
      const far = choose(elementwise(writer, "Less", [one, x], "truth"), of("Log", u), near);
      return choose(elementwise(writer, "Equal", [u, one], "truth"), x, far);
    }
    case "expm1": {
      // eˣ - 1 = 2·tanh(x/2) / (1 - tanh(x/2)), without cancellation near 0.
      const x = as(writer, a, "float");
      const one = number(context, 1);
      const half = of("Tanh", of("Mul", x, number(context, 0.5)));
      const near = of("Div", of("Mul", half, number(context, 2)), of("Sub", one, half));
      const small = elementwise(writer, "Less", [of("Abs", x), number(context, 0.5)], "truth");
      return choose(small, near, of("Sub", of("Exp", x), one));
    }
    default:
      throw new Error(`${name} has no operator`);
  }
}

/** `x[i - before]` where it lies inside, else a constant: a Pad. Null where it is something else. */
function paddedRead(context: Context, [condition, read, outside]: readonly Scalar[]): Spread | null {
  if (read?.kind !== "read" || outside?.kind !== "constant" || condition === undefined) return null;
  const guards = insides(condition);
  const source = context.operands[read.operand]!;
  const { shape } = source.type;
  if (guards === null || source.type.element.kind !== "float") return null;
  const seen = new Set<IndexVariable>();
  const begins: number[] = [];
  const ends: number[] = [];
  const axes = read.at.map((at, axis) => {
    const line = linearize(at);
    const [variable] = freeVariablesOfIndex(at);
    if (line === null || variable === undefined || line.terms.size !== 1 || line.terms.get(variable) !== 1)
      return null;
    const room = literalValue(addDimensions(variable.extent, scaleDimension(shape[axis]!, -1)));
    const before = -line.constant;
    const guarded = guards.some(({ of, extent }) => sameIndex(of, at) && sameDimension(extent, shape[axis]!));
    const padded = before !== 0 || room !== 0;
    if (room === null || before < 0 || room < before || (padded && !guarded) || seen.has(variable))
      return null;
    seen.add(variable);
    begins.push(before);
    ends.push(room - before);
    return variable;
  });
  const { writer, nameOf } = context;
  const foreign = guards.some(({ of }) => !read.at.some((at) => sameIndex(at, of)));
  if (foreign || axes.some((axis) => axis === null)) return null;
  const name = writer.op("Pad", [
    nameOf(source),
    writer.wholes([...begins, ...ends]),
    writer.constant("float", [], [outside.value]),
  ]);
  return { name, axes: axes.map((axis) => axis!), sort: "float" };
}

/** The guarded places of a conjunction of `inside`s; null where it holds anything else. */
function insides(condition: Scalar): readonly Extract<Scalar, { kind: "inside" }>[] | null {
  if (condition.kind === "inside") return [condition];
  if (condition.kind !== "apply" || condition.function !== "and") return null;
  const parts = condition.arguments.map(insides);
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part!);
}
