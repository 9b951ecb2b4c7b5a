/**
 * Owns `continue(prompt, reader, length, window:, pick:)`: each step reads the symbols seen so far, the last `window` of
 * them, and picks the next one. As a recurrence: what was seen lies in a row of `window` places and fills up from the front.
 */
import type { Comprehension, Scalar } from "../../ir/comprehension.ts";
import {
  type Dimension,
  addDimensions,
  isLiteral,
  leastValue,
  literal,
  mostValue,
  printDimension,
  variesBySample,
} from "../../ir/dimension.ts";
import { type Node, type Value, operandsOf, resultsOf } from "../../ir/graph.ts";
import {
  constantIndex,
  dimensionIndex,
  readIndex,
  remainderIndex,
  sumIndex,
  variableIndex,
} from "../../ir/indices.ts";
import { apply, constant, indexScalar, inside, read, readAt, select } from "../../ir/scalars.ts";
import { type TensorType, printType, sameElement, sameShape } from "../../ir/type.ts";
import { continueUnfit } from "../../report/catalogue/check.ts";
import { type Formal, givenMeaning, optionFormal, tensorFormal } from "./arguments.ts";
import { type CallSite, call } from "./call.ts";
import { findCallable } from "./callable.ts";
import { cutTo } from "./decided.ts";
import { type Elaboration, type Recurrence, type Scope, complain, nodeFrame } from "./elaboration.ts";
import { addNode, insideOfGraph, newValue } from "./graph-builder.ts";
import { tensorDue } from "./operations.ts";
import {
  type Callee,
  type Expected,
  type Given,
  type Meaning,
  describe,
  dimensionOf,
  plain,
  tensor,
  unknown,
} from "../statics/meaning.ts";

export const continueFormals: readonly Formal[] = [
  tensorFormal("prompt"),
  optionFormal("reader", true),
  optionFormal("length", true),
  optionFormal("window", true),
  optionFormal("pick"),
];

const aLayer: Expected = { ...plain, layerTensors: 1 };

type Matched = ReadonlyMap<string, readonly Given[]>;

interface Asked {
  readonly prompt: Value;
  readonly symbols: number;
  readonly reader: Callee;
  readonly steps: Dimension;
  readonly window: number;
  readonly pick: Callee;
}

export function runContinue(
  elaboration: Elaboration,
  scope: Scope,
  matched: Matched,
  site: CallSite,
): Meaning {
  const asked = whatIsAsked(elaboration, scope, matched);
  if (asked === null) return unknown;
  const { prompt, symbols, steps, window } = asked;
  const frame = nodeFrame(scope);
  const samples = prompt.type.shape[0]!;
  const element = { kind: "index", size: symbols } as const;
  const row: TensorType = { element, shape: [samples, literal(window)] };
  const count: TensorType = { element: { kind: "index", size: window + 1 }, shape: [samples] };
  const outside = elaboration.graph;
  const firstRow = addNode(
    outside,
    "continue",
    [prompt],
    { type: row, comprehension: laidOut(prompt, row) },
    frame,
  );
  const firstCount = addNode(
    outside,
    "continue",
    [],
    { type: count, comprehension: filling(count, prompt.type.shape[1]!) },
    frame,
  );

  const graph = insideOfGraph(outside);
  const place = newValue(graph, { element: { kind: "index", size: mostValue(steps) }, shape: [] }, "t");
  const recurrence: Recurrence = {
    outer: elaboration.recurrence,
    span: site.span,
    place,
    steps,
    sequences: [],
  };
  const inner: Elaboration = { ...elaboration, graph, recurrence };
  const seen = newValue(graph, row, "seen");
  const filled = newValue(graph, count, "filled");
  const text = cutTo(inner, scope, site, { sequence: seen, counts: filled, name: "seen" });
  const drawn = nextSymbol(inner, scope, site, asked, text);
  if (drawn === null) return unknown;
  const nextRow = addNode(
    graph,
    "continue",
    [seen, filled, drawn],
    { type: row, comprehension: appended(row) },
    frame,
  );
  const nextCount = addNode(
    graph,
    "continue",
    [filled],
    { type: count, comprehension: counted(count, window) },
    frame,
  );
  const carries = [
    { initial: firstRow, inner: seen, next: nextRow, last: newValue(outside, row) },
    { initial: firstCount, inner: filled, next: nextCount, last: newValue(outside, count) },
  ];
  const result = newValue(outside, { element, shape: [samples, steps] });
  const { nodes } = graph;
  outside.nodes.push({
    kind: "scan",
    steps,
    reversed: false,
    sequences: recurrence.sequences,
    place,
    carries,
    nodes,
    collects: [{ inner: drawn, axis: 1, result }],
    frame,
  });
  return tensor(result);
}

