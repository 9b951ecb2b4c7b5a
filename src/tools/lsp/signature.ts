/** Owns signatures as readers see them: of layers, operations, draws, initial values and the forms of recipes. */
import { formalsOfBuiltin } from "../../check/elaborate/builtin.ts";
import { optionsOfInitializer } from "../../check/elaborate/initializer.ts";
import { expectedBy } from "../../check/statics/option.ts";
import { isTensorType } from "../../check/shapes/signature.ts";
import type { NamedSymbol } from "../../check/symbols/index.ts";
import { operations } from "../../ops/index.ts";
import type { Operation } from "../../ops/operation.ts";
import type { Definition, Entry, Model } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";

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

function signatureOfBuiltIn(name: string): Signature | null {
  const operation = operations.get(name);
  if (operation !== undefined) return signatureOfOperation(operation);
  const formals = formalsOfBuiltin(name);
  if (formals !== null) {
    const parameters = formals.map(({ name: formal, tensor, required }) => ({
      name: formal,
      text: required ? formal : `${formal}?`,
      tensor,
      required,
      words: [],
      takes: formal === "over" ? ("dimensions" as const) : ("value" as const),
    }));
    return { name, parameters, results: "", doc: null };
  }
  const options = optionsOfInitializer(name);
  if (options === null) return null;
  const parameters = options.map((option) => ({
    name: option,
    text: `${option}: float`,
    tensor: false,
    required: false,
    words: [],
    takes: "value" as const,
  }));
  return { name, parameters, results: "", doc: "An initial value." };
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
