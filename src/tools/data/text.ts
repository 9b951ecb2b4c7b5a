/** Owns running text as samples: windows of its symbols, and the symbols that follow them. */
import { Problem, dataProblem } from "../problem.ts";
import { type Column, type Filled, type Slot, printExtents } from "./dataset.ts";
import type { Filling } from "./load.ts";
import { rowOption } from "./options.ts";
import { symbolsOf, vocabularyFrom, vocabularyOf } from "./symbols.ts";

/**
 * `text("book.txt", characters: vocab, window: context)`: an input takes `window` symbols, `stride` behind each other
 * (by default side by side), a target the same window one symbol on. `words: vocab` takes words and signs, the rare ones
 * as one.
 */
export function fillFromText({ file, slots, options, known, required }: Filling, bytes: Uint8Array): Filled {
  const wanted = slots.filter(({ role }) => role === "input" || required);
  const kind = options["words"] === undefined ? "characters" : "words";
  const symbols = symbolsOf(kind, decoded(file, bytes));
  const window = rowOption(options, "window", 1) ?? longest(wanted[0]!);
  if (window === null)
    throw new Problem("the recipe's `text(…)` says no `window`, and nothing bounds the input's length", {
      exitCode: 1,
      help: 'give it: `text("…", window: 64)`',
    });
  const stride = rowOption(options, "stride", 1) ?? window;
  const classes = wanted[0]!.classes ?? 0;
  for (const slot of wanted) checkSlot(slot, window, classes);
  const told = rowOption(options, kind, 1) ?? classes;
  const vocabulary =
    known[wanted[0]!.name] === undefined
      ? vocabularyOf([symbols], Math.min(classes, told), { end: false, unknown: kind === "words" })
      : vocabularyFrom(known[wanted[0]!.name]!);
  if (vocabulary === null) {
    throw dataProblem(
      file,
      `it holds ${new Set(symbols).size} different characters, and the vocabulary has ${Math.min(classes, told)}`,
    );
  }
  const indices = Int32Array.from(symbols, (symbol, place) => {
    const index = vocabulary.indexOf(symbol);
    if (index !== undefined) return index;
    const line = symbols.slice(0, place).filter((before) => before === "\n").length + 1;
    throw dataProblem(file, `\`${symbol}\` is not in the vocabulary that training used`, {
      row: place + 1,
      line,
    });
  });
  const count = Math.floor((indices.length - window - 1) / stride) + 1;
  if (count < 1)
    throw dataProblem(file, `it holds ${indices.length} ${kind}, and one sample takes ${window + 1}`);
  const columns = wanted.map((slot): [string, Column] => {
    const offset = slot.role === "target" ? 1 : 0;
    const row = (sample: number) =>
      indices.subarray(sample * stride + offset, sample * stride + offset + window);
    if (slot.steps !== null) return [slot.name, Array.from({ length: count }, (_, sample) => row(sample))];
    const values = new Int32Array(count * window);
    for (let sample = 0; sample < count; sample += 1) values.set(row(sample), sample * window);
    return [slot.name, values];
  });
  const labels = wanted.map(({ name }) => [name, vocabulary.labels]);
  return { count, columns: Object.fromEntries(columns), labels: Object.fromEntries(labels) };
}

function decoded(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\r\n", "\n");
  } catch {
    throw dataProblem(file, "this is no text in UTF-8");
  }
}

function longest({ steps, shape }: Slot): number | null {
  return steps === null ? (shape[0] ?? null) : steps.maximum;
}

function checkSlot({ name, role, classes, steps, shape }: Slot, window: number, size: number): void {
  const problem = (message: string) => new Problem(message, { exitCode: 1 });
  if (classes === null || classes !== size)
    throw problem(`a text gives indices of one vocabulary, and ${role} \`${name}\` is another`);
  const fits =
    steps === null
      ? shape.length === 1 && shape[0] === window
      : shape.length === 0 && window >= steps.minimum && window <= (steps.maximum ?? Infinity);
  if (!fits)
    throw problem(
      `a window of the text has ${window} symbols, and ${role} \`${name}\` takes ${steps === null ? printExtents(shape) : `from ${steps.minimum} to ${steps.maximum ?? "any number"}`}`,
    );
}
