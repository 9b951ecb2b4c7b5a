/** Owns the pages of examples: the pictures and figures of a run put in their places. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { format } from "prettier";
import { writeWhole } from "../../src/tools/files/write.ts";
import { measureText } from "../../src/tools/terminal/numbers.ts";
import { type Figure, type Picture, folder } from "./example.ts";
import { type Result, isReached } from "./run.ts";

const pages = join(folder, "pages");

export async function writePicture({ file, content }: Picture): Promise<string> {
  const path = join(pages, file);
  await mkdir(pages, { recursive: true });
  await writeWhole(path, content);
  return path;
}

/** Writes the figures between the marks of the example's page. */
export async function writeFigures(result: Result): Promise<void> {
  const path = join(pages, `${result.name}.md`);
  const page = await readFile(path, "utf8").catch(() => null);
  if (page === null) return;
  const made = page.replace(
    /(<!-- made: figures -->)[^]*?(<!-- end -->)/,
    (_, begin: string, end: string) => `${begin}\n\n${figureTable(result).join("\n")}\n\n${end}`,
  );
  await writeWhole(path, await format(made, { parser: "markdown", printWidth: 120, proseWrap: "preserve" }));
}

function figureTable({ figures, values, seeds }: Result): readonly string[] {
  const each = seeds.length === 1 ? `with seed ${seeds[0]}` : `with seeds ${seeds[0]} to ${seeds.at(-1)}`;
  return [
    `| figure | must reach | reached | ${each} |`,
    "| --- | --- | --- | --- |",
    ...figures.map(
      (figure) =>
        `| ${figure.name} | ${dueText(figure)} | ${measureText(figure.value)}${isReached(figure) ? "" : " ✗"} | ${values[figure.name]!.map(measureText).join(", ")} |`,
    ),
  ];
}

export function dueText({ must }: Figure): string {
  if (must === undefined) return "";
  return "least" in must ? `≥ ${measureText(must.least)}` : `≤ ${measureText(must.most)}`;
}
