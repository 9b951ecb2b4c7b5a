/** Owns the proof that the packed package is sound: what it exports, its types, its size, and how soon it starts. */
import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { root } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";

const execute = promisify(execFile);
const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
const network = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ERR_SOCKET/;

describe("the packed package", { timeout: 120_000 }, () => {
  let base: string;
  let tarball: string;

  beforeAll(async () => {
    base = newFolder();
    const packing = ["pack", "--ignore-scripts", "--json", "--pack-destination", base, ...quiet];
    const { stdout } = await execute("npm", packing, { cwd: root });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    tarball = join(base, filename);
  });

  it("is sound to publint", async () => {
    const { publint } = await import("publint");
    const { unpack } = await import("@publint/pack");
    const bytes = await readFile(tarball);
    const { files, rootDir } = await unpack(bytes);
    const { messages } = await publint({ pack: { files }, pkgDir: rootDir, level: "suggestion" });
    expect(messages).toEqual([]);
  });

  it("has types that resolve, to arethetypeswrong", async () => {
    // The package is ESM alone: CommonJS and Node's resolution of old are not claimed.
    const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
    const { stdout } = await execute(process.execPath, [
      attw,
      tarball,
      "--profile",
      "esm-only",
      "--format",
      "json",
    ]);
    const { problems } = JSON.parse(stdout) as {
      problems?: Readonly<Record<string, readonly { resolutionKind?: string }[]>>;
    };
    const told = Object.values(problems ?? {}).flat();
    expect(
      told.filter(({ resolutionKind }) => resolutionKind !== "node10" && resolutionKind !== "node16-cjs"),
    ).toEqual([]);
  });

  it("installs in under 30 MB with all that it needs", async (context) => {
    put(base, "package.json", '{ "name": "elsewhere", "private": true }\n');
    try {
      await execute("npm", ["install", "--prefer-offline", ...quiet, tarball], { cwd: base });
    } catch (error) {
      if (network.test(String((error as { stderr?: string }).stderr)))
        context.skip("no registry can be reached");
      throw error;
    }
    expect(await sizeOf(join(base, "node_modules"))).toBeLessThan(30e6);
  });

  it("starts within 150 ms of node itself", async () => {
    const fastest = async (args: readonly string[]): Promise<number> => {
      const times: number[] = [];
      for (let k = 0; k < 7; k += 1) {
        const began = performance.now();
        await execute(process.execPath, [...args]);
        times.push(performance.now() - began);
      }
      return Math.min(...times);
    };
    const node = await fastest(["-e", "0"]);
    expect((await fastest([join(root, "dist/nnc.js"), "--version"])) - node).toBeLessThan(150);
  });
});

/** Bytes of all files. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
