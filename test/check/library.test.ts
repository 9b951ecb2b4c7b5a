import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { libraryTable } from "../../scripts/embed-library.ts";

it("embeds the library as it stands in its files", async () => {
  const embedded = readFileSync(new URL("../../src/library/table.generated.ts", import.meta.url), "utf8");
  expect(embedded).toBe(await libraryTable());
});
