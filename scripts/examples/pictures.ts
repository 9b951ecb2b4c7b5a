/** Owns how results are drawn: charts as SVG, images side by side as PNG. */
import { encode } from "fast-png";

const palette = [
  "#3465a4",
  "#cc5500",
  "#4e9a06",
  "#75507b",
  "#a40000",
  "#06989a",
  "#555753",
  "#c4a000",
  "#8f5902",
  "#204a87",
];
const width = 560;
const height = 360;
const margin = { left: 56, right: 16, top: 28, bottom: 44 };

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  /** Dots, a line, or the area between the line and the points gone back along. */
  readonly as: "dots" | "line" | "band";
  readonly color?: string;
}

export interface Chart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

/** Points over two axes, with a legend. */
export function chart({ title, x, y, series }: Chart): string {
  const all = series.flatMap(({ points }) => points);
  const [left, right] = range(all.map(([at]) => at));
  const [low, high] = range(all.map(([, at]) => at));
  const across = (at: number) =>
    margin.left + ((at - left) / (right - left)) * (width - margin.left - margin.right);
  const up = (at: number) =>
    height - margin.bottom - ((at - low) / (high - low)) * (height - margin.top - margin.bottom);
  const drawn = series.map(({ points, as, color }, k) => {
    const paint = color ?? palette[k % palette.length]!;
    const places = points.map(([a, b]) => `${across(a).toFixed(1)},${up(b).toFixed(1)}`);
    if (as === "dots")
      return places
        .map((place) => {
          const [cx, cy] = place.split(",");
          return `<circle cx="${cx}" cy="${cy}" r="3" fill="${paint}" fill-opacity="0.7"/>`;
        })
        .join("");
    if (as === "band") return `<polygon points="${places.join(" ")}" fill="${paint}" fill-opacity="0.25"/>`;
    return `<polyline points="${places.join(" ")}" fill="none" stroke="${paint}" stroke-width="1.6"/>`;
  });
  const legend = series.map(({ name, color }, k) => {
    const paint = color ?? palette[k % palette.length]!;
    return `<text x="${margin.left + 8}" y="${margin.top + 14 + 15 * k}" fill="${paint}">${escaped(name)}</text>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    `<text x="${across(left + part * (right - left))}" y="${height - margin.bottom + 16}" text-anchor="middle">${short(left + part * (right - left))}</text>`,
    `<text x="${margin.left - 6}" y="${up(low + part * (high - low)) + 4}" text-anchor="end">${short(low + part * (high - low))}</text>`,
  ]);
  const frame = `<rect x="${margin.left}" y="${margin.top}" width="${width - margin.left - margin.right}" height="${height - margin.top - margin.bottom}" fill="none" stroke="#babdb6"/>`;
  return svg(title, [
    frame,
    ...drawn,
    ...ticks,
    ...legend,
    `<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${escaped(x)}</text>`,
    `<text x="14" y="${height / 2}" text-anchor="middle" transform="rotate(-90 14 ${height / 2})">${escaped(y)}</text>`,
  ]);
}

/** One bar each, its value behind it. */
export function bars(title: string, entries: readonly (readonly [string, number])[]): string {
  const most = Math.max(...entries.map(([, value]) => value));
  const step = (height - margin.top - margin.bottom) / entries.length;
  const rows = entries.flatMap(([name, value], k) => {
    const y = margin.top + 12 + k * step;
    const long = (value / most) * (width - 280);
    const paint = k === entries.length - 1 ? palette[1] : palette[0];
    return [
      `<text x="190" y="${y + step / 2}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="200" y="${y + step / 2 - 12}" width="${long.toFixed(1)}" height="16" fill="${paint}"/>`,
      `<text x="${206 + long}" y="${y + step / 2}">${short(value)}</text>`,
    ];
  });
  return svg(title, rows);
}

/** How often each true class (a row) is taken for each (a column). */
export function confusion(
  title: string,
  names: readonly string[],
  truth: ArrayLike<number>,
  said: ArrayLike<number>,
): string {
  const size = names.length;
  const counts = new Float64Array(size * size);
  for (let k = 0; k < truth.length; k += 1) counts[truth[k]! * size + said[k]!]! += 1;
  const side = Math.min(28, (height - 100) / size);
  const rows = names.flatMap((name, i) => {
    const total = counts.subarray(i * size, (i + 1) * size).reduce((sum, count) => sum + count, 0);
    const cells = names.map((_, j) => {
      const count = counts[i * size + j]!;
      const share = total === 0 ? 0 : count / total;
      const [x, y] = [150 + j * side, 40 + i * side];
      const ink = share > 0.5 ? "#ffffff" : "#2e3436";
      const label =
        count === 0
          ? ""
          : `<text x="${x + side / 2}" y="${y + side / 2 + 4}" text-anchor="middle" fill="${ink}">${count}</text>`;
      return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${palette[i === j ? 0 : 1]}" fill-opacity="${Math.sqrt(share).toFixed(2)}"/>${label}`;
    });
    return [
      `<text x="142" y="${44 + i * side + side / 2}" text-anchor="end">${escaped(name)}</text>`,
      ...cells,
    ];
  });
  return svg(title, rows);
}

export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** From 0 to 255, three a pixel. */
  readonly pixels: Uint8Array;
}

/** Gray numbers, `brightest` white. */
export function grayTile(values: ArrayLike<number>, rows: number, columns: number, brightest: number): Tile {
  const pixels = new Uint8Array(3 * rows * columns);
  for (let k = 0; k < rows * columns; k += 1)
    pixels.fill(Math.round(255 * Math.min(Math.max(values[k]! / brightest, 0), 1)), 3 * k, 3 * k + 3);
  return { rows, columns, pixels };
}

/** Tiles of one size in rows of `across`, each pixel `zoom` wide. */
export function gallery(tiles: readonly Tile[], across: number, zoom: number): Uint8Array {
  const gap = 2;
  const { rows, columns } = tiles[0]!;
  const [down, wide] = [Math.ceil(tiles.length / across), Math.min(across, tiles.length)];
  const [h, w] = [down * (rows * zoom + gap) + gap, wide * (columns * zoom + gap) + gap];
  const data = new Uint8Array(3 * h * w).fill(128);
  tiles.forEach(({ pixels }, k) => {
    const [top, left] = [
      gap + Math.floor(k / across) * (rows * zoom + gap),
      gap + (k % across) * (columns * zoom + gap),
    ];
    for (let y = 0; y < rows * zoom; y += 1)
      for (let x = 0; x < columns * zoom; x += 1) {
        const from = 3 * (Math.floor(y / zoom) * columns + Math.floor(x / zoom));
        data.set(pixels.subarray(from, from + 3), 3 * ((top + y) * w + left + x));
      }
  });
  return encode({ width: w, height: h, data, channels: 3, depth: 8 });
}

function svg(title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${width / 2}" y="18" text-anchor="middle" font-size="13">${escaped(title)}</text>
${parts.join("\n")}
</svg>
`;
}

function range(values: readonly number[]): readonly [number, number] {
  const [low, high] = values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  );
  return low === high ? [low - 1, high + 1] : [low, high];
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
