/** Owns goldens of generated modules: what a reader meets before the parts that every module carries. */
import { format } from "prettier";
import { describe, it } from "vitest";
import { expectGolden } from "../golden.ts";
import { linearProgram } from "./linear.ts";
import { emit } from "./load.ts";

async function own(text: string): Promise<string> {
  const end = text.indexOf("// ---- What every module carries");
  return format(text.slice(0, end), { parser: "typescript", printWidth: 110 });
}

describe("goldens", () => {
  it("a module that trains", async () => {
    const text = emit(linearProgram({ clip: { kind: "norm", limit: 1 } }, true), { language: "typescript" });
    expectGolden("module/linear/module.ts.txt", await own(text));
  });

  it("a module that only predicts, in JavaScript", async () => {
    expectGolden("module/linear/predict.js.txt", await own(emit(linearProgram(), { inference: true })));
  });
});
