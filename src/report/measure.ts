/** Owns how wide text is on a terminal: tabs, wide characters, and marks that take no room. */

const tabWidth = 4;
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$/u;
const wideAbove = /^[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** A line as it is shown. */
export interface ShownLine {
  readonly text: string;
  readonly width: number;
  /** The column of the screen, from 0, at which the character at an offset of the line begins. */
  column(offset: number): number;
}

/** Tabs become spaces, control characters a sign; every other character keeps its own width. */
export function showLine(line: string): ShownLine {
  const columns: number[] = [];
  let text = "";
  let width = 0;
  for (const character of line) {
    const shown = character === "\t" ? " ".repeat(tabWidth - (width % tabWidth)) : visible(character);
    for (let unit = 0; unit < character.length; unit += 1) columns.push(width);
    width += character === "\t" ? shown.length : widthOf(character);
    text += shown;
  }
  return { text, width, column: (offset) => columns[offset] ?? width + Math.max(0, offset - line.length) };
}

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  return code < 32 || (code >= 127 && code < 160) ? "�" : character;
}

function widthOf(character: string): number {
  if (zeroWidth.test(character)) return 0;
  return wide.test(character) || wideAbove.test(character) ? 2 : 1;
}

/** The part of `text` between two columns of the screen, cut where needed. */
export function cutColumns(text: string, from: number, to: number): string {
  let column = 0;
  let kept = "";
  for (const character of text) {
    const next = column + widthOf(character);
    if (column >= from && next <= to) kept += character;
    column = next;
  }
  return kept;
}
