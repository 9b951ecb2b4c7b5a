/** Owns the proof that `nnc check` tells all errors of all files, in the form that was asked for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { folder, put } from "../data/files.ts";
import { nnc } from "./command.ts";

const base = folder();
const clean = `model Small() {
  input x: [4]
  target y: index(3)
  logits = x -> dense(3)
  output probs = softmax(logits)
  loss cross_entropy(logits, y)
}
`;

beforeAll(() => {
  put(base, "clean.nn", clean);
  put(base, "broken.nn", clean.replace("dense(3)", "dens(3)").replace("softmax", "sofmax"));
});

describe("nnc check", () => {
  it("says nothing about a clean file, or one whole document", async () => {
    expect((await nnc(["check", "clean.nn"], { cwd: base })).code).toBe(0);
    const { code, stdout } = await nnc(["check", "clean.nn", "--format", "json"], { cwd: base });
    expect(JSON.parse(stdout)).toEqual({ diagnostics: [], errors: 0, warnings: 0 });
    expect(code).toBe(0);
  });

  it("mends what is certain, round after round, and tells the rest", async () => {
    put(
      base,
      "mended.nn",
      clean.replace("dense(3)", "dens(3, bia: true)").replace("softmax", "sofmax").replace("y)", "z)"),
    );
    const { code, stderr } = await nnc(["check", "mended.nn", "--fix"], { cwd: base });
    expect(stderr).toContain("mended.nn: 3 fixes");
    expect(readFileSync(join(base, "mended.nn"), "utf8")).toBe(
      clean.replace("dense(3)", "dense(3, bias: true)").replace("y)", "z)"),
    );
    expect(stderr).toContain("`z`");
    expect(code).toBe(1);
  });

  it("looks in each of several models for what no gradient passes", async () => {
    const second = clean.replace("Small", "Other").replace("x -> dense(3)", "round(x -> dense(3))");
    put(base, "two.nn", `${clean}\n${second}`);
    const { code, stderr } = await nnc(["check", "two.nn"], { cwd: base });
    expect(stderr).toMatch(/error\[E0301\]: no gradient passes `round`[^]*two\.nn:12:3[^]*1 error\b/);
    expect(code).toBe(1);
  });

  it("tells both mistakes of a broken file, with their places", async () => {
    const { code, stdout } = await nnc(["check", "clean.nn", "broken.nn", "--format", "json"], { cwd: base });
    expect(code).toBe(1);
    const document = JSON.parse(stdout) as { diagnostics: Record<string, unknown>[]; errors: number };
    expect(document.errors).toBe(2);
    expect(document.diagnostics.map(({ line, column, endColumn }) => [line, column, endColumn])).toEqual([
      [4, 17, 21],
      [5, 18, 24],
    ]);
    for (const diagnostic of document.diagnostics) {
      expect(Object.keys(diagnostic)).toEqual(
        expect.arrayContaining(["code", "message", "endLine", "related", "help", "fix"]),
      );
      expect(diagnostic).toMatchObject({ file: "broken.nn", severity: "error" });
    }
  });

  it("writes SARIF that names the rule and the place", async () => {
    const { code, stdout } = await nnc(["check", "broken.nn", "--format", "sarif"], { cwd: base });
    expect(code).toBe(1);
    const log = JSON.parse(stdout) as { version: string; runs: { results: { ruleId: string }[] }[] };
    expect(log.version).toBe("2.1.0");
    expect(log.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual([
      expect.stringMatching(/^E\d{4}$/),
      expect.stringMatching(/^E\d{4}$/),
    ]);
  });
});
