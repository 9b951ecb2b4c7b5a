import { describe, expect, it } from "vitest";
import { positionAt } from "../../src/text/source.ts";
import { checkText } from "./programs.ts";

/** Each line that ends in a code holds one mistake. */
const text = `const width = 7 / 0                                  // E0228

layer twice(x: [batch, n]) -> [batch, n] {
  return concat(x, x)                                // E0215
}

layer pair(x: [batch, n]) -> [batch, n] {
  param w: [n] = zero()                              // E0201
  return x * w
}

model Net(size: int = 4) {
  input  x: [8]
  input  y: [2, 3]
  target kind: index(3)
  a = x -> densse(4)                                 // E0201
  b = relu(a) -> dense(4, bias: maybe)               // E0201
  c = x -> dense(7 / 2)                              // E0211
  d = x + y                                          // E0204
  e = mean(x, over: 0)                               // E0248
  f = if x > 0 { x } else { 0 }                      // E0213
  g = x -> dropout(1.5)                              // E0212
  h = twice(x) -> dense(width)
  i, j = split(x, 3)                                 // E0259
  k[b, t] = x[b, 2 * t]                              // E0285
  l[b, t < 9] = x[b, t]                              // E0288
  m = x -> dense(4, unit: 3)                         // E0206
  n = x -> dense(units: 3, units: 3)                 // E0207
  o = embedding(x, 4)                                // E0205
  p = x -> pair
  q = x -> reshape([batch, 9])                       // E0204
  r = x[:, 9]                                        // E0204
  output error = one_hot(kind)                       // E0265
  loss cross_entropy(a, kind, smooth: 0.1)           // E0206
  loss huge = x @ y                                  // E0204
}

train Net {
  minimize: loss with adamm(1e-3)                    // E0201
  epochs:   2.5                                      // E0277
}
`;

describe("many mistakes in one file", () => {
  it("are told each once, on its line, and nothing that follows from another", () => {
    const due = text.split("\n").flatMap((line, k) => {
      const code = /\/\/ (E\d{4})$/.exec(line)?.[1];
      return code === undefined ? [] : [`${k + 1} ${code}`];
    });
    expect(due.length).toBeGreaterThanOrEqual(20);
    const { diagnostics } = checkText(text);
    const found = diagnostics.map(
      ({ code, span, related }) =>
        `${[span, ...related.map((other) => other.span)].map((at) => positionAt(at.source, at.start).line).find((line) => due.includes(`${line} ${code}`)) ?? positionAt(span.source, span.start).line} ${code}`,
    );
    expect(found.toSorted()).toEqual(due.toSorted());
  });
});
