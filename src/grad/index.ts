/**
 * Owns reverse-mode differentiation of a function of the graph. One rule serves every operation: its comprehension's
 * body is differentiated for each read, and the map of the read is turned round.
 */
import { GraphBuilder } from "../ir/build.ts";
import { nowhere } from "../ir/frame.ts";
import type { GraphFunction, Value } from "../ir/graph.ts";
import { passBack } from "./backward.ts";
import { Cotangents, filledWith } from "./cotangents.ts";
import { dependencies } from "./paths.ts";
import type { GradientProblem } from "./problem.ts";

export type { GradientProblem };

export interface Differentiated {
  readonly kind: "differentiated";
  /**
   * The function with gradient nodes behind its own and a `gradient` result for each parameter, in their order. Its
   * scans collect what their gradients read.
   */
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
  const leadsTo = dependencies(fn.nodes, withRespectTo);
  const cotangents = new Cotangents(builder);
  const outermost = fn.nodes.at(-1)?.frame ?? nowhere;
  if (leadsTo.has(of)) cotangents.contribute(of, filledWith(builder, 1, of.type, outermost));
  const contribute = (operand: Value, part: Value): void => cotangents.contribute(operand, part);
  const passed = passBack(fn.nodes, { builder, cotangents, leadsTo, contribute });
  if (passed.kind === "problem") return passed;
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
    fn: { ...fn, nodes: [...passed.nodes, ...builder.nodes], results: [...fn.results, ...results] },
    gradients,
  };
}

function nameOf(fn: GraphFunction, value: Value): string {
  const role = fn.arguments.find((argument) => argument.value === value)?.role;
  return role !== undefined && "name" in role ? role.name : (value.name ?? `%${value.id}`);
}
