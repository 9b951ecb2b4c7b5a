/** Owns how expressions and types are laid out. Parentheses come where the tree needs them and none were written. */
import { builders, utils } from "prettier/doc";
import type {
  Argument,
  Conditional,
  Expression,
  Parameter,
  Path,
  Result,
  Stage,
  Subscript,
  Type,
} from "../ast.ts";
import { writtenString } from "../literals.ts";
import { listed, withComments, type Doc, type Page } from "./page.ts";

const { group, indent, join, line } = builders;

/** How tightly a form binds: the productions of the grammar from the loosest to the tightest. */
const tightness = {
  ...{ expression: 0, disjunction: 1, conjunction: 2, negation: 3, comparison: 4, range: 5 },
  ...{ sum: 6, product: 7, unary: 8, postfix: 9, primary: 10 },
};
type Tightness = number;

const operators: Readonly<
  Record<string, { readonly own: Tightness; readonly left: Tightness; readonly right: Tightness }>
> = {
  or: { own: tightness.disjunction, left: tightness.disjunction, right: tightness.conjunction },
  and: { own: tightness.conjunction, left: tightness.conjunction, right: tightness.negation },
  "+": { own: tightness.sum, left: tightness.sum, right: tightness.product },
  "-": { own: tightness.sum, left: tightness.sum, right: tightness.product },
  "*": { own: tightness.product, left: tightness.product, right: tightness.unary },
  "/": { own: tightness.product, left: tightness.product, right: tightness.unary },
  "%": { own: tightness.product, left: tightness.product, right: tightness.unary },
  "@": { own: tightness.product, left: tightness.product, right: tightness.unary },
  "**": { own: tightness.unary, left: tightness.postfix, right: tightness.unary },
};

function tightnessOf(expression: Expression): Tightness {
  switch (expression.kind) {
    case "pipe":
      return tightness.expression;
    case "binary":
      return operators[expression.operator]!.own;
    case "comparison":
      return tightness.comparison;
    case "range":
      return tightness.range;
    case "unary":
      return expression.operator === "not" ? tightness.negation : tightness.unary;
    case "call":
    case "member":
    case "subscripted":
      return tightness.postfix;
    default:
      return tightness.primary;
  }
}

export function expressionDoc(
  page: Page,
  expression: Expression,
  least: Tightness = tightness.expression,
): Doc {
  const doc = bare(page, expression);
  return tightnessOf(expression) < least ? ["(", doc, ")"] : doc;
}

function bare(page: Page, expression: Expression): Doc {
  const at = (inner: Expression, least: Tightness): Doc => expressionDoc(page, inner, least);
  switch (expression.kind) {
    case "number":
      return expression.text;
    case "string":
      return writtenString(expression.value);
    case "boolean":
      return String(expression.value);
    case "ellipsis":
      return "...";
    case "missing":
      return "";
    case "name":
      return expression.name.text;
    case "parenthesized":
      return ["(", at(expression.inner, tightness.expression), ")"];
    case "list":
      return listed(
        "[",
        expression.items.map((item) => withComments(page, item, at(item, tightness.expression))),
        "]",
      );
    case "conditional":
      return group(conditionalDoc(page, expression));
    case "pipe":
      return pipeDoc([
        at(expression.input, tightness.disjunction),
        ...expression.stages.map((each) => stageDoc(page, each)),
      ]);
    case "binary":
      return group(binaryDoc(page, expression));
    case "comparison":
      return group(
        expression.operands.map((operand, place) => {
          const doc = at(operand, tightness.range);
          return place === 0 ? doc : indent([line, expression.operators[place - 1]!, " ", doc]);
        }),
      );
    case "range": {
      const dots = startsWithDots(expression.to) ? " .. " : "..";
      return [at(expression.from, tightness.sum), dots, at(expression.to, tightness.sum)];
    }
    case "unary":
      return expression.operator === "not"
        ? ["not ", at(expression.operand, tightness.negation)]
        : [expression.operator, at(expression.operand, tightness.unary)];
    case "call":
      return [at(expression.callee, tightness.postfix), argumentsDoc(page, expression.arguments)];
    case "member": {
      // `1.w` would be read as a number gone wrong.
      const space = expression.object.kind === "number" ? " " : "";
      return [at(expression.object, tightness.postfix), space, ".", expression.name.text];
    }
    case "subscripted": {
      const subscripts = expression.subscripts.map((each) => subscriptDoc(page, each));
      return [at(expression.object, tightness.postfix), listed("[", subscripts, "]")];
    }
  }
}

