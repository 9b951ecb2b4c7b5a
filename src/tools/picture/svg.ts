/** Owns the picture of a network: one SVG, readable on light and dark ground. */
import type { Network } from "../../ir/network.ts";
import { grouped } from "../terminal/numbers.ts";
import { positionAt } from "../../text/source.ts";
import { figureOf } from "./graph.ts";
import { type Course, type Placed, boxHeight, layOut } from "./layout.ts";

const style = `
  text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: currentColor; text-anchor: middle; }
  .shape, .count { font-size: 11px; opacity: 0.75; }
  .count { opacity: 0.6; }
  rect { fill: currentColor; fill-opacity: 0.06; stroke: currentColor; stroke-opacity: 0.45; rx: 7; }
  .input rect, .output rect { rx: 23; stroke-width: 1.6; }
  .call rect { fill-opacity: 0.12; }
  .operation rect { stroke-dasharray: 4 3; }
  path { fill: none; stroke: currentColor; stroke-opacity: 0.5; }
`;

/** What is drawn, for screen readers too. `data-line` on each box is its line in the program. */
export function drawNetwork(network: Network): string {
  const figure = figureOf(network);
  const { placed, courses, width, height } = layOut(figure);
  const lines = courses.map(arrow);
  const boxes = placed.map(drawBox);
  const size = `${Math.ceil(width)} ${Math.ceil(height)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" role="img">`,
    `<title>${escaped(figure.name)}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 1 L7 4 L0 7" style="stroke-opacity: 0.8"/></marker></defs>',
    ...lines,
    ...boxes,
    "</svg>",
  ].join("\n");
}

function drawBox({ box, x, y, width }: Placed): string {
  const { kind, title, shape, parameters, span } = box;
  const line = span === null ? "" : ` data-line="${positionAt(span.source, span.start).line}"`;
  const middle = x + width / 2;
  const count = parameters === 0 ? "" : ` · ${grouped(parameters)}`;
  return [
    `<g class="${kind}"${line}>`,
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${boxHeight}"/>`,
    `<text x="${round(middle)}" y="${round(y + 20)}">${escaped(title)}</text>`,
    `<text class="shape" x="${round(middle)}" y="${round(y + 36)}">${escaped(shape)}<tspan class="count">${count}</tspan></text>`,
    "</g>",
  ].join("");
}

/** Through all points of the course, leaving and reaching each of them upright. */
function arrow(course: Course): string {
  const [start, ...rest] = course;
  let from = start!;
  const pieces = rest.map((to) => {
    const bend = (to.y - from.y) / 2;
    const points = [from.x, from.y + bend, to.x, to.y - bend, to.x, to.y].map(round).join(" ");
    from = to;
    return `C${points}`;
  });
  return `<path d="M${round(start!.x)} ${round(start!.y)} ${pieces.join(" ")}" marker-end="url(#tip)"/>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
