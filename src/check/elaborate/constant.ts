/** Owns `const`: exact where numbers and lists are all it takes, else a table that the interpreter computes. */
import { evaluateFunction, tensor } from "../../evaluate/index.ts";
import type { Scalar } from "../../ir/comprehension.ts";
import { isLiteral } from "../../ir/dimension.ts";
import type { GraphFunction, IndexNode, Node } from "../../ir/graph.ts";
import { partsOfScalar } from "../../ir/rewrite.ts";
import { printType } from "../../ir/type.ts";
import { constantTooLarge, notStatic } from "../../report/catalogue/check.ts";
import type { Constant, Expression, Name } from "../../syntax/ast.ts";
import type { Named } from "../program.ts";
import { isStatic } from "../statics/arithmetic.ts";
import { type Meaning, describe, numeric, unknown } from "../statics/meaning.ts";
import * as exact from "../statics/exact.ts";
import { type Elaboration, type Scope, complain, noDuties } from "./elaboration.ts";
import { evaluate } from "./expression.ts";
import { cutFunction, emptyGraph } from "./graph-builder.ts";
import { listOf } from "./table.ts";

/** Numbers that a constant may hold: more are data. */
const mostNumbers = 100_000;
/** Elements that may be computed on the way, sums taken apart: more would make one wait. */
const mostWork = 4_000_000;

/** What a constant of a file means, worked out when something first names it. */
export function constantValue(
  elaboration: Elaboration,
  scope: Scope,
  { declaration, home }: Named<Constant>,
): Meaning {
  const known = elaboration.constants.get(declaration);
  if (known !== undefined) return known;
  // A constant that needs itself finds nothing.
  elaboration.constants.set(declaration, unknown);
  const body: Scope = {
    ...scope,
    file: home(),
    kind: "constant",
    bindings: new Map(),
    ellipsis: null,
    duties: noDuties,
    loops: [],
    binding: declaration.name.text,
    statement: null,
  };
  // Its nodes are no part of the network.
  const alone: Elaboration = {
    ...elaboration,
    graph: emptyGraph(),
    recurrence: null,
    registry: { parameters: new Map(), states: new Map(), streams: new Map(), lengths: new Map() },
    held: new Map(),
    firstCalls: new Map(),
    updated: new Set(),
    declared: [],
    draws: new Map(),
    tables: new Map(),
    layers: [],
  };
  const meaning = fixed(alone, body, declaration.value, evaluate(alone, body, declaration.value));
  const value = originate(meaning, declaration.name);
  elaboration.constants.set(declaration, value);
  return value;
}

/** A number that remembers where it was named, a list that remembers how. */
function originate(meaning: Meaning, { text, span }: Name): Meaning {
  if (meaning.kind === "list") return { ...meaning, name: text };
  return meaning.kind === "number" ? numeric(meaning.number, { span }) : meaning;
}

/** As a static value; unknown with a message where it depends on more than the program's text. */
function fixed(elaboration: Elaboration, scope: Scope, { span }: Expression, meaning: Meaning): Meaning {
  if (isStatic(meaning) || meaning.kind === "unknown") return meaning;
  const depends = (found: string): Meaning => {
    complain(elaboration, scope, notStatic.build({ span, what: "a `const`", found }));
    return unknown;
  };
  if (meaning.kind !== "tensor") return depends(describe(meaning));
  const { value } = meaning;
  const { shape } = value.type;
  if (!shape.every(isLiteral)) return depends(describe(meaning));
  const results = [{ role: { kind: "output", name: "value" } as const, value }];
  const fn = cutFunction(elaboration.graph, "constant", results, () => false);
  const reason = whatVaries(fn);
  if (reason !== null) return depends(reason);
  const size = shape.reduce((product, { constant }) => product * constant, 1);
  if (size > mostNumbers || workOf(fn.nodes) > mostWork) {
    complain(
      elaboration,
      scope,
      constantTooLarge.build({ span, found: printType(value.type), limit: mostNumbers }),
    );
    return unknown;
  }
  const tables = [...(elaboration.tables?.values() ?? [])];
  const inputs = new Map(
    fn.arguments.map(({ role, value: argument }) => {
      const table = tables.find(({ name }) => "name" in role && name === role.name)!;
      return [
        argument,
        tensor(
          argument.type.shape.map(({ constant }) => constant),
          table.values,
        ),
      ] as const;
    }),
  );
  const values = evaluateFunction(fn, inputs, { sizes: new Map(), seed: 0, step: 0 });
  const { data } = values.get(fn.results[0]!.value)!;
  return shape.length === 0
    ? numeric(exact.inexact(data[0]!))
    : listOf(
        shape.map(({ constant }) => constant),
        data,
      );
}

/** What keeps a function from being computed once and for all; null where nothing does. */
function whatVaries({ arguments: read, nodes }: GraphFunction): string | null {
  const given = read.find(({ role }) => role.kind !== "constant");
  if (given !== undefined) {
    const { role } = given;
    return `made of the ${role.kind}${"name" in role ? ` \`${role.name}\`` : ""}`;
  }
  const flat = allNodes(nodes);
  if (flat.some(({ comprehension }) => [...partsOfScalar(comprehension.body)].some(isRandom)))
    return "drawn at random";
  const open = flat.some(
    ({ comprehension }) => !comprehension.domain.every(({ extent }) => isLiteral(extent)),
  );
  return open ? "made of a size that is known only when the network runs" : null;
}

function isRandom({ kind }: Scalar): boolean {
  return kind === "random";
}

function allNodes(nodes: readonly Node[]): readonly IndexNode[] {
  return nodes.flatMap((node) => (node.kind === "index" ? [node] : allNodes(node.nodes)));
}

/** Points that the interpreter visits; steps of a recurrence each for themselves. */
function workOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => {
    if (node.kind === "scan") return sum + node.steps.constant * workOf(node.nodes);
    return sum + node.comprehension.domain.reduce((product, { extent }) => product * extent.constant, 1);
  }, 0);
}
