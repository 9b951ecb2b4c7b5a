/** Owns the proof that files are written whole and configurations read, also by several at once. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readConfig } from "../../src/tools/config/config.ts";
import { writeChanged, writeWhole } from "../../src/tools/files/write.ts";
import { folder as newFolder, put } from "../data/files.ts";

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

it("lets many read one configuration at once, as bundlers do for each program, and leaves nothing beside it", async () => {
  const folder = newFolder();
  put(folder, "nnc.config.ts", 'const kernels: string = "scalar";\nexport default { kernels };\n');
  const read = await Promise.all(Array.from({ length: 12 }, () => readConfig(folder)));
  expect(read.every(({ kernels }) => kernels === "scalar")).toBe(true);
  expect(await readdir(folder)).toEqual(["nnc.config.ts"]);
});
