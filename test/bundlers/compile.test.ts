/** Owns the proof of `nnc compile` in a project: several programs, configuration, stale outputs, watching, Cloudflare's workerd. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nnc } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";
import { flowers } from "./project/data.ts";

let folder: string;

beforeEach(async () => {
  folder = newFolder();
  await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
});

const compile = (...args: readonly string[]) => nnc(["compile", ...args], { cwd: folder });
const read = (name: string) => readFile(join(folder, name), "utf8");

describe("nnc compile", () => {
  it("compiles several programs, and leaves alone what has not changed", async () => {
    const first = await compile("iris.nn", "wide.nn", "layers.nn");
    expect(first.stdout).toMatch(/^iris\.ts: [\d,]+ bytes.*\nwide\.ts: .*\nlayers\.nn: holds no model/m);
    const before = await stat(join(folder, "iris.ts"));
    const second = await compile("iris.nn", "wide.nn");
    expect(second.stdout).toBe("iris.ts: unchanged\nwide.ts: unchanged\n");
    expect((await stat(join(folder, "iris.ts"))).mtimeMs).toBe(before.mtimeMs);
  });

  it("lists what is stale, for programs that an import changed too", { timeout: 60_000 }, async () => {
    await compile("iris.nn", "wide.nn", "--worker", "--inference");
    expect(await compile("--check", "iris.nn", "wide.nn", "--worker", "--inference")).toMatchObject({
      code: 0,
      stdout: "",
    });
    const layers = await read("layers.nn");
    put(folder, "layers.nn", layers.replace("relu", "tanh"));
    await rm(join(folder, "iris.worker.ts"));
    const { code, stdout } = await compile("--check", "iris.nn", "wide.nn", "--worker", "--inference");
    expect(code).toBe(1);
    expect(stdout).toBe("iris.worker.ts is stale\nwide.ts is stale\nwide.thread.ts is stale\n");
    expect(existsSync(join(folder, "iris.worker.ts"))).toBe(false);
  });

  it.each([
    [
      "nnc.config.json",
      '{ "programs": ["*.nn"], "target": "javascript", "files": { "iris.nn": { "inference": true } } }',
    ],
    [
      "nnc.config.js",
      'export default { programs: ["**/*.nn"], target: "javascript", files: { "iris.nn": { inference: true } } };',
    ],
    [
      "nnc.config.ts",
      'const target: string = "javascript";\nexport default { programs: ["iris.nn", "wide.nn"], target, files: { "iris.nn": { inference: true } } };',
    ],
  ])("takes what is not given from %s", async (name, text) => {
    put(folder, "package.json", '{ "type": "module" }');
    put(folder, name, text);
    const { stdout, stderr } = await compile();
    expect(stderr).toBe("");
    expect(stdout).toMatch(/iris\.js: /);
    expect(await read("iris.js")).not.toContain("fit(");
    expect(await read("wide.js")).toContain("fit(");
    // What is given goes before.
    expect((await compile("wide.nn", "--target", "typescript")).stdout).toMatch(/^wide\.ts: /);
  });

  it.each([
    ['{ "kernel": "simd" }', /there is no `kernel`/],
    ['{ "kernels": "fast" }', /`kernels` must be "auto" or "scalar" or "simd"/],
    ['{ "files": { "a.nn": { "out": 1 } } }', /there is no `files\["a\.nn"\]\.out`/],
    ["{", /nnc\.config\.json: /],
  ])("refuses the configuration %s", async (text, message) => {
    put(folder, "nnc.config.json", text);
    const { code, stderr } = await compile("iris.nn");
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("says what a configuration of CommonJS packages wants", async () => {
    put(folder, "package.json", '{ "type": "commonjs" }');
    put(folder, "nnc.config.js", 'export default { kernels: "simd" };');
    const { code, stderr } = await compile("iris.nn");
    expect(stderr).toContain('`export` wants `"type": "module"` in package.json, or the name nnc.config.ts');
    expect(code).toBe(2);
  });

  it("maps lines of the module, formatted, to lines of the program", async () => {
    await compile("iris.nn", "--target", "javascript", "--source-map", "--kernels", "scalar");
    put(
      folder,
      "run.mjs",
      'import { Iris } from "./iris.js";\n(await Iris.create()).predict({ lengths: [1, 2] });\n',
    );
    const child = spawn(process.execPath, ["--enable-source-maps", "run.mjs"], { cwd: folder });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    await new Promise((done) => child.on("close", done));
    expect(said).toMatch(/at .*predict .*iris\.nn:2:1\)/);
  });

  it("writes again when an imported file or the configuration changes, and outlives mistakes", async () => {
    const layers = await read("layers.nn");
    put(folder, "nnc.config.json", "{}");
    const seen: string[] = [];
    let stage = 0;
    let mended = false;
    const ran = await nnc(["compile", "wide.nn", "--watch"], {
      cwd: folder,
      onOutput: (stdout, signal) => {
        const lines = stdout.split("\n").filter((line) => line !== "");
        if (lines.length <= stage) return;
        stage = lines.length;
        seen.push(lines.at(-1)!);
        if (stage === 1) put(folder, "layers.nn", layers.replace("relu", "rely"));
        else if (stage === 2) put(folder, "nnc.config.json", '{ "kernels": "scalar" }');
        else signal("SIGINT");
      },
      onError: (stderr) => {
        if (mended || !/there is no .*rely/.test(stderr)) return;
        mended = true;
        put(folder, "layers.nn", layers.replace("relu", "tanh"));
      },
    });
    expect(seen).toHaveLength(3);
    for (const line of seen) expect(line).toMatch(/^wide\.ts: [\d,]+ bytes/);
    expect(await read("wide.ts")).not.toContain("instantiate(");
    expect(ran.stderr).toMatch(/there is no .*rely/);
    expect(ran.code).toBe(0);
  });
});

