/** Owns charts as SVG: points over two axes. */

export const palette = [
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
export const width = 560;
export const height = 360;
export const margin = { left: 56, right: 16, top: 28, bottom: 44 };

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
  return framed(title, [
    frame,
    ...drawn,
    ...ticks,
    ...legend,
    `<text x="${width / 2}" y="${height - 8}" text-anchor="middle">${escaped(x)}</text>`,
    `<text x="14" y="${height / 2}" text-anchor="middle" transform="rotate(-90 14 ${height / 2})">${escaped(y)}</text>`,
  ]);
}

/** Parts on a white ground below a title. */
export function framed(title: string, parts: readonly string[]): string {
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

export function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
