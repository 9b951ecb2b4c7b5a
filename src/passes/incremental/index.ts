/**
 * Owns `continue` without reading again: where each place of a text depends on those before it alone, as with masked
 * attention, a step reads its last symbol and keeps keys and values, instead of reading the whole text each time. Once the
 * window is full all of it moves, and what was kept is of other places: from there on a step reads all of it.
 */
import { GraphBuilder, makeNode, variablesOver } from "../../ir/build.ts";
import {
  type Dimension,
  addDimensions,
  countsSamples,
  literal,
  mostValue,
  symbolic,
} from "../../ir/dimension.ts";
import type { GraphFunction, IndexNode, Node, ScanNode, Value } from "../../ir/graph.ts";
import { operandsOf, resultsOf } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import { apply, constant, inside, read, readAt, select } from "../../ir/scalars.ts";
import type { Network } from "../../ir/network.ts";
import { withoutWorkInSteps } from "../hoist.ts";
import { pass } from "../pass.ts";
import { simplify } from "../simplify.ts";
import { Copies } from "./clone.ts";
import { Reading } from "./reading.ts";
import { moves, promptOf, Rereads, type Text, textOf } from "./text.ts";

export const incremental = pass({
  name: "incremental",
  doc: "Texts that go on are read symbol by symbol where what was read of the others stays as it is.",
  on: "graph",
  run: withoutRereading,
});

export function withoutRereading(fn: GraphFunction): GraphFunction {
  const builder = GraphBuilder.after(fn);
  const nodes = fn.nodes.flatMap((node): readonly Node[] => {
    const text = node.kind === "scan" ? textOf(node) : null;
    return (text === null ? null : orNull(() => readOn(text, fn, builder))) ?? [node];
  });
  if (nodes.every((node, place) => node === fn.nodes[place])) return fn;
  return simplify(withoutWorkInSteps(simplify({ ...fn, nodes })));
}

/** The network whose entries go on without reading again. */
export function entriesWithoutRereading(network: Network): Network {
  const entries = network.entries.map((entry) => ({ ...entry, function: withoutRereading(entry.function) }));
  return { ...network, entries };
}

/** How a text of a function goes on. */
export interface Continued {
  /** Why it is read again with each symbol, null where what was read is kept. */
  readonly again: Rereads | null;
  /** Symbols that it is read with at most, and whether there may be more, so that all of them move. */
  readonly window: number;
  readonly moves: boolean;
}

export function continuedIn(fn: GraphFunction): readonly Continued[] {
  return fn.nodes.flatMap((node): readonly Continued[] => {
    const text = node.kind === "scan" ? textOf(node) : null;
    if (text === null) return [];
    const { window } = text;
    try {
      readOn(text, fn, GraphBuilder.after(fn));
      return [{ again: null, window, moves: moves(text, promptOf(text, fn)) }];
    } catch (error) {
      if (error instanceof Rereads) return [{ again: error, window, moves: true }];
      throw error;
    }
  });
}

function orNull<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof Rereads) return null;
    throw error;
  }
}

/** What stands in the place of the recurrence. Throws `Rereads` where the text must be read again. */
function readOn(text: Text, fn: GraphFunction, builder: GraphBuilder): readonly Node[] {
  const { scan, node } = text;
  const reading = new Reading(text, fn.nodes, builder);
  const latest = scan.nodes.filter(
    (each): each is IndexNode => each.kind === "index" && reading.isLatest(each),
  );
  const picks = picksOf(text, reading, latest);
  const prompt = promptOf(text, fn);
  const ends = latest.map((each) => ({ node: each, end: reading.latest(each) }));
  const before: Node[] = [];
  const kept = firstKept(text, reading, prompt, builder, before);
  const moved = moves(text, prompt) ? movedCarry(text, builder, before) : null;
  const results = ends.map(({ node: each, end }) => ({ result: each.result, end }));
  const chosen =
    moved === null
      ? results.map(({ result, end }) => copied(end, result, node))
      : [readAgain(text, results, moved.inner, builder)];
  const nodes = [
    ...reading.nodes,
    ...chosen,
    ...picks.filter((each) => !reading.isEmitted(each)),
    ...(moved === null ? [] : [moved.node]),
  ];
  const carries = [...scan.carries, ...kept, ...(moved === null ? [] : [moved.carry])];
  return [...before, { ...scan, nodes, carries }];
}

/** What a step does besides reading: picking, carrying on. Throws where it looks into the text. */
function picksOf({ scan, node }: Text, reading: Reading, latest: readonly IndexNode[]): readonly Node[] {
  const needed = new Set([
    ...scan.carries.map(({ next }) => next),
    ...scan.collects.map(({ inner }) => inner),
  ]);
  const stops = new Set<Node>(latest);
  const picks = scan.nodes.toReversed().filter((each) => {
    if (stops.has(each) || !resultsOf(each).some((value) => needed.has(value))) return false;
    if (each === node) throw new Rereads("what is picked depends on the text as a whole", node.frame);
    for (const operand of operandsOf(each)) needed.add(operand);
    return true;
  });
  const seen = picks.find((each) => operandsOf(each).some((value) => isAlong(value, reading)));
  if (seen !== undefined)
    throw new Rereads("what is picked depends on other places than the last", seen.frame);
  return picks.reverse();
}

