/** Owns where the boxes of a figure lie: rows by the longest way from an input, within a row near what feeds them. */
import type { Box, Edge, Figure } from "./graph.ts";

export interface Placed {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Layout {
  readonly placed: readonly Placed[];
  readonly edges: readonly Edge[];
  readonly width: number;
  readonly height: number;
}

export const boxHeight = 46;
const rowHeight = 82;
const gap = 28;
const margin = 20;
const letter = 7.4;

export function layOut({ boxes, edges }: Figure): Layout {
  const rows = rowsOf(boxes, edges);
  const widths = boxes.map(({ title, shape, parameters }) =>
    Math.max(84, letter * Math.max(title.length, shape.length, parameters > 0 ? 16 : 0) + 24),
  );
  const rowWidth = (row: readonly number[]): number =>
    row.reduce((sum, id) => sum + widths[id]!, 0) + gap * (row.length - 1);
  const width = Math.max(...rows.map(rowWidth), 0) + 2 * margin;
  const centres = boxes.map(() => width / 2);
  const placed: Placed[] = [];
  for (const [place, row] of rows.entries()) {
    const wanted = new Map(row.map((id) => [id, centreOfSources(id, edges, centres)]));
    const ordered = [...row].sort((a, b) => wanted.get(a)! - wanted.get(b)!);
    let x = (width - rowWidth(row)) / 2;
    for (const id of ordered) {
      placed.push({ box: boxes[id]!, x, y: margin + place * rowHeight, width: widths[id]! });
      centres[id] = x + widths[id]! / 2;
      x += widths[id]! + gap;
    }
  }
  return { placed, edges, width, height: 2 * margin + Math.max(0, rows.length - 1) * rowHeight + boxHeight };
}

/** Boxes come in an order in which every one stands behind those that feed it. */
function rowsOf(boxes: readonly Box[], edges: readonly Edge[]): readonly (readonly number[])[] {
  const depth = boxes.map(() => 0);
  for (const { id } of boxes)
    for (const { from, to } of edges) if (to === id) depth[id] = Math.max(depth[id]!, depth[from]! + 1);
  const rows: number[][] = [];
  for (const { id } of boxes) (rows[depth[id]!] ??= []).push(id);
  return rows;
}

function centreOfSources(id: number, edges: readonly Edge[], centres: readonly number[]): number {
  const sources = edges.filter(({ to }) => to === id).map(({ from }) => centres[from]!);
  return sources.length === 0 ? 0 : sources.reduce((sum, centre) => sum + centre, 0) / sources.length;
}