/** The arguments of the call; null with a message where one does not fit. */
function whatIsAsked(elaboration: Elaboration, scope: Scope, matched: Matched): Asked | null {
  const given = (name: string): Given => matched.get(name)![0]!;
  const unfit = (name: string, due: string, found: string): null => {
    complain(elaboration, scope, continueUnfit.build({ span: given(name).span, option: name, due, found }));
    return null;
  };
  const layerOf = (name: string): Callee | null => {
    const meaning = given(name).evaluate(aLayer);
    if (meaning.kind === "layer") return { kind: "layer", layer: meaning };
    return meaning.kind === "unknown" ? null : unfit(name, "a layer", describe(meaning));
  };
  const reader = layerOf("reader");
  const pick = matched.has("pick") ? layerOf("pick") : findCallable(elaboration, scope, "argmax");
  const [length, most] = ["length", "window"].map((name) => given(name).evaluate(plain)) as [
    Meaning,
    Meaning,
  ];
  const begun = tensorDue(elaboration, scope, given("prompt").evaluate(plain), given("prompt").span);
  if (begun === null || reader === null || pick === null) return null;
  const prompt = asSymbols(elaboration, scope, begun, reader);
  if (length.kind === "unknown" || most.kind === "unknown") return null;
  const { element, shape } = prompt.type;
  if (element.kind !== "index" || shape.length !== 2)
    return unfit("prompt", "indices of shape [batch, time]", printType(prompt.type));
  const steps = dimensionOf(length);
  if (steps === null || !(isLiteral(steps) || variesBySample(steps)) || leastValue(steps) < 1)
    return unfit("length", "a number of symbols, at least 1", describe(length));
  const window = dimensionOf(most);
  if (window === null || !isLiteral(window) || window.constant < 1)
    return unfit("window", "a whole number of symbols, at least 1", describe(most));
  if (mostValue(shape[1]!) > window.constant) {
    const due = `at most ${window.constant} symbols long, as the window is`;
    return unfit("prompt", due, `${printDimension(shape[1]!)} long`);
  }
  return { prompt, symbols: element.size, reader, steps, window: window.constant, pick };
}

/** A whole number at every place, as `fill(0, [batch, 1])` makes, is a text of what a shared reader was shared with. */
function asSymbols(elaboration: Elaboration, scope: Scope, prompt: Value, reader: Callee): Value {
  const made = elaboration.graph.nodes.find((node) => resultsOf(node).includes(prompt));
  const element = readBy(elaboration, reader);
  if (element?.kind !== "index" || made?.kind !== "index" || made.operation !== "constant") return prompt;
  const { body, domain, target } = made.comprehension;
  if (body.kind !== "constant" || !Number.isInteger(body.value)) return prompt;
  if (body.value < 0 || body.value >= element.size) return prompt;
  const comprehension = { domain, target, reducer: null, body: indexScalar(constantIndex(body.value)) };
  const type = { element, shape: prompt.type.shape };
  return addNode(elaboration.graph, "constant", [], { type, comprehension }, nodeFrame(scope));
}

/** What the first tensor of a shared layer was made of when it was first called; null where that is not known. */
function readBy(elaboration: Elaboration, reader: Callee): TensorType["element"] | null {
  if (reader.kind !== "layer") return null;
  const { stages, shared } = reader.layer;
  const [first] = stages;
  if (first === undefined) return null;
  if (shared === null) return readBy(elaboration, first.callee);
  const path = stages.length === 1 ? shared.path : `${shared.path}.${first.label}`;
  return elaboration.firstCalls.get(path)?.[0]?.element ?? null;
}

/** `row[b, i] = prompt[b, i]` as far as it goes, then 0. */
function laidOut({ type: { shape } }: Value, row: TensorType): Comprehension {
  const domain = row.shape.map((extent, axis) => ({ name: "bi"[axis]!, extent }));
  const at = domain.map(variableIndex);
  const body = select(inside(at[1]!, shape[1]!), read(0, at), constant(0));
  return { domain, target: at, reducer: null, body };
}

