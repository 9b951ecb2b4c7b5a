/** Owns the proof that TypeScript knows exactly what an imported program takes and gives. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { nnc, root } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";

let folder: string;

beforeAll(async () => {
  folder = newFolder();
  await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
  await nnc(["compile", "--types", "iris.nn", "wide.nn"], { cwd: folder });
});

/** What the compiler says of the files, as `main.ts(3): …`. */
function mistakes(files: readonly string[], more: ts.CompilerOptions = {}): readonly string[] {
  const program = ts.createProgram(
    files.map((file) => (file.startsWith("/") ? file : join(folder, file))),
    {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowArbitraryExtensions: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      strict: true,
      types: [],
      ...more,
    },
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    const name = file?.fileName.split("/").at(-1) ?? "";
    return `${name}(${line}): ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

describe("exact types beside a program", () => {
  it("take the project as it is: `import`, `import type`, `import … with`", () => {
    expect(mistakes(["main.ts"])).toEqual([]);
  });

  it("refuse wrong names, element types and shapes", () => {
    put(
      folder,
      "wrong.ts",
      `import { Iris } from "./iris.nn";
      const iris = await Iris.create();
      iris.predict({ length: [1, 2, 3, 4] });
      iris.predict({ lengths: "1, 2" });
      iris.predict({ lengths: [[[1]]] });
      iris.predict({ lengths: [1, 2, 3, 4] }).probabilities;
      iris.evaluate({ lengths: [1, 2, 3, 4] });
      iris.gradients({ lengths: [], species: [] }, { loss: "hinge" });
      export const probs: Float32Array = iris.predict({ lengths: [[1, 2, 3, 4]] }).probs;
      `,
    );
    const lines = mistakes(["wrong.ts"]).map((line) => Number(/\((\d+)\)/.exec(line)![1]));
    expect(lines).toEqual([3, 4, 5, 6, 7, 8]);
  });

  it("have a fallback for programs without: nnc/client", async () => {
    const other = newFolder();
    await cp(join(import.meta.dirname, "project/iris.nn"), join(other, "iris.nn"));
    const use = put(
      other,
      "use.ts",
      'import { Iris } from "./iris.nn";\nexport const iris = Iris.create();\n',
    );
    expect(mistakes([use])).toHaveLength(1);
    expect(mistakes([use, join(root, "dist/client.d.ts")])).toEqual([]);
    await rm(other, { recursive: true });
  });

  it("hold for the wrapper of a worker and the module that runs in it", { timeout: 60_000 }, async () => {
    await nnc(["compile", "wide.nn", "--worker", "--wasm", "module"], { cwd: folder });
    put(
      folder,
      "remote.ts",
      `import { WideWorker, type WideBatch } from "./wide.worker.ts";
      declare const batch: WideBatch;
      const wide = await WideWorker.create({ seed: 1 });
      const history = await wide.fit(batch, { onEpoch: ({ val }) => void val?.accuracy });
      export const loss: number | undefined = history.epochs[0]?.losses.cross_entropy;
      export const probs: Float32Array = (await wide.predict({ point: [0, 0] }, { transfer: true })).probs;
      `,
    );
    expect(mistakes(["remote.ts", "wide.thread.ts", "wide.ts"])).toEqual([]);
  });
});
