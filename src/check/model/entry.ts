/** Owns `entry` functions: further functions of the module over a model's shared layers, with inputs of their own. */
import {
  type Dimension,
  type DimensionSymbol,
  mostValue,
  printDimension,
  sameDimension,
  symbolic,
  variesBySample,
} from "../../ir/dimension.ts";
import type { Frame } from "../../ir/frame.ts";
import type { Value } from "../../ir/graph.ts";
import type { Entry as NetworkEntry, Port as NetworkPort } from "../../ir/network.ts";
import { type TensorType, printShape, printType } from "../../ir/type.ts";
import {
  entryNameTaken,
  entryOptionUnfit,
  entryReadsInput,
  entryResultName,
  entryUnshared,
  noReturn,
  resultCount,
  resultUnfit,
} from "../../report/catalogue/check.ts";
import type { Entry, Result } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import {
  type Bound,
  type Elaboration,
  type Scope,
  bind,
  complain,
  labelsOf,
  noDuties,
  tell,
} from "../elaborate/elaboration.ts";
import { addArgument, cutFunction, reachedArguments } from "../elaborate/graph-builder.ts";
import { tensor, unknown } from "../statics/meaning.ts";
import { tensorDue } from "../elaborate/operations.ts";
import { declareNumber } from "./entry-number.ts";
import { portType } from "./port.ts";
import { explain } from "../shapes/provenance.ts";
import { runBlock } from "../elaborate/statement.ts";

/** What the module's class has already: no entry is called so. */
export const methodNames: readonly string[] = (
  "create load predict evaluate fit step gradients parameters steps save firstNonFinite constructor prototype name " +
  "length toString valueOf then"
).split(" ");

/**
 * Elaborates an entry in the scope of its model's body, once that has run: its inputs, its body, its results. Null with
 * a message where something does not fit.
 */
export function runEntry(elaboration: Elaboration, model: Scope, entry: Entry): NetworkEntry | null {
  const { name } = entry;
  if (methodNames.includes(name.text)) {
    complain(
      elaboration,
      null,
      entryNameTaken.build({ span: name.span, name: name.text, taken: methodNames }),
    );
    return null;
  }
  const frame: Frame = {
    layer: name.text,
    span: name.span,
    path: name.text,
    statics: {},
    parent: model.frame,
  };
  const scope: Scope = {
    ...model,
    kind: "entry",
    frame,
    bindings: new Map<string, Bound>(model.bindings),
    labels: labelsOf(elaboration, entry.body),
    loops: [],
    binding: "",
    duties: { ...noDuties, returns: true },
  };
  const isNumber = ({ type }: Entry["parameters"][number]): boolean => type.kind === "named";
  const numbers = entry.parameters
    .filter(isNumber)
    .map((parameter) => declareNumber(elaboration, scope, entry, parameter));
  const inputs = entry.parameters
    .filter((parameter) => !isNumber(parameter))
    .map((parameter) => declareInput(elaboration, scope, entry, parameter));
  const before = elaboration.diagnostics.length;
  const declared = elaboration.declared.length;
  const returned = runBlock(elaboration, scope, entry.body);
  if (returned === null) {
    if (elaboration.diagnostics.length === before)
      complain(elaboration, scope, noReturn.build({ span: name.span, name: name.text }));
    return null;
  }
  for (const path of elaboration.declared.slice(declared)) {
    const held = elaboration.held.get(path);
    if (held !== undefined && held.sharing === null)
      complain(
        elaboration,
        null,
        entryUnshared.build({ span: userSpan(elaboration, held.frame), entry: name.text, path }),
      );
  }
  const items = returned.kind === "several" ? returned.items : [returned];
  if (items.some((item) => item.kind === "unknown")) return null;
  const due = entry.results;
  if (items.length !== due.length) {
    const counts = { promised: due.length, returned: items.length };
    complain(elaboration, scope, resultCount.build({ span: name.span, name: name.text, ...counts }));
    return null;
  }
  const bare = due.length === 1 && due[0]!.name === null;
  const outputs = due.map((result, place) => {
    if (result.name === null && !bare)
      complain(elaboration, null, entryResultName.build({ span: result.type.span, entry: name.text }));
    const value = tensorDue(elaboration, scope, items[place]!, result.type.span);
    return value !== null &&
      fits(elaboration, scope, entry, result, value) &&
      readsNoInput(elaboration, model, entry, value)
      ? { name: result.name?.text ?? "result", doc: null, type: value.type, value }
      : null;
  });
  const ports = inputs.filter((port) => port !== null);
  const given = outputs.filter((output) => output !== null);
  const scalars = numbers.filter((number) => number !== null);
  const wrong = ports.length < inputs.length || scalars.length < numbers.length;
  if (wrong || given.length < outputs.length) return null;
  const results = given.map((output) => ({
    role: { kind: "output" as const, name: `${name.text}.${output.name}` },
    value: output.value,
  }));
  const own = (role: { readonly kind: string; readonly name?: string }): boolean =>
    role.kind === "input" && role.name!.startsWith(`${name.text}.`);
  return {
    name: name.text,
    doc: entry.doc,
    inputs: ports,
    numbers: scalars,
    outputs: given.map((output) => ({ name: output.name, doc: null, type: output.type })),
    bare,
    function: cutFunction(elaboration.graph, name.text, results, own),
  };
}

