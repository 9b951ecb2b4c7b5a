/** Owns `nnc explain CODE`: what a message means and how its cause is mended. */
import { catalogue, entryOf } from "../../report/catalogue/index.ts";
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
  const { bold } = output.colors;
  output.line(bold(`${entry.severity}[${entry.code}]: ${entry.title}`));
  output.line("");
  for (const line of wrapped(entry.explanation, width)) output.line(line);
  return 0;
}

/** Lines of at most `columns` characters, broken at spaces; indented lines, which are examples, stay as they are. */
function wrapped(text: string, columns: number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
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
