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
    if (makers.has(node.result)) return;
    const call = outermostCall(node.frame);
    const sources = node.operands.map((operand) => makers.get(operand)).filter((id) => id !== undefined);
    if (call === null) {
      // Constants, and what is made of constants alone, are no part of the figure.
      if (sources.length === 0) return;
      const trivial = sources.length === 1 && isView(node);
      if (trivial) {
        makers.set(node.result, sources[0]!);
        return;
      }
      const id = add({
        kind: "operation",
        title: node.result.name === null ? node.operation : `${node.result.name} = ${node.operation}`,
        shape: shapeOf(node.result.type),
        parameters: 0,
        span: node.frame.parent === null ? null : node.frame.span,
      });
      for (const from of sources) connect(from, id);
      makers.set(node.result, id);
      return;
    }
    const known = calls.get(call);
    const id =
      known ??
      add({
        kind: "call",
        title: titleOf(call),
        shape: "",
        parameters: parametersWithin(network, call),
        span: call.span,
      });
    calls.set(call, id);
    boxes[id] = { ...boxes[id]!, shape: shapeOf(node.result.type) };
    for (const from of sources) connect(from, id);
    makers.set(node.result, id);
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

function isView({ comprehension, operands }: Node): boolean {
  return operands.length === 1 && comprehension.body.kind === "read" && comprehension.reducer === null;
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
