/** Owns the network as a reader thinks of it: the calls of the model's body as boxes, and which feeds which. */
import type { Frame } from "../../ir/frame.ts";
import type { Node, Value } from "../../ir/graph.ts";
import { literalValue } from "../../ir/dimension.ts";
import type { Network } from "../../ir/network.ts";
import { printShape, printType, type TensorType } from "../../ir/type.ts";
import { type Span, textOf } from "../../text/source.ts";
import { within } from "../multiply-adds.ts";

export interface Box {
  readonly id: number;
  readonly kind: "input" | "call" | "operation" | "output";
  readonly title: string;
  /** The shape that leaves it. */
  readonly shape: string;
  readonly parameters: number;
  readonly span: Span | null;
}

export interface Edge {
  readonly from: number;
  readonly to: number;
}

export interface Figure {
  readonly name: string;
  readonly boxes: readonly Box[];
  readonly edges: readonly Edge[];
}

/** The dataflow of `predict`: from inputs to outputs. Views and constants are left out. */
export function figureOf(network: Network): Figure {
  const boxes: Box[] = [];
  const edges = new Map<string, Edge>();
  const makers = new Map<Value, number>();
  const calls = new Map<Frame, number>();
  const add = (box: Omit<Box, "id">): number => boxes.push({ ...box, id: boxes.length }) - 1;
  const connect = (from: number | undefined, to: number): void => {
    if (from !== undefined && from !== to) edges.set(`${from} ${to}`, { from, to });
  };

  const place = (node: Node): void => {
    const { reads, makes, title } = stationOf(node);
    const sources = reads.map((value) => makers.get(value)).filter((id) => id !== undefined);
    const call = outermostCall(node.frame);
    const mark = (id: number): void => {
      for (const from of sources) connect(from, id);
      for (const value of makes) makers.set(value, id);
    };
    const shape = shapeOf(makes.at(-1)!.type);
    if (call !== null) {
      const id = calls.get(call) ?? add(boxOfCall(network, call));
      calls.set(call, id);
      boxes[id] = { ...boxes[id]!, shape };
      mark(id);
    }
    // Constants, and what is made of constants alone, are no part of the figure; views are their source.
    else if (sources.length === 1 && isView(node)) makers.set(makes[0]!, sources[0]!);
    else if (sources.length > 0) mark(add({ kind: "operation", title, shape, parameters: 0, span: null }));
  };

  for (const { role, value } of network.predict.arguments)
    if (role.kind === "input")
      makers.set(
        value,
        add({ kind: "input", title: role.name, shape: printType(value.type), parameters: 0, span: null }),
      );
  network.predict.nodes.forEach(place);
  for (const { role, value } of network.predict.results)
    if (role.kind === "output") {
      const id = add({
        kind: "output",
        title: role.name,
        shape: printType(value.type),
        parameters: 0,
        span: null,
      });
      connect(makers.get(value), id);
    }
  return { name: network.name, boxes, edges: [...edges.values()] };
}

/** The call in the model's own body that this arithmetic belongs to. */
function outermostCall(frame: Frame): Frame | null {
  let at = frame;
  if (at.parent === null) return null;
  while (at.parent !== null && at.parent.parent !== null) at = at.parent;
  return at;
}

interface Station {
  readonly reads: readonly Value[];
  readonly makes: readonly Value[];
  readonly title: string;
}

/** A recurrence reads what its steps read from outside. */
function stationOf(node: Node): Station {
  if (node.kind === "index") {
    const { operation, operands, result } = node;
    return {
      reads: operands,
      makes: [result],
      title: result.name === null ? operation : `${result.name} = ${operation}`,
    };
  }
  const inner = node.nodes.flatMap((step) => stationOf(step).reads);
  return {
    reads: [
      ...node.sequences.map(({ outer }) => outer),
      ...node.carries.map(({ initial }) => initial),
      ...inner,
    ],
    makes: [...node.carries.map(({ last }) => last), ...node.collects.map(({ result }) => result)],
    title: "scan",
  };
}

function isView(node: Node): boolean {
  return (
    node.kind === "index" &&
    node.operands.length === 1 &&
    node.comprehension.body.kind === "read" &&
    node.comprehension.reducer === null
  );
}

function boxOfCall(network: Network, call: Frame): Omit<Box, "id"> {
  return {
    kind: "call",
    title: titleOf(call),
    shape: "",
    parameters: parametersWithin(network, call),
    span: call.span,
  };
}

function titleOf({ span, layer }: Frame): string {
  const text = textOf(span).replace(/\s+/g, " ");
  return text.length <= 34 ? text : `${layer}(…)`;
}

function shapeOf(type: TensorType): string {
  return type.element.kind === "float" ? printShape(type.shape) : printType(type);
}

function parametersWithin(network: Network, call: Frame): number {
  return network.parameters
    .filter(({ frame }) => within(frame, ({ span, path }) => span === call.span && path === call.path))
    .reduce(
      (sum, { type }) =>
        sum + type.shape.reduce((size, dimension) => size * (literalValue(dimension) ?? 1), 1),
      0,
    );
}
