/** Owns `nnc explain CODE`: what a message means and how its cause is mended. */
import { catalogue, entryOf } from "../../report/catalogue/index.ts";
import { pageOf } from "../../report/page.ts";
import { Problem } from "../problem.ts";
import type { Output } from "./output.ts";

const width = 80;

export async function runExplain(output: Output, code: string): Promise<number> {
  const entry = entryOf(code);
  if (entry === undefined) {
    throw new Problem(`there is no message ${code}`, {
      help: `there are ${catalogue.map((known) => known.code).join(", ")}`,
    });
  }
  const { bold, red, green } = output.colors;
  const { heading, paragraphs, example } = pageOf(entry);
  output.line(bold(heading));
  output.line("");
  for (const line of wrapped(paragraphs, width)) output.line(line);
  if (example.length > 0) output.line("");
  const paint = { wrong: red, mended: green, same: (text: string) => text };
  for (const { kind, text } of example) output.line(paint[kind](text));
  return 0;
}

/** Lines of at most `columns` characters, broken at spaces; indented lines, which are examples, stay as they are. */
function wrapped(paragraphs: readonly string[], columns: number): readonly string[] {
  return paragraphs.flatMap((paragraph) => {
    if (paragraph.startsWith(" ")) return [paragraph];
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > columns) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}
