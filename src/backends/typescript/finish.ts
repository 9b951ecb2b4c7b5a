/** Owns printing what a metric makes of what it collected: a function over host arrays, in double precision. */
import type { Comprehension, IndexExpression, IndexVariable, Scalar } from "../../ir/comprehension.ts";
import { isGather, reducedVariables } from "../../ir/comprehension.ts";
import type { Dimension, DimensionSymbol } from "../../ir/dimension.ts";
import { type GraphFunction, type IndexNode, indexNodes, type Value } from "../../ir/graph.ts";
import {
  add,
  apply,
  asCondition,
  asNumber,
  calledFunctions,
  type Formula,
  inside,
  modulo,
  multiply,
  numberFormula,
  primary,
  quotient,
  runtimeFunction,
} from "./formula.ts";
import { Scope } from "./names.ts";
import { type Language } from "./runtime.ts";
import { typed } from "./routines.ts";

/** The function `name(samples, …collected)`; adds to `runtime` what it calls. */
export function printFinish(
  name: string,
  finish: GraphFunction,
  samples: DimensionSymbol,
  language: Language,
  runtime: Set<string>,
): string {
  const printer = new FinishPrinter(samples, runtime);
  const parameters = finish.arguments.map(({ role, value }) =>
    typed(language, printer.nameOf(value, "name" in role ? role.name : role.kind), "Float64Array"),
  );
  const body = indexNodes(finish.nodes).flatMap((node) => printer.node(node));
  const result = finish.results[0]!.value;
  const returned = printer.element(result, []).text;
  const head = `function ${name}(${[typed(language, "samples", "number"), ...parameters].join(", ")})`;
  return [
    `${head}${language === "typescript" ? ": number" : ""} {`,
    ...body,
    `return ${returned};`,
    "}",
  ].join("\n");
}

interface Counted {
  readonly body: Scalar;
  readonly count: Scalar | null;
}

function plainBody({ comprehension }: IndexNode): Counted {
  return { body: comprehension.body, count: null };
}

/** A mean is a sum of `x / samples`; summed first and divided once, whole counts stay exact. */
function withoutCount(body: Scalar): Counted {
  const [value, count] = body.kind === "apply" && body.function === "divide" ? body.arguments : [];
  return value !== undefined && count?.kind === "dimension" ? { body: value, count } : { body, count: null };
}

/** Operators within are in parentheses. */
function within({ text }: Formula): string {
  return /^[\w.]+$/.test(text) ? text : `(${text})`;
}

class FinishPrinter {
  readonly #scope: Scope;
  readonly #numbers = new Set<Value>();
  readonly #samples: DimensionSymbol;
  readonly #runtime: Set<string>;

  constructor(samples: DimensionSymbol, runtime: Set<string>) {
    this.#samples = samples;
    this.#runtime = runtime;
    this.#scope = new Scope([...calledFunctions, "samples"]);
  }

  nameOf(value: Value, wanted: string): string {
    return this.#scope.nameOf(value, wanted);
  }

