/** Owns a short run of each example on little data: it trains, is measured, and draws its pictures. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder as examplesFolder } from "../../scripts/examples/example.ts";
import { examples } from "../../scripts/examples/index.ts";
import { rocAuc } from "../../scripts/examples/measures.ts";
import { missingOf, runExample } from "../../scripts/examples/run.ts";
import { folder } from "../data/files.ts";

describe("the examples", () => {
  for (const example of examples) {
    const missing = missingOf(example);
    const absent = missing.length === 0 ? "" : ` (there is no ${missing.join(", ")})`;
    it.skipIf(missing.length > 0)(`${example.name} trains and is measured${absent}`, async () => {
      const drawn: string[] = [];
      const result = await runExample(example, [1], {
        short: { samples: 96, epochs: 1 },
        folder: folder(),
        onPicture: ({ file, content }) => {
          expect(content.length).toBeGreaterThan(100);
          drawn.push(file);
          return Promise.resolve();
        },
      });
      expect(result.figures.length).toBeGreaterThan(0);
      for (const { name, value } of result.figures) expect(value, name).not.toBeNaN();
      expect(drawn.length).toBeGreaterThan(0);
      // The picture of the long run lies beside the page, which shows it.
      const page = readFileSync(join(examplesFolder, "pages", `${example.name}.md`), "utf8");
      const measured = page.includes("| figure");
      for (const file of drawn) {
        if (measured) expect(existsSync(join(examplesFolder, "pages", file)), file).toBe(true);
        expect(page).toContain(`](${file})`);
      }
    });
  }
});

describe("measures of the harness", () => {
  it("count equal scores half in the area under the curve", () => {
    expect(rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(rocAuc([1, 1, 1, 1], [0, 1, 0, 1])).toBe(0.5);
  });
});
