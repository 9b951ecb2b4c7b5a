/** Owns the proof that Node imports `.nn` files: `node --import nnc/register app.js`. */
import { execFile } from "node:child_process";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { root } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";

const execute = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = newFolder();
  await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/nnc"), "junction");
  put(folder, "package.json", '{ "type": "module" }');
});

async function run(script: string) {
  put(folder, "app.js", script);
  try {
    return { code: 0, ...(await execute("node", ["--import", "nnc/register", "app.js"], { cwd: folder })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

const line = (name: string, text: string) => new RegExp(`${name.replace(".", "\\.")}:${text}`);

describe("node --import nnc/register", () => {
  it("imports, trains, predicts; with import attributes as without", async () => {
    const { code, stdout, stderr } = await run(`
      import { Iris } from "./iris.nn";
      import { Wide } from "./wide.nn" with { type: "nn" };
      const iris = await Iris.create();
      const wide = await Wide.create();
      const { probs } = iris.predict({ lengths: [[5, 3, 1, 0]] });
      const { Iris: again } = await import("./iris.nn");
      console.log(probs.length, wide.predict({ point: [0, 0] }).probs.length, again === Iris);
    `);
    expect(stderr).toBe("");
    expect(stdout.trim()).toBe("3 2 true");
    expect(code).toBe(0);
  });

  it("takes its choices from nnc.config", async () => {
    put(
      folder,
      "nnc.config.ts",
      "const count: number = 16;\nexport default { inference: true, set: { hidden: count } };\n",
    );
    const { stdout } = await run(`
      import { Iris } from "./iris.nn";
      console.log(typeof Iris.create, typeof Iris.load);
    `);
    expect(stdout.trim()).toBe("undefined function");
  });

  it("tells a program's errors with their lines, and no stack of its own", async () => {
    put(folder, "broken.nn", "model Broken {\n  input x: [4]\n  output y = x -> dens(3)\n}\n");
    const { code, stderr } = await run('import "./broken.nn";');
    expect(code).toBe(1);
    expect(stderr).toMatch(line("broken.nn", "3:\\d+: E\\d{4}: "));
    expect(stderr).toContain("3 │   output y = x -> dens(3)");
    expect(stderr).not.toMatch(/^\s+at .*dist/m);
  });

  it("leads a stack trace to the line of the program", async () => {
    const { stderr } = await run(`
      import { Iris } from "./iris.nn";
      const iris = await Iris.create();
      iris.predict({ lengths: [1, 2] });
    `);
    expect(stderr).toMatch(/at .*predict .*iris\.nn:2:1\)/);
    expect(stderr).toMatch(/app\.js:4/);
  });
});
