/** Owns the text of functions of the graph: a line for each value, readable and stable. */
import { positionAt } from "../text/source.ts";
import { type Frame, userFrame } from "./frame.ts";
import { printDimension } from "./dimension.ts";
import type { ArgumentRole, GraphFunction, IndexNode, Node, ResultRole, ScanNode, Value } from "./graph.ts";
import { printComprehension } from "./print-comprehension.ts";
import { printType } from "./type.ts";

/**
 * As
 *
 *     function train
 *       %0: float[batch, 784]   input pixels
 *       %3: float[batch, 64] = matmul %0, %1 :: %3[b, i] = sum(%0[b, j] * %1[j, i], over: j)   @ digits.nn:8
 *       return output scores %3
 */
export function printFunction(fn: GraphFunction): string {
  const lines = [
    `function ${fn.name}`,
    ...fn.arguments.map(
      ({ role, value }) => `  ${nameOf(value)}: ${printType(value.type)}   ${printRole(role)}`,
    ),
    ...fn.nodes.flatMap(printNode).map((line) => `  ${line}`),
    ...fn.results.map(({ role, value }) => `  return ${printRole(role)} ${nameOf(value)}`),
  ];
  return lines.join("\n");
}

/** A line for an operation, several for a scan. */
export function printNode(node: Node): readonly string[] {
  return node.kind === "index" ? [printIndexNode(node)] : printScan(node);
}

function printScan({
  steps,
  lengths,
  reversed,
  sequences,
  carries,
  nodes,
  collects,
  place,
  frame,
}: ScanNode): string[] {
  const order = `${lengths === undefined ? "" : ` up to ${nameOf(lengths)}`}${reversed ? " reversed" : ""}`;
  const typed = (value: Value): string => `${nameOf(value)}: ${printType(value.type)}`;
  return [
    `scan ${printDimension(steps)}${order} {   @ ${printFrame(frame)}`,
    ...(place === null ? [] : [`  ${typed(place)} = place`]),
    ...sequences.map(({ outer, axis, inner }) => `  ${typed(inner)} = ${nameOf(outer)} along axis ${axis}`),
    ...carries.map(({ initial, inner }) => `  ${typed(inner)} = carry from ${nameOf(initial)}`),
    ...nodes.flatMap(printNode).map((line) => `  ${line}`),
    ...carries.map(({ inner, next }) => `  next ${nameOf(inner)} = ${nameOf(next)}`),
    "}",
    ...carries.map(({ inner, last }) => `${typed(last)} = last ${nameOf(inner)}`),
    ...collects.map(
      ({ inner, axis, result }) => `${typed(result)} = every ${nameOf(inner)} along axis ${axis}`,
    ),
  ];
}

function printIndexNode(node: IndexNode): string {
  const { result, operation, operands, comprehension, frame } = node;
  const binding = result.name === null ? "" : ` ${result.name}`;
  const made = [operation, operands.map(nameOf).join(", ")].filter((part) => part !== "").join(" ");
  const equation = printComprehension(comprehension, nameOf(result), (operand) => {
    const value = operands[operand];
    return value === undefined ? `operand${operand}` : nameOf(value);
  });
  return `${nameOf(result)}${binding}: ${printType(result.type)} = ${made} :: ${equation}   @ ${printFrame(frame)}`;
}

function nameOf(value: Value): string {
  return `%${value.id}`;
}

/** The user's line, as `digits.nn:8`; folders are left out, so that texts are the same everywhere. */
function printFrame(frame: Frame): string {
  const { source, start } = userFrame(frame).span;
  const file = source.name.split(/[\\/]/).at(-1) ?? source.name;
  return `${file}:${positionAt(source, start).line}`;
}

function printRole(role: ArgumentRole | ResultRole): string {
  switch (role.kind) {
    case "collect":
      return `collect ${role.metric}.${role.name}`;
    case "gradient":
      return "parameter" in role ? `gradient ${role.parameter}` : "gradient";
    default:
      return "name" in role ? `${role.kind} ${role.name}` : role.kind;
  }
}
