/** Examples of messages: each makes its mistake and no other, and what mends it leaves nothing to say. */
import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/report/catalogue/index.ts";
import { examples, mendedText, wrongText } from "../../src/report/examples/index.ts";
import { compile } from "../../src/compile.ts";

/** What is said of a program up to its gradients. */
function codesOf(text: string): readonly string[] {
  const source = { name: "example.nn", text };
  const { diagnostics } = compile({
    entry: source.name,
    sources: new Map([[source.name, source]]),
    language: "typescript",
    kernels: "scalar",
    inference: false,
  });
  return [...new Set(diagnostics.map(({ code }) => code))];
}

describe("examples of messages", () => {
  it.each(Object.entries(examples))("%s", (code, example) => {
    // An allowance without a reason allows nothing.
    const beside = code === "W0407" ? ["W0402"] : [];
    expect(codesOf(wrongText(example)), wrongText(example)).toEqual([...beside, code]);
    expect(codesOf(mendedText(example)), mendedText(example)).toEqual([]);
  });

  it("are there for all that one file can do wrong", () => {
    // These want a file that is no text, one of absurd size, another file, a flag, or a fault of the compiler.
    const without = [
      "E0103",
      "E0108",
      "E0111",
      "E0220",
      "E0221",
      "E0222",
      "E0224",
      "E0225",
      "E0226",
      "E0298",
    ];
    const asked = ["E0279", "E0280", "E0282"];
    const due = catalogue.map(({ code }) => code).filter((code) => ![...without, ...asked].includes(code));
    expect(due.filter((code) => examples[code] === undefined)).toEqual([]);
  });
});
