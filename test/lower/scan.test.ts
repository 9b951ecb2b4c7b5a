/** Owns what recurrences become: no guards where parts stand side by side, copies made before and not at each step. */
import { describe, expect, test } from "vitest";
import { compileStages } from "../../src/compile.ts";
import { printStatements } from "../../src/ir/print-loops.ts";

/** The nests of each recurrence of the gradient, as text: the forward one, then the one of its gradient. */
function scansOf(units: number): readonly string[] {
  const text = `model Net {
  input x: [6, 8]
  target y: [${units}]
  guess = x -> lstm(${units}) -> last
  output guess = guess
  loss mse(guess, y)
}
train Net {
  minimize: loss with sgd(rate: 0.1)
  batch: 8
  epochs: 1
}
`;
  const { lowered, diagnostics } = compileStages({
    entry: "net.nn",
    sources: new Map([["net.nn", { name: "net.nn", text }]]),
    language: "typescript",
    kernels: "simd",
    inference: false,
  });
  if (lowered === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const routine = lowered.routines.find(({ name }) => name === "gradients_of_loss")!;
  const scans = routine.sections.filter(({ title }) => title.startsWith("scan"));
  return scans.map(({ body }) =>
    body
      .map((statement) => printStatements(statement.kind === "call" ? statement.kernel.body : [statement]))
      .join("\n"),
  );
}

describe("an LSTM", () => {
  test.each([1, 7, 8, 33])("of %i units runs twice, and asks at no place whose gate it is", (units) => {
    const scans = scansOf(units);
    expect(scans).toHaveLength(2);
    for (const scan of scans) expect(scan).not.toMatch(/inside\(/);
  });
});
