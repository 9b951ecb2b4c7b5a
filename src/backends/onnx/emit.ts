/** Owns a function of the network as an ONNX model: its inputs, weights, nodes and outputs under their names. */
import {
  type Dimension,
  type DimensionSymbol,
  declaredSymbols,
  literalValue,
  printDimension,
} from "../../ir/dimension.ts";
import type { GraphFunction, IndexNode, Node, ScanNode, Value } from "../../ir/graph.ts";
import type { Network } from "../../ir/network.ts";
import { type TensorType, sameShape } from "../../ir/type.ts";
import { withFixedExtents } from "../../passes/lengths/index.ts";
import { simplify } from "../../passes/simplify.ts";
import type { StoredTensor } from "../../runtime/safetensors.ts";
import { writeNode } from "./comprehension.ts";
import { type Context, sortOf } from "./context.ts";
import { type Noise, noisesOf, sizeOfIndex } from "./noise.ts";
import { neededNodes, readBy, withoutIdentities } from "./needed.ts";
import { spreadOf } from "./reads.ts";
import { type GraphProto, type ValueInfoProto, encodeModel } from "./schema.ts";
import { GraphWriter, dataTypes } from "./writer.ts";

/** The newest that both onnxruntime 1.30 and the checker of ONNX 1.12 know. */
export const OPSET = 17;
const irVersion = 8;

