/** Owns what the names within statements and expressions stand for. */
import type {
  Argument,
  Block,
  Definition,
  Entry,
  Equation,
  Expression,
  Name,
  SourceFile,
  Stage,
  Statement,
  Type,
} from "../../syntax/ast.ts";
import { blocksOf, expressionsOf, expressionsWithin } from "../elaborate/children.ts";
import { fillingNames, initialNames } from "../elaborate/initializer.ts";
import { expectedBy } from "../statics/option.ts";
import { calleesWithin, membersNamed } from "./members.ts";
import { type NamedSymbol, type UseRole, builtInSymbol } from "./symbol.ts";
import { type BodyTable, dimensionsOf } from "./table.ts";

/** What readers need: lookups, and where they note what they find. */
export interface Reading {
  readonly file: SourceFile;
  readonly table: BodyTable | null;
  /** Indices of the equation that is read. */
  readonly indices: ReadonlyMap<string, NamedSymbol>;
  readonly valueOf: (name: string) => NamedSymbol | null;
  readonly calleeOf: (name: string) => NamedSymbol | null;
  /** The library's, whatever the file declares. */
  readonly libraryCallee: (name: string) => NamedSymbol | null;
  readonly note: (name: Name, symbol: NamedSymbol | null, role: UseRole) => void;
  /** Of a definition, the parameter that a label of its call names. */
  readonly parameterOf: (callee: NamedSymbol, label: string) => NamedSymbol | null;
}

/** Reads a block; entries within are handed on, as they have a body of their own. */
export function readBlock(reading: Reading, block: Block, entry: (entry: Entry) => void): void {
  for (const statement of block.statements) readStatement(reading, statement, entry);
}

function readStatement(reading: Reading, statement: Statement, entry: (entry: Entry) => void): void {
  switch (statement.kind) {
    case "entry":
      entry(statement);
      return;
    case "equation":
      readEquation(reading, statement);
      return;
    case "update":
    case "next":
      reading.note(statement.name, reading.valueOf(statement.name.text), "writes");
      readExpression(reading, statement.value);
      return;
    case "share":
      for (const stage of statement.stages) readStage(reading, stage);
      return;
    case "param":
    case "state":
      readType(reading, statement.type);
      readInitial(reading, initialNames, statement.value);
      return;
    case "carry":
      readType(reading, statement.type);
      readInitial(reading, fillingNames, statement.value);
      return;
    default:
      if ("type" in statement) readType(reading, statement.type);
      for (const expression of expressionsOf(statement)) readExpression(reading, expression);
      for (const block of blocksOf(statement)) readBlock(reading, block, entry);
  }
}

/** `y[b, i < n - 2] = sum(x[b, i] * w[k], over: k)`: names on the left and in `over:` are its own. */
function readEquation(reading: Reading, statement: Equation): void {
  const indices = new Map<string, NamedSymbol>();
  const container = reading.table?.owner;
  const own = (name: Name): void => {
    if (indices.has(name.text)) return;
    indices.set(name.text, {
      id: `${reading.file.source.name}#${statement.span.start} index ${name.text}`,
      name: name.text,
      sort: "index",
      source: reading.file.source,
      container: container !== undefined && "name" in container ? container.name.text : null,
      declarations: [{ span: name.span, from: statement.span.start }],
      doc: null,
      callable: false,
      derived: false,
      node: statement,
    });
  };
  for (const index of statement.indices) for (const name of indexNames(index)) own(name);
  for (const name of reducedNames(statement.value)) own(name);
  const inner: Reading = { ...reading, indices };
  for (const symbol of indices.values())
    reading.note({ text: symbol.name, span: symbol.declarations[0]!.span }, symbol, "declares");
  for (const expression of [...statement.indices, statement.value]) readExpression(inner, expression);
}

/** A name alone, or the name whose range a comparison gives. */
function indexNames(index: Expression): readonly Name[] {
  if (index.kind === "name") return [index.name];
  return index.kind === "comparison"
    ? index.operands
        .flatMap((part, place) => (place <= 1 && part.kind === "name" ? [part.name] : []))
        .slice(0, 1)
    : [];
}

