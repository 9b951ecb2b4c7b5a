/** Owns copies of nodes along a text of another length: what reads the prompt before the first step, or all of it again. */
import { type GraphBuilder, makeNode } from "../../ir/build.ts";
import type { IndexVariable } from "../../ir/comprehension.ts";
import { type DeclaredSymbol, type Dimension, addDimensions, scaleDimension } from "../../ir/dimension.ts";
import type { IndexNode, Node, Value } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import { mapIndex, mapScalar, type Substitution } from "../../ir/rewrite.ts";

/** The dimension with another one in the place of a symbol. */
function withSymbol(dimension: Dimension, symbol: DeclaredSymbol, by: Dimension): Dimension {
  return dimension.terms.reduce<Dimension>(
    (sum, term) =>
      addDimensions(
        sum,
        term.symbol === symbol ? scaleDimension(by, term.coefficient) : { constant: 0, terms: [term] },
      ),
    { constant: dimension.constant, terms: [] },
  );
}

/** Copies what is asked for, operands first; `known` stands for values that are not copied. */
export class Copies {
  readonly nodes: Node[] = [];
  readonly #known: Map<Value, Value>;
  readonly #producers: ReadonlyMap<Value, IndexNode>;
  readonly #symbol: DeclaredSymbol;
  readonly #by: Dimension;
  readonly #builder: GraphBuilder;

  constructor(
    nodes: readonly Node[],
    known: ReadonlyMap<Value, Value>,
    length: { readonly symbol: DeclaredSymbol; readonly by: Dimension },
    builder: GraphBuilder,
  ) {
    this.#known = new Map(known);
    this.#producers = new Map(
      nodes.flatMap((node) => (node.kind === "index" ? [[node.result, node] as const] : [])),
    );
    this.#symbol = length.symbol;
    this.#by = length.by;
    this.#builder = builder;
  }

  of(value: Value): Value {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const node = this.#producers.get(value);
    const made = node === undefined ? value : this.#copied(node);
    this.#known.set(value, made);
    return made;
  }

  #copied(node: IndexNode): Value {
    const { comprehension, result } = node;
    const resized = (dimension: Dimension): Dimension => withSymbol(dimension, this.#symbol, this.#by);
    const operands = node.operands.map((operand) => this.of(operand));
    const variables = new Map<IndexVariable, IndexVariable>(
      comprehension.domain.map((variable) => [variable, { ...variable, extent: resized(variable.extent) }]),
    );
    const renamed: Substitution = { variable: (variable) => variableIndex(variables.get(variable)!) };
    const type = { ...result.type, shape: result.type.shape.map(resized) };
    const fresh = this.#builder.value(type, result.name);
    const made = {
      domain: comprehension.domain.map((variable) => variables.get(variable)!),
      target: comprehension.target.map((at) => mapIndex(at, renamed)),
      reducer: comprehension.reducer,
      body: mapScalar(comprehension.body, renamed),
    };
    this.nodes.push(makeNode({ ...node, operands, comprehension: made }, fresh));
    return fresh;
  }
}
