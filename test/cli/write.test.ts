/** Owns the proof that files are written whole, also where several write one file at once. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeChanged, writeWhole } from "../../src/tools/files/write.ts";
import { folder as newFolder } from "../data/files.ts";

it("lets one file be written by many at once, and leaves nothing beside it", async () => {
  const folder = newFolder();
  const path = join(folder, "a.txt");
  const texts = Array.from({ length: 40 }, (_, k) => String(k).repeat(10_000));
  await Promise.all(texts.map((text) => writeWhole(path, text)));
  const text = await readFile(path, "utf8");
  expect(texts).toContain(text);
  expect(await readdir(folder)).toEqual(["a.txt"]);
  expect(await writeChanged(path, text)).toBe(false);
});
