/** Owns pictures in a terminal: grey values as half blocks, two rows of pixels a line. */

/** One picture of `height × width` values from 0 (dark) to `brightest`; uses 24-bit colours. */
export function pictureLines(
  values: ArrayLike<number>,
  height: number,
  width: number,
  options: { brightest: number; colors: boolean },
): readonly string[] {
  return options.colors
    ? colored(values, height, width, options.brightest)
    : shaded(values, height, width, options.brightest);
}

/** Pictures side by side, each with its captions below, `columns` characters wide at most. */
export function galleryLines(
  pictures: readonly {
    readonly lines: readonly string[];
    readonly width: number;
    readonly captions: readonly string[];
  }[],
  columns: number,
): readonly string[] {
  const gap = 3;
  const cell = Math.max(
    ...pictures.map(({ width, captions }) => Math.max(width, ...captions.map(visibleLength))),
  );
  const perRow = Math.max(1, Math.floor((columns + gap) / (cell + gap)));
  const lines: string[] = [];
  for (let start = 0; start < pictures.length; start += perRow) {
    const row = pictures.slice(start, start + perRow);
    const height = Math.max(...row.map((picture) => picture.lines.length + picture.captions.length));
    for (let line = 0; line < height; line += 1) {
      const cells = row.map(({ lines: drawn, captions }) =>
        padVisible([...drawn, ...captions][line] ?? "", cell),
      );
      lines.push(cells.join(" ".repeat(gap)).trimEnd());
    }
    lines.push("");
  }
  return lines;
}

function colored(
  values: ArrayLike<number>,
  height: number,
  width: number,
  brightest: number,
): readonly string[] {
  const level = (row: number, column: number) => {
    const value = row < height ? (values[row * width + column] ?? 0) / brightest : 0;
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  };
  return Array.from({ length: Math.ceil(height / 2) }, (_, pairOfRows) => {
    const cells = Array.from({ length: width }, (_, column) => {
      const upper = level(2 * pairOfRows, column);
      const lower = level(2 * pairOfRows + 1, column);
      // The upper half block takes the foreground; the lower half shows the background.
      return `\u001b[38;2;${upper};${upper};${upper};48;2;${lower};${lower};${lower}m▀`;
    });
    return `${cells.join("")}\u001b[0m`;
  });
}

/** Without colours: two characters a pixel, the denser the brighter, so that pixels are square. */
function shaded(
  values: ArrayLike<number>,
  height: number,
  width: number,
  brightest: number,
): readonly string[] {
  const shades = [" ", "░", "▒", "▓", "█"];
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const value = Math.min(1, Math.max(0, (values[row * width + column] ?? 0) / brightest));
      return shades[Math.round(value * (shades.length - 1))]!.repeat(2);
    }).join(""),
  );
}

// eslint-disable-next-line no-control-regex -- escape sequences are control characters
const escapes = /\u001b\[[0-9;]*m/g;

function visibleLength(text: string): number {
  return text.replace(escapes, "").length;
}

function padVisible(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - visibleLength(text)));
}
