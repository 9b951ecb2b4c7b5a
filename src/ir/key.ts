/** Owns keys of comprehensions: equal texts for comprehensions that are equal but for the names of their variables. */
import type { Comprehension, IndexExpression, IndexVariable, Scalar } from "./comprehension.ts";
import type { Dimension, DimensionSymbol } from "./dimension.ts";

/** Numbers given to symbols in the order they are met, so that keys of one run can be compared. */
export type SymbolNumbers = Map<DimensionSymbol, number>;

/** Random draws are equal where their stream, distribution and place are. */
export function comprehensionKey(
  { domain, target, reducer, body }: Comprehension,
  operandKey: (operand: number) => string,
  symbols: SymbolNumbers,
): string {
  const places = new Map<IndexVariable, number>(domain.map((variable, place) => [variable, place]));
  const indexKey = (index: IndexExpression): string => {
    switch (index.kind) {
      case "constant":
        return String(index.value);
      case "variable":
        return `v${places.get(index.variable) ?? "?"}`;
      case "dimension":
        return dimensionKey(index.dimension, symbols);
      case "sum":
        return `(+ ${index.terms.map(indexKey).join(" ")})`;
      case "scaled":
        return `(* ${index.factor} ${indexKey(index.of)})`;
      case "quotient":
        return `(/ ${indexKey(index.of)} ${index.by})`;
      case "remainder":
        return `(% ${indexKey(index.of)} ${index.by})`;
      case "read":
        return `(at ${operandKey(index.operand)} ${index.at.map(indexKey).join(" ")})`;
    }
  };
  const scalarKey = (scalar: Scalar): string => {
    switch (scalar.kind) {
      case "constant":
        return Object.is(scalar.value, -0) ? "-0" : String(scalar.value);
      case "dimension":
        return dimensionKey(scalar.dimension, symbols);
      case "index":
        return `(index ${indexKey(scalar.of)})`;
      case "inside":
        return `(inside ${indexKey(scalar.of)} ${dimensionKey(scalar.extent, symbols)})`;
      case "read":
        return `(read ${operandKey(scalar.operand)} ${scalar.at.map(indexKey).join(" ")})`;
      case "apply":
        return `(${scalar.function} ${scalar.arguments.map(scalarKey).join(" ")})`;
      case "random": {
        const sample = scalar.sample === null ? "alone" : indexKey(scalar.sample);
        return `(${scalar.distribution} ${scalar.stream} ${sample} ${indexKey(scalar.element)})`;
      }
    }
  };
  const extents = domain.map(({ extent }) => dimensionKey(extent, symbols)).join(" ");
  return `${reducer ?? "each"} [${extents}] [${target.map(indexKey).join(" ")}] ${scalarKey(body)}`;
}

export function dimensionKey({ constant, terms }: Dimension, symbols: SymbolNumbers): string {
  const parts = terms.map(({ coefficient, symbol }) => {
    const known = symbols.get(symbol);
    if (known === undefined) symbols.set(symbol, symbols.size);
    return `${coefficient}d${known ?? symbols.size - 1}`;
  });
  return `<${[constant, ...parts.sort()].join("+")}>`;
}
