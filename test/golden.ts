/** Owns goldens: texts kept beside the tests, compared on every run and rewritten by `npm run accept`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Compares `actual` with the golden at `path`, below `test/golden` (or absolute). With `NNC_ACCEPT=1` the golden is
 * written instead; read the difference before it is committed.
 */
export function expectGolden(path: string, actual: string): void {
  const file = path.startsWith("/") ? path : join(here, "golden", path);
  const text = actual.endsWith("\n") ? actual : `${actual}\n`;
  if (process.env["NNC_ACCEPT"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  if (!existsSync(file))
    throw new Error(`there is no golden ${path}: run \`npm run accept\` and read what it writes`);
  expect(text).toBe(readFileSync(file, "utf8"));
}
