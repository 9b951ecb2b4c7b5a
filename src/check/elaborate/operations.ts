/** Owns applying operations to tensors: operands become values, problems become messages, the graph grows. */
import { variablesOver } from "../../ir/build.ts";
import { type Dimension, printDimension } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import { read } from "../../ir/scalars.ts";
import { type TensorType, printType } from "../../ir/type.ts";
import type { Comprehension } from "../../ir/comprehension.ts";
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
import { tableOf } from "./table.ts";
import { explain, traced } from "../shapes/provenance.ts";

/** A network of more nodes than this is a mistake (a loop of millions), not a network. */
const mostNodes = 100_000;
/** A meaning as a tensor: numbers and dimensions are scalars, lists tables. Null where it is none. */
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
      return tableOf(elaboration, scope, meaning);
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

/** One number, or index, at every place of a shape. */
export function broadcastScalar(
  elaboration: Elaboration,
  scope: Scope,
  scalar: Value,
  shape: readonly Dimension[],
): Value {
  const domain = variablesOver(shape);
  return applyComprehension(elaboration, scope, "broadcast", [scalar], {
    type: { ...scalar.type, shape },
    comprehension: { domain, target: domain.map(variableIndex), reducer: null, body: read(0, []) },
  });
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

/** As `784` or `batch`, for notes. */
export function printSizes(shape: readonly Dimension[]): string {
  return shape.map(printDimension).join(" × ");
}
