/** Owns the interpreter: a function of the graph language on tensors in double precision. Clear rather than quick. */
import type { GraphFunction, IndexNode, Node, Value } from "../ir/graph.ts";
import { carriedLength } from "../ir/decided.ts";
import type { DimensionSymbol } from "../ir/dimension.ts";
import { evaluateComprehension } from "./comprehension.ts";
import { evaluateScan } from "./scan.ts";
import { type Sizes, type Tensor, resolveShape } from "./tensor.ts";

export { evaluateComprehension } from "./comprehension.ts";
export { type Sizes, type Tensor, elementCount, filled, resolveShape, stridesOf, tensor } from "./tensor.ts";

export interface EvaluationContext {
  /** Of every symbol that a type or a map of the function holds. */
  readonly sizes: Sizes;
  readonly seed: number;
  /** Optimizer steps done before. */
  readonly step: number;
  /** The place within the step of this call's first sample; 0 where left out. */
  readonly firstSample?: number;
}

/**
 * The values of all arguments and nodes, the results among them. Throws where an argument is missing or of another
 * shape, and where a node reads outside a tensor: errors of the caller and of the compiler, not of a user.
 */
export function evaluateFunction(
  fn: GraphFunction,
  inputs: ReadonlyMap<Value, Tensor>,
  context: EvaluationContext,
): ReadonlyMap<Value, Tensor> {
  const values = new Map<Value, Tensor>();
  // Lengths that numbers decide come to those of the symbols that were given.
  const sizes = new Map(context.sizes);
  for (const { value } of fn.arguments) {
    const given = inputs.get(value);
    if (given === undefined) throw new Error(`no tensor was given for ${value.name ?? `%${value.id}`}`);
    const shape = resolveShape(value.type, context.sizes);
    if (shape.join() !== given.shape.join()) {
      throw new Error(
        `${value.name ?? `%${value.id}`} is [${shape.join(", ")}], and [${given.shape.join(", ")}] was given`,
      );
    }
    values.set(value, given);
  }
  evaluateNodes(fn.nodes, values, { ...context, sizes }, sizes);
  return values;
}

/** Adds what the nodes make to `values`, and to `decided` the lengths of the one sample that their numbers decide. */
export function evaluateNodes(
  nodes: readonly Node[],
  values: Map<Value, Tensor>,
  context: EvaluationContext,
  decided: Map<DimensionSymbol, number> = new Map(),
): void {
  for (const node of nodes) {
    if (node.kind === "scan") {
      evaluateScan(node, values, context.sizes, (inside) =>
        evaluateNodes(node.nodes, inside, context, decided),
      );
      continue;
    }
    const own = carriedLength(node);
    if (own !== null) decided.set(own.symbol, lengthOf(values.get(own.by)));
    values.set(node.result, evaluateNode(node, values, context));
  }
}

/** Throws where there are several samples, each with a length of its own. */
function lengthOf(counts: Tensor | undefined): number {
  const [only, ...others] = counts?.data ?? [];
  if (only === undefined || others.length > 0)
    throw new Error("lengths that numbers decide are those of one sample");
  return only;
}

/** The result of one node, its operands being known. */
export function evaluateNode(
  node: IndexNode,
  values: ReadonlyMap<Value, Tensor>,
  context: EvaluationContext,
): Tensor {
  const operands = node.operands.map((operand) => {
    const known = values.get(operand);
    if (known === undefined) throw new Error(`%${operand.id} is used before it is made`);
    return known;
  });
  return evaluateComprehension(node.comprehension, resolveShape(node.result.type, context.sizes), {
    domain: node.comprehension.domain,
    operands,
    sizes: context.sizes,
    seed: context.seed,
    step: context.step,
    firstSample: context.firstSample ?? 0,
  });
}
