import { describe, expect, it } from "vitest";
import { checkText, networkOf } from "./programs.ts";
import { printType } from "../../src/ir/type.ts";

function typeOf(value: string, input = "image: [9, 8, 4]"): string {
  const { predict } = networkOf(`model Net {\n  input ${input}\n  output y = ${value}\n}`);
  return printType(predict.results[0]!.value.type);
}

function mistake(value: string): string {
  const text = `model Net {\n  input image: [9, 8, 4]\n  output y = ${value}\n}`;
  return checkText(text)
    .diagnostics.map(({ message }) => message)
    .join("\n");
}

describe("windows", () => {
  it.each([
    ["image -> conv2d(6, kernel: 3)", "float[batch, 7, 6, 6]"],
    ["image -> conv2d(6, kernel: 3, padding: same, stride: 2)", "float[batch, 5, 4, 6]"],
    ["image -> conv2d(6, kernel: [3, 2], padding: [1, 0])", "float[batch, 9, 7, 6]"],
    ["image -> conv2d(6, kernel: 3, padding: [[2, 0], [0, 2]], dilation: [1, 2])", "float[batch, 9, 6, 6]"],
    ["image -> depthwise_conv2d(3, multiplier: 2)", "float[batch, 7, 6, 8]"],
    ["image -> conv_transpose2d(2, kernel: 4, stride: 2, padding: 1)", "float[batch, 18, 16, 2]"],
    ["image -> conv_transpose2d(2, kernel: 3, stride: [2, 3], padding: same)", "float[batch, 18, 24, 2]"],
    ["image -> max_pool2d(2)", "float[batch, 4, 4, 4]"],
    ["image -> max_pool2d(2, partial: true)", "float[batch, 5, 4, 4]"],
    ["image -> average_pool2d(3, stride: 1, padding: same)", "float[batch, 9, 8, 4]"],
    ["image -> upsample2d([2, 3], by: bilinear)", "float[batch, 18, 24, 4]"],
    ["image -> pixel_shuffle(2)", "float[batch, 18, 16, 1]"],
    ["image -> global_max_pool", "float[batch, 4]"],
  ])("%s gives %s", (value, type) => {
    expect(typeOf(value)).toBe(type);
  });

  it("see nothing of the future where padding is causal", () => {
    expect(typeOf("x -> conv1d(2, kernel: 3, dilation: 2, padding: causal)", "x: [9, 3]")).toBe(
      "float[batch, 9, 2]",
    );
  });

  it.each([
    ["image -> conv2d(6, kernel: 10)", /a window is no longer than what it slides over/],
    ["image -> conv2d(6, kernel: 3, groups: 3)", /channels divide into the groups/],
    ["image -> conv2d(6, kernel: 3, padding: causal)", /causal/],
  ])("%s is a mistake", (value, message) => {
    expect(mistake(value)).toMatch(message);
  });
});

describe("options that take a word or something else", () => {
  const choice = `layer pick_one(x: [...], by: int | plain | twice) -> [...] {
  if by == plain { return x }
  if by != twice { return by * x }
  return 2 * x
}
`;
  it.each(["plain", "twice", "3"])("can be %s", (by) => {
    const { diagnostics } = checkText(
      `${choice}model Net {\n  input x: [2]\n  output y = x -> pick_one(${by})\n}`,
    );
    expect(diagnostics).toEqual([]);
  });
});

describe("tensors that a call leaves out", () => {
  it("bind the names of their shape as arguments do", () => {
    const text = `layer meet(x: [batch, n], other: [batch, m] = x) -> [batch, n + m] { return concat(x, other) }
model Net {
  input a: [2]
  input b: [3]
  output alone = a -> meet
  output both = meet(a, b)
}`;
    const types = networkOf(text).predict.results.map(({ value }) => printType(value.type));
    expect(types).toEqual(["float[batch, 4]", "float[batch, 5]"]);
  });
});

describe("attention", () => {
  it("lets heads share keys and values", () => {
    const { parameters } = networkOf(
      "model Net {\n  input x: [5, 8]\n  output y = x -> multi_head_attention(heads: 4, key_heads: 2)\n}",
    );
    const weights = parameters.filter(({ name }) => name.endsWith(".w"));
    expect(weights.map(({ type }) => printType(type))).toEqual([
      "float[8, 8]",
      "float[8, 4]",
      "float[8, 4]",
      "float[8, 8]",
    ]);
  });
});