function reducedNames(expression: Expression): readonly Name[] {
  const inner = expressionsWithin(expression).flatMap(reducedNames);
  if (expression.kind !== "call") return inner;
  const over = expression.arguments.filter(({ label }) => label?.text === "over");
  const names = over.flatMap(({ value }) =>
    (value.kind === "list" ? value.items : [value]).flatMap((item) => indexNames(item)),
  );
  return [...names, ...inner];
}

export function readExpression(reading: Reading, expression: Expression): void {
  switch (expression.kind) {
    case "name":
      readName(reading, expression.name);
      return;
    case "call":
      if (expression.callee.kind === "name") readCall(reading, expression.callee.name, expression.arguments);
      else {
        readExpression(reading, expression.callee);
        for (const { value } of expression.arguments) readExpression(reading, value);
      }
      return;
    case "pipe":
      readExpression(reading, expression.input);
      for (const stage of expression.stages) readStage(reading, stage);
      return;
    case "member": {
      const { head, steps } = pathOf(expression);
      readExpression(reading, head);
      if (head.kind === "name") readMembers(reading, reading.valueOf(head.name.text), steps);
      return;
    }
    default:
      for (const part of expressionsWithin(expression)) readExpression(reading, part);
  }
}

/** `encoder.dense.w` as what it begins with and what is named within. */
function pathOf(expression: Expression): { readonly head: Expression; readonly steps: readonly Name[] } {
  if (expression.kind !== "member") return { head: expression, steps: [] };
  const { head, steps } = pathOf(expression.object);
  return { head, steps: [...steps, expression.name] };
}

/** Names of parameters and layers within what is shared; those that are not made out are left alone. */
export function readMembers(reading: Reading, of: NamedSymbol | null, steps: readonly Name[]): void {
  for (const { name, symbol, role } of membersNamed(reading, of, steps)) reading.note(name, symbol, role);
}

function readName(reading: Reading, name: Name): void {
  const index = reading.indices.get(name.text);
  const declared = index?.declarations.some(({ span }) => span === name.span) ?? false;
  // A layer may be handed over by its name, one of the library too: `continue(…, pick: argmax)`.
  if (!declared)
    reading.note(name, index ?? reading.valueOf(name.text) ?? reading.calleeOf(name.text), "reads");
}

function readStage(reading: Reading, stage: Stage): void {
  readCall(reading, stage.callee, stage.arguments ?? []);
  readMembers(reading, reading.calleeOf(stage.callee.text), stage.members);
}

/** `= normal(deviation: 0.02)`: names of initial values, which mean something else elsewhere. */
function readInitial(reading: Reading, names: ReadonlySet<string>, value: Expression): void {
  const named = value.kind === "call" && value.callee.kind === "name" ? value.callee.name : null;
  if (value.kind !== "call" || named === null || !names.has(named.text)) {
    readExpression(reading, value);
    return;
  }
  reading.note(named, builtInSymbol(named.text, "initializer"), "calls");
  for (const argument of value.arguments) readExpression(reading, argument.value);
}

/** The calls within the dimensions of a type, as `ceil(h / 2)`; its names are those of dimensions. */
export function readType(reading: Reading, type: Type): void {
  for (const dimension of dimensionsOf(type))
    for (const name of calleesWithin(dimension)) reading.note(name, reading.calleeOf(name.text), "calls");
}

/** The callee, its labels, and its arguments; a bare name that the callee lists is a word of its own. */
export function readCall(reading: Reading, name: Name, list: readonly Argument[]): void {
  const callee = reading.calleeOf(name.text);
  reading.note(name, callee, "calls");
  const words = new Set(callee?.node?.kind === "definition" ? wordsOf(callee.node) : []);
  for (const { label, value } of list) {
    if (label !== null && callee !== null)
      reading.note(label, reading.parameterOf(callee, label.text), "labels");
    if (value.kind !== "name" || !words.has(value.name.text)) readExpression(reading, value);
  }
}

function wordsOf(definition: Definition): readonly string[] {
  return definition.parameters.flatMap(({ type }) => expectedBy(type).words);
}
