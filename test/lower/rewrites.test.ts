/** Fusion, guards and outlining, each by what it makes of small programs. */
import { describe, expect, it } from "vitest";
import { printKernel } from "../../src/ir/print-loops.ts";
import type { LoweredProgram } from "../../src/lower/program.ts";
import { type Kind, stage } from "./arena.ts";

/** Sections of a routine as `target = …` lines. */
function lines({ routines }: LoweredProgram, name: string): readonly string[] {
  return routines.find((routine) => routine.name === name)!.sections.map(({ text }) => text);
}

function lowered(body: string, kind: Kind = "scalar"): LoweredProgram {
  const text = `model Small {
  input x: [6, 8]
  target t: [8]
${body}
}
train Small { minimize: loss with sgd(0.1)  batch: 4  epochs: 1 }
`;
  return stage(text, kind).lowered;
}

const predicted = (body: string, kind: Kind = "scalar"): readonly string[] =>
  lines(lowered(`${body}\n  output guess = y\n  loss mse(mean(y), mean(t))`, kind), "predict");

describe("fusion", () => {
  it("moves views into their readers", () => {
    expect(predicted("  y = (x -> reshape([batch, 48]))[:, 2] * 2")).toEqual([
      expect.stringMatching(/^guess\[b\] = x\[b, 0, 2\] \* 2$/),
    ]);
  });

  it("takes what is done to a product along", () => {
    expect(predicted("  y = x -> dense(8) -> relu")).toEqual([
      expect.stringMatching(/^guess\[.*\] = maximum\(sum\(.*\) \+ b\[j\], 0\)$/),
    ]);
  });

  it("computes nothing twice", () => {
    const found = predicted("  h = exp(x)\n  y = sum(h, over: -1) * sum(h * h, over: -1)");
    expect(found.filter((line) => line.includes("exp("))).toHaveLength(1);
  });

  it("moves no element-wise work into a loop that repeats it", () => {
    const found = predicted("  h = exp(x[:, 0])\n  y = h -> dense(8)");
    expect(found[0]).toMatch(/= exp\(/);
    expect(found[1]).toMatch(/= sum\(/);
  });

  it("leaves a sum outside of a guard, which could not keep it from reading where nothing is", () => {
    const found = predicted("  h = sum(x, over: -1)\n  y = h -> pad(before: 1, axis: -1)");
    expect(found[0]).toMatch(/= sum\(/);
    expect(found[1]).toMatch(/select\(0 <= /);
  });
});

describe("guards of sums of products", () => {
  const padded = `  k = x -> pad(before: 1, after: 1, axis: -2)
  y = k[:, 1:7] -> dense(8, bias: false)`;

  it("disappear with a copy that has zeros around", () => {
    const program = lowered(
      `  h = x -> dense(8, bias: false)
  y[s, i < 4] = sum(h[s, i + k, j] * x[s, k, j], over: [k < 3, j])
  output guess = y\n  loss mse(mean(y), mean(t))`,
      "simd",
    );
    const backward = lines(program, program.gradientPrograms[0]!.routine).filter((line) =>
      / sum\(/.test(line),
    );
    expect(backward.length).toBeGreaterThan(0);
    for (const line of backward) expect(line).not.toMatch(/select\(0 <= /);
  });

  it("fall where the index stays inside", () => {
    for (const line of predicted(padded)) expect(line).not.toMatch(/sum\(select/);
  });
});

describe("outlining", () => {
  it("makes one kernel of equal layers, called with the buffers of each", () => {
    const program = lowered(
      "  y = x[:, 0] -> dense(8) -> relu -> dense(8) -> relu -> dense(8) -> relu\n  output guess = y\n  loss mse(y, t)",
    );
    const calls = program.routines
      .find(({ name }) => name === "predict")!
      .sections.flatMap(({ body }) => body.flatMap((each) => (each.kind === "call" ? [each] : [])));
    const [, second, third] = calls;
    expect(calls).toHaveLength(3);
    expect(third!.kernel).toBe(second!.kernel);
    expect(third!.buffers).not.toEqual(second!.buffers);
  });

  it("keeps apart what differs in a size", () => {
    const program = lowered(
      "  y = x[:, 0] -> dense(9) -> relu -> dense(8) -> relu\n  output guess = y\n  loss mse(y, t)",
    );
    const called = program.routines
      .find(({ name }) => name === "predict")!
      .sections.flatMap(({ body }) => body.flatMap((each) => (each.kind === "call" ? [each.kernel] : [])));
    expect(new Set(called).size).toBe(called.length);
  });
});

describe("sums beside zeros", () => {
  it("run only where a row of the tile lies inside", () => {
    const program = lowered(
      `  h = x -> dense(8, bias: false)
  y[s, i < 4] = sum(h[s, i + k, j] * x[s, k, j], over: [k < 3, j])
  output guess = y\n  loss mse(mean(y), mean(t))`,
    );
    const texts = program.kernels.map((kernel) => printKernel(kernel)).join("\n");
    expect(texts).toMatch(/for max\(0, \w+ \+ -3\) <= k < min\(3, \w+ \+ 1\)/);
  });
});

describe("runs by sample", () => {
  const text = (side: number): string => `model Small {
  input x: [${side}, ${side}, 4]
  target t: [1]
  h = x -> conv -> relu
  y[s, i < ${side - 2}, j < ${side - 2}, o] = max(h[s, i, j, o], h[s, i, j, o] * 0.5)
  z = y -> flatten -> dense(1)
  output guess = z
  loss mse(z, t)
}
train Small { minimize: loss with sgd(0.1)  batch: 4  epochs: 1 }
layer conv(x: [batch, height, width, c]) -> [batch, height - 2, width - 2, 8] {
  param w: [3, 3, c, 8] = he_uniform()
  y[s, i < height - 2, j < width - 2, o] = sum(x[s, i + k, j + l, n] * w[k, l, n, o], over: [k < 3, l < 3, n])
  return y
}
`;
  const sections = (side: number): readonly string[] => {
    const { lowered: program } = stage(text(side), "simd");
    return lines(program, program.gradientPrograms[0]!.routine);
  };

  it("share a loop where the batch is more than the cache holds", () => {
    const shared = sections(20).filter((line) => line.includes("for each sample:"));
    expect(shared.some((line) => /w\[.*\] \+= sum\(/.test(line))).toBe(true);
  });

  it("stay apart where it is not", () => {
    for (const line of sections(5)) expect(line).not.toContain("for each sample:");
  });
});
