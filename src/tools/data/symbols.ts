/** Owns texts as sequences of symbols: characters or words, numbered by a vocabulary that stays with the weights. */
import { dataProblem } from "../problem.ts";
import type { Cells } from "./cells.ts";
import type { Column, Slot } from "./dataset.ts";

/** What stands in a vocabulary for the end of a sequence and for a symbol that is not in it. */
export const endMark = "";
export const unknownMark = "\u{fffd}";

export type SymbolKind = "characters" | "words";

/** A text taken apart. Characters are code points; words are runs of letters and digits, and signs one by one. */
export function symbolsOf(kind: SymbolKind, text: string): readonly string[] {
  return kind === "characters"
    ? [...text]
    : (text.match(/[\p{L}\p{N}\p{M}'_]+|[^\s\p{L}\p{N}\p{M}'_]/gu) ?? []);
}

export interface Vocabulary {
  readonly labels: readonly string[];
  /** The index of a symbol; undefined where it has none. */
  readonly indexOf: (symbol: string) => number | undefined;
}

export function vocabularyFrom(labels: readonly string[]): Vocabulary {
  const indices = new Map(labels.map((label, index) => [label, index]));
  const unknown = indices.get(unknownMark);
  return { labels, indexOf: (symbol) => indices.get(symbol) ?? unknown };
}

/**
 * The symbols that occur, in their sorted order, marks first. Where there are more than `size` and `unknown` allows it,
 * those that occur most; else null.
 */
export function vocabularyOf(
  texts: Iterable<readonly string[]>,
  size: number,
  { end, unknown }: { readonly end: boolean; readonly unknown: boolean },
): Vocabulary | null {
  const counts = new Map<string, number>();
  for (const symbols of texts)
    for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  counts.delete(unknownMark);
  const marks = [...(end ? [endMark] : []), ...(unknown ? [unknownMark] : [])];
  const room = size - marks.length;
  if (counts.size > room && !unknown) return null;
  const inOrder = (a: string, b: string) => (a < b ? -1 : 1);
  const chosen = [...counts]
    .sort(([a, often], [b, seldom]) => seldom - often || inOrder(a, b))
    .slice(0, Math.max(room, 0))
    .map(([symbol]) => symbol)
    .sort(inOrder);
  return vocabularyFrom([...marks, ...chosen]);
}

/** A sequence for each cell, one cell a sample. */
export function sequencesOf({
  file,
  slot,
  form,
  cells,
  placeOf,
  known,
}: Omit<Cells, "known"> & { readonly known: readonly string[] | undefined }): {
  values: Column;
  labels: readonly string[];
} {
  const kind = form.kind === "words" ? "words" : "characters";
  if (slot.classes === null)
    throw dataProblem(file, `\`${kind}\` gives indices, and ${slot.role} \`${slot.name}\` takes numbers`);
  const texts = cells.map((cell) => symbolsOf(kind, cell));
  const vocabulary = known === undefined ? vocabularyOf(texts, slot.classes, form) : vocabularyFrom(known);
  if (vocabulary === null) throw tooMany(file, slot, kind, texts);
  const rows = texts.map((symbols, sample) => {
    const indices = symbols.map((symbol) => {
      const index = vocabulary.indexOf(symbol);
      if (index !== undefined) return index;
      throw dataProblem(file, `\`${symbol}\` is not in the vocabulary of \`${slot.name}\``, placeOf(sample));
    });
    if (form.end) indices.push(0);
    return fitted(file, slot, form.cut ? cutTo(slot, indices) : indices, () => placeOf(sample));
  });
  return { values: columnOf(slot, rows), labels: vocabulary.labels };
}

function tooMany(file: string, slot: Slot, kind: SymbolKind, texts: readonly (readonly string[])[]) {
  const found = new Set(texts.flat()).size;
  return dataProblem(file, `it holds ${found} different ${kind}, and \`${slot.name}\` has ${slot.classes}`, {
    help: `make \`index(${slot.classes})\` larger, or let the rare ones share a place: \`${kind}("…", unknown: true)\``,
  });
}

function cutTo({ steps, shape }: Slot, indices: number[]): number[] {
  return indices.slice(0, steps === null ? (shape[0] ?? 1) : (steps.maximum ?? Infinity));
}

/** Refuses what is too short or too long for its slot. */
function fitted(
  file: string,
  { name, role, steps, shape }: Slot,
  indices: readonly number[],
  place: () => { row: number; line?: number; column: string },
): Int32Array {
  const least = steps === null ? (shape[0] ?? 1) : steps.minimum;
  const most = steps === null ? least : (steps.maximum ?? Infinity);
  const { length } = indices;
  if (length >= least && length <= most) return Int32Array.from(indices);
  const due = least === most ? `${least}` : length < least ? `at least ${least}` : `at most ${most}`;
  throw dataProblem(file, `it has ${length} symbols, and ${role} \`${name}\` takes ${due}`, {
    ...place(),
    ...(length > most ? { help: "let longer ones be cut: `cut: true`" } : {}),
  });
}

/** Rows of one length lie side by side; of varying lengths each by itself. */
function columnOf(slot: Slot, rows: readonly Int32Array[]): Column {
  if (slot.steps !== null) return rows;
  const values = new Int32Array(rows.length * slot.size);
  rows.forEach((row, sample) => values.set(row, sample * slot.size));
  return values;
}
