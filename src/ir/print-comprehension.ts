/** Owns the text of comprehensions, in the notation of the language: `y[b, o] = sum(x[b, i] * w[i, o], over: i)`. */
import {
  type Comprehension,
  type IndexExpression,
  type IndexVariable,
  type Scalar,
  isGather,
  reducedVariables,
} from "./comprehension.ts";
import { type Dimension, printDimension } from "./dimension.ts";
import { adding, comparing, infix, loosest, multiplying, printInfix, tightest, within } from "./infix.ts";
import { indicesWithin, partsOfScalar } from "./rewrite.ts";

/** What the operand of that number is called. */
export type OperandName = (operand: number) => string;

function bindingOf({ constant, terms }: Dimension): number {
  if (terms.length + (constant === 0 ? 0 : 1) > 1) return adding;
  return terms.some(({ coefficient }) => coefficient !== 1) ? multiplying : tightest;
}

/** `outer` is how tightly what stands around it binds. */
export function printIndex(index: IndexExpression, nameOf: OperandName, outer = loosest): string {
  switch (index.kind) {
    case "constant":
      return within(String(index.value), index.value < 0 ? adding : tightest, outer);
    case "variable":
      return index.variable.name;
    case "dimension":
      return within(printDimension(index.dimension), bindingOf(index.dimension), outer);
    case "sum": {
      const text = index.terms.reduce((sum, term, place) => {
        const [sign, size] = signed(term);
        const printed = printIndex(size, nameOf, multiplying);
        if (place === 0) return sign < 0 ? `-${printed}` : printed;
        return `${sum} ${sign < 0 ? "-" : "+"} ${printed}`;
      }, "");
      return within(text, adding, outer);
    }
    case "scaled": {
      const of = printIndex(index.of, nameOf, tightest);
      return within(index.factor === -1 ? `-${of}` : `${index.factor} * ${of}`, multiplying, outer);
    }
    case "quotient":
      return `floor(${printIndex(index.of, nameOf, multiplying)} / ${index.by})`;
    case "remainder":
      return within(`${printIndex(index.of, nameOf, tightest)} % ${index.by}`, multiplying, outer);
    case "read":
      return printRead(index.operand, index.at, nameOf);
  }
}

/** A term of a sum as a sign and what follows it. */
function signed(term: IndexExpression): readonly [1 | -1, IndexExpression] {
  if (term.kind === "constant" && term.value < 0) return [-1, { kind: "constant", value: -term.value }];
  if (term.kind === "scaled" && term.factor === -1) return [-1, term.of];
  if (term.kind === "scaled" && term.factor < 0) return [-1, { ...term, factor: -term.factor }];
  return [1, term];
}

function printRead(operand: number, at: readonly IndexExpression[], nameOf: OperandName): string {
  const places = at.map((index) => printIndex(index, nameOf)).join(", ");
  return at.length === 0 ? nameOf(operand) : `${nameOf(operand)}[${places}]`;
}

export function printScalar(scalar: Scalar, nameOf: OperandName, outer = loosest): string {
  switch (scalar.kind) {
    case "constant":
      return within(String(scalar.value), scalar.value < 0 ? adding : tightest, outer);
    case "dimension":
      return within(printDimension(scalar.dimension), bindingOf(scalar.dimension), outer);
    case "index":
      return printIndex(scalar.of, nameOf, outer);
    case "inside": {
      const text = `0 <= ${printIndex(scalar.of, nameOf, adding)} < ${printDimension(scalar.extent)}`;
      return within(text, comparing, outer);
    }
    case "read":
      return printRead(scalar.operand, scalar.at, nameOf);
    case "random": {
      const sample = scalar.sample === null ? [] : [`sample: ${printIndex(scalar.sample, nameOf)}`];
      const element = `element: ${printIndex(scalar.element, nameOf)}`;
      return `${scalar.distribution}(${[`stream: ${scalar.stream}`, ...sample, element].join(", ")})`;
    }
    case "apply":
      return printCall(scalar, nameOf, outer);
  }
}

function printCall(scalar: Extract<Scalar, { kind: "apply" }>, nameOf: OperandName, outer: number): string {
  const operands = scalar.arguments;
  const operator = infix[scalar.function];
  if (operator !== undefined)
    return printInfix(operator, operands, outer, (operand, around) => printScalar(operand, nameOf, around));
  if (scalar.function === "negate") {
    return within(`-${printScalar(operands[0]!, nameOf, tightest)}`, multiplying, outer);
  }
  const name = scalar.function === "select" ? "where" : scalar.function;
  return `${name}(${operands.map((operand) => printScalar(operand, nameOf)).join(", ")})`;
}

/** `result[target] = reducer(body, over: …)`, or in scatter form `result[target] += body`. */
export function printComprehension(
  comprehension: Comprehension,
  result: string,
  nameOf: OperandName,
): string {
  const { target, reducer, body, domain } = comprehension;
  const left =
    target.length === 0 ? result : `${result}[${target.map((at) => printIndex(at, nameOf)).join(", ")}]`;
  const right = printScalar(body, nameOf);
  const standsAlone = variablesAlone(comprehension);
  const ranged = (variables: readonly IndexVariable[]): string => {
    const printed = variables.map((variable) =>
      standsAlone.has(variable) ? variable.name : `${variable.name} < ${printDimension(variable.extent)}`,
    );
    return printed.length === 1 ? printed[0]! : `[${printed.join(", ")}]`;
  };
  if (!isGather(comprehension)) return `${left} += ${right}, for: ${ranged(domain)}`;
  if (reducer === null) return `${left} = ${right}`;
  return `${left} = ${reducer}(${right}, over: ${ranged(reducedVariables(comprehension))})`;
}

/** The variables that are the place along some axis by themselves, so that their range can be seen. */
function variablesAlone({ body }: Comprehension): ReadonlySet<IndexVariable> {
  const alone = new Set<IndexVariable>();
  const take = (at: readonly IndexExpression[]): void => {
    for (const index of at) if (index.kind === "variable") alone.add(index.variable);
  };
  for (const part of partsOfScalar(body)) if (part.kind === "read") take(part.at);
  for (const part of indicesWithin(body)) if (part.kind === "read") take(part.at);
  return alone;
}
