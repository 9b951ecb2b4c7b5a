/** Owns the proof that the wrapper of a worker is bundled as it is, and trains off the page's thread in a browser. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { nnc } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";
import { openBrowser, openPage, plainPage, serve, withoutBrowser } from "./browser.ts";
import { bundlers } from "./bundlers.ts";

const page = `
import { IrisWorker } from "./iris.worker.ts";
import { flowers } from "./data.ts";

async function run(): Promise<object> {
  const iris = await IrisWorker.create({ seed: 3 });
  const batch = flowers(150);
  const epochs: number[] = [];
  let ticks = 0;
  const timer = setInterval(() => { ticks += 1; }, 1);
  await iris.fit(batch, { epochs: 200, onEpoch: ({ epoch }) => void epochs.push(epoch) });
  clearInterval(timer);
  const { accuracy } = await iris.evaluate(batch);
  iris.close();
  return { accuracy, told: epochs.length, free: ticks > 0 };
}

Object.assign(globalThis, { said: run() });
`;

// Those that know `new Worker(new URL(…, import.meta.url))`.
const knowing = bundlers.filter(({ name }) => ["Vite", "webpack", "Rspack"].includes(name));

describe.skipIf(withoutBrowser !== null)("a network in a worker of the browser", () => {
  let folder: string;

  beforeAll(async () => {
    folder = newFolder();
    await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
    put(folder, "main.ts", page);
    expect((await nnc(["compile", "iris.nn", "--worker"], { cwd: folder })).code).toBe(0);
  });

  it.each(knowing)("trains, by $name", { timeout: 60_000 }, async ({ name, bundle }) => {
    const out = join(folder, "out", name);
    await bundle(folder, out, {});
    const served = await serve(out, plainPage);
    const browser = await openBrowser();
    try {
      const { page: opened, complaints } = await openPage(browser, served.address);
      const said = await opened.evaluate(() => (globalThis as unknown as { said: Promise<object> }).said);
      expect(complaints).toEqual([]);
      expect(said).toMatchObject({ told: 200, free: true });
      expect((said as { accuracy: number }).accuracy).toBeGreaterThan(0.95);
    } finally {
      await browser.close();
      await served.close();
    }
  });
});
