/** Owns `nnc init`: a small project that trains a network in a page. */
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../files/write.ts";
import { Problem } from "../problem.ts";

/** The files of the project that are written, by their path in it. @throws {Problem} where one of them is there already. */
export async function writeProject(folder: string, version: string): Promise<readonly string[]> {
  const template = join(dirname(fileURLToPath(import.meta.resolve("nnc/package.json"))), "dist/template");
  const names = (await readdir(template, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(template, join(entry.parentPath, entry.name)))
    .sort();
  // A package cannot hold a `.gitignore` of its own.
  const placed = names.map((name) => ({ from: name, to: name === "gitignore" ? ".gitignore" : name }));
  for (const { to } of placed) {
    if ((await stat(join(folder, to)).catch(() => null)) !== null) {
      throw new Problem(`${join(folder, to)} is there already`, { help: "choose an empty folder" });
    }
  }
  for (const { from, to } of placed) {
    const text = await readFile(join(template, from), "utf8");
    const path = join(folder, to);
    await mkdir(dirname(path), { recursive: true });
    const filled =
      to === "package.json" ? text.replace("NAME", packageName(folder)).replace("VERSION", version) : text;
    await writeWhole(path, filled);
  }
  return placed.map(({ to }) => to);
}

/** What npm takes as a name. */
function packageName(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "network" : name;
}
