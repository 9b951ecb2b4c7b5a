/** Owns where the boxes of a figure lie: rows by the longest way from an input, long arrows led between the boxes. */
import type { Box, Edge, Figure } from "./graph.ts";

export interface Placed {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The points that an arrow goes through, from the lower edge of one box to the upper edge of another. */
export type Course = readonly { readonly x: number; readonly y: number }[];

export interface Layout {
  readonly placed: readonly Placed[];
  readonly courses: readonly Course[];
  readonly width: number;
  readonly height: number;
}

export const boxHeight = 46;
const rowHeight = 82;
const gap = 28;
const margin = 20;
const letter = 7.4;
const passage = 10;

/** What takes room in a row: a box, or an arrow that passes. */
interface Slot {
  readonly width: number;
  readonly box: Box | null;
  readonly row: number;
  /** Slots above that it hangs on. */
  readonly above: Slot[];
}

export function layOut({ boxes, edges }: Figure): Layout {
  const depth = depthOf(boxes, edges);
  const slots = boxes.map((box): Slot => ({ width: widthOf(box), box, row: depth[box.id]!, above: [] }));
  const chains = edges.map(({ from, to }) => chainOf(slots, depth, from, to));
  const rows: Slot[][] = [];
  for (const slot of new Set([...slots, ...chains.flat()])) (rows[slot.row] ??= []).push(slot);
  const width = Math.max(0, ...rows.map(rowWidth)) + 2 * margin;
  const lefts = new Map<Slot, number>();
  const centre = (slot: Slot): number => (lefts.get(slot) ?? width / 2) + slot.width / 2;
  const wanted = ({ above }: Slot): number =>
    above.length === 0 ? 0 : above.reduce((sum, slot) => sum + centre(slot), 0) / above.length;
  for (const row of rows) {
    let x = (width - rowWidth(row)) / 2;
    for (const slot of [...row].sort((a, b) => wanted(a) - wanted(b))) {
      lefts.set(slot, x);
      x += slot.width + gap;
    }
  }
  const top = (slot: Slot): number => margin + slot.row * rowHeight;
  return {
    placed: slots.map((slot) => ({ box: slot.box!, x: lefts.get(slot)!, y: top(slot), width: slot.width })),
    courses: chains.map((chain) =>
      chain.flatMap((slot, place) => {
        const x = centre(slot);
        const [upper, lower] = [
          { x, y: top(slot) },
          { x, y: top(slot) + boxHeight },
        ];
        return place === 0 ? [lower] : place === chain.length - 1 ? [upper] : [upper, lower];
      }),
    ),
    width,
    height: 2 * margin + Math.max(0, rows.length - 1) * rowHeight + boxHeight,
  };
}

function widthOf({ title, shape, parameters }: Box): number {
  const below = shape.length + (parameters > 0 ? String(parameters).length + 4 : 0);
  return Math.max(84, letter * title.length + 24, letter * 0.86 * below + 24);
}

function rowWidth(row: readonly Slot[]): number {
  return row.reduce((sum, { width }) => sum + width, 0) + gap * (row.length - 1);
}

/** Boxes come in an order in which every one stands behind those that feed it. */
function depthOf(boxes: readonly Box[], edges: readonly Edge[]): readonly number[] {
  const depth = boxes.map(() => 0);
  for (const { id } of boxes)
    for (const { from, to } of edges) if (to === id) depth[id] = Math.max(depth[id]!, depth[from]! + 1);
  return depth;
}

/** The slots of an arrow: both boxes, and a passage in every row between them. */
function chainOf(
  slots: readonly Slot[],
  depth: readonly number[],
  from: number,
  to: number,
): readonly Slot[] {
  const chain: Slot[] = [slots[from]!];
  for (let row = depth[from]! + 1; row < depth[to]!; row += 1)
    chain.push({ width: passage, box: null, row, above: [chain.at(-1)!] });
  slots[to]!.above.push(chain.at(-1)!);
  return [...chain, slots[to]!];
}
