/** The nests of whole training steps as goldens: what a change to lowering changes is read there. */
import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { emitStage } from "../../src/stages.ts";
import { expectGolden } from "../golden.ts";

const cases = { w2: "bench/models/w2.nn", w3: "bench/models/w3.nn", digits: "examples/digits.nn" };

describe("the nests of a training step", () => {
  it.each(Object.entries(cases))("of %s", (name, path) => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    const emitted = emitStage(
      {
        entry: path,
        sources: new Map([[path, { name: path, text }]]),
        language: "typescript",
        kernels: "auto",
        inference: false,
      },
      "nests",
      "step",
    );
    if (!("text" in emitted)) throw new Error(JSON.stringify(emitted));
    expectGolden(`nests/${name}.txt`, emitted.text);
  });
});
