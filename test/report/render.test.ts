/** Owns how diagnostics look: the text for people, the documents for programs. */
import { describe, expect, it } from "vitest";
import { catalogue, entryOf } from "../../src/report/catalogue/index.ts";
import { message } from "../../src/report/catalogue/define.ts";
import type { Diagnostic } from "../../src/report/diagnostic.ts";
import { showLine } from "../../src/report/measure.ts";
import { renderJson, renderPretty, renderSarif } from "../../src/report/render.ts";
import { editDistance, suggest } from "../../src/report/suggest.ts";
import type { Source, Span } from "../../src/text/source.ts";

const source: Source = {
  name: "autoencoder.nn",
  text: `${"\n".repeat(8)}  share back = dense(units: 784)\n\n\n\n\n  again = image -> back\n`,
};
const spanOf = (text: string, within = source): Span => {
  const start = within.text.lastIndexOf(text);
  return { source: within, start, end: start + text.length };
};
const mismatch: Diagnostic = {
  code: "E0203",
  severity: "error",
  message: "`dense` cannot take this shape: 784 features came in, the weights were shared with 256",
  span: spanOf("back"),
  label: "n = 784 here",
  related: [{ span: spanOf("dense"), message: "its first use, on line 12, fixed n = 256" }],
  notes: ["image is [batch, 784], declared on line 4"],
  help: "give this call its own parameters: `image -> dense(784)`",
};
const pretty = (...diagnostics: Diagnostic[]): string => renderPretty(diagnostics, { color: false });
const bare = (span: Span, more: Partial<Diagnostic> = {}): Diagnostic => ({
  ...{ code: "E0999", severity: "error", message: "wrong", span, related: [], notes: [] },
  ...more,
});

