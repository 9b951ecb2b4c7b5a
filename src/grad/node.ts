/** Owns the gradient of one node: nodes that give each operand its part of the cotangent of the result. */
import { type GraphBuilder, variablesOver } from "../ir/build.ts";
import { type Scalar, isGather } from "../ir/comprehension.ts";
import type { IndexNode, Value } from "../ir/graph.ts";
import { variableIndex } from "../ir/indices.ts";
import { apply, read, readAt, sameScalar } from "../ir/scalars.ts";
import { simplifyScalar } from "../ops/scalar/simplify.ts";
import { times } from "../ops/scalar/algebra.ts";
import { type Contribution, differentiateBody } from "./body.ts";
import { chosenPlaces, hasPlace, isChosen, productOfOthers } from "./reducers.ts";
import { turnRound } from "./turn.ts";

export interface NodeFailure {
  readonly operation: string;
  readonly reason: string;
}

/** How the cotangent of the result arrives at the points of the domain, and the operands that it is read from. */
interface Arrival {
  readonly operands: readonly Value[];
  readonly cotangent: Scalar;
  readonly guards: readonly Scalar[];
  /** The body's value at a point as a read, where the result holds it. */
  readonly result: Scalar | null;
}

/**
 * Adds nodes for the gradient of each wanted operand and reports them to `contribute`, or says which function of
 * scalars has none. The nodes carry the frame of the node.
 */
export function differentiateNode(
  node: IndexNode,
  cotangent: Value,
  wanted: (operand: Value) => boolean,
  builder: GraphBuilder,
  contribute: (operand: Value, part: Value) => void,
): NodeFailure | null {
  const { reducer } = node.comprehension;
  if (reducer === "argmax" || reducer === "argmin") return null;
  if ((reducer === "max" || reducer === "min") && !hasPlace(node.comprehension))
    return {
      operation: node.operation,
      reason: "runs over several lengths at once: take one after the other",
    };
  const arrival = arrive(node, cotangent, builder);
  const gradient = differentiateBody({
    body: node.comprehension.body,
    cotangent: arrival.cotangent,
    guards: arrival.guards,
    result: arrival.result,
    wanted: (operand) => operand < node.operands.length && wanted(node.operands[operand]!),
  });
  if (gradient.kind === "none") return { operation: gradient.function, reason: gradient.reason };
  const scaled = new ScaledCotangents(node, cotangent, builder);
  for (const contribution of gradient.contributions) {
    const operand = node.operands[contribution.operand]!;
    contribute(operand, contributionNode(node, operand, contribution, arrival, scaled, builder));
  }
  return null;
}

/** Behind the node's own operands stand the cotangent, its result, and what the reducer adds. */
function arrive(node: IndexNode, cotangent: Value, builder: GraphBuilder): Arrival {
  const { comprehension, operands } = node;
  const [cotangentPlace, resultPlace, addedPlace] = [0, 1, 2].map((place) => operands.length + place) as [
    number,
    number,
    number,
  ];
  const arrived = read(cotangentPlace, comprehension.target);
  const base = [...operands, cotangent, node.result];
  const plain = { operands: base, cotangent: arrived, guards: [], result: null };
  switch (comprehension.reducer) {
    case null: {
      const result = isGather(comprehension) ? read(resultPlace, comprehension.target) : null;
      return { ...plain, result };
    }
    case "max":
    case "min": {
      const chosen = chosenPlaces(comprehension, node.result.type);
      const operation = comprehension.reducer === "max" ? "argmax" : "argmin";
      const places = builder.add({ operation, operands, ...chosen, frame: node.frame });
      return { ...plain, operands: [...base, places], guards: [isChosen(chosen.comprehension, addedPlace)] };
    }
    case "product": {
      const { at, ...others } = productOfOthers(comprehension);
      const partial = builder.add({ operation: "index", operands, ...others, frame: node.frame });
      const product = apply("multiply", arrived, read(addedPlace, at));
      return { ...plain, operands: [...base, partial], cotangent: product };
    }
    case "sum":
    case "argmax":
    case "argmin":
      return plain;
  }
}

function contributionNode(
  node: IndexNode,
  operand: Value,
  { at, cotangent, scale }: Contribution,
  arrival: Arrival,
  scaled: ScaledCotangents,
  builder: GraphBuilder,
): Value {
  const { shape } = operand.type;
  const { domain } = node.comprehension;
  const plain = turnRound(domain, at, shape, cotangent);
  // A constant factor of a reduction goes to the cotangent, once, so that a contraction's body is a bare product.
  const apart = plain.reducer !== null && !isOne(scale);
  const comprehension = apart || isOne(scale) ? plain : turnRound(domain, at, shape, times(cotangent, scale));
  const operands = arrival.operands.map((value, place) =>
    apart && place === node.operands.length ? scaled.by(scale) : value,
  );
  return builder.add({
    operation: "index",
    operands,
    type: operand.type,
    comprehension,
    frame: node.frame,
  });
}

function isOne(scale: Scalar): boolean {
  return scale.kind === "constant" && scale.value === 1;
}

/** `scale · cotangent` as nodes, each made once. */
class ScaledCotangents {
  readonly #made: { readonly scale: Scalar; readonly value: Value }[] = [];
  readonly #node: IndexNode;
  readonly #cotangent: Value;
  readonly #builder: GraphBuilder;

  constructor(node: IndexNode, cotangent: Value, builder: GraphBuilder) {
    this.#node = node;
    this.#cotangent = cotangent;
    this.#builder = builder;
  }

  by(scale: Scalar): Value {
    const known = this.#made.find((other) => sameScalar(other.scale, scale));
    if (known !== undefined) return known.value;
    const domain = variablesOver(this.#cotangent.type.shape);
    const body = simplifyScalar(apply("multiply", readAt(0, domain), scale));
    const value = this.#builder.add({
      operation: "multiply",
      operands: [this.#cotangent],
      type: this.#cotangent.type,
      comprehension: { domain, target: domain.map(variableIndex), reducer: null, body },
      frame: this.#node.frame,
    });
    this.#made.push({ scale, value });
    return value;
  }
}
