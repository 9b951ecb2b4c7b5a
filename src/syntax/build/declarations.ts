/** Owns the way from the concrete tree of a file and its declarations to their syntax tree. */
import type { CstNode } from "chevrotain";
import type { Declaration, Definition, Path, Recipe, Setting } from "../ast.ts";
import { expressionIn, stringOf } from "./expressions.ts";
import { blockIn } from "./statements.ts";
import {
  missingAfter,
  nameOf,
  namesOf,
  nodeOf,
  nodesOf,
  spanOf,
  tokenOf,
  tokensOf,
  type Reading,
} from "./tree.ts";
import { parametersIn, resultsIn } from "./types.ts";

export function declarations(reading: Reading, file: CstNode): readonly Declaration[] {
  return nodesOf(file, "declaration").flatMap((parent): Declaration[] => {
    const node = Object.values(parent.children)
      .flat()
      .find((child): child is CstNode => "children" in child);
    const built = node && builders[node.name]?.(reading, node);
    return built ? [built] : [];
  });
}

/** Each null where not even a name was read. */
const builders: Readonly<Record<string, (reading: Reading, node: CstNode) => Declaration | null>> = {
  importing(reading, node) {
    const string = tokenOf(node, "String");
    return {
      kind: "import",
      span: spanOf(reading, node),
      names: namesOf(reading, nodeOf(node, "names")),
      from:
        string === undefined
          ? { kind: "string", span: missingAfter(reading, node).span, value: "" }
          : stringOf(reading, string),
    };
  },

  constant(reading, node) {
    const name = tokenOf(node, "Name");
    if (name === undefined) return null;
    const span = spanOf(reading, node);
    return {
      kind: "constant",
      span,
      doc: reading.documentation(span.start),
      name: nameOf(reading, name),
      value: expressionIn(reading, node),
    };
  },

  definition(reading, node) {
    const head = nodeOf(node, "definitionHead");
    const name = head && tokenOf(head, "Name");
    if (head === undefined || name === undefined) return null;
    const signature = nodeOf(head, "signature");
    const span = spanOf(reading, node);
    return {
      kind: "definition",
      span,
      doc: reading.documentation(span.start),
      sort: tokenOf(head, "sort")!.image as Definition["sort"],
      name: nameOf(reading, name),
      parameters: parametersIn(reading, signature),
      results: resultsIn(reading, signature),
      body: blockIn(reading, node),
    };
  },

  model(reading, node) {
    const head = nodeOf(node, "modelHead");
    const name = head && tokenOf(head, "Name");
    if (head === undefined || name === undefined) return null;
    const span = spanOf(reading, node);
    return {
      kind: "model",
      span,
      doc: reading.documentation(span.start),
      name: nameOf(reading, name),
      parameters: parametersIn(reading, head),
      body: blockIn(reading, node),
    };
  },

  recipe(reading, node) {
    const head = nodeOf(node, "recipeHead");
    const [model, alias] = head === undefined ? [] : tokensOf(head, "Name");
    if (model === undefined) return null;
    const body = nodeOf(node, "recipeBody");
    const span = spanOf(reading, node);
    const recipe: Recipe = {
      kind: "recipe",
      span,
      doc: reading.documentation(span.start),
      model: nameOf(reading, model),
      alias: alias === undefined ? null : nameOf(reading, alias),
      settings:
        body === undefined ? [] : nodesOf(body, "setting").flatMap((child) => setting(reading, child) ?? []),
    };
    return recipe;
  },
};

function setting(reading: Reading, node: CstNode): Setting | null {
  const key = tokenOf(node, "Name");
  if (key === undefined) return null;
  const rhythm = nodeOf(node, "rhythm");
  const unit = rhythm && tokenOf(rhythm, "unit");
  return {
    kind: "setting",
    span: spanOf(reading, node),
    key: nameOf(reading, key),
    value: expressionIn(reading, node),
    clauses: nodesOf(node, "clause").map((clause) => ({
      over: nodesOf(clause, "path").flatMap((child) => path(reading, child) ?? []),
      with: expressionIn(reading, clause),
    })),
    every:
      rhythm === undefined
        ? null
        : { count: expressionIn(reading, rhythm), unit: (unit?.image ?? "steps") as "steps" | "epochs" },
  };
}

function path(reading: Reading, node: CstNode): Path | null {
  const head = tokenOf(node, "Name");
  if (head === undefined) return null;
  return {
    kind: "path",
    span: spanOf(reading, node),
    head: nameOf(reading, head),
    steps: nodesOf(node, "pathStep").map((step) => {
      const word = tokenOf(step, "Word");
      return word === undefined
        ? { kind: "at" as const, index: expressionIn(reading, step) }
        : { kind: "member" as const, name: nameOf(reading, word) };
    }),
  };
}
