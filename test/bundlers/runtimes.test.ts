/** Owns the proof that modules run in Deno and Bun, and that Bun imports programs; where these are on the path. */
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { nnc, root } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";

const execute = promisify(execFile);

function onPath(name: string): string | null {
  const places = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  const found = places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ?? null;
}

const [deno, bun] = [onPath("deno"), onPath("bun")];

/** Trains a tiny network in plain arithmetic and one in WebAssembly, saves, loads, and trains in a worker. */
const inModules = `
import { Iris } from "./iris.ts";
import { Wide } from "./wide.ts";
import { WideWorker } from "./wide.worker.ts";
import { circle, flowers } from "./data.ts";

const iris = await Iris.create({ seed: 3 });
await iris.fit(flowers(150));
const wide = await Wide.create();
await wide.fit(circle(400));
const again = await Wide.load(wide.save());
const off = await WideWorker.create({ seed: 1 });
let epochs = 0;
await off.fit(circle(400), { epochs: 5, onEpoch: () => void (epochs += 1) });
off.close();
const good = iris.evaluate(flowers(150)).accuracy > 0.95 && again.evaluate(circle(400)).accuracy > 0.9;
console.log(good, epochs);
`;

const inPrograms = `
import { Iris } from "./iris.nn";
import type { IrisBatch } from "./iris.nn";
import { Wide } from "./wide.nn" with { type: "nn" };
import { circle, flowers } from "./data.ts";

const batch: IrisBatch = flowers(150);
const iris = await Iris.create({ seed: 3 });
await iris.fit(batch);
const wide = await Wide.create();
await wide.fit(circle(400));
console.log(iris.evaluate(batch).accuracy > 0.95, wide.evaluate(circle(400)).accuracy > 0.9);
`;

let folder: string;

beforeAll(async () => {
  if (deno === null && bun === null) return;
  folder = newFolder();
  await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/nnc"), "junction");
  put(folder, "package.json", '{ "type": "module" }');
  put(folder, "modules.ts", inModules);
  put(folder, "programs.ts", inPrograms);
  put(folder, "preload.ts", 'import nnc from "nnc/bun";\nBun.plugin(nnc());\n');
  put(
    folder,
    "build.ts",
    'import nnc from "nnc/bun";\nawait Bun.build({ entrypoints: ["./programs.ts"], outdir: "./out", plugins: [nnc()], target: "bun" });\n',
  );
  await nnc(["compile", "iris.nn"], { cwd: folder });
  await nnc(["compile", "wide.nn", "--worker"], { cwd: folder });
});

async function said(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args, { cwd: folder });
  return stdout.trim();
}

describe.skipIf(deno === null)("Deno", () => {
  it("checks the types of a module, trains, and trains in a worker", async () => {
    await said(deno!, "check", "modules.ts");
    expect(await said(deno!, "run", "--allow-read", "modules.ts")).toBe("true 5");
  });
});

describe.skipIf(bun === null)("Bun", () => {
  it("trains, and trains in a worker", async () => {
    expect(await said(bun!, "modules.ts")).toBe("true 5");
  });

  it("imports programs by preload", async () => {
    expect(await said(bun!, "--preload", "./preload.ts", "programs.ts")).toBe("true true");
    put(folder, "broken.nn", "model Broken {\n  input x: [4]\n  output y = x -> dens(3)\n}\n");
    put(folder, "broken.ts", 'import "./broken.nn";\n');
    const told = await said(bun!, "--preload", "./preload.ts", "broken.ts").catch(
      (error: { readonly stderr: string }) => error.stderr,
    );
    expect(told).toContain("3 │   output y = x -> dens(3)");
  });

  it("bundles programs", async () => {
    await said(bun!, "build.ts");
    expect(await said(bun!, "out/programs.js")).toBe("true true");
  });
});