describe("a network in a worker", () => {
  it("answers as the network itself does, tells of progress, and can be stopped", async () => {
    put(folder, "package.json", '{ "type": "module" }');
    await compile("iris.nn", "--target", "javascript", "--worker");
    const load = (name: string) =>
      import(pathToFileURL(join(folder, name)).href) as Promise<Record<string, never>>;
    const { Iris } = (await load("iris.js")) as unknown as { Iris: LocalClass };
    const { IrisWorker } = (await load("iris.worker.js")) as unknown as { IrisWorker: WorkerClass };
    const data = flowers(90);
    const batch = { lengths: Float32Array.from(data.lengths), species: Int32Array.from(data.species) };

    const here = await Iris.create({ seed: 4 });
    const there = await IrisWorker.create({ seed: 4 });
    try {
      const epochs: number[] = [];
      const near = await here.fit(batch, { epochs: 3 });
      const far = await there.fit(batch, { epochs: 3, onEpoch: ({ epoch }) => void epochs.push(epoch) });
      expect(epochs).toEqual([1, 2, 3]);
      expect(far.epochs.map(({ loss }) => loss)).toEqual(near.epochs.map(({ loss }) => loss));
      expect(await there.steps()).toBe(here.steps);
      expect(await there.get("logits.dense.b")).toEqual(here.parameters.get("logits.dense.b"));
      expect(await there.save()).toEqual(here.save());

      const stop = new AbortController();
      const stopped = await there.fit(batch, {
        epochs: 1e6,
        signal: stop.signal,
        onStep: () => stop.abort(),
      });
      expect(stopped.stopped).toBe("signal");

      const lengths = batch.lengths.slice(0, 8);
      const { probs } = await there.predict({ lengths }, { transfer: true });
      expect(probs).toHaveLength(6);
      expect(lengths).toHaveLength(0);
      await expect(there.predict({ lengths: [1, 2, 3] })).rejects.toThrow(/lengths/);
    } finally {
      there.close();
    }
    await expect(IrisWorker.load(new Uint8Array(3))).rejects.toThrow(Error);
  });
});

interface Fitted {
  readonly epochs: readonly { readonly loss: number; readonly epoch: number }[];
  readonly stopped: string;
}

interface FitOptions {
  readonly epochs: number;
  readonly signal?: AbortSignal;
  readonly onStep?: () => void;
  readonly onEpoch?: (report: { readonly epoch: number }) => void;
}

interface LocalClass {
  create(options: object): Promise<{
    fit(batch: object, options: FitOptions): Promise<Fitted>;
    readonly parameters: { get(name: string): Float32Array };
    readonly steps: number;
    save(): Uint8Array;
  }>;
}

interface WorkerClass {
  create(options: object): Promise<{
    fit(batch: object, options: FitOptions): Promise<Fitted>;
    predict(inputs: object, handing?: object): Promise<{ readonly probs: Float32Array }>;
    get(name: string): Promise<Float32Array>;
    steps(): Promise<number>;
    save(): Promise<Uint8Array>;
    close(): void;
  }>;
  load(bytes: Uint8Array): Promise<object>;
}

/** The binary of the package, where it was installed for this machine. */
const workerd = (() => {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("workerd"));
    return require.resolve(
      `@cloudflare/workerd-${process.platform}-${process.arch === "x64" ? "64" : process.arch}/bin/workerd`,
    );
  } catch {
    return null;
  }
})();

describe.skipIf(workerd === null)("workerd, which forbids compiling bytes", () => {
  let server: ChildProcess | null = null;
  afterEach(() => void server?.kill());

  it("runs a module whose WebAssembly is a file of its own", async () => {
    await compile("wide.nn", "--target", "javascript", "--wasm", "module");
    put(
      folder,
      "main.js",
      `import { Wide } from "./wide.js";
      export default {
        async fetch() {
          const wide = await Wide.create();
          const point = Array.from({ length: 400 }, (_, k) => 1.5 * Math.sin(12.9 * k));
          const inside = Array.from({ length: 200 }, (_, k) => Number(point[2 * k] ** 2 + point[2 * k + 1] ** 2 < 1));
          await wide.fit({ point, inside }, { epochs: 20 });
          return Response.json(wide.evaluate({ point, inside }));
        },
      };\n`,
    );
    const port = await freePort();
    put(
      folder,
      "config.capnp",
      `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (
        services = [(name = "main", worker = .worker)],
        sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
      );
      const worker :Workerd.Worker = (
        modules = [
          (name = "main.js", esModule = embed "main.js"),
          (name = "wide.js", esModule = embed "wide.js"),
          (name = "wide.wasm", wasm = embed "wide.wasm"),
        ],
        compatibilityDate = "2026-01-01",
      );\n`,
    );
    server = spawn(workerd!, ["serve", "config.capnp"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    server.stderr!.setEncoding("utf8").on("data", (text: string) => (said += text));
    const response = await answerOf(`http://127.0.0.1:${port}/`).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${said}`);
    });
    const text = await response.text();
    expect(said).toBe("");
    expect(JSON.parse(text)).toMatchObject({ accuracy: expect.any(Number) as number });
    expect((JSON.parse(text) as { accuracy: number }).accuracy).toBeGreaterThan(0.9);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Asked again until the server is up. */
async function answerOf(address: string): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fetch(address);
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
