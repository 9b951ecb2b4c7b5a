/** Owns applying operations to tensors: operands become values, problems become messages, the graph grows. */
import { type Dimension, literal, printDimension } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { type TensorType, floats, printType } from "../../ir/type.ts";
import type { Comprehension, IndexVariable, Scalar } from "../../ir/comprehension.ts";
import { operations } from "../../ops/index.ts";
import type { OptionValue } from "../../ops/operation.ts";
import { notATensor, operandsDisagree, tooLarge } from "../../report/catalogue/check.ts";
import type { Span } from "../../text/source.ts";
import {
  type Elaboration,
  type Scope,
  complain,
  constantNode,
  dimensionNode,
  nodeFrame,
} from "./elaboration.ts";
import { toNumber } from "../statics/exact.ts";
import { addNode } from "./graph-builder.ts";
import { type Meaning, describe, tensor, unknown } from "../statics/meaning.ts";
import { explain, traced } from "../shapes/provenance.ts";

/** A network of more nodes than this is a mistake (a loop of millions), not a network. */
const mostNodes = 100_000;
/** Longer lists become parameters or data, not constants in the text. */
const longestList = 64;

/** A meaning as a tensor: numbers and dimensions are scalars, short lists vectors. Null where it is none. */
export function asTensor(elaboration: Elaboration, scope: Scope, meaning: Meaning): Value | null {
  switch (meaning.kind) {
    case "tensor":
      return meaning.value;
    case "number":
      return constantNode(elaboration, nodeFrame(scope), toNumber(meaning.number));
    case "dimension":
      return dimensionNode(elaboration, nodeFrame(scope), meaning.dimension);
    case "ratio": {
      const size = dimensionNode(elaboration, nodeFrame(scope), meaning.dimension);
      const by = constantNode(elaboration, nodeFrame(scope), meaning.by);
      return applyFitting(elaboration, scope, "divide", [size, by], {}, nodeFrame(scope).span);
    }
    case "list":
      return listNode(elaboration, scope, meaning.items);
    default:
      return null;
  }
}

/** As `asTensor`, with a message where it is none; null also for what is unknown. */
export function tensorDue(
  elaboration: Elaboration,
  scope: Scope,
  meaning: Meaning,
  span: Span,
): Value | null {
  const value = asTensor(elaboration, scope, meaning);
  if (value === null && meaning.kind !== "unknown")
    complain(elaboration, scope, notATensor.build({ span, found: describe(meaning) }));
  return value;
}

/** Applies an operation of `ops`; `spans` are those of the operands, for messages. */
export function applyOperation(
  elaboration: Elaboration,
  scope: Scope,
  name: string,
  operands: readonly Value[],
  options: Readonly<Record<string, OptionValue>>,
  span: Span,
  spans: readonly Span[] = [],
  /** How the program wrote the operation, where it used an operator. */
  written: string = name,
): Meaning {
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  const types = operands.map((operand) => operand.type);
  const built = operation.build(types, options);
  if (built.kind === "problem") {
    const related = built.operands.flatMap(({ operand, axis }) => {
      const type = types[operand];
      const dimension = axis === null ? undefined : type?.shape[axis];
      const here = spans[operand];
      const shown =
        here === undefined || type === undefined
          ? []
          : [{ span: here, message: `this is ${printType(type)}` }];
      return [...shown, ...(dimension === undefined ? [] : explain(dimension))];
    });
    const message = built.message.replaceAll(`\`${name}\``, `\`${written}\``);
    complain(elaboration, scope, operandsDisagree.build({ span, message, related, help: built.help }));
    return unknown;
  }
  if (elaboration.graph.nodes.length >= mostNodes) {
    complain(elaboration, scope, tooLarge.build({ span, limit: mostNodes }));
    return unknown;
  }
  const type = traced(built.type, types, span, name);
  return tensor(
    addNode(
      elaboration.graph,
      name,
      operands,
      { type, comprehension: built.comprehension },
      nodeFrame(scope),
    ),
  );
}

/** Applies an operation whose operands are known to fit: what the checker itself adds, as the mean of a loss. */
export function applyFitting(
  elaboration: Elaboration,
  scope: Scope,
  name: string,
  operands: readonly Value[],
  options: Readonly<Record<string, OptionValue>>,
  span: Span,
): Value | null {
  const meaning = applyOperation(elaboration, scope, name, operands, options, span);
  return meaning.kind === "tensor" ? meaning.value : null;
}

/** A node of a comprehension that no operation of the table makes: draws, index notation, slices. */
export function applyComprehension(
  elaboration: Elaboration,
  scope: Scope,
  name: string,
  operands: readonly Value[],
  made: { readonly type: TensorType; readonly comprehension: Comprehension },
): Value {
  return addNode(elaboration.graph, name, operands, made, nodeFrame(scope));
}

/** A list of numbers, or of such lists, as a constant tensor. */
function listNode(elaboration: Elaboration, scope: Scope, items: readonly Meaning[]): Value | null {
  const flat = flatten(items);
  if (flat === null || flat.values.length === 0 || flat.values.length > longestList) return null;
  const domain = flat.shape.map((extent, axis): IndexVariable => ({
    name: `i${axis}`,
    extent: literal(extent),
  }));
  const comprehension: Comprehension = {
    domain,
    target: domain.map((variable) => ({ kind: "variable", variable })),
    reducer: null,
    body: chosenByPlace(domain, flat.values),
  };
  const shape: Dimension[] = flat.shape.map((extent) => literal(extent));
  return addNode(elaboration.graph, "constant", [], { type: floats(shape), comprehension }, nodeFrame(scope));
}

function flatten(items: readonly Meaning[]): { shape: readonly number[]; values: readonly number[] } | null {
  const parts = items.map((item) => {
    if (item.kind === "number") return { shape: [] as readonly number[], values: [toNumber(item.number)] };
    return item.kind === "list" ? flatten(item.items) : null;
  });
  const first = parts[0];
  if (first === undefined || first === null) return null;
  const values: number[] = [];
  for (const part of parts) {
    if (part === null || part.shape.join() !== first.shape.join()) return null;
    values.push(...part.values);
  }
  return { shape: [parts.length, ...first.shape], values };
}

/** `select(i = 0, v₀, select(i = 1, v₁, …))` along the first axis, and so on within. */
function chosenByPlace(domain: readonly IndexVariable[], values: readonly number[]): Scalar {
  const [variable, ...rest] = domain;
  if (variable === undefined) return { kind: "constant", value: values[0]! };
  const extent = variable.extent.constant;
  const each = values.length / extent;
  let chosen = chosenByPlace(rest, values.slice((extent - 1) * each));
  for (let place = extent - 2; place >= 0; place -= 1) {
    const index: Scalar = { kind: "index", of: { kind: "variable", variable } };
    const here: Scalar = {
      kind: "apply",
      function: "equal",
      arguments: [index, { kind: "constant", value: place }],
    };
    const value = chosenByPlace(rest, values.slice(place * each, (place + 1) * each));
    chosen = { kind: "apply", function: "select", arguments: [here, value, chosen] };
  }
  return chosen;
}

/** As `784` or `batch`, for notes. */
export function printSizes(shape: readonly Dimension[]): string {
  return shape.map(printDimension).join(" × ");
}
