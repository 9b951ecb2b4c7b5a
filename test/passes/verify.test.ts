/** The verifier finds what is wrong with a function, one fault at a time. */
import { describe, expect, test } from "vitest";
import type { Comprehension, IndexVariable } from "../../src/ir/comprehension.ts";
import { literal } from "../../src/ir/dimension.ts";
import { type GraphFunction, type Node, resultsOf, type Value } from "../../src/ir/graph.ts";
import { constantIndex, readIndex, scaleIndex, sumIndex, variableIndex } from "../../src/ir/indices.ts";
import { apply, constant, inside, read, readAt, select } from "../../src/ir/scalars.ts";
import type { ElementType } from "../../src/ir/type.ts";
import { verifyFunction } from "../../src/ir/verify.ts";
import { frame, typeOf } from "../support/graph.ts";

const i: IndexVariable = { name: "i", extent: literal(4) };
const j: IndexVariable = { name: "j", extent: literal(2) };
const x: Value = { id: 0, type: typeOf([4]), name: "x" };
const chosen: Value = { id: 1, type: typeOf([4], { kind: "index", size: 4 }), name: "chosen" };
const float: ElementType = { kind: "float" };

interface Written {
  readonly shape?: readonly number[];
  readonly element?: ElementType;
}

/** What the verifier says of `y = comprehension` over x and chosen. */
function faults(
  comprehension: Partial<Comprehension>,
  { shape = [4], element = float }: Written = {},
): string[] {
  const node: Node = {
    kind: "index",
    operation: "index",
    operands: [x, chosen],
    comprehension: {
      domain: [i],
      target: [variableIndex(i)],
      reducer: null,
      body: readAt(0, [i]),
      ...comprehension,
    },
    result: { id: 2, type: typeOf(shape, element), name: "y" },
    frame,
  };
  return verifyFunction(functionOf([node])).map(({ message }) => message);
}

function functionOf(nodes: readonly Node[], returned?: Value): GraphFunction {
  return {
    name: "test",
    arguments: [x, chosen].map((value) => ({ role: { kind: "parameter", name: value.name! }, value })),
    nodes,
    results: [{ role: { kind: "output", name: "y" }, value: returned ?? resultsOf(nodes.at(-1)!)[0]! }],
  };
}

describe("the verifier", () => {
  const window = sumIndex(variableIndex(i), constantIndex(1));

  test("finds nothing where all is well", () => {
    expect(faults({})).toEqual([]);
    expect(faults({ body: read(0, [readIndex(1, [variableIndex(i)])]) })).toEqual([]);
    expect(faults({ body: select(inside(window, literal(4)), read(0, [window]), constant(0)) })).toEqual([]);
  });

  test.each<[string, Partial<Comprehension>, Written, string]>([
    ["a place outside", { body: read(0, [window]) }, {}, "i + 1 may lie outside of 4"],
    [
      "a stride too far",
      { body: read(0, [scaleIndex(2, variableIndex(i))]) },
      {},
      "2 * i may lie outside of 4",
    ],
    ["a rank", { body: readAt(0, [i, i]) }, {}, "%0 is read at 2 places, and is [4]"],
    ["an operand", { body: readAt(5, [i]) }, {}, "there is no operand 5"],
    ["a foreign variable", { body: readAt(0, [j]) }, {}, "j is no variable of the domain"],
    ["a floating place", { body: read(0, [readIndex(0, [variableIndex(i)])]) }, {}, "%0 is no index tensor"],
    ["a missing reducer", { domain: [i, j] }, {}, "nothing reduces j"],
    [
      "a reducer of a scatter",
      { target: [constantIndex(0)], reducer: "max" },
      {},
      "a scatter sums, and this one has the reducer max",
    ],
    ["a shape", {}, { shape: [5] }, "i runs to 4 along axis 0, which has 5"],
    ["a rank of the result", {}, { shape: [4, 1] }, "the target has 1 places for a result [4, 1]"],
    ["truth", {}, { element: { kind: "bool" } }, "the result holds truth values, and the body gives numbers"],
    ["an index", {}, { element: { kind: "index", size: 4 } }, "the body is not an index below 4"],
    [
      "a smaller index",
      { body: readAt(1, [i]) },
      { element: { kind: "index", size: 3 } },
      "the body is not an index below 3",
    ],
    [
      "places as numbers",
      { target: [], reducer: "argmax" },
      { shape: [] },
      "places are indices, and the result holds floats",
    ],
  ])("finds %s", (_, comprehension, written, message) => {
    expect(faults(comprehension, written)).toContain(message);
  });

  test("finds values made twice, too late or never", () => {
    const y: Value = { id: 2, type: typeOf([4]), name: null };
    const z: Value = { id: 3, type: typeOf([4]), name: null };
    const comprehension: Comprehension = {
      domain: [i],
      target: [variableIndex(i)],
      reducer: null,
      body: apply("exp", readAt(0, [i])),
    };
    const node = (operand: Value, result: Value): Node => ({
      kind: "index",
      operation: "exp",
      operands: [operand],
      comprehension,
      result,
      frame,
    });
    const messages = (...nodes: Node[]) => verifyFunction(functionOf(nodes, y)).map(({ message }) => message);
    expect(messages(node(x, y), node(x, y))).toEqual(["%2 is made twice"]);
    expect(messages(node(z, y), node(x, z))).toEqual(["%3 is used before it is made"]);
    expect(messages(node(x, z))).toEqual(["the result %2 is never made"]);
  });
});
