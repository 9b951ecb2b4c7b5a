/** Owns running a definition: arguments into its signature, a scope and frame of its own, its results checked. */
import type { Dimension } from "../../ir/dimension.ts";
import { printDimension, sameDimension } from "../../ir/dimension.ts";
import type { Frame } from "../../ir/frame.ts";
import type { Value } from "../../ir/graph.ts";
import { type TensorType, printType } from "../../ir/type.ts";
import { noReturn, resultCount, resultUnfit, tooDeep, wrongSort } from "../../report/catalogue/check.ts";
import type { Definition, Parameter } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { type Formal, givenMeaning, matchArguments } from "./arguments.ts";
import type { CallSite } from "./call.ts";
import {
  type Bound,
  type Duties,
  type Elaboration,
  type Scope,
  complain,
  labelsOf,
  noDuties,
  spend,
} from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "./expression.ts";
import { type Given, type Meaning, plain, tensor, unknown } from "../statics/meaning.ts";
import { declareHeld, updateState } from "./held.ts";
import { broadcastScalar, tensorDue } from "./operations.ts";
import type { FileScope } from "../program.ts";
import { explain } from "../shapes/provenance.ts";
import { evaluateShape } from "../shapes/shape.ts";
import { alternatives, expectedBy, optionOf } from "../statics/option.ts";
import { type TensorArgument, bindResultOfLayers, isTensorType, unifyTensors } from "../shapes/signature.ts";
import { runBlock } from "./statement.ts";
import { warnOfScores } from "../model/scores.ts";

/** Deeper recursion has no bound that ends it. */
const deepest = 64;

const layerDuties: Duties = { ...noDuties, hold: null, update: null, returns: true };

export function formalsOf(definition: Definition): readonly Formal[] {
  return definition.parameters.map((parameter) => ({
    name: parameter.name.text,
    tensor: isTensorType(parameter.type),
    required: parameter.fallback === null,
    variadic: false,
    span: parameter.name.span,
  }));
}

/** Calls a layer, or says why it cannot be called here. */
export function callLayer(
  elaboration: Elaboration,
  scope: Scope,
  callee: { readonly definition: Definition; readonly home: FileScope },
  given: readonly Given[],
  site: CallSite,
): Meaning {
  const { definition } = callee;
  if (definition.sort !== "layer") {
    complain(
      elaboration,
      scope,
      wrongSort.build({ span: site.span, name: definition.name.text, sort: definition.sort }),
    );
    return unknown;
  }
  const duties: Duties = {
    ...layerDuties,
    hold: (statement, body) => declareHeld(elaboration, body, statement),
    update: (statement, body) => updateState(elaboration, body, statement),
  };
  const opened = openDefinition(elaboration, scope, callee, given, site, duties);
  if (opened === null) return unknown;
  if (callee.home.library) warnOfScores(elaboration, scope, opened, definition, site);
  const before = elaboration.diagnostics.length;
  const declared = elaboration.declared.length;
  const returned = runBlock(elaboration, opened, definition.body);
  if (returned === null) {
    if (elaboration.diagnostics.length === before)
      complain(
        elaboration,
        opened,
        noReturn.build({ span: definition.name.span, name: definition.name.text }),
      );
    return unknown;
  }
  const result = checkResults(elaboration, opened, definition, returned);
  summarize(elaboration, scope, opened.frame, result, elaboration.declared.slice(declared));
  return result;
}

/**
 * A scope for the body of a definition with its arguments bound: options as given, then tensors (whose shapes bind
 * names), then what was left out. Null where the arguments do not fit.
 */
