/** Owns how results are drawn: bars and tables as SVG, images side by side as PNG. */
import { encode } from "fast-png";
import { escaped, framed, height, margin, palette, short, width } from "../../src/tools/picture/chart.ts";

export { chart } from "../../src/tools/picture/chart.ts";

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
  return framed(title, rows);
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
  return framed(title, rows);
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