/** The call in the user's text that declared a parameter. */
function userSpan({ program }: Elaboration, declared: Frame): Frame["span"] {
  let frame: Frame = declared;
  while (frame.parent !== null && program.isLibrary(frame.span.source)) frame = frame.parent;
  return frame.span;
}

function declareInput(
  elaboration: Elaboration,
  scope: Scope,
  entry: Entry,
  { name, type, fallback, span }: Entry["parameters"][number],
): NetworkPort | null {
  if (fallback !== null) {
    const facts = { span: fallback.span, name: name.text, found: textOf(span) };
    complain(elaboration, null, entryOptionUnfit.build(facts));
  }
  const found = fallback === null ? portType(elaboration, scope, type) : null;
  if (found === null) {
    scope.bindings.set(name.text, { meaning: unknown, span: name.span });
    return null;
  }
  const role = { kind: "input" as const, name: `${entry.name.text}.${name.text}` };
  const value = addArgument(elaboration.graph, role, found, name.text);
  bind(elaboration, scope, name.text, tensor(value), name.span);
  tell(elaboration, name.span, "input", printType(found));
  return { name: name.text, doc: null, type: found, span };
}

/** Whether a result has the shape and elements that the signature promises. */
function fits(elaboration: Elaboration, scope: Scope, entry: Entry, { type }: Result, value: Value): boolean {
  const due = portType(elaboration, scope, type);
  if (due === null) return false;
  if (sameShape(value.type, dueFor(due, value.type, type.span))) return true;
  const batch = symbolic(elaboration.batch, { span: type.span });
  const axis = due.shape.findIndex((dimension, place) => {
    const other = value.type.shape[place];
    return other === undefined || !sameDimension(dimension, other);
  });
  const related = [value.type.shape[axis], due.shape[axis]].flatMap((dimension) =>
    dimension === undefined || sameDimension(dimension, batch) ? [] : explain(dimension),
  );
  const promised = due.element.kind === value.type.element.kind ? printShape(due.shape) : printType(due);
  const facts = {
    promised: withMost(promised, due.shape[axis], value.type.shape[axis]),
    returned: withMost(printType(value.type), value.type.shape[axis], due.shape[axis]),
    related,
  };
  complain(elaboration, null, resultUnfit.build({ span: type.span, name: entry.name.text, ...facts }));
  return false;
}

/** Where two lengths differ in how long they may be, that is said too. */
function withMost(text: string, own: Dimension | undefined, other: Dimension | undefined): string {
  if (own === undefined || other === undefined) return text;
  const alike = variesBySample(own) && variesBySample(other);
  return alike && mostValue(own) !== mostValue(other)
    ? `${text} with ${printDimension(own)} up to ${mostValue(own)}`
    : text;
}

/** A length that the result declares is one that numbers decide, where it may be as long. */
function dueFor(due: TensorType, found: TensorType, { start, end }: Result["type"]["span"]): TensorType {
  const shape = due.shape.map((dimension, axis) => {
    const other = found.shape[axis];
    const declared = dimension.origin?.span;
    const own = declared !== undefined && declared.start >= start && declared.end <= end;
    const decided = other?.terms.length === 1 && other.constant === 0 && isDecided(other.terms[0]!.symbol);
    return own && variesBySample(dimension) && decided && mostValue(other) <= mostValue(dimension)
      ? other
      : dimension;
  });
  return { ...due, shape };
}

function isDecided(symbol: DimensionSymbol): boolean {
  return symbol.kind === "length" && symbol.carried === true;
}

function sameShape(a: TensorType, b: TensorType): boolean {
  const alike =
    a.element.kind === b.element.kind &&
    (a.element.kind !== "index" || b.element.kind !== "index" || a.element.size === b.element.size);
  return (
    alike &&
    a.shape.length === b.shape.length &&
    a.shape.every((dimension, place) => sameDimension(dimension, b.shape[place]!))
  );
}

/** An entry sees hyper-parameters, constants and shared layers, nothing that is computed from the model's ports. */
function readsNoInput(elaboration: Elaboration, model: Scope, entry: Entry, value: Value): boolean {
  const found = reachedArguments(elaboration.graph, value, () => true).find(
    ({ role }) =>
      role.kind === "target" || (role.kind === "input" && !role.name.startsWith(`${entry.name.text}.`)),
  );
  if (found === undefined || !("name" in found.role)) return true;
  const { name, kind } = found.role;
  const declared = model.bindings.get(name)?.span ?? entry.name.span;
  const facts = { entry: entry.name.text, name, kind, declared };
  complain(elaboration, null, entryReadsInput.build({ span: entry.name.span, ...facts }));
  return false;
}