  #variable(variable: IndexVariable): string {
    return this.#scope.nameOf(variable, variable.name);
  }

  #dimension({ constant, terms }: Dimension): Formula {
    const symbols = terms.map(({ coefficient, symbol }) => {
      if (symbol !== this.#samples) throw new Error(`a metric cannot ask for ${symbol.name}`);
      return coefficient === 1
        ? primary("samples")
        : multiply(numberFormula(coefficient), primary("samples"));
    });
    const parts = constant !== 0 || terms.length === 0 ? [...symbols, numberFormula(constant)] : symbols;
    return parts.reduce(add);
  }

  /** One element; of a value of rank 0 that was computed here, the value. */
  element(value: Value, at: readonly Formula[]): Formula {
    const name = this.nameOf(value, value.name ?? `value${value.id}`);
    if (this.#numbers.has(value)) return primary(name);
    const place = at.reduce<Formula | null>((sum, index, axis) => {
      const outer = sum === null ? null : multiply(sum, this.#dimension(value.type.shape[axis]!));
      if (outer === null || outer.text === "0") return index;
      return index.text === "0" ? outer : add(outer, index);
    }, null);
    return primary(`${name}[${place?.text ?? "0"}]`);
  }

  node(node: IndexNode): string[] {
    const { comprehension, result } = node;
    const name = this.nameOf(result, result.name ?? `value${result.id}`);
    const scalar = result.type.shape.length === 0;
    if (!isGather(comprehension)) return this.#scatter(node, name);
    const reduced = reducedVariables(comprehension);
    const free = comprehension.domain.filter((variable) => !reduced.includes(variable));
    if (scalar) this.#numbers.add(result);
    const target = scalar ? name : this.#target(node).text;
    const lines = this.#reduction(node, reduced, target, scalar);
    return scalar ? lines : [this.#allocation(name, result), ...this.#loops(free, lines)];
  }

  #allocation(name: string, { type }: Value): string {
    const extents = type.shape.map((dimension) => this.#dimension(dimension));
    return `const ${name} = new Float64Array(${extents.reduce(multiply, numberFormula(1)).text});`;
  }

  #target(node: IndexNode): Formula {
    const { target } = node.comprehension;
    return this.element(
      node.result,
      target.map((at) => this.#index(at, node)),
    );
  }

  #scatter(node: IndexNode, name: string): string[] {
    const { comprehension, result } = node;
    const line = `${this.#target(node).text} += ${asNumber(this.#scalar(comprehension.body, node)).text};`;
    return [this.#allocation(name, result), ...this.#loops(comprehension.domain, [line])];
  }

  #reduction(
    node: IndexNode,
    reduced: readonly IndexVariable[],
    target: string,
    declares: boolean,
  ): string[] {
    const { reducer } = node.comprehension;
    const { body, count } = reducer === "sum" ? withoutCount(node.comprehension.body) : plainBody(node);
    const value = asNumber(this.#scalar(body, node));
    const start = (text: string) => `${declares ? "let " : ""}${target} = ${text};`;
    if (reducer === null) return [declares ? `const ${target} = ${value.text};` : start(value.text)];
    const loops = (line: string) => this.#loops(reduced, [line]);
    switch (reducer) {
      case "sum":
        return [
          start("0"),
          ...loops(`${target} += ${value.text};`),
          ...(count === null ? [] : [`${target} /= ${within(asNumber(this.#scalar(count, node)))};`]),
        ];
      case "product":
        return [start("1"), ...loops(`${target} *= ${value.text};`)];
      case "max":
        return [start("-Infinity"), ...loops(`${target} = Math.max(${target}, ${value.text});`)];
      case "min":
        return [start("Infinity"), ...loops(`${target} = Math.min(${target}, ${value.text});`)];
      case "argmax":
      case "argmin": {
        const best = this.#scope.nameOf({}, "best");
        const here = this.#scope.nameOf({}, "here");
        const better = reducer === "argmax" ? ">" : "<";
        const place = reduced.reduce<Formula | null>((sum, variable) => {
          const index = primary(this.#variable(variable));
          return sum === null ? index : add(multiply(sum, this.#dimension(variable.extent)), index);
        }, null);
        const inner = [
          `const ${here} = ${value.text};`,
          `if (${here} ${better} ${best}) {`,
          `${best} = ${here};`,
          `${target} = ${place?.text ?? "0"};`,
          "}",
        ];
        const first = `let ${best} = ${reducer === "argmax" ? "-" : ""}Infinity;`;
        return [first, start("0"), ...this.#loops(reduced, inner)];
      }
    }
  }

  #loops(variables: Comprehension["domain"], body: readonly string[]): string[] {
    return variables.reduceRight<string[]>(
      (inner, variable) => {
        const name = this.#variable(variable);
        const extent = this.#dimension(variable.extent).text;
        return [`for (let ${name} = 0; ${name} < ${extent}; ${name} += 1) {`, ...inner, "}"];
      },
      [...body],
    );
  }

  #index(index: IndexExpression, node: IndexNode): Formula {
    switch (index.kind) {
      case "constant":
        return numberFormula(index.value);
      case "variable":
        return primary(this.#variable(index.variable));
      case "dimension":
        return this.#dimension(index.dimension);
      case "sum":
        return index.terms.map((term) => this.#index(term, node)).reduce(add);
      case "scaled":
        return multiply(numberFormula(index.factor), this.#index(index.of, node));
      case "quotient":
        return quotient(this.#index(index.of, node), index.by, false);
      case "remainder":
        return modulo(this.#index(index.of, node), index.by, false);
      case "read":
        return this.#read(index, node);
    }
  }

  #read({ operand, at }: { operand: number; at: readonly IndexExpression[] }, node: IndexNode): Formula {
    return this.element(
      node.operands[operand]!,
      at.map((index) => this.#index(index, node)),
    );
  }

  #scalar(scalar: Scalar, node: IndexNode): Formula {
    switch (scalar.kind) {
      case "constant":
        return numberFormula(scalar.value);
      case "dimension":
        return this.#dimension(scalar.dimension);
      case "index":
        return this.#index(scalar.of, node);
      case "inside":
        return inside(this.#index(scalar.of, node), this.#dimension(scalar.extent), false);
      case "read":
        return this.#read(scalar, node);
      case "apply": {
        const called = runtimeFunction(scalar.function);
        if (called !== null) this.#runtime.add(called);
        const operands = scalar.arguments.map((operand) => this.#scalar(operand, node));
        if (scalar.function === "select")
          return apply("select", [asCondition(operands[0]!), ...operands.slice(1)]);
        return apply(scalar.function, operands);
      }
      case "random":
        throw new Error("a metric draws no random numbers");
    }
  }
}
