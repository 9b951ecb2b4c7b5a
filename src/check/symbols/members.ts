/** Owns what the names of a path stand for, as in `encoder.dense.w`: parameters and calls within what is shared. */
import type { Block, Definition, Expression, Name, Share, Stage, Statement } from "../../syntax/ast.ts";
import { blocksOf, expressionsOf, expressionsWithin } from "../elaborate/children.ts";
import type { Reading } from "./reading.ts";
import type { NamedSymbol, UseRole } from "./symbol.ts";
import { type BodyTable, declareStatements } from "./table.ts";

interface Named {
  readonly name: Name;
  readonly symbol: NamedSymbol;
  readonly role: UseRole;
}

/** What a step of a path is taken in. */
type Place =
  | { readonly kind: "body"; readonly definition: Definition; readonly table: BodyTable }
  /** The calls of a binding, or of a share of several stages. */
  | { readonly kind: "calls"; readonly callees: readonly Name[] };

/** As far as the path can be followed. */
export function membersNamed(
  reading: Reading,
  of: NamedSymbol | null,
  steps: readonly Name[],
): readonly Named[] {
  const found: Named[] = [];
  let place = of === null ? null : placeIn(reading, of);
  for (const name of steps) {
    const next = place === null ? null : stepInto(reading, place, name);
    if (next === null) break;
    found.push(next.named);
    place = next.place;
  }
  return found;
}

/** Where the steps behind a symbol are looked for. */
function placeIn(reading: Reading, { node }: NamedSymbol): Place | null {
  if (node?.kind === "share") return placeOfStages(reading, node);
  if (node?.kind === "binding" || node?.kind === "equation")
    return { kind: "calls", callees: calleesWithin(node.value) };
  return null;
}

/** One stage is the layer itself; several have their calls below. */
function placeOfStages(reading: Reading, { stages }: Share): Place | null {
  const [first, ...more] = stages;
  if (more.length > 0) return { kind: "calls", callees: stages.map(({ callee }) => callee) };
  return first === undefined ? null : placeOfCall(reading, first.callee);
}

function placeOfCall(reading: Reading, callee: Name): Place | null {
  const symbol = reading.calleeOf(callee.text);
  if (symbol?.node?.kind === "share") return placeOfStages(reading, symbol.node);
  if (symbol?.node?.kind !== "definition" || symbol.source === null) return null;
  const definition = symbol.node;
  const table: BodyTable = {
    owner: definition,
    span: definition.span,
    values: new Map(),
    outputs: new Map(),
    losses: new Map(),
    scores: new Map(),
    outer: null,
  };
  const { text } = definition.name;
  declareStatements(table, { ...reading.file, source: symbol.source }, text, `${text}.`, definition.body);
  return { kind: "body", definition, table };
}

function stepInto(
  reading: Reading,
  place: Place,
  name: Name,
): { readonly named: Named; readonly place: Place | null } | null {
  if (place.kind === "body") {
    const symbol = place.table.values.get(name.text);
    if (symbol !== undefined && ["parameter", "state", "share", "binding"].includes(symbol.sort))
      return { named: { name, symbol, role: "reads" }, place: placeIn(reading, symbol) };
  }
  const callees = place.kind === "calls" ? place.callees : calleesOfBlock(place.definition.body);
  const callee = callees.find(({ text }) => text === plainName(name.text));
  const symbol = callee === undefined ? null : reading.calleeOf(callee.text);
  if (callee === undefined || symbol === null) return null;
  // Of `dense_2`, the second call, the callee's name is the first part.
  const { span } = name;
  const part = { text: callee.text, span: { ...span, end: span.start + callee.text.length } };
  return { named: { name: part, symbol, role: "calls" }, place: placeOfCall(reading, callee) };
}

function plainName(text: string): string {
  return text.replace(/_\d+$/, "");
}

function calleesOfBlock(block: Block): readonly Name[] {
  const within = (statement: Statement): readonly Name[] => [
    ...(statement.kind === "share" ? statement.stages.map(({ callee }) => callee) : []),
    ...expressionsOf(statement).flatMap(calleesWithin),
    ...blocksOf(statement).flatMap((inner) => inner.statements.flatMap(within)),
  ];
  return block.statements.flatMap(within);
}

/** Names that an expression calls, in text order. */
export function calleesWithin(expression: Expression): readonly Name[] {
  const inner = expressionsWithin(expression).flatMap(calleesWithin);
  if (expression.kind === "pipe") return [...expression.stages.map(({ callee }: Stage) => callee), ...inner];
  return expression.kind === "call" && expression.callee.kind === "name"
    ? [expression.callee.name, ...inner]
    : inner;
}
