/** Owns putting nodes together: fresh values, fresh index variables, and nodes that hold only operands they read. */
import type { Comprehension, IndexVariable } from "./comprehension.ts";
import type { Dimension } from "./dimension.ts";
import type { Frame } from "./frame.ts";
import { type GraphFunction, type IndexNode, insideOf, type Node, resultsOf, type Value } from "./graph.ts";
import { operandsRead, renumberOperands } from "./rewrite.ts";
import type { TensorType } from "./type.ts";

/** Everything a node is but its result. */
export interface NodeDescription {
  readonly operation: string;
  readonly operands: readonly Value[];
  readonly type: TensorType;
  readonly comprehension: Comprehension;
  readonly frame: Frame;
  readonly name?: string | null;
}

/** Collects the nodes of one function in the order they are added. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #ids: { next: number };

  constructor(firstId = 0, ids = { next: firstId }) {
    this.#ids = ids;
  }

  /** A builder for the inside of a scan: its values do not collide with those of this one. */
  inside(): GraphBuilder {
    return new GraphBuilder(0, this.#ids);
  }

  /** A builder whose values do not collide with those of `fn`; it does not hold the nodes of `fn`. */
  static after(fn: GraphFunction): GraphBuilder {
    const ids = [...fn.arguments.map(({ value }) => value.id), ...valuesMade(fn.nodes).map(({ id }) => id)];
    return new GraphBuilder(ids.reduce((most, id) => Math.max(most, id), -1) + 1);
  }

  /** A value that no node of this builder makes: an argument. */
  value(type: TensorType, name: string | null = null): Value {
    const value = { id: this.#ids.next, type, name };
    this.#ids.next += 1;
    return value;
  }

  /** Appends a node and gives its result. Operands that the comprehension does not read are left out. */
  add({ operation, operands, type, comprehension, frame, name = null }: NodeDescription): Value {
    const result = this.value(type, name);
    this.#nodes.push(makeNode({ operation, operands, comprehension, frame }, result));
    return result;
  }

  /** Appends a node that was made elsewhere, a scan. */
  append(node: Node): void {
    this.#nodes.push(node);
  }

  get nodes(): readonly Node[] {
    return [...this.#nodes];
  }
}

/** A node of a given result, holding each operand once and only those it reads. */
export function makeNode(
  { operation, operands, comprehension, frame }: Omit<NodeDescription, "type" | "name">,
  result: Value,
): IndexNode {
  const used = [...operandsRead(comprehension)].sort((a, b) => a - b);
  const kept = [...new Set(used.map((operand) => operands[operand]!))];
  const place = (operand: number): number => kept.indexOf(operands[operand]!);
  const same = kept.length === operands.length && used.every((operand) => place(operand) === operand);
  return {
    kind: "index",
    operation,
    operands: same ? operands : kept,
    comprehension: same ? comprehension : renumberOperands(comprehension, place),
    result,
    frame,
  };
}

/** Every value that the nodes make, those inside scans among them. */
export function valuesMade(nodes: readonly Node[]): readonly Value[] {
  return nodes.flatMap((node) => [
    ...resultsOf(node),
    ...(node.kind === "scan" ? [...insideOf(node), ...valuesMade(node.nodes)] : []),
  ]);
}

const letters = [..."ijklmnopqrsuvwxyz"];

/**
 * A fresh variable for each axis of a shape, named for reading: an axis of one symbol alone after its first letter
 * (`b` for batch), the others i, j, k … . `taken` are names to keep clear of.
 */
export function variablesOver(
  shape: readonly Dimension[],
  taken: readonly IndexVariable[] = [],
): IndexVariable[] {
  const used = new Set(taken.map(({ name }) => name));
  return shape.map((extent) => {
    const alone = extent.terms.length === 1 ? extent.terms[0]!.symbol.name[0]! : null;
    const name = [...(alone === null ? [] : [alone]), ...letters].find((letter) => !used.has(letter));
    const chosen = name ?? `i${used.size}`;
    used.add(chosen);
    return { name: chosen, extent };
  });
}
