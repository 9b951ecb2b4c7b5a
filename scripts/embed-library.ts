/** Writes src/library/table.generated.ts: the library's files as text, and which file defines which name. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../src/library");

/** The table as text, formatted as the rest of the sources. */
export async function libraryTable(): Promise<string> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".nn"))
    .sort();
  const texts = files.map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
  const definitions = texts.flatMap(([name, text]) =>
    [...text.matchAll(/^(?:layer|metric|optimizer|schedule) (\w+)/gm)].map(
      (match) => [match[1]!, name] as const,
    ),
  );
  const twice = definitions.find(
    ([name], place) => definitions.findIndex(([other]) => other === name) !== place,
  );
  if (twice !== undefined) throw new Error(`the library defines ${twice[0]} twice`);
  const source = [
    "// Generated from the .nn files beside it by scripts/embed-library.ts; do not edit.",
    "/** Owns the standard library as text: its files, and which of them defines which name. */",
    "",
    `export const library: ReadonlyMap<string, string> = new Map([${texts
      .map(([name, text]) => `[${JSON.stringify(name)}, ${asTemplate(text)}]`)
      .join(", ")}]);`,
    "",
    `export const libraryIndex: ReadonlyMap<string, string> = new Map([${definitions
      .map(([name, file]) => `[${JSON.stringify(name)}, ${JSON.stringify(file)}]`)
      .join(", ")}]);`,
  ].join("\n");
  const path = join(folder, "table.generated.ts");
  return format(source, { ...(await resolveConfig(path)), parser: "typescript" });
}

function asTemplate(text: string): string {
  return `\`${text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")}\``;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(folder, "table.generated.ts"), await libraryTable());