export function openDefinition(
  elaboration: Elaboration,
  scope: Scope,
  { definition, home }: { readonly definition: Definition; readonly home: FileScope },
  given: readonly Given[],
  site: CallSite,
  duties: Duties,
): Scope | null {
  const callee = definition.name.text;
  if (!spend(elaboration, scope, site.span)) return null;
  if (depthOf(scope.frame) >= deepest) {
    complain(elaboration, scope, tooDeep.build({ span: site.span, name: callee, limit: deepest }));
    return null;
  }
  const matched = matchArguments(elaboration, scope, site.name, formalsOf(definition), given, site.span);
  if (matched === null) return null;
  const statics: Record<string, string | number | boolean> = {};
  const bindings = new Map<string, Bound>();
  const frame: Frame = { layer: callee, span: site.span, path: site.path, statics, parent: scope.frame };
  const opened: Scope = {
    file: home,
    kind: definition.sort,
    frame,
    bindings,
    labels: labelsOf(elaboration, definition.body),
    sharing: site.sharing,
    ellipsis: null,
    loops: [],
    binding: "",
    statement: null,
    clock: scope.clock,
    duties,
  };
  let fits = true;
  const tensors: (TensorArgument & { readonly value: Value })[] = [];
  for (const parameter of definition.parameters) {
    const argument = matched.get(parameter.name.text)?.[0];
    if (argument === undefined) continue;
    if (isTensorType(parameter.type)) {
      const value = tensorDue(elaboration, scope, argument.evaluate(plain), argument.span);
      if (value === null) fits = false;
      else tensors.push({ parameter, type: value.type, span: argument.span, value });
      continue;
    }
    const meaning = optionOf(elaboration, scope, opened, site.name, parameter, argument);
    if (meaning === null) fits = false;
    else {
      bindings.set(parameter.name.text, boundOption(parameter, meaning));
      note(statics, parameter.name.text, meaning);
    }
  }
  if (!fits || !unifyTensors(elaboration, scope, opened, site.name, tensors)) return null;
  if (site.sharing !== null && !elaboration.firstCalls.has(site.path))
    elaboration.firstCalls.set(
      site.path,
      tensors.map(({ type }) => type),
    );
  for (const { parameter, value } of tensors) {
    const meaning = tensor(widened(elaboration, opened, parameter, value));
    bindings.set(parameter.name.text, { meaning, span: parameter.name.span });
  }
  return bindFallbacks(elaboration, opened, definition, matched, statics) ? opened : null;
}

/** A scalar where a signature lists sizes stands at every place of them. */
function widened(elaboration: Elaboration, opened: Scope, { type }: Parameter, value: Value): Value {
  if (value.type.shape.length > 0) return value;
  const pattern = alternatives(type).find((one) => one.kind === "shape" || one.kind === "index");
  const written = pattern?.kind === "index" ? pattern.shape : pattern?.kind === "shape" ? pattern : null;
  if (written === null || written === undefined || written.dimensions.length === 0) return value;
  if (written.dimensions.some(({ kind }) => kind === "ellipsis")) return value;
  const shape = evaluateShape(elaboration, opened, written);
  return shape === null ? value : broadcastScalar(elaboration, opened, value, shape);
}

/** What the call left out is evaluated in the body's scope: a fallback may speak of dimensions. */
function bindFallbacks(
  elaboration: Elaboration,
  opened: Scope,
  definition: Definition,
  matched: ReadonlyMap<string, readonly Given[]>,
  statics: Record<string, string | number | boolean>,
): boolean {
  for (const parameter of definition.parameters) {
    const { fallback } = parameter;
    if (matched.has(parameter.name.text) || fallback === null) continue;
    if (isTensorType(parameter.type)) {
      const value = tensorDue(elaboration, opened, evaluate(elaboration, opened, fallback), fallback.span);
      if (value === null) return false;
      // As an argument would; a number is a scalar, which fits whatever the call leaves open.
      const { type } = value;
      const argument = { parameter, type, span: fallback.span };
      if (
        type.shape.length > 0 &&
        !unifyTensors(elaboration, opened, opened, definition.name.text, [argument])
      )
        return false;
      opened.bindings.set(parameter.name.text, { meaning: tensor(value), span: parameter.name.span });
      continue;
    }
    const given: Given = {
      ...givenMeaning(unknown, fallback.span),
      word: fallback.kind === "name" ? fallback.name.text : null,
      evaluate: (expected) => evaluate(elaboration, opened, fallback, expected),
    };
    const meaning = optionOf(elaboration, opened, opened, definition.name.text, parameter, given);
    if (meaning === null) return false;
    opened.bindings.set(parameter.name.text, boundOption(parameter, meaning));
    note(statics, parameter.name.text, meaning);
  }
  return true;
}

