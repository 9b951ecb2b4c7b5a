/** Owns the proof that the packed package is sound: what it exports, its types, its size, and what it reads to start. */
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

  it("formats by prettier's own command, by the plugin's name", async () => {
    const text = await readFile(join(root, "examples/iris.nn"), "utf8");
    put(base, "iris.nn", text.replace(/^ {2}/gm, "      "));
    const prettier = [
      join(root, "node_modules/prettier/bin/prettier.cjs"),
      "--plugin",
      "nnc/prettier",
      "iris.nn",
    ];
    expect((await execute(process.execPath, prettier, { cwd: base })).stdout).toBe(text);
  });

  it("reads little before it knows what is asked of it", async () => {
    // How long that takes is measured by bench/command.ts.
    const read = new Set<string>();
    const visit = async (path: string): Promise<number> => {
      if (read.has(path)) return 0;
      read.add(path);
      const text = await readFile(path, "utf8");
      const imported = [...text.matchAll(/(?:from|import)"(\.[^"]+)"/g)].map(([, name]) =>
        join(path, "..", name!),
      );
      const sizes = await Promise.all(imported.map(visit));
      return sizes.reduce((sum, size) => sum + size, text.length);
    };
    expect(await visit(join(root, "dist/nnc.js"))).toBeLessThan(150_000);
  });
});

/** Bytes of all files. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