/** `count[b] = length` */
function filling(count: TensorType, length: Dimension): Comprehension {
  const domain = [{ name: "b", extent: count.shape[0]! }];
  return {
    domain,
    target: domain.map(variableIndex),
    reducer: null,
    body: indexScalar(dimensionIndex(length)),
  };
}

/** What the reader makes of the text at its last symbol, and what is picked of that; null with a message. */
function nextSymbol(
  elaboration: Elaboration,
  scope: Scope,
  site: CallSite,
  { reader, pick, symbols, prompt }: Asked,
  text: Value,
): Value | null {
  const samples = prompt.type.shape[0]!;
  const made = (callee: Callee, given: Value, name: string): Value | null => {
    const result = call(elaboration, scope, callee, [givenMeaning(tensor(given), site.span)], {
      ...site,
      name,
    });
    return tensorDue(elaboration, scope, result, site.span);
  };
  const unfit = (option: string, due: string, value: Value): null => {
    complain(
      elaboration,
      scope,
      continueUnfit.build({ span: site.span, option, due, found: printType(value.type) }),
    );
    return null;
  };
  const scores = made(reader, text, "reader");
  if (scores === null) return null;
  if (!isMadeOf(elaboration.graph.nodes, scores, text)) {
    const facts = { option: "reader", due: "a layer that reads the text", found: "one that does not" };
    complain(elaboration, scope, continueUnfit.build({ span: site.span, ...facts }));
    return null;
  }
  const due = {
    element: { kind: "float" },
    shape: [samples, text.type.shape[1]!, literal(symbols)],
  } as const;
  if (!sameElement(scores.type.element, due.element) || !sameShape(scores.type.shape, due.shape))
    return unfit("reader", `a layer that gives scores ${printType(due)}`, scores);
  const end = addDimensions(text.type.shape[1]!, literal(-1));
  const domain = [samples, literal(symbols)].map((extent, axis) => ({ name: "bv"[axis]!, extent }));
  const at = domain.map(variableIndex);
  const last = addNode(
    elaboration.graph,
    "slice",
    [scores],
    {
      type: { element: { kind: "float" }, shape: domain.map(({ extent }) => extent) },
      comprehension: {
        domain,
        target: at,
        reducer: null,
        body: read(0, [at[0]!, dimensionIndex(end), at[1]!]),
      },
    },
    nodeFrame(scope),
  );
  const drawn = made(pick, last, "pick");
  if (drawn === null) return null;
  const one = { element: { kind: "index", size: symbols }, shape: [samples] } as const;
  const fits = sameElement(drawn.type.element, one.element) && sameShape(drawn.type.shape, one.shape);
  return fits ? drawn : unfit("pick", `a layer that gives ${printType(one)}`, drawn);
}

function isMadeOf(nodes: readonly Node[], value: Value, source: Value): boolean {
  const needed = new Set([value]);
  for (const node of nodes.toReversed())
    if (resultsOf(node).some((result) => needed.has(result)))
      for (const operand of operandsOf(node)) needed.add(operand);
  return needed.has(source);
}

/** Behind what is there; where the row is full, all moves one place to the front. */
function appended(row: TensorType): Comprehension {
  const domain = row.shape.map((extent, axis) => ({ name: "bi"[axis]!, extent }));
  const [b, i] = domain.map(variableIndex) as [
    ReturnType<typeof variableIndex>,
    ReturnType<typeof variableIndex>,
  ];
  const window = row.shape[1]!;
  const [old, filled, drawn] = [readAt(0, domain), read(1, [b]), read(2, [b])];
  const next = sumIndex(i, dimensionIndex(literal(1)));
  const here = (at: Scalar, otherwise: Scalar): Scalar =>
    select(apply("equal", indexScalar(i), at), drawn, otherwise);
  const moved = select(inside(next, window), read(0, [b, next]), drawn);
  const body = select(apply("less", filled, constant(window.constant)), here(filled, old), moved);
  return { domain, target: [b, i], reducer: null, body };
}

/** One more, up to the window. */
function counted(count: TensorType, window: number): Comprehension {
  const domain = [{ name: "b", extent: count.shape[0]! }];
  const at = domain.map(variableIndex);
  const filled = read(0, at);
  // Proven below the size by the remainder, which changes nothing where the condition holds.
  const more = sumIndex(readIndex(0, at), dimensionIndex(literal(1)));
  const body = select(
    apply("less", filled, constant(window)),
    indexScalar(remainderIndex(more, window + 1)),
    constant(window),
  );
  return { domain, target: at, reducer: null, body };
}
