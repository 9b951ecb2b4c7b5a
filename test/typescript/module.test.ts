/** Owns tests of the generated module's text: its types, its size, what it carries, and that both languages agree. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { linearProgram } from "./linear.ts";
import { bundledSize, emit, importText, withoutTypes } from "./load.ts";
import type { LinearModule } from "./linear-module.ts";

/** Errors of one file alone under `tsc --strict`. */
function typeErrors(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "nnc-"));
  try {
    const file = join(folder, "module.ts");
    writeFileSync(file, text);
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      types: [],
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the generated module", () => {
  it.each([false, true])(
    "stands alone under tsc --strict (inference: %s)",
    (inference) => {
      const text = emit(linearProgram({}, true), { language: "typescript", inference });
      expect(typeErrors(text)).toEqual([]);
      expect(text).not.toMatch(/^import |\bimport\(|\beval\(|new Function/m);
    },
    60_000,
  );

  it("knows names and shapes of what it takes", () => {
    const text = emit(linearProgram(), { language: "typescript" });
    const misuse = `
      const model = await Linear.create();
      model.predict({ y: [[1, 2, 3]] });
      model.step({ x: [[[1, 2, 3]]], truth: [[1, 2]] });
      const loss: string = model.evaluate({ x: [[1, 2, 3]], truth: [[1, 2]] }).rmse;
      const slopes = model.gradients({ x: new Float32Array(3), truth: [[1, 2]] }).gradients;
      slopes["y.c"];
      await model.fit({ x: [], truth: [] }, { onEpoch: (e) => { e.val?.rmse; e.val?.accuracy; } });
      void loss;`;
    const errors = typeErrors(text + misuse);
    expect(errors).toHaveLength(5);
    const wanted = [
      /'y' does not exist/,
      /not assignable to type 'number'/,
      /to type 'string'/,
      /'y.c'/,
      /'accuracy'/,
    ];
    wanted.forEach((message, k) => expect(errors[k]).toMatch(message));
  }, 60_000);

  it("is small where it only predicts, and carries no training", async () => {
    const text = emit(linearProgram(), { language: "typescript", inference: true });
    expect(await bundledSize(text)).toBeLessThan(4 * 1024);
    expect(text).not.toMatch(/trainStep|permutation|GradientProgram|initialize/);
  });

  it("carries a function of the runtime only where it is reached", () => {
    expect(emit(linearProgram({}, false))).not.toContain("function sigmoid");
    expect(emit(linearProgram({}, true))).toContain("= streamKey(seed, 3)");
  });

  it("computes the same in both languages", async () => {
    const script = await importText<LinearModule>(emit(linearProgram({}, true)));
    const stripped = await withoutTypes(emit(linearProgram({}, true), { language: "typescript" }));
    const typed = await importText<LinearModule>(stripped);
    const batch = { x: [[1, 2, 3]], truth: [[0, 1]] };
    const [a, b] = await Promise.all([script.Linear.create({ seed: 5 }), typed.Linear.create({ seed: 5 })]);
    a.step(batch);
    b.step(batch);
    expect(a.save()).toEqual(b.save());
  });

  it.each(["Map", "Session", "Promise", "predict"])(
    "may be called %s",
    async (name) => {
      const program = linearProgram();
      const named = { ...program, network: { ...program.network, name } };
      expect(typeErrors(emit(named, { language: "typescript" }))).toEqual([]);
      const exported = await importText<Record<string, LinearModule["Linear"]>>(emit(named));
      const model = await exported[name]!.create();
      await model.fit({ x: [[1, 2, 3]], truth: [[1, 2]] });
      expect(model.steps).toBe(5);
    },
    60_000,
  );

  it("can hold its weights", async () => {
    const { Linear } = await importText<LinearModule>(emit(linearProgram()));
    const trained = await Linear.create({ seed: 11 });
    trained.parameters.set("y.b", [3, -4]);
    const text = emit(linearProgram(), { inference: true, weights: trained.save() });
    const small = await (await importText<LinearModule>(text)).Linear.create();
    const inputs = { x: [[1, 2, 3]] };
    expect(small.predict(inputs)).toEqual(trained.predict(inputs));
  });
});
