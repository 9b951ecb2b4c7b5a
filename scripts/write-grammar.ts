/** Owns the files made from the token table: the TextMate grammar and the table for other highlighters. */
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";
import { highlightTable } from "../grammar/highlighting.ts";
import { textMateGrammar } from "../grammar/textmate.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** By path in the project, the text that belongs there. */
export async function grammarFiles(): Promise<ReadonlyMap<string, string>> {
  const json = (value: object) => format(JSON.stringify(value), { parser: "json", printWidth: 110 });
  return new Map([
    ["grammar/nn.tmLanguage.json", await json(textMateGrammar())],
    ["grammar/nn.highlight.json", await json(highlightTable)],
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await grammarFiles()) await writeFile(join(root, path), text);
}
