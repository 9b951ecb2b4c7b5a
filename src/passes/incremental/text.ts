/** Owns what a `continue` is among recurrences: which text it makes longer, from how long a prompt, within which window. */
import { carriedLength } from "../../ir/decided.ts";
import { type DeclaredSymbol, type Dimension, literal, mostValue } from "../../ir/dimension.ts";
import type { Frame } from "../../ir/frame.ts";
import { type GraphFunction, type IndexNode, resultsOf, type ScanNode, type Value } from "../../ir/graph.ts";

/** Why a text is read again as a whole, and by which call. */
export class Rereads extends Error {
  readonly reason: string;
  readonly frame: Frame;

  constructor(reason: string, frame: Frame) {
    super(reason);
    this.reason = reason;
    this.frame = frame;
  }
}

/** What `continue` carries, and the node that takes of it the text so far. */
export interface Text {
  readonly scan: ScanNode;
  readonly node: IndexNode;
  readonly symbol: DeclaredSymbol;
  readonly row: Value;
  readonly filled: Value;
  readonly window: number;
}

/** The text of a `continue`; null of any other recurrence. */
export function textOf(scan: ScanNode): Text | null {
  for (const node of scan.nodes) {
    const length = node.kind === "index" ? carriedLength(node) : null;
    if (node.kind !== "index" || length === null) continue;
    const carryOf = (value: Value | undefined) => scan.carries.find(({ inner }) => inner === value);
    const [filled, row] = [carryOf(length.by), carryOf(node.operands.find((one) => one !== length.by))];
    if (filled === undefined || row === undefined) continue;
    const made = [filled, row].map(({ next }) =>
      scan.nodes.find((other) => other.kind === "index" && other.result === next),
    );
    if (!made.every((other) => other?.kind === "index" && other.operation === "continue")) continue;
    const window = row.inner.type.shape[1]!.constant;
    return { scan, node, symbol: length.symbol, row: row.inner, filled: filled.inner, window };
  }
  return null;
}

/** How long the prompt is. */
export function promptOf({ scan, filled, node }: Text, fn: GraphFunction): Dimension {
  const { initial } = scan.carries.find(({ inner }) => inner === filled)!;
  const made = fn.nodes.find((each) => resultsOf(each).includes(initial));
  const body = made?.kind === "index" ? made.comprehension.body : undefined;
  if (body?.kind === "constant") return literal(body.value);
  if (body?.kind === "index" && body.of.kind === "dimension") return body.of.dimension;
  throw new Rereads("its prompt is of a length that is not known before", node.frame);
}

/** Whether the window may be full when a symbol comes. */
export function moves({ scan, window }: Text, prompt: Dimension): boolean {
  return mostValue(prompt) + mostValue(scan.steps) - 1 > window;
}
