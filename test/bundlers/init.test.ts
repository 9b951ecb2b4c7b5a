/** Owns the proof that the project of `nnc init` type-checks, builds, and trains in a browser as it is. */
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { nnc, root } from "../cli/command.ts";
import { folder as newFolder } from "../data/files.ts";
import { openBrowser, openPage, serve, withoutBrowser } from "./browser.ts";

const execute = promisify(execFile);

describe("nnc init", () => {
  let base: string;
  let folder: string;

  beforeAll(async () => {
    base = newFolder();
    folder = join(base, "My network");
    expect((await nnc(["init", "My network"], { cwd: base })).stdout).toMatch(/npm run dev/);
    // What `npm install` would bring.
    const commands = join(folder, "node_modules/.bin");
    await mkdir(commands, { recursive: true });
    await symlink(join(root, "dist/nnc.js"), join(commands, "nnc"));
    for (const name of ["tsc", "vite"])
      await symlink(join(root, "node_modules/.bin", name), join(commands, name));
    await symlink(root, join(folder, "node_modules/nnc"), "junction");
    await symlink(join(root, "node_modules/vite"), join(folder, "node_modules/vite"), "junction");
  });

  it("names the project, and overwrites nothing", async () => {
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { name: string };
    expect(manifest.name).toBe("my-network");
    const again = await nnc(["init", "My network"], { cwd: base });
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/is there already/);
  });

  it("type-checks and builds by its own script, before anything else ran", { timeout: 60_000 }, async () => {
    const { stdout } = await execute("npm", ["run", "build"], { cwd: folder });
    expect(stdout).toMatch(/dist\/index\.html/);
    expect(await readFile(join(folder, "src/spirals.d.nn.ts"), "utf8")).toContain("class Spirals");
  });

  it.skipIf(withoutBrowser !== null)(
    "learns to tell the spirals apart in the page",
    { timeout: 60_000 },
    async () => {
      const page = await readFile(join(folder, "dist/index.html"), "utf8");
      const served = await serve(join(folder, "dist"), page);
      const browser = await openBrowser();
      try {
        const { page: opened, complaints } = await openPage(browser, served.address);
        await opened.waitForFunction(
          "Number(/: ([\\d.]+)%/.exec(document.querySelector('output').textContent)?.[1]) > 95",
          undefined,
          { timeout: 50_000 },
        );
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
        await served.close();
      }
    },
  );
});
