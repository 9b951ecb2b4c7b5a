/**
 * Owns reverse-mode differentiation of a function of the graph. One rule serves every operation: its comprehension's
 * body is differentiated for each read, and the map of the read is turned round.
 */
import { GraphBuilder, variablesOver } from "../ir/build.ts";
import type { Frame } from "../ir/frame.ts";
import type { GraphFunction, Node, Value } from "../ir/graph.ts";
import { variableIndex } from "../ir/indices.ts";
import type { Scalar } from "../ir/comprehension.ts";
import { apply, constant, readAt } from "../ir/scalars.ts";
import { type TensorType, float } from "../ir/type.ts";
import { operations } from "../ops/index.ts";
import { type NodeFailure, differentiateNode } from "./node.ts";

/** No gradient passes an operation that lies between what is differentiated and a parameter. */
export interface GradientProblem {
  readonly kind: "problem";
  /** The operation, or the function of scalars in an index notation. */
  readonly operation: string;
  /** As `is piecewise constant: …`, said of the operation. */
  readonly reason: string;
  /** Who asked for the operation. */
  readonly frame: Frame;
  /** One of those that the path leads to. */
  readonly parameter: Value;
}

export interface Differentiated {
  readonly kind: "differentiated";
  /** The function with gradient nodes behind its own and a `gradient` result for each parameter, in their order. */
  readonly fn: GraphFunction;
  /** Of each parameter, its gradient: of its shape; 0 where `of` does not depend on it. */
  readonly gradients: ReadonlyMap<Value, Value>;
}

/**
 * Adds the gradients of `of` (rank 0) with respect to values of the function, arguments as a rule. Results called
 * `gradient` are named after the arguments' roles.
 */
export function differentiate(
  fn: GraphFunction,
  of: Value,
  withRespectTo: readonly Value[],
): Differentiated | GradientProblem {
  const builder = GraphBuilder.after(fn);
  const leadsTo = dependencies(fn, withRespectTo);
  const cotangents = new Cotangents(builder);
  const made = new Map(fn.nodes.map((node) => [node.result, node]));
  const outermost = made.get(of)?.frame ?? fn.nodes.at(-1)?.frame ?? nowhere;
  if (leadsTo.has(of)) cotangents.contribute(of, filledWith(builder, 1, of.type, outermost));
  for (const node of [...fn.nodes].reverse()) {
    const parameter = leadsTo.get(node.result);
    const cotangent = cotangents.of(node.result, node.frame);
    if (parameter === undefined || cotangent === null) continue;
    const failure = passBack(node, cotangent, leadsTo, builder, cotangents);
    if (failure !== null) return { kind: "problem", ...failure, frame: node.frame, parameter };
  }
  const gradients = new Map(
    withRespectTo.map((value) => {
      const gradient = cotangents.of(value, outermost);
      return [value, gradient ?? filledWith(builder, 0, value.type, outermost)];
    }),
  );
  const results = withRespectTo.map((value) => ({
    role: { kind: "gradient" as const, parameter: nameOf(fn, value) },
    value: gradients.get(value)!,
  }));
  return {
    kind: "differentiated",
    fn: { ...fn, nodes: [...fn.nodes, ...builder.nodes], results: [...fn.results, ...results] },
    gradients,
  };
}

/**
 * For each value that has a gradient path to a parameter: the first such parameter. Paths end at truth values, at
 * indices and at operations that stop them.
 */
function dependencies(fn: GraphFunction, parameters: readonly Value[]): ReadonlyMap<Value, Value> {
  const leadsTo = new Map(parameters.map((parameter) => [parameter, parameter]));
  for (const node of fn.nodes) {
    if (node.result.type.element.kind !== "float" || gradientOf(node).kind === "stopped") continue;
    const through = node.operands.find((operand) => leadsTo.has(operand));
    if (through !== undefined && !leadsTo.has(node.result)) leadsTo.set(node.result, leadsTo.get(through)!);
  }
  return leadsTo;
}

function gradientOf(node: Node) {
  return operations.get(node.operation)?.gradient ?? ({ kind: "derived" } as const);
}

function passBack(
  node: Node,
  cotangent: Value,
  leadsTo: ReadonlyMap<Value, Value>,
  builder: GraphBuilder,
  cotangents: Cotangents,
): NodeFailure | null {
  const rule = gradientOf(node);
  if (rule.kind === "none") return { operation: node.operation, reason: rule.reason };
  if (rule.kind === "stopped") return null;
  return differentiateNode(
    node,
    cotangent,
    (operand) => leadsTo.has(operand),
    builder,
    (operand, part) => cotangents.contribute(operand, part),
  );
}

/** What has come together for each value so far, from all its uses. */
class Cotangents {
  readonly #parts = new Map<Value, Value[]>();
  readonly #builder: GraphBuilder;

  constructor(builder: GraphBuilder) {
    this.#builder = builder;
  }

  contribute(value: Value, part: Value): void {
    const parts = this.#parts.get(value);
    if (parts === undefined) this.#parts.set(value, [part]);
    else parts.push(part);
  }

  /** The sum of the parts, once all are known; null where there are none. */
  of(value: Value, frame: Frame): Value | null {
    const parts = this.#parts.get(value);
    if (parts === undefined) return null;
    const sum = parts.reduce((a, b) => addValues(this.#builder, a, b, frame));
    this.#parts.set(value, [sum]);
    return sum;
  }
}

function addValues(builder: GraphBuilder, a: Value, b: Value, frame: Frame): Value {
  return elementwiseNode(builder, "add", [a, b], frame, (reads) => apply("add", ...reads));
}

function elementwiseNode(
  builder: GraphBuilder,
  operation: string,
  operands: readonly [Value, ...Value[]],
  frame: Frame,
  body: (reads: readonly Scalar[]) => Scalar,
): Value {
  const { shape } = operands[0].type;
  const domain = variablesOver(shape);
  const reads = operands.map((_, place) => readAt(place, domain));
  return builder.add({
    operation,
    operands,
    type: { element: float, shape },
    comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: body(reads) },
    frame,
  });
}

function filledWith(builder: GraphBuilder, value: number, { shape }: TensorType, frame: Frame): Value {
  const domain = variablesOver(shape);
  return builder.add({
    operation: "constant",
    operands: [],
    type: { element: float, shape },
    comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: constant(value) },
    frame,
  });
}

function nameOf(fn: GraphFunction, value: Value): string {
  const role = fn.arguments.find((argument) => argument.value === value)?.role;
  return role !== undefined && "name" in role ? role.name : (value.name ?? `%${value.id}`);
}

/** For a function without nodes, which no line of a program asked for. */
const nowhere: Frame = {
  layer: "",
  span: { source: { name: "", text: "" }, start: 0, end: 0 },
  path: "",
  statics: {},
  parent: null,
};
