/** Owns the proof of Vite's development server: errors in its overlay, files watched, networks exchanged with their weights. */
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plugin, ViteDevServer } from "vite";
import { root } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";
import { openBrowser, openPage, withoutBrowser } from "./browser.ts";

const app = `
import { Iris } from "./iris.nn";
const iris = await Iris.create({ seed: 5 });
const sums = () => Object.fromEntries(
  iris.parameters.map(({ name }) => [name, iris.parameters.get(name).reduce((a, b) => a + b, 0)]));
Object.assign(globalThis, {
  iris, sums, loads: (globalThis.loads ?? 0) + 1, is: () => iris instanceof Iris,
  shapes: () => iris.parameters.map(({ shape }) => shape.join("x")).join(" "),
});
`;

describe.skipIf(withoutBrowser !== null)("Vite's development server", () => {
  let folder: string;
  let server: ViteDevServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let program: string;

  beforeAll(async () => {
    folder = newFolder();
    await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
    put(folder, "main.ts", app);
    program = await readFile(join(folder, "iris.nn"), "utf8");
    const { default: nnc } = (await import(pathToFileURL(join(root, "dist/vite.js")).href)) as {
      default: () => Plugin;
    };
    const { createServer } = await import("vite");
    server = await createServer({
      root: folder,
      configFile: false,
      logLevel: "silent",
      plugins: [nnc()],
      server: { host: "127.0.0.1", port: 0, watch: { usePolling: true, interval: 50 } },
    });
    await server.listen();
    browser = await openBrowser();
    ({ page, complaints } = await openPage(browser, server.resolvedUrls!.local[0]!));
    await page.waitForFunction("globalThis.iris !== undefined");
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it("exchanges a network in place, with the weights whose shapes did not change", async () => {
    const before = await page.evaluate<Record<string, number>>("sums()");
    await page.evaluate(
      "void (globalThis.again = new Promise((done) => addEventListener('nnc:reload', done)))",
    );
    put(folder, "iris.nn", program.replace("tanh -> dense(3)", "tanh -> dense(5) -> tanh -> dense(3)"));
    await page.evaluate("again");
    const after = await page.evaluate<Record<string, number>>("sums()");
    expect(await page.evaluate("shapes()")).toBe("4x8 8 8x5 5 5x3 3");
    expect(after["logits.dense.w"]).toBe(before["logits.dense.w"]);
    // The page itself was not loaded again.
    expect(await page.evaluate("[loads, is()]")).toEqual([1, true]);
    expect(await page.evaluate("iris.predict({ lengths: [5, 3, 1, 0] }).probs.length")).toBe(3);
    expect(complaints).toEqual([]);
  });

  it("ends a training that is under way, and the network goes on", async () => {
    await page.evaluate(`
      globalThis.again = new Promise((done) => addEventListener("nnc:reload", done));
      const lengths = Array.from({ length: 600 }, (_, k) => Math.sin(k));
      const species = Array.from({ length: 150 }, (_, k) => k % 3);
      void (globalThis.training = iris.fit({ lengths, species }, { epochs: 1e6, yieldEvery: 1 }));
    `);
    put(folder, "iris.nn", program.replace("hidden: int = 8", "hidden: int = 6"));
    await page.evaluate("again");
    expect(await page.evaluate("training.then(({ stopped }) => stopped)")).toBe("signal");
    expect(await page.evaluate("shapes()")).toBe("4x6 6 6x3 3");
    expect(complaints).toEqual([]);
  });

  it("shows a mistake in the overlay, with its line, and recovers", async () => {
    put(folder, "iris.nn", program.replace("dense(hidden)", "dens(hidden)"));
    const overlay = page.locator("vite-error-overlay");
    await overlay.waitFor();
    const text = await overlay.evaluate((element) =>
      [".message", ".file", ".frame"]
        .map((name) => element.shadowRoot!.querySelector(name)?.textContent)
        .join("\n"),
    );
    expect(text).toMatch(/E\d{4}: /);
    expect(text).toMatch(/iris\.nn:6:\d+/);
    expect(text).toContain("6 |   logits = lengths -> standardize -> dens(hidden) -> tanh -> dense(3)");
    put(folder, "iris.nn", program);
    await overlay.waitFor({ state: "detached" });
  });
});
