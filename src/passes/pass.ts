/** Owns the form of a pass over the graph, and the walk from operands to users that rewriting passes share. */
import type { GraphFunction, IndexNode, Node, ScanNode, Value } from "../ir/graph.ts";
import { makeNode } from "../ir/build.ts";

export interface Pass {
  /** Its name in `--emit after:NAME`, in its file and in its goldens. */
  readonly name: string;
  readonly doc: string;
  readonly on: "graph";
  /** The same function of its arguments, in as many nodes or fewer. */
  readonly run: (fn: GraphFunction) => GraphFunction;
}

export function pass(form: Pass): Pass {
  return form;
}

/** What is known at a node: every operand has been visited. */
export interface Visited {
  /** The node that makes a value; undefined for arguments, and for what a scan makes or stands for inside. */
  readonly producerOf: (value: Value) => IndexNode | undefined;
  /** Whether callers of the function see the value, so that its node must stay. */
  readonly isResult: (value: Value) => boolean;
}

/** What stands in the place of a node: itself, another node of the same result, or a value made before. */
export type Rewritten =
  { readonly kind: "node"; readonly node: IndexNode } | { readonly kind: "value"; readonly value: Value };

export type Rewriting = (node: IndexNode, visited: Visited) => Rewritten;

/**
 * Visits every node once, operands first, with operands already replaced: linear in nodes. What is inside a scan is
 * rewritten by a rewriting of its own, since what it makes is not seen outside.
 */
export function sweep(fn: GraphFunction, rewriting: () => Rewriting): GraphFunction {
  const walk: Walk = { rewriting, replaced: new Map(), producers: new Map() };
  const nodes = sweepNodes(fn.nodes, new Set(fn.results.map(({ value }) => value)), walk);
  if (nodes === fn.nodes) return fn;
  const results = fn.results.map(({ role, value }) => ({ role, value: walk.replaced.get(value) ?? value }));
  return { ...fn, nodes, results };
}

interface Walk {
  readonly rewriting: () => Rewriting;
  readonly replaced: Map<Value, Value>;
  readonly producers: Map<Value, IndexNode>;
}

function sweepNodes(old: readonly Node[], results: ReadonlySet<Value>, walk: Walk): readonly Node[] {
  const { replaced, producers } = walk;
  const rewriting = walk.rewriting();
  const visited: Visited = {
    producerOf: (value) => producers.get(value),
    isResult: (value) => results.has(value),
  };
  const nodes = old.flatMap((node): readonly Node[] => {
    if (node.kind === "scan") return [sweepScan(node, walk)];
    const rewritten = rewriting(withOperands(node, replaced), visited);
    if (rewritten.kind === "node") {
      producers.set(node.result, rewritten.node);
      return [rewritten.node];
    }
    replaced.set(node.result, rewritten.value);
    return [];
  });
  const same = nodes.length === old.length && nodes.every((node, place) => node === old[place]);
  return same ? old : nodes;
}

function sweepScan(scan: ScanNode, walk: Walk): ScanNode {
  const leaving = [...scan.carries.map(({ next }) => next), ...scan.collects.map(({ inner }) => inner)];
  const nodes = sweepNodes(scan.nodes, new Set(leaving), walk);
  const now = (value: Value): Value => walk.replaced.get(value) ?? value;
  const sequences = scan.sequences.map((sequence) => ({ ...sequence, outer: now(sequence.outer) }));
  const carries = scan.carries.map((carry) => ({
    ...carry,
    initial: now(carry.initial),
    next: now(carry.next),
  }));
  const collects = scan.collects.map((collect) => ({ ...collect, inner: now(collect.inner) }));
  const lengths = scan.lengths === undefined ? {} : { lengths: now(scan.lengths) };
  const swept = { ...scan, ...lengths, nodes, sequences, carries, collects };
  const parts = (of: ScanNode): readonly Value[] => [
    ...(of.lengths === undefined ? [] : [of.lengths]),
    ...of.sequences.map(({ outer }) => outer),
    ...of.carries.flatMap(({ initial, next }) => [initial, next]),
    ...of.collects.map(({ inner }) => inner),
  ];
  const before = parts(scan);
  return nodes === scan.nodes && parts(swept).every((value, i) => value === before[i]) ? scan : swept;
}

function withOperands(node: IndexNode, replaced: ReadonlyMap<Value, Value>): IndexNode {
  if (!node.operands.some((operand) => replaced.has(operand))) return node;
  const operands = node.operands.map((operand) => replaced.get(operand) ?? operand);
  return makeNode({ ...node, operands }, node.result);
}