function boundOption({ name, type }: Parameter, meaning: Meaning): Bound {
  return { meaning, span: name.span, words: expectedBy(type).words };
}

function note(statics: Record<string, string | number | boolean>, name: string, meaning: Meaning): void {
  if (meaning.kind === "number") statics[name] = exact.toNumber(meaning.number);
  if (meaning.kind === "boolean" || meaning.kind === "string") statics[name] = meaning.value;
  if (meaning.kind === "word") statics[name] = meaning.text;
}

function depthOf(frame: Frame): number {
  let depth = 0;
  for (let at: Frame | null = frame; at !== null; at = at.parent) depth += 1;
  return depth;
}

/** What came back against what the signature promises. */
function checkResults(
  elaboration: Elaboration,
  opened: Scope,
  definition: Definition,
  returned: Meaning,
): Meaning {
  const items = returned.kind === "several" ? returned.items : [returned];
  if (definition.results.length === 0 || items.some((item) => item.kind === "unknown")) return returned;
  if (items.length !== definition.results.length) {
    const { name, results } = definition;
    complain(
      elaboration,
      opened,
      resultCount.build({
        span: name.span,
        name: name.text,
        promised: results.length,
        returned: items.length,
      }),
    );
    return unknown;
  }
  const checked = items.map((item, place) => {
    const { type } = definition.results[place]!;
    const shape = type.kind === "shape" ? type : type.kind === "index" ? type.shape : null;
    const value = tensorDue(elaboration, opened, item, type.span);
    if (value === null) return unknown;
    if (shape !== null)
      bindResultOfLayers(elaboration, opened, definition.parameters, shape, value.type.shape);
    const due = shape === null ? [] : evaluateShape(elaboration, opened, shape);
    if (due !== null) compareResult(elaboration, opened, definition, value.type, due, type.span);
    return tensor(value);
  });
  return checked.length === 1 ? checked[0]! : { kind: "several", items: checked };
}

function compareResult(
  elaboration: Elaboration,
  opened: Scope,
  definition: Definition,
  found: TensorType,
  due: readonly Dimension[],
  span: TensorArgument["span"],
): void {
  const axis = due.findIndex((dimension, place) => {
    const other = found.shape[place];
    return other === undefined || !sameDimension(dimension, other);
  });
  if (axis < 0 && due.length === found.shape.length) return;
  const related = [axis < 0 ? undefined : found.shape[axis], axis < 0 ? undefined : due[axis]].flatMap(
    (dimension) => (dimension === undefined ? [] : explain(dimension)),
  );
  const promised = `[${due.map(printDimension).join(", ")}]`;
  complain(
    elaboration,
    opened,
    resultUnfit.build({ span, name: definition.name.text, promised, returned: printType(found), related }),
  );
}

/** Whether a body is that of the model itself, recurrences in it included. */
function inModel({ kind, frame }: Scope): boolean {
  return kind === "model" || (kind === "scan" && frame.parent === null);
}

/** A call in the model's own body is a line of the summary; a shared layer's parameters stand with its first call. */
function summarize(
  elaboration: Elaboration,
  scope: Scope,
  { path, span }: Frame,
  result: Meaning,
  parameters: readonly string[],
): void {
  if (elaboration.training || result.kind !== "tensor" || !inModel(scope)) return;
  elaboration.layers.push({ text: textOf(span), path, span, output: result.value.type, parameters });
}