function isAlong({ type }: Value, { text }: Reading): boolean {
  return type.shape.some(({ terms }) => terms.some(({ symbol }) => symbol === text.symbol));
}

/** What is kept of all symbols of the prompt but the last, which the first step reads. */
function firstKept(
  { scan, row, window, symbol, node }: Text,
  reading: Reading,
  prompt: Dimension,
  builder: GraphBuilder,
  before: Node[],
): ScanNode["carries"] {
  const length = addDimensions(prompt, literal(-1));
  const nothing = mostValue(length) === 0;
  const first = scan.carries.find(({ inner }) => inner === row)!.initial;
  const start = builder.value({ ...first.type, shape: [first.type.shape[0]!, length] }, "prompt");
  const known = new Map([[node.result, start]]);
  const copies = new Copies(scan.nodes, known, { symbol, by: length }, builder);
  const own = variablesOver(start.type.shape);
  const body = readAt(0, own);
  const comprehension = { domain: own, target: own.map(variableIndex), reducer: null, body };
  const { frame } = node;
  if (!nothing && reading.kept.length > 0)
    copies.nodes.push(makeNode({ operation: "continue", operands: [first], comprehension, frame }, start));
  const carries = reading.kept.map(({ of, axis, inner, next }) => {
    const initial = builder.value(inner.type, inner.name);
    const whole = nothing ? null : copies.of(of);
    const domain = variablesOver(inner.type.shape);
    const isThere = inside(variableIndex(domain[axis]!), length);
    const made = whole === null ? constant(0) : select(isThere, readAt(0, domain), constant(0));
    const filled = { domain, target: domain.map(variableIndex), reducer: null, body: made };
    const operands = whole === null ? [] : [whole];
    copies.nodes.push(makeNode({ operation: "continue", operands, comprehension: filled, frame }, initial));
    return { initial, inner, next, last: builder.value(inner.type) };
  });
  before.push(...copies.nodes);
  if (mostValue(length) >= window) throw new Rereads("its prompt is longer than its window", frame);
  return carries;
}

interface Moved {
  readonly inner: Value;
  readonly node: Node;
  readonly carry: ScanNode["carries"][number];
}

/** `moved[b]`: 1 once the window was full when a symbol came, so that all others moved one place to the front. */
function movedCarry({ filled, window, node }: Text, builder: GraphBuilder, before: Node[]): Moved {
  const type = { element: { kind: "index", size: 2 }, shape: filled.type.shape } as const;
  const [initial, inner, next, last] = ["moved", "moved", "moved", "moved"].map((name) =>
    builder.value(type, name),
  ) as [Value, Value, Value, Value];
  const domain = variablesOver(type.shape);
  const target = domain.map(variableIndex);
  const { frame } = node;
  const nowhere = { domain, target, reducer: null, body: constant(0) };
  before.push(makeNode({ operation: "continue", operands: [], comprehension: nowhere, frame }, initial));
  const body = select(apply("less", readAt(0, domain), constant(window)), readAt(1, domain), constant(1));
  const operands = [filled, inner];
  const comprehension = { domain, target, reducer: null, body };
  const made = makeNode({ operation: "continue", operands, comprehension, frame }, next);
  return { inner, node: made, carry: { initial, inner, next, last } };
}

function copied(from: Value, result: Value, { frame }: IndexNode): Node {
  const domain = variablesOver(result.type.shape);
  const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body: readAt(0, domain) };
  return makeNode({ operation: "continue", operands: [from], comprehension, frame }, result);
}

/**
 * Reading all of the text, for samples whose text has moved: a recurrence of one step for these and of none for others, so
 * that it is not run where there are none.
 */
function readAgain(
  { scan, node, symbol }: Text,
  results: readonly { readonly result: Value; readonly end: Value }[],
  moved: Value,
  builder: GraphBuilder,
): ScanNode {
  const known = new Map([[node.result, node.result]]);
  const copies = new Copies(scan.nodes, known, { symbol, by: symbolic(symbol) }, builder);
  const { frame } = node;
  const carries = results.map(({ result, end }) => {
    const whole = copies.of(result);
    const inner = builder.value(result.type);
    const next = builder.value(result.type);
    const domain = variablesOver(result.type.shape);
    const own = domain.find(({ extent }) => countsSamples(extent))!;
    const isMoved = apply("equal", read(0, [variableIndex(own)]), constant(1));
    const body = select(isMoved, readAt(1, domain), readAt(2, domain));
    const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
    const operands = [moved, whole, inner];
    copies.nodes.push(makeNode({ operation: "continue", operands, comprehension, frame }, next));
    return { initial: end, inner, next, last: result };
  });
  return {
    kind: "scan",
    steps: literal(1),
    lengths: moved,
    reversed: false,
    sequences: [],
    place: null,
    carries,
    nodes: copies.nodes,
    collects: [],
    frame,
  };
}
