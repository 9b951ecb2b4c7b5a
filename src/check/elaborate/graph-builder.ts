/** Owns a graph under construction, and the functions that are cut out of it: pruned, ordered and numbered. */
import { makeNode } from "../../ir/build.ts";
import type { Comprehension } from "../../ir/comprehension.ts";
import { undecided } from "../../ir/decided.ts";
import type { Frame } from "../../ir/frame.ts";
import {
  type ArgumentRole,
  type GraphFunction,
  type Node,
  operandsOf,
  type ResultRole,
  resultsOf,
  type Value,
} from "../../ir/graph.ts";
import type { TensorType } from "../../ir/type.ts";

export interface GraphArgument {
  readonly role: ArgumentRole;
  readonly value: Value;
}

export interface GraphResult {
  readonly role: ResultRole;
  readonly value: Value;
}

/** Grows while a body is elaborated; nodes come in an order where operands precede their use. */
export interface GraphBuilder {
  readonly nodes: Node[];
  readonly arguments: GraphArgument[];
  /** What the program calls each value; the first binding stays. */
  readonly names: Map<Value, string>;
  /** Values made later have larger numbers, inside recurrences too. */
  readonly ids: { next: number };
}

export function emptyGraph(): GraphBuilder {
  return { nodes: [], arguments: [], names: new Map(), ids: { next: 0 } };
}

/** The inside of a recurrence: nodes of its own, everything else that of the graph around it. */
export function insideOfGraph(graph: GraphBuilder): GraphBuilder {
  return { ...graph, nodes: [] };
}

/** A value that no node makes: an argument, or what a recurrence hands to its steps. */
export function newValue(graph: GraphBuilder, type: TensorType, name: string | null = null): Value {
  const value: Value = { id: graph.ids.next, type, name };
  graph.ids.next += 1;
  return value;
}

export function addArgument(graph: GraphBuilder, role: ArgumentRole, type: TensorType, name: string): Value {
  const value = newValue(graph, type, name);
  graph.arguments.push({ role, value });
  return value;
}

/** Operands that the comprehension does not read are left out. */
export function addNode(
  graph: GraphBuilder,
  operation: string,
  operands: readonly Value[],
  made: { readonly type: TensorType; readonly comprehension: Comprehension },
  frame: Frame,
): Value {
  const result = newValue(graph, made.type);
  graph.nodes.push(makeNode({ operation, operands, comprehension: made.comprehension, frame }, result));
  return result;
}

export function nameValue(graph: GraphBuilder, value: Value, name: string): void {
  if (value.name === null && !graph.names.has(value) && name !== "_") graph.names.set(value, name);
}

/**
 * Cuts a function out of a graph: the nodes that its results need, and the arguments they reach or that `always` says
 * to keep; all numbered anew.
 */
export function cutFunction(
  graph: GraphBuilder,
  name: string,
  results: readonly GraphResult[],
  always: (role: ArgumentRole) => boolean,
): GraphFunction {
  const needed = new Set(results.map((result) => result.value));
  const isNeeded = (node: Node): boolean => resultsOf(node).some((value) => needed.has(value));
  for (let missing = [...needed]; missing.length > 0;) {
    for (const value of missing) needed.add(value);
    for (const node of graph.nodes.toReversed())
      if (isNeeded(node)) for (const operand of operandsOf(node)) needed.add(operand);
    // What decides a length is needed by all that goes along it.
    missing = [...undecided(graph.nodes, graph.nodes.filter(isNeeded))];
  }
  const renewed = new Map<Value, Value>();
  const renew = (value: Value): Value => {
    const fresh: Value = {
      id: renewed.size,
      type: value.type,
      name: value.name ?? graph.names.get(value) ?? null,
    };
    renewed.set(value, fresh);
    return fresh;
  };
  const known = (value: Value): Value => renewed.get(value)!;
  const renewNode = (node: Node): Node => {
    if (node.kind === "index")
      return { ...node, operands: node.operands.map(known), result: renew(node.result) };
    const sequences = node.sequences.map((each) => ({
      ...each,
      outer: known(each.outer),
      inner: renew(each.inner),
    }));
    const carried = node.carries.map((each) => ({
      ...each,
      initial: known(each.initial),
      inner: renew(each.inner),
    }));
    const lengths = node.lengths === undefined ? {} : { lengths: known(node.lengths) };
    const place = node.place === null ? null : renew(node.place);
    const nodes = node.nodes.map(renewNode);
    const carries = carried.map((each) => ({ ...each, next: known(each.next), last: renew(each.last) }));
    const collects = node.collects.map((each) => ({
      ...each,
      inner: known(each.inner),
      result: renew(each.result),
    }));
    return { ...node, ...lengths, sequences, place, nodes, carries, collects };
  };
  const kept = graph.arguments.filter(({ role, value }) => needed.has(value) || always(role));
  return {
    name,
    arguments: kept.map(({ role, value }) => ({ role, value: renew(value) })),
    nodes: graph.nodes.filter(isNeeded).map(renewNode),
    results: results.map(({ role, value }) => ({ role, value: known(value) })),
  };
}

/** The arguments that a value is made of, along paths that `passes` lets through. */
export function reachedArguments(
  graph: GraphBuilder,
  from: Value,
  passes: (node: Node) => boolean,
): readonly GraphArgument[] {
  const reached = new Set([from]);
  for (const node of graph.nodes.toReversed()) {
    const isReached = resultsOf(node).some((value) => reached.has(value));
    if (isReached && passes(node)) for (const operand of operandsOf(node)) reached.add(operand);
  }
  return graph.arguments.filter(({ value }) => reached.has(value));
}
