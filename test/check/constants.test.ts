import { describe, expect, it } from "vitest";
import { networkOf } from "./programs.ts";

/** What the table of that name holds, in a model that reads every constant. */
function tableOf(constants: string, name: string): readonly number[] {
  const network = networkOf(`${constants}
model Net {
  input x: [2]
  output y = sum(unsqueeze(x[:, 0]) * ${name}, over: -1)
}
`);
  return network.constants.find((constant) => constant.name === name)!.values;
}

describe("constants", () => {
  it("are exact where numbers are all it takes", () => {
    const kept = tableOf(
      "const kept = cumsum([0.1] * 30 / 1)".replace("[0.1] * 30", "(0 * (0..30) + 0.1)"),
      "kept",
    );
    // In doubles the third would be 0.30000000000000004.
    expect(kept[2]).toBe(0.3);
    expect(kept[29]).toBe(3);
    const line = tableOf("const line = linear_space(0, 1, 11)", "line");
    expect(line).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });

  it("are made of lists by `concat`, slices and running products", () => {
    const constants = `const kept = cumulative_product(1 - linear_space(0.1, 0.5, 9))
const before = concat([1], kept[:-1])`;
    const [kept, before] = [tableOf(constants, "kept"), tableOf(constants, "before")];
    expect(before).toEqual([1, ...kept.slice(0, -1)]);
    expect(kept[1]).toBe(0.9 * 0.85);
  });

  it("are computed by layers without tensors, in index notation", () => {
    const hann = tableOf(
      `const hann = window(16)
layer window(width: int) -> [width] {
  y[i < width] = 0.5 - 0.5 * cos(2 * pi * i / width)
  return y
}`,
      "hann",
    );
    hann.forEach((value, i) => expect(value).toBeCloseTo(0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 16), 15));
    const sums = tableOf(
      `const total = running(12)
layer running(count: int) -> [count] {
  steps = 0 * linear_space(0, 1, count) + 0.5
  scan t over count {
    carry h: [] = zeros()
    next h = h + steps[t]
    collect hs: [count] = h
  }
  return hs
}`,
      "total",
    );
    expect(sums).toEqual(Array.from({ length: 12 }, (_, t) => (t + 1) / 2));
  });

  it("that are equal are one table", () => {
    const { constants } = networkOf(`const a = linear_space(0, 1, 20)
const b = linear_space(0, 1, 20)
model Net {
  input x: [20]
  output y = x * a + b
}
`);
    expect(constants.map(({ name }) => name)).toEqual(["a"]);
  });
});