export interface OnnxRequest {
  readonly network: Network;
  /** `predict` or an entry. */
  readonly fn: GraphFunction;
  readonly name: string;
  readonly doc: string | null;
  /** Parameters and states, by name. */
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

/** The functions that a model runs in use: `predict`, where it has outputs, and its entries. */
export function functionsInUse(
  network: Network,
): readonly (Omit<OnnxRequest, "weights"> & { readonly entry: string | null })[] {
  const { predict, entries, doc, name } = network;
  return [
    ...(network.outputs.length === 0 ? [] : [{ network, fn: predict, name, doc, entry: null }]),
    ...entries.map((entry) => ({
      network,
      fn: entry.function,
      name: `${name}_${entry.name}`,
      doc: entry.doc,
      entry: entry.name,
    })),
  ];
}

/** A length of a result that its numbers decide, which no output of a model can have yet; null where there is none. */
export function decidedLengthGiven({ results }: GraphFunction): string | null {
  const symbols = results.flatMap(({ value }) => value.type.shape.flatMap(declaredSymbols));
  return symbols.find(({ carried }) => carried === true)?.name ?? null;
}

/**
 * A length that is made of a length made of another, as windows with a stride over the frames of a sound: what stands
 * at its border is not exported yet. Null where a function has none.
 */
export function lengthNotExported(fn: GraphFunction): string | null {
  const dimensions = fn.nodes.flatMap(dimensionsOf);
  const found = dimensions.find(({ terms }) => terms.some(({ symbol }) => isMadeTwice(symbol)));
  return found === undefined ? null : printDimension(found);
}

function dimensionsOf(node: Node): readonly Dimension[] {
  if (node.kind === "index") return node.result.type.shape;
  return [...node.nodes.flatMap(dimensionsOf), ...node.collects.flatMap(({ result }) => result.type.shape)];
}

function isMadeTwice(symbol: DimensionSymbol): boolean {
  return symbol.kind === "quotient" && symbol.of.terms.some((term) => term.symbol.kind === "quotient");
}

export function emitOnnx({ network, fn, name, doc, weights }: OnnxRequest): Uint8Array {
  const simple = simplify(fn);
  // Where lengths vary, tensors are as long as the limit inside, and as long as the longest sample outside.
  const fixed = simplify(withFixedExtents(simple));
  const lengths = fixed.arguments.filter(({ role }) => role.kind === "length");
  const writer = new GraphWriter();
  const names = new Map<Value, string>();
  const input: ValueInfoProto[] = [];
  const sized: { readonly name: string; readonly shape: readonly Dimension[] }[] = [];
  const addInput = (wanted: string, type: TensorType, docString?: string): string => {
    const chosen = writer.fresh(wanted);
    input.push(valueInfo(chosen, type, docString));
    sized.push({ name: chosen, shape: type.shape });
    return chosen;
  };
  const dynamic = new Map(simple.arguments.map(({ role, value }) => [keyOf(role), value.type]));
  const grown: (() => void)[] = [];
  for (const { role, value } of fixed.arguments) {
    // Among the arguments are also inputs of others: of the model, or of its entries as `decode.code`.
    if (role.kind === "input" && role.name.includes(".") === (fn === network.predict)) continue;
    if (role.kind === "input") {
      const type = dynamic.get(keyOf(role))!;
      const given = addInput(ownName(role.name), type, docOf(network, role.name));
      grown.push(() => names.set(value, toLimits(writer, given, type, value.type)));
    } else if (role.kind === "length") {
      const wanted = lengths.length === 1 ? "lengths" : role.name.replace("length of ", "lengths_");
      names.set(value, addInput(wanted, value.type, `${role.name}, of each sample`));
    } else if (role.kind === "parameter" || role.kind === "state") {
      const stored = weights.get(role.name);
      if (stored === undefined) throw new Error(`no weights were given for ${role.name}`);
      names.set(value, writer.initializer(role.name, "float", stored.shape, stored.values));
    } else if (role.kind === "constant") {
      const { values } = network.constants.find((table) => table.name === role.name)!;
      names.set(
        value,
        writer.initializer(
          role.name,
          sortOf(value.type),
          value.type.shape.map(({ constant }) => constant),
          values,
        ),
      );
    } else throw new Error(`a model in use takes no ${role.kind}`);
  }
  // Names of outputs are kept: no node takes them before.
  const outputNames = fixed.results.map(({ role }) => writer.fresh(outputName(role)));
  const noises = noisesOf(fixed.nodes, network.batch);
  const noiseNames = new Map(
    noises.map((noise) => [
      noise.stream,
      addInput(noise.name, { element: { kind: "float" }, shape: noise.shape }, noiseDoc(noise)),
    ]),
  );
  writer.sizeOf = (symbol) => {
    const at = sized.flatMap(({ name: tensor, shape }) =>
      shape.flatMap((dimension, axis) => (isAlone(dimension, symbol) ? [{ tensor, axis }] : [])),
    )[0];
    if (at === undefined)
      return addInput(symbol.name, { element: { kind: "index", size: 0 }, shape: [] }, "how many there are");
    return writer.op(
      "Gather",
      [writer.op("Shape", [at.tensor]), writer.whole(at.axis)],
      { axis: 0 },
      symbol.name,
    );
  };
  const shapes = new Map(noises.map(({ stream, shape }) => [stream, shape]));
  for (const grow of grown) grow();
  writeNodes(writer, fixed.nodes, { names, noiseNames, shapes });
  const output = fixed.results.map(({ value }, place) => {
    const wanted = outputNames[place]!;
    const { type } = simple.results[place]!.value;
    const whole = toLengths(writer, names.get(value)!, type, value.type);
    writer.nodes.push({
      input: [whole],
      output: [wanted],
      name: wanted,
      opType: "Identity",
      attribute: [],
    });
    return valueInfo(wanted, type);
  });
  const node = neededNodes(withoutIdentities(writer.nodes, outputNames), outputNames);
  const read = new Set(node.flatMap(readBy));
  const graph: GraphProto = {
    name,
    node,
    initializer: writer.initializers.filter(({ name: held }) => read.has(held!)),
    input,
    output,
  };
  return encodeModel({
    irVersion,
    opsetImport: [{ domain: "", version: OPSET }],
    producerName: "nnc",
    ...(doc === null ? {} : { docString: doc }),
    graph,
  });
}

function keyOf(role: GraphFunction["arguments"][number]["role"]): string {
  return "name" in role ? `${role.kind} ${role.name}` : role.kind;
}

/** Zeros behind what was given, up to the limits. */
function toLimits(
  writer: GraphWriter,
  name: string,
  { shape, element }: TensorType,
  limits: TensorType,
): string {
  if (sameShape(shape, limits.shape)) return name;
  const none = writer.constant(
    "whole",
    [shape.length],
    shape.map(() => 0),
  );
  const missing = writer.op("Sub", [writer.shape(limits.shape), writer.shape(shape)]);
  const pads = writer.op("Concat", [none, missing], { axis: 0 });
  if (element.kind !== "bool") return writer.op("Pad", [name, pads]);
  const numbers = writer.op("Cast", [name], { to: dataTypes.float });
  return writer.op("Cast", [writer.op("Pad", [numbers, pads])], { to: dataTypes.truth });
}

/** What lies within the longest sample. */
function toLengths(writer: GraphWriter, name: string, { shape }: TensorType, limits: TensorType): string {
  if (sameShape(shape, limits.shape)) return name;
  const start = writer.constant(
    "whole",
    [shape.length],
    shape.map(() => 0),
  );
  return writer.op("Slice", [name, start, writer.shape(shape)]);
}

function isAlone({ constant, terms }: Dimension, symbol: DimensionSymbol): boolean {
  return constant === 0 && terms.length === 1 && terms[0]!.coefficient === 1 && terms[0]!.symbol === symbol;
}

/** What the nodes of a function have in common. */
interface Scope {
  readonly names: Map<Value, string>;
  readonly noiseNames: ReadonlyMap<number, string>;
  readonly shapes: ReadonlyMap<number, readonly Dimension[]>;
}

function writeNodes(writer: GraphWriter, nodes: readonly Node[], scope: Scope): void {
  for (const node of nodes) {
    if (node.kind === "scan") writeScan(writer, node, scope);
    else scope.names.set(node.result, writeNode(contextOf(writer, node, scope), node));
  }
}

function contextOf(writer: GraphWriter, node: IndexNode, { names, noiseNames, shapes }: Scope): Context {
  const context: Context = {
    writer,
    operands: node.operands,
    nameOf: (value) => names.get(value)!,
    indexSize: (operand) => sizeOfIndex(node, operand),
    noise: ({ stream, sample, element }) =>
      spreadOf(context, noiseNames.get(stream)!, shapes.get(stream)!, "float", [
        ...(sample === null ? [] : [sample]),
        element,
      ]),
  };
  return context;
}

/** A recurrence as Scan: what is carried are its states, sequences and the place of the step are what it goes along. */
function writeScan(writer: GraphWriter, scan: ScanNode, scope: Scope): void {
  const { sequences, carries, collects, place, reversed } = scan;
  const body = writer.inside();
  const { names } = scope;
  const enter = (value: Value, name: string): ValueInfoProto => {
    const chosen = writer.fresh(name);
    names.set(value, chosen);
    return valueInfo(chosen, value.type);
  };
  const states = carries.map(({ inner }) => enter(inner, inner.name ?? "carried"));
  const parts = sequences.map(({ inner }) => enter(inner, inner.name ?? "part"));
  const step = writer.fresh("step");
  const placed = place !== null || sequences.length === 0;
  if (place !== null) names.set(place, step);
  writeNodes(body, scan.nodes, scope);
  const leave = (value: Value, name: string): ValueInfoProto =>
    valueInfo(body.op("Identity", [names.get(value)!], {}, name), value.type);
  const next = carries.map(({ next: value }) => leave(value, "next"));
  const every = collects.map(({ inner }) => leave(inner, "collected"));
  const wholes = { element: { kind: "index", size: 0 }, shape: [] } as const;
  const graph: GraphProto = {
    name: writer.fresh(`${scan.frame.layer}_step`),
    node: body.nodes,
    initializer: [],
    input: [...states, ...parts, ...(placed ? [valueInfo(step, wholes)] : [])],
    output: [...next, ...every],
  };
  const range = placed
    ? [writer.op("Range", [writer.whole(0), writer.dimension(scan.steps), writer.whole(1)], {}, "steps")]
    : [];
  const direction = reversed ? 1 : 0;
  const along = [...sequences.map(({ axis }) => axis), ...range.map(() => 0)];
  const results = writer.ops(
    "Scan",
    [
      ...carries.map(({ initial }) => names.get(initial)!),
      ...sequences.map(({ outer }) => names.get(outer)!),
      ...range,
    ],
    {
      body: graph,
      num_scan_inputs: along.length,
      scan_input_axes: along,
      scan_input_directions: along.map(() => direction),
      ...(collects.length === 0
        ? {}
        : {
            scan_output_axes: collects.map(({ axis }) => axis),
            scan_output_directions: collects.map(() => direction),
          }),
    },
    [
      ...carries.map(({ last }) => last.name ?? "last"),
      ...collects.map(({ result }) => result.name ?? "every"),
    ],
  );
  carries.forEach(({ last }, at) => names.set(last, results[at]!));
  collects.forEach(({ result }, at) => names.set(result, results[carries.length + at]!));
}

function outputName(role: GraphFunction["results"][number]["role"]): string {
  if (role.kind !== "output") throw new Error(`a model in use gives no ${role.kind}`);
  return ownName(role.name);
}

/** Inputs and outputs of an entry are called `decode.y` in the graph. */
function ownName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function docOf({ inputs }: Network, name: string): string | undefined {
  return inputs.find((port) => port.name === name)?.doc ?? undefined;
}

function noiseDoc({ distribution }: Noise): string {
  return distribution === "normal"
    ? "noise: independent numbers of the standard normal distribution"
    : "noise: independent numbers, uniform in [0, 1)";
}

function valueInfo(name: string, type: TensorType, docString?: string): ValueInfoProto {
  const dim = type.shape.map((dimension) => {
    const value = literalValue(dimension);
    return value === null ? { dimParam: printDimension(dimension) } : { dimValue: value };
  });
  return {
    name,
    type: { tensorType: { elemType: dataTypes[sortOf(type)], shape: { dim } } },
    ...(docString === undefined ? {} : { docString }),
  };
}
