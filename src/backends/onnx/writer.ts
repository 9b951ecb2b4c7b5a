/** Owns the graph as it is being written: nodes in order, names that are taken once, constants and sizes made once. */
import { type Dimension, type DimensionSymbol, literalValue } from "../../ir/dimension.ts";
import {
  type AttributeProto,
  BOOL,
  FLOAT,
  type GraphProto,
  INT64,
  type NodeProto,
  type TensorProto,
} from "./schema.ts";

export type Sort = "float" | "whole" | "truth";

export const dataTypes: Readonly<Record<Sort, number>> = { float: FLOAT, whole: INT64, truth: BOOL };

export type Attribute = number | string | readonly number[] | GraphProto | { readonly float: number };

/** What all graphs of a model share: names, constants, sizes. */
interface Shared {
  readonly taken: Set<string>;
  readonly initializers: TensorProto[];
  readonly constants: Map<string, string>;
  readonly sizes: Map<DimensionSymbol, string>;
  readonly dimensions: Map<string, string>;
  /** Says where a symbol's size can be read; adds an input where nowhere. */
  sizeOf: (symbol: DimensionSymbol) => string;
}

/** Later than any end of an axis. */
export const FAR = 2 ** 53 - 1;

export class GraphWriter {
  readonly nodes: NodeProto[] = [];
  readonly #made = new Map<string, readonly string[]>();
  readonly #shared: Shared;
  readonly #root: GraphWriter;

  constructor(outer?: GraphWriter) {
    this.#root = outer === undefined ? this : outer.#root;
    this.#shared =
      outer !== undefined
        ? outer.#shared
        : {
            taken: new Set(),
            initializers: [],
            constants: new Map(),
            sizes: new Map(),
            dimensions: new Map(),
            sizeOf: (symbol) => {
              throw new Error(`nothing says the size of ${symbol.name}`);
            },
          };
  }

  /** A writer for the body of a scan: it sees what this graph holds. */
  inside(): GraphWriter {
    return new GraphWriter(this);
  }

  get initializers(): readonly TensorProto[] {
    return this.#shared.initializers;
  }

  set sizeOf(find: (symbol: DimensionSymbol) => string) {
    this.#shared.sizeOf = find;
  }

  /** The name, or the name with a number where it is taken. */
  fresh(name: string): string {
    let chosen = name;
    for (let count = 2; this.#shared.taken.has(chosen); count += 1) chosen = `${name}_${count}`;
    this.#shared.taken.add(chosen);
    return chosen;
  }

  /** Appends an operator of one result, and gives the result's name. */
  op(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = opType.toLowerCase(),
  ): string {
    if (opType === "Squeeze") {
      const source = this.nodes.find(({ output }) => output[0] === input[0]);
      if (source?.opType === "Unsqueeze" && source.input[1] === input[1]) return source.input[0]!;
    }
    return this.ops(opType, input, attributes, [name])[0]!;
  }

  ops(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    names: readonly string[],
  ): readonly string[] {
    // Every operator is pure: the same one of the same inputs is made once in a graph.
    const key = JSON.stringify([opType, input, attributes]);
    const known = opType === "Identity" ? undefined : this.#made.get(key);
    if (known !== undefined) return known;
    const output = names.map((name) => this.fresh(name));
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.nodes.push({ input, output, name: output[0]!, opType, attribute });
    this.#made.set(key, output);
    return output;
  }

  /** A tensor that the model carries. */
  initializer(name: string, sort: Sort, dims: readonly number[], values: ArrayLike<number>): string {
    const chosen = this.fresh(name);
    this.#shared.initializers.push({
      name: chosen,
      dims,
      dataType: dataTypes[sort],
      rawData: rawOf(sort, values),
    });
    return chosen;
  }

  constant(sort: Sort, dims: readonly number[], values: readonly number[]): string {
    const key = `${sort} ${dims.join()} ${values.map((value) => (Object.is(value, -0) ? "-0" : value)).join()}`;
    const known = this.#shared.constants.get(key);
    if (known !== undefined) return known;
    const name = this.initializer(constantName(sort, values), sort, dims, values);
    this.#shared.constants.set(key, name);
    return name;
  }

  whole(value: number): string {
    return this.constant("whole", [], [value]);
  }

  wholes(values: readonly number[]): string {
    return this.constant("whole", [values.length], values);
  }

  /** A dimension as a whole number of rank 0. Made in the outermost graph, before what asks for it. */
  dimension(dimension: Dimension): string {
    const value = literalValue(dimension);
    if (value !== null) return this.whole(value);
    const { dimensions, sizes } = this.#shared;
    const parts = dimension.terms.map(({ coefficient, symbol }) => {
      let size = sizes.get(symbol);
      if (size === undefined) {
        size = this.#root.#sizeOf(symbol);
        sizes.set(symbol, size);
      }
      return { coefficient, size };
    });
    const key = `${dimension.constant} ${parts.map(({ coefficient, size }) => `${coefficient} ${size}`).join()}`;
    const known = dimensions.get(key);
    if (known !== undefined) return known;
    const root = this.#root;
    const terms = parts.map(({ coefficient, size }) =>
      coefficient === 1 ? size : root.op("Mul", [size, root.whole(coefficient)]),
    );
    if (dimension.constant !== 0) terms.push(root.whole(dimension.constant));
    const made = terms.reduce((sum, term) => root.op("Add", [sum, term]));
    dimensions.set(key, made);
    return made;
  }

  #sizeOf(symbol: DimensionSymbol): string {
    switch (symbol.kind) {
      case "quotient":
        return this.op("Div", [this.dimension(symbol.of), this.whole(symbol.by)]);
      case "product":
        return symbol.factors
          .map((factor) => this.dimension(factor))
          .reduce((all, one) => this.op("Mul", [all, one]));
      default:
        return this.#shared.sizeOf(symbol);
    }
  }

  /** A shape as a list of whole numbers, for Reshape and Expand. */
  shape(dimensions: readonly Dimension[]): string {
    const values = dimensions.map(literalValue);
    if (values.every((value) => value !== null)) return this.wholes(values);
    const parts = dimensions.map((dimension, place) =>
      values[place] === null || values[place] === undefined
        ? this.op("Unsqueeze", [this.dimension(dimension), this.wholes([0])])
        : this.wholes([values[place]]),
    );
    return parts.length === 1 ? parts[0]! : this.op("Concat", parts, { axis: 0 });
  }
}

/** As `zero`, `two` would be for readers: the number itself. */
function constantName(sort: Sort, values: readonly number[]): string {
  const text = values.length > 0 && values.length <= 4 ? values.join("_") : `${values.length}`;
  return `constant_${sort === "float" ? "" : `${sort}_`}${text}`;
}

function rawOf(sort: Sort, values: ArrayLike<number>): Uint8Array {
  const width = { float: 4, whole: 8, truth: 1 }[sort];
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place]!;
    if (sort === "float") view.setFloat32(4 * place, value, true);
    else if (sort === "whole") view.setBigInt64(8 * place, BigInt(value), true);
    else bytes[place] = value === 0 ? 0 : 1;
  }
  return bytes;
}

function attributeOf(name: string, value: Attribute): AttributeProto {
  if (typeof value === "number") return { name, type: 2, i: value };
  if (typeof value === "string") return { name, type: 3, s: new TextEncoder().encode(value) };
  if ("float" in value) return { name, type: 1, f: value.float };
  if ("node" in value) return { name, type: 5, g: value };
  return { name, type: 7, ints: value };
}
