/** Owns folding: constants into what reads them, the algebra of scalars, and nodes that only hand on an operand. */
import { evaluateComprehension } from "../evaluate/index.ts";
import type { Comprehension, Scalar } from "../ir/comprehension.ts";
import { makeNode } from "../ir/build.ts";
import { isLiteral } from "../ir/dimension.ts";
import type { IndexNode, Value } from "../ir/graph.ts";
import { indicesWithin, mapScalar, partsOfScalar, substituteVariables } from "../ir/rewrite.ts";
import { constant, sameScalar } from "../ir/scalars.ts";
import { sameElement, sameShape } from "../ir/type.ts";
import { operations } from "../ops/index.ts";
import { simplifyScalar } from "../ops/scalar/simplify.ts";
import { type Rewriting, type Visited, pass, sweep } from "./pass.ts";

export const fold = pass({
  name: "fold",
  doc: "Numbers known now are computed now: constants, x * 1, x + 0, -(-x), copies, views of views.",
  on: "graph",
  run: (fn) => sweep(fn, () => foldNode),
});

export const foldNode: Rewriting = (node, visited) => {
  const folded = evaluated(simplified(inlined(node, visited)));
  const handedOn = copied(folded) ?? copied(lookThrough(folded, visited));
  if (handedOn === null || !mayReplace(folded, handedOn, visited)) return { kind: "node", node: folded };
  return { kind: "value", value: handedOn };
};

/** `y = 2`, `z[i] = x[i] * y` becomes `z[i] = x[i] * 2`: operands that are one number everywhere, or `1 / batch`. */
function inlined(node: IndexNode, { producerOf }: Visited): IndexNode {
  const everywhere = node.operands.map((operand) => invariantOf(producerOf(operand)));
  if (everywhere.every((scalar) => scalar === null)) return node;
  return withBody(
    node,
    mapScalar(node.comprehension.body, { read: (operand) => everywhere[operand] ?? null }),
  );
}

/** The number that all elements of a result are; null where they differ or the formula is long. */
function invariantOf(producer: IndexNode | undefined): Scalar | null {
  if (producer === undefined || producer.comprehension.reducer !== null) return null;
  const parts = [...partsOfScalar(producer.comprehension.body)];
  const invariant = parts.every(
    ({ kind }) => kind === "constant" || kind === "dimension" || kind === "apply",
  );
  return invariant && parts.length <= 4 ? producer.comprehension.body : null;
}

function simplified(node: IndexNode): IndexNode {
  return withBody(node, simplifyScalar(node.comprehension.body));
}

/** A scalar that depends on nothing is computed by the interpreter: `sum(i * i, over: i < 5)`. */
function evaluated(node: IndexNode): IndexNode {
  const { comprehension, result } = node;
  const known =
    node.operands.length === 0 &&
    comprehension.body.kind !== "constant" &&
    result.type.shape.length === 0 &&
    isGatherOfLiterals(comprehension) &&
    [...partsOfScalar(comprehension.body)].every(
      (part) =>
        part.kind !== "random" &&
        part.kind !== "dimension" &&
        (part.kind !== "inside" || isLiteral(part.extent)),
    ) &&
    [...indicesWithin(comprehension.body)].every(({ kind }) => kind !== "dimension");
  if (!known) return node;
  const value = evaluateComprehension(comprehension, [], {
    domain: comprehension.domain,
    operands: [],
    sizes: new Map(),
    seed: 0,
    step: 0,
    firstSample: 0,
  });
  const body = constant(value.data[0]!);
  return { ...node, comprehension: { domain: [], target: [], reducer: null, body } };
}

/** Few points, all known: what the interpreter can go through while compiling. */
function isGatherOfLiterals({ domain }: Comprehension): boolean {
  const points = domain.reduce((product, { extent }) => product * extent.constant, 1);
  return domain.every(({ extent }) => isLiteral(extent)) && points <= 4096;
}

/** The operand that a node only hands on: `y[i, j] = x[i, j]` of the same type. */
function copied(node: IndexNode | null): Value | null {
  if (node === null || stopsGradients(node)) return null;
  const { target, reducer, body } = node.comprehension;
  if (reducer !== null || body.kind !== "read") return null;
  const operand = node.operands[body.operand]!;
  const same =
    sameElement(operand.type.element, node.result.type.element) &&
    sameShape(operand.type.shape, node.result.type.shape) &&
    sameScalar(body, { kind: "read", operand: body.operand, at: target });
  return same ? operand : null;
}

/** A view of a view, or the negative of a negative, as one body; null where the operand is of another form. */
function lookThrough(node: IndexNode, { producerOf }: Visited): IndexNode | null {
  const { body, reducer } = node.comprehension;
  const outer = body.kind === "apply" && body.function === "negate" ? body.arguments[0]! : body;
  if (reducer !== null || outer.kind !== "read" || node.operands.length !== 1) return null;
  const producer = producerOf(node.operands[0]!);
  if (producer === undefined || stopsGradients(producer) || producer.operands.length !== 1) return null;
  const { domain, target, body: inner, reducer: reduced } = producer.comprehension;
  const read = inner.kind === "apply" && inner.function === "negate" ? inner.arguments[0]! : inner;
  const plain = target.every((at, axis) => at.kind === "variable" && at.variable === domain[axis]);
  if (reduced !== null || read.kind !== "read" || !plain || domain.length !== target.length) return null;
  const through = mapScalar(body, {
    read: (_, at) =>
      substituteVariables(inner, new Map(domain.map((variable, axis) => [variable, at[axis]!]))),
  });
  const comprehension = { ...node.comprehension, body: simplifyScalar(through) };
  return makeNode({ ...node, operands: producer.operands, comprehension }, node.result);
}

/** A result keeps a node of its own where an argument or another result would stand for it. */
function mayReplace(node: IndexNode, by: Value, { producerOf, isResult }: Visited): boolean {
  return !isResult(node.result) || (producerOf(by) !== undefined && !isResult(by));
}

function stopsGradients(node: IndexNode): boolean {
  return (operations.get(node.operation)?.gradient.kind ?? "derived") !== "derived";
}

function withBody(node: IndexNode, body: Scalar): IndexNode {
  if (body === node.comprehension.body) return node;
  return makeNode({ ...node, comprehension: { ...node.comprehension, body } }, node.result);
}