describe("the text for people", () => {
  it("shows both ends of a mismatch", () => {
    expect(pretty(mismatch)).toBe(
      `error[E0203]: \`dense\` cannot take this shape: 784 features came in, the weights were shared with 256
   ┌─ autoencoder.nn:14:20
   │
 9 │   share back = dense(units: 784)
   │                ----- its first use, on line 12, fixed n = 256
14 │   again = image -> back
   │                    ^^^^ n = 784 here
   │
   = image is [batch, 784], declared on line 4
   help: give this call its own parameters: \`image -> dense(784)\`

1 error
`,
    );
  });

  it("gives each file its own block", () => {
    const other: Source = { name: "blocks.nn", text: "layer f(x: [n]) {\n}\n" };
    const shown = pretty(
      bare(spanOf("back"), { related: [{ span: spanOf("[n]", other), message: "asked here" }] }),
    );
    expect(shown).toContain("┌─ autoencoder.nn:14:20");
    expect(shown).toContain("┌─ blocks.nn:1:12");
    expect(shown).toContain(" 1 │ layer f(x: [n]) {\n   │            --- asked here");
  });

  it("puts several marks of one line under each other", () => {
    const shown = pretty(
      bare(spanOf("back"), { label: "late", related: [{ span: spanOf("image"), message: "early" }] }),
    );
    const lines = shown.split("\n").slice(3, 6);
    expect(lines).toEqual([
      "14 │   again = image -> back",
      "   │                    ^^^^ late",
      "   │           ----- early",
    ]);
  });

  it("keeps marks under tabs and wide characters", () => {
    const wide: Source = { name: "wide.nn", text: '\tx = "漢字" + 😀 y' };
    const lines = pretty(bare(spanOf("y", wide))).split("\n");
    const at = lines.findIndex((line) => line.startsWith("1 │"));
    expect(lines[at]).toBe('1 │     x = "漢字" + 😀 y');
    expect(showLine(lines[at + 1]!.slice(4)).width).toBe(showLine(lines[at]!.slice(4)).width);
    expect(lines[at + 1]!.trimEnd().endsWith("^")).toBe(true);
  });

  it("cuts long lines around what is marked", () => {
    const long: Source = { name: "long.nn", text: `${"x".repeat(5000)} here ${"z".repeat(5000)}` };
    const lines = pretty(bare(spanOf("here", long))).split("\n");
    const at = lines.findIndex((line) => line.startsWith("1 │"));
    expect(lines[at]!.length).toBeLessThan(135);
    expect(lines[at]!.indexOf("here")).toBe(lines[at + 1]!.indexOf("^^^^"));
    expect(lines[at]).toMatch(/^1 │ …x+ here z+…$/);
    const all = pretty(bare({ source: long, start: 0, end: 9000 })).split("\n");
    for (const line of all) expect(line.length).toBeLessThan(135);
  });

  it("marks the end of a file, and an empty one", () => {
    const empty: Source = { name: "empty.nn", text: "" };
    expect(pretty(bare({ source: empty, start: 0, end: 0 }))).toContain("1 │\n  │ ^\n");
    const end = source.text.length;
    expect(pretty(bare({ source, start: end, end }))).toContain("autoencoder.nn:15:1");
  });

  it("colours what it says where colour is wanted", () => {
    const coloured = renderPretty([mismatch], { color: true });
    // eslint-disable-next-line no-control-regex
    expect(coloured.replace(/\u001b\[[\d;]*m/g, "")).toBe(pretty(mismatch));
    expect(coloured).not.toBe(pretty(mismatch));
  });

  it("counts", () => {
    expect(pretty(mismatch, mismatch, bare(spanOf("back"), { severity: "warning" }))).toMatch(
      /\n2 errors, 1 warning\n$/,
    );
    expect(pretty()).toBe("");
  });
});

describe("the documents for programs", () => {
  const fixed = {
    ...mismatch,
    fix: { title: "write it out", edits: [{ span: spanOf("back"), text: "dense(784)" }] },
  };

  it("say the same as JSON", () => {
    const place = { file: "autoencoder.nn", line: 14, column: 20, endLine: 14, endColumn: 24 };
    expect(renderJson([fixed])).toEqual({
      diagnostics: [
        {
          code: "E0203",
          severity: "error",
          message: mismatch.message,
          ...place,
          label: "n = 784 here",
          related: [
            {
              ...{ file: "autoencoder.nn", line: 9, column: 16, endLine: 9, endColumn: 21 },
              message: "its first use, on line 12, fixed n = 256",
            },
          ],
          notes: mismatch.notes,
          help: mismatch.help,
          fix: { title: "write it out", edits: [{ ...place, text: "dense(784)" }] },
        },
      ],
      errors: 1,
      warnings: 0,
    });
    expect(renderJson([])).toEqual({ diagnostics: [], errors: 0, warnings: 0 });
  });

  it("say the same as SARIF", () => {
    const log = renderSarif([fixed, bare(spanOf("dense"), { code: "E0104", severity: "warning" })]);
    const region = { startLine: 14, startColumn: 20, endLine: 14, endColumn: 24 };
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "nnc", rules: [{ id: "E0104" }, { id: "E0203" }] } },
          results: [
            {
              ruleId: "E0203",
              ruleIndex: 1,
              level: "error",
              locations: [{ physicalLocation: { artifactLocation: { uri: "autoencoder.nn" }, region } }],
              relatedLocations: [{ message: { text: "its first use, on line 12, fixed n = 256" } }],
              fixes: [{ artifactChanges: [{ replacements: [{ deletedRegion: region }] }] }],
            },
            { ruleId: "E0104", ruleIndex: 0, level: "warning" },
          ],
        },
      ],
    });
    expect(renderSarif([])).toMatchObject({ runs: [{ results: [] }] });
  });
});

describe("the catalogue", () => {
  it("gives each code once, explained", () => {
    const codes = catalogue.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { code, title, explanation } of catalogue) {
      expect(code).toMatch(/^[EW]\d{4}$/);
      expect(title).not.toMatch(/\.$/);
      expect(explanation).toMatch(/[.:`)]$/);
    }
    expect(entryOf("e0104")?.code).toBe("E0104");
    expect(entryOf("E9999")).toBeUndefined();
  });

  it("builds diagnostics from facts", () => {
    const late = message({
      ...{ code: "W0900", severity: "warning", title: "late", explanation: "Late." },
      say: (facts: { span: Span; by: number }) => ({ message: `${facts.by} late`, span: facts.span }),
    });
    expect(late.build({ span: spanOf("back"), by: 3 })).toEqual({
      ...{
        code: "W0900",
        severity: "warning",
        message: "3 late",
        span: spanOf("back"),
        related: [],
        notes: [],
      },
    });
  });
});

describe("suggestions", () => {
  it("take the nearest name", () => {
    const names = ["dense", "conv2d", "dropout", "Adam", "x"];
    expect(suggest("desne", names)).toBe("dense");
    expect(suggest("Dense", names)).toBe("dense");
    expect(suggest("adam", names)).toBe("Adam");
    expect(suggest("dropuot", names)).toBe("dropout");
    expect(suggest("lstm", names)).toBeNull();
    expect(suggest("dense", [])).toBeNull();
    expect(suggest("conv3d", names)).toBe("conv2d");
  });

  it("count edits", () => {
    expect(editDistance("", "abc")).toBe(3);
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("ab", "ba")).toBe(1);
  });
});
