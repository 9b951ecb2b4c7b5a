/** Owns the proof that the packed command works where it was installed, and in the clone itself. */
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { folder, put } from "../data/files.ts";
import { root } from "../cli/command.ts";

const execute = promisify(execFile);
const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
const network = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ERR_SOCKET/;

describe("the package", () => {
  it("works when it is packed and installed in an empty project", { timeout: 180_000 }, async (context) => {
    const base = folder();
    const packed = await execute(
      "npm",
      ["pack", "--ignore-scripts", "--json", "--pack-destination", base, ...quiet],
      { cwd: root },
    );
    const [{ filename, files }] = JSON.parse(packed.stdout) as [
      { filename: string; files: { path: string }[] },
    ];
    const foreign = files.filter(
      ({ path }) => !/^(dist\/|README|LICENSE|CHANGELOG|package\.json)/.test(path),
    );
    expect(foreign).toEqual([]);

    put(base, "package.json", '{ "name": "elsewhere", "private": true }\n');
    try {
      await execute("npm", ["install", "--prefer-offline", ...quiet, `./${filename}`], { cwd: base });
    } catch (error) {
      const said = String((error as { stderr?: string }).stderr);
      if (network.test(said)) context.skip("no registry can be reached to install prettier from");
      throw error;
    }
    put(base, "iris.nn", readFileSync(join(root, "examples/iris.nn"), "utf8"));
    const compiled = await execute("npx", ["--no-install", "nnc", "compile", "iris.nn"], { cwd: base });
    expect(compiled.stdout).toMatch(/iris\.ts: [\d,]+ bytes/);
    // Formatted: prettier came along.
    expect(readFileSync(join(base, "iris.ts"), "utf8")).toMatch(/^export class Iris/m);
  });

  it("is found by npx in the clone", { timeout: 60_000 }, async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    const { stdout } = await execute("npx", ["--no-install", "nnc", "--version"], { cwd: root });
    expect(stdout.trim()).toBe(version);
    expect(statSync(join(root, "dist/nnc.js")).mode & 0o111).not.toBe(0);
  });
});
