/** Owns the operations that apply one scalar function at every place, with broadcasting. */
import type { Scalar, ScalarFunction } from "../ir/comprehension.ts";
import { variablesOver } from "../ir/build.ts";
import { variableIndex } from "../ir/indices.ts";
import { apply } from "../ir/scalars.ts";
import { type ElementType, type TensorType, bool, float, sameElement } from "../ir/type.ts";
import { broadcastShapes, readBroadcast } from "./broadcast.ts";
import type { Built, Operation, Problem } from "./operation.ts";
import { problem, whole } from "./problem.ts";
import { scalarRules } from "./scalar/rules.ts";

/** The comprehension `y[…] = body(operands at […])` over the broadcast shape, or why there is none. */
export function elementwise(
  name: string,
  operands: readonly TensorType[],
  element: ElementType,
  body: (reads: readonly Scalar[]) => Scalar,
): Built | Problem {
  const shapes = operands.map(({ shape }) => shape);
  const common = broadcastShapes(name, shapes);
  if (common.kind === "problem") return common;
  const domain = variablesOver(common.shape);
  const reads = shapes.map((shape, operand) => readBroadcast(operand, shape, domain));
  return {
    kind: "built",
    type: { element, shape: common.shape },
    comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: body(reads) },
  };
}

type Body = (operands: readonly Scalar[]) => Scalar;

function derivedFrom(scalarFunction: ScalarFunction): Operation["gradient"] {
  const { derivative } = scalarRules[scalarFunction];
  return derivative.kind === "none" ? derivative : { kind: "derived" };
}

function unary(name: ScalarFunction, doc: string): Operation {
  return {
    name,
    doc,
    tensors: ["x"],
    variadic: false,
    options: {},
    gradient: derivedFrom(name),
    build: (operands) => elementwise(name, operands, float, ([x]) => apply(name, x!)),
  };
}

function binary(name: string, doc: string, element: ElementType, body: Body): Operation {
  return {
    name,
    doc,
    tensors: ["a", "b"],
    variadic: false,
    options: {},
    gradient: { kind: "derived" },
    build: (operands) => elementwise(name, operands, element, body),
  };
}

function arithmetic(name: ScalarFunction, doc: string): Operation {
  return binary(name, doc, float, ([a, b]) => apply(name, a!, b!));
}

function comparison(name: string, doc: string, body: Body): Operation {
  return binary(name, doc, bool, body);
}

function logical(name: "and" | "or" | "not", doc: string): Operation {
  const tensors = name === "not" ? ["a"] : ["a", "b"];
  return {
    name,
    doc,
    tensors,
    variadic: false,
    options: {},
    gradient: { kind: "derived" },
    build: (operands) => {
      const wrong = operands.findIndex(({ element }) => element.kind !== "bool");
      if (wrong >= 0) return notTruth(name, wrong);
      return elementwise(name, operands, bool, (reads) => apply(name, ...reads));
    },
  };
}

function notTruth(name: string, operand: number): Problem {
  const help = "a comparison makes truth values of numbers: `x != 0`";
  return problem(`\`${name}\` takes truth values, and these are numbers`, whole(operand), help);
}

const where: Operation = {
  name: "where",
  doc: "`a` where the condition holds, else `b`. Only the chosen one has a gradient, or is computed at all.",
  tensors: ["condition", "a", "b"],
  variadic: false,
  options: {},
  gradient: { kind: "derived" },
  build: (operands) => {
    const [condition, a, b] = operands as readonly [TensorType, TensorType, TensorType];
    if (condition.element.kind !== "bool") return notTruth("where", 0);
    const element = sameElement(a.element, b.element) ? a.element : float;
    return elementwise("where", operands, element, (reads) => apply("select", ...reads));
  },
};

const toFloat: Operation = {
  name: "to_float",
  doc: "Numbers of truth values (1 and 0) or of indices.",
  tensors: ["x"],
  variadic: false,
  options: {},
  gradient: { kind: "derived" },
  build: (operands) => elementwise("to_float", operands, float, ([x]) => x!),
};

const stopGradient: Operation = {
  name: "stop_gradient",
  doc: "Its operand; no gradient passes.",
  tensors: ["x"],
  variadic: false,
  options: {},
  gradient: { kind: "stopped" },
  build: (operands) => elementwise("stop_gradient", operands, operands[0]!.element, ([x]) => x!),
};

export const elementwiseOperations: readonly Operation[] = [
  unary("exp", "`e` to the power of each element."),
  unary("log", "The natural logarithm; -∞ at 0, NaN below."),
  unary("log1p", "`log(1 + x)`, accurate near 0."),
  unary("expm1", "`exp(x) - 1`, accurate near 0."),
  unary("sqrt", "The square root; NaN below 0."),
  unary("abs", "The absolute value; its gradient at 0 is 0."),
  unary("sign", "-1, 0 or 1."),
  unary("floor", "The largest whole number that is not above."),
  unary("ceil", "The least whole number that is not below."),
  unary("round", "The nearest whole number, of two the even one."),
  unary("sin", "The sine of an angle in radians."),
  unary("cos", "The cosine of an angle in radians."),
  unary("tanh", "The hyperbolic tangent."),
  unary("sigmoid", "`1 / (1 + exp(-x))`, without overflow."),
  unary("erf", "The error function, `2/√π · ∫₀ˣ exp(-t²) dt`."),
  unary("negate", "`-x`."),
  arithmetic("add", "`a + b`."),
  arithmetic("subtract", "`a - b`."),
  arithmetic("multiply", "`a * b`, element by element."),
  arithmetic("divide", "`a / b`, element by element."),
  arithmetic("power", "`a ** b`."),
  arithmetic("remainder", "`a - b · ⌊a / b⌋`: it has the sign of `b`."),
  arithmetic("maximum", "The larger of two; where they are equal, the gradient goes to `b`."),
  arithmetic("minimum", "The smaller of two; where they are equal, the gradient goes to `b`."),
  comparison("less", "`a < b`.", ([a, b]) => apply("less", a!, b!)),
  comparison("less_equal", "`a <= b`.", ([a, b]) => apply("less_equal", a!, b!)),
  comparison("greater", "`a > b`.", ([a, b]) => apply("less", b!, a!)),
  comparison("greater_equal", "`a >= b`.", ([a, b]) => apply("less_equal", b!, a!)),
  comparison("equal", "`a == b`.", ([a, b]) => apply("equal", a!, b!)),
  comparison("not_equal", "`a != b`.", ([a, b]) => apply("not_equal", a!, b!)),
  logical("and", "True where both are."),
  logical("or", "True where one is, or both."),
  logical("not", "True where it is not."),
  where,
  toFloat,
  stopGradient,
];
