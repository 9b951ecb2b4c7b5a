/** Owns the proof that every bundler tells a program's errors: file, line, and the text of the line. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder as newFolder, put } from "../data/files.ts";
import { bundlers } from "./bundlers.ts";

describe.each(bundlers)("$name", ({ bundle }) => {
  it("fails with the place and the lines", async () => {
    const folder = newFolder();
    await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
    put(
      folder,
      "layers.nn",
      "layer bent(x: [..., n], width: int) -> [..., width] {\n  return x -> dens(width)\n}\n",
    );
    const error = await bundle(folder, join(folder, "out"), {}).then(
      () => null,
      (reason: unknown) => reason as Error & { frame?: string; id?: string; loc?: { line: number } },
    );
    const said = `${error?.message}\n${error?.frame ?? ""}`;
    expect(said).toMatch(/E\d{4}: /);
    expect(said).toMatch(/layers\.nn:2:/);
    expect(said).toMatch(/2 [│|] {3}return x -> dens\(width\)/);
    expect(said).not.toMatch(/^\s+at .*plugins/m);
  });
});
