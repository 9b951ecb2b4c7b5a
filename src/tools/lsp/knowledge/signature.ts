/** Owns signatures as readers see them: of layers, operations, draws, initial values and the forms of recipes. */
import { formalsOfBuiltin } from "../../../check/elaborate/builtin.ts";
import { optionsOfInitializer } from "../../../check/elaborate/initializer.ts";
import { expectedBy } from "../../../check/statics/option.ts";
import { isTensorType } from "../../../check/shapes/signature.ts";
import type { NamedSymbol } from "../../../check/symbols/index.ts";
import { operations } from "../../../ops/index.ts";
import type { Operation } from "../../../ops/operation.ts";
import type { Definition, Entry, Model } from "../../../syntax/ast.ts";
import { textOf } from "../../../text/source.ts";
import { builtInDocs, initializerDocs, layerParameters, parameterTexts, staticDocs } from "./built-ins.ts";

export interface SignatureParameter {
  readonly name: string;
  /** As `units: int`. */
  readonly text: string;
  readonly tensor: boolean;
  readonly required: boolean;
  /** Words that may stand for it, `true` and `false` among them. */
  readonly words: readonly string[];
  readonly takes: "value" | "schedule" | "layer" | "dimensions";
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly SignatureParameter[];
  /** As ` -> [..., units]`; empty where nothing is promised. */
  readonly results: string;
  readonly doc: string | null;
}

/** `dense(x: [..., n], units: int, bias: bool = true) -> [..., units]` */
export function signatureText({ name, parameters, results }: Signature): string {
  return `${name}(${parameters.map(({ text }) => text).join(", ")})${results}`;
}

export function signatureOf(symbol: NamedSymbol): Signature | null {
  const { node, name } = symbol;
  if (node?.kind === "definition" || node?.kind === "model" || node?.kind === "entry")
    return signatureOfDefinition(node);
  if (symbol.sort === "initializer") return signatureOfInitializer(name);
  return symbol.sort === "operation" ? signatureOfBuiltIn(name) : null;
}

export function signatureOfDefinition(node: Definition | Model | Entry): Signature {
  // The body of a metric, schedule or optimizer is given its first tensors by whoever runs it.
  const parameters = node.parameters.map(({ name, type, fallback, span }) => {
    const expected = expectedBy(type);
    const named = type.kind === "named" ? type.name.text : "";
    return {
      name: name.text,
      text: oneLine(textOf(span)),
      tensor: isTensorType(type),
      required: fallback === null,
      words: named === "bool" ? ["true", "false"] : expected.words,
      takes: expected.schedule ? "schedule" : expected.layerTensors !== null ? "layer" : "value",
    } as const;
  });
  const results = "results" in node ? node.results : [];
  const types = results.map(({ type }) => oneLine(textOf(type.span)));
  return {
    name: node.name.text,
    parameters,
    results: types.length === 0 ? "" : ` -> ${types.join(", ")}`,
    doc: node.doc,
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** What the language gives goes before operations, as in calls. */
function signatureOfBuiltIn(name: string): Signature | null {
  const formals = formalsOfBuiltin(name);
  if (formals !== null) {
    const parameters = formals.map(({ name: formal, tensor, required }) => ({
      name: formal,
      text: parameterText(formal, required),
      tensor: tensor && required,
      required,
      words: formal === "keep" ? ["true", "false"] : [],
      takes: takenBy(formal),
    }));
    return { name, parameters, results: "", doc: builtInDocs[name] ?? null };
  }
  const operation = operations.get(name);
  if (operation !== undefined) return signatureOfOperation(operation);
  const doc = builtInDocs[name] ?? staticDocs[name];
  return doc === undefined ? null : { name, parameters: [], results: "", doc };
}

function parameterText(formal: string, required: boolean): string {
  const text = parameterTexts[formal] ?? formal;
  return required || text.includes(" = ") ? text : text.replace(formal, `${formal}?`);
}

function takenBy(formal: string): SignatureParameter["takes"] {
  if (formal === "over" || formal === "shape") return "dimensions";
  return layerParameters.has(formal) ? "layer" : "value";
}

function signatureOfInitializer(name: string): Signature {
  const options = optionsOfInitializer(name) ?? [];
  const parameters = options.map((option) => ({
    name: option,
    text: `${option}: float`,
    tensor: false,
    required: false,
    words: [],
    takes: "value" as const,
  }));
  const input = { name: "x", text: "x: input", tensor: true, required: true, words: [] };
  const statistic = name.startsWith("fitted_");
  return {
    name,
    parameters: statistic ? [{ ...input, takes: "value" }] : parameters,
    results: "",
    doc: initializerDocs[name] ?? null,
  };
}

function signatureOfOperation({ name, tensors, variadic, options, doc }: Operation): Signature {
  const taken = tensors.map((tensor) => ({
    name: tensor,
    text: variadic ? `${tensor}…` : tensor,
    tensor: true,
    required: true,
    words: [],
    takes: "value" as const,
  }));
  const chosen = Object.entries(options).map(([option, { type, fallback }]) => ({
    name: option,
    text: `${option}: ${type}${fallback === undefined || fallback === null ? "" : ` = ${JSON.stringify(fallback)}`}`,
    tensor: false,
    required: fallback === undefined,
    words: type === "bool" ? ["true", "false"] : [],
    takes:
      type === "axis" || type === "axes" || type === "shape" ? ("dimensions" as const) : ("value" as const),
  }));
  return { name, parameters: [...taken, ...chosen], results: "", doc };
}
