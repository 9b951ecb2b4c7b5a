/** Owns the test that the embedded runtime is the one in `src/runtime`. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { generatedPath, runtimeTable } from "../../scripts/embed-runtime.ts";

it("embeds the runtime as it is (else: npx tsx scripts/embed-runtime.ts)", async () => {
  expect(readFileSync(generatedPath, "utf8")).toBe(await runtimeTable());
}, 30_000);