/** A chain of operators that bind alike breaks before each of them. */
function binaryDoc(page: Page, expression: Expression & { kind: "binary" }): Doc[] {
  const { left, operator, right } = expression;
  const rule = operators[operator]!;
  const alike = left.kind === "binary" && operator !== "**" && operators[left.operator]!.own === rule.own;
  const before = alike ? binaryDoc(page, left) : [expressionDoc(page, left, rule.left)];
  return [...before, indent([line, operator, " ", expressionDoc(page, right, rule.right)])];
}

function conditionalDoc(page: Page, { condition, then, otherwise }: Conditional): Doc {
  const branch = (value: Expression): Doc => ["{", indent([line, expressionDoc(page, value)]), line, "}"];
  const last = otherwise.kind === "conditional" ? conditionalDoc(page, otherwise) : branch(otherwise);
  return ["if ", expressionDoc(page, condition), " ", branch(then), " else ", last];
}

/** Whether the text of an expression begins with `...`. */
function startsWithDots(expression: Expression): boolean {
  switch (expression.kind) {
    case "ellipsis":
      return true;
    case "binary":
      return startsWithDots(expression.left);
    case "call":
      return startsWithDots(expression.callee);
    case "member":
    case "subscripted":
      return startsWithDots(expression.object);
    default:
      return false;
  }
}

/** `x -> f -> g`: on one line, or one step a line. */
export function pipeDoc(steps: readonly Doc[]): Doc {
  const [first = "", ...rest] = steps;
  return group([first, indent(rest.map((step) => [line, step]))]);
}

/** A step of a pipe with its arrow. */
export function stageDoc(page: Page, stage: Stage): Doc {
  return withComments(page, stage, ["-> ", bareStageDoc(page, stage)]);
}

export function bareStageDoc(page: Page, { callee, members, arguments: given }: Stage): Doc {
  const name = [callee, ...members].map(({ text }) => text).join(".");
  return given === null ? name : [name, argumentsDoc(page, given)];
}

export function argumentsDoc(page: Page, given: readonly Argument[]): Doc {
  const items = given.map((argument) => {
    const label = argument.label === null ? "" : `${argument.label.text}: `;
    return withComments(page, argument, [label, expressionDoc(page, argument.value)]);
  });
  return listed("(", items, ")");
}

function subscriptDoc(page: Page, subscript: Subscript): Doc {
  if (subscript.kind === "at") return expressionDoc(page, subscript.index);
  const { from, to } = subscript;
  return [from === null ? "" : expressionDoc(page, from), ":", to === null ? "" : expressionDoc(page, to)];
}

export function pathDoc(page: Page, { head, steps }: Path): Doc {
  return [
    head.text,
    ...steps.map((step): Doc => {
      return step.kind === "member" ? `.${step.name.text}` : ["[", expressionDoc(page, step.index), "]"];
    }),
  ];
}

export function typeDoc(page: Page, type: Type): Doc {
  switch (type.kind) {
    case "union":
      return join(
        " | ",
        type.options.map((option) => typeDoc(page, option)),
      );
    case "shape":
      return listed(
        "[",
        type.dimensions.map((dimension) => expressionDoc(page, dimension)),
        "]",
      );
    case "index": {
      const each = type.shape === null ? "" : typeDoc(page, type.shape);
      return ["index(", expressionDoc(page, type.size), ")", each];
    }
    case "layerType": {
      const tensors = type.tensors.map((tensor) => typeDoc(page, tensor));
      return ["layer", listed("(", tensors, ")"), " -> ", typeDoc(page, type.result)];
    }
    case "named": {
      if (type.bound === null) return type.name.text;
      return [
        type.name.text,
        ` ${type.bound.operator} `,
        expressionDoc(page, type.bound.value, tightness.sum),
      ];
    }
  }
}

export function parametersDoc(page: Page, parameters: readonly Parameter[]): Doc {
  const items = parameters.map((parameter) => {
    const fallback = parameter.fallback === null ? "" : [" = ", expressionDoc(page, parameter.fallback)];
    return withComments(page, parameter, [
      parameter.name.text,
      ": ",
      typeDoc(page, parameter.type),
      fallback,
    ]);
  });
  return listed("(", items, ")");
}

export function resultsDoc(page: Page, results: readonly Result[]): Doc {
  if (results.length === 0) return "";
  const items = results.map(({ name, type }) => [name === null ? "" : `${name.text}: `, typeDoc(page, type)]);
  // On one line: where it is too long, the parameters before it break.
  return utils.mapDoc([" -> ", join(", ", items)], flattened);
}

function flattened(doc: Doc): Doc {
  if (typeof doc !== "object" || Array.isArray(doc)) return doc;
  if (doc.type === "line") return doc.soft === true ? "" : " ";
  return doc.type === "group" || doc.type === "indent" ? doc.contents : doc;
}
