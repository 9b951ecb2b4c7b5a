/** Owns the proof that every bundler takes `.nn` imports, and that the page it makes trains and predicts in a browser. */
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folder as newFolder } from "../data/files.ts";
import { openBrowser, openPage, plainPage, serve, withoutBrowser } from "./browser.ts";
import { bundlers } from "./bundlers.ts";

/** Neither `unsafe-eval` nor `wasm-unsafe-eval`. */
const strict = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:";

const project = join(import.meta.dirname, "project");

const variants = [
  { kernels: "auto", headers: {} },
  { kernels: "scalar", headers: { "content-security-policy": strict } },
] as const;

interface Said {
  readonly error?: string;
  readonly result?: Readonly<Record<string, number>>;
}

describe.each(bundlers)("$name", ({ bundle }) => {
  let browser: Browser | null = null;
  let folder: string;

  beforeAll(async () => {
    folder = newFolder();
    await cp(project, folder, { recursive: true });
    await mkdir(join(folder, "out"), { recursive: true });
    if (withoutBrowser === null) browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each(variants)("bundles the project, kernels $kernels", { timeout: 60_000 }, async ({ kernels }) => {
    const out = join(folder, "out", kernels);
    await bundle(folder, out, { kernels });
    expect(await readdir(folder)).toContain("iris.d.nn.ts");
    const map = new TraceMap(await readFile(join(out, "main.js.map"), "utf8"));
    const lines = new Set<number>();
    eachMapping(map, ({ source, originalLine }) => {
      if (source?.endsWith("iris.nn") === true) lines.add(originalLine!);
    });
    // The model as a class, and the line that its arithmetic comes from.
    expect([...lines]).toEqual(expect.arrayContaining([2, 6]));
  });

  it.skipIf(withoutBrowser !== null).each(variants)(
    "trains and predicts in a page, kernels $kernels",
    async ({ kernels, headers }) => {
      const served = await serve(join(folder, "out", kernels), plainPage, headers);
      try {
        const { page, complaints } = await openPage(browser!, served.address);
        const { error, result } = await page.evaluate(
          () => (globalThis as unknown as { said: Promise<Said> }).said,
        );
        expect(error).toBeUndefined();
        expect(complaints).toEqual([]);
        expect(result).toMatchObject({ epochs: 40, same: 1 });
        expect(result!["sum"]).toBeCloseTo(1, 5);
        expect(result!["iris"]).toBeGreaterThan(0.95);
        expect(result!["wide"]).toBeGreaterThan(0.9);
      } finally {
        await served.close();
      }
    },
  );
});
