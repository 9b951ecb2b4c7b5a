/** What draws give: the right frequencies, from seed and sample alone, however a call is cut into pieces. */
import { describe, expect, it } from "vitest";
import { numbersOf } from "../support/numbers.ts";
import { compiled, moduleText } from "./compiled.ts";

const logits = [2, 1, 0.5, 0, -1];
const text = `model Draws {
  input scores: [5]
  output greedy = argmax(scores)
  output drawn = categorical(scores)
  output sharp = sample(scores, 0.5)
  output best = top_k(scores, 2)
  output core = nucleus(scores, 0.8)
  output even = uniform_index(5, [batch])
  output coin = bernoulli(sigmoid(scores[:, 0]))
}
train Draws { batch: 64 }
`;
const count = 20_000;
const scores = Array.from({ length: count }, () => logits).flat();

function softmax(values: readonly number[]): readonly number[] {
  const powers = values.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** The parts of the draws that are 0, 1, 2 … */
function parts(drawn: ArrayLike<number>, kinds: number): readonly number[] {
  const found = Array.from({ length: kinds }, () => 0);
  for (const kind of Array.from(drawn)) found[kind]! += 1 / drawn.length;
  return found;
}

describe.each(["scalar", "simd"] as const)("draws, %s", (kernels) => {
  it("come as often as they should", async () => {
    const model = await (await compiled(text, { kernels })).create();
    const outputs = model.predict({ scores });
    const of = (name: string): ArrayLike<number> => numbersOf(outputs[name]!);
    const [first, second, third] = softmax(logits);
    const both = first! + second!;
    const three = both + third!;
    const due: Readonly<Record<string, readonly number[]>> = {
      greedy: [1, 0, 0, 0, 0],
      drawn: softmax(logits),
      sharp: softmax(logits.map((score) => score / 0.5)),
      best: [first! / both, second! / both, 0, 0, 0],
      // The first two make up 0.79 of all, so the third is needed for 0.8.
      core: [first! / three, second! / three, third! / three, 0, 0],
      even: [0.2, 0.2, 0.2, 0.2, 0.2],
      coin: [1 - 1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(-2)), 0, 0, 0],
    };
    for (const [name, expected] of Object.entries(due)) {
      const found = parts(of(name), 5);
      // Five deviations of a part of so many draws.
      found.forEach((part, kind) => {
        const p = expected[kind]!;
        const allowed = 5 * Math.sqrt((p * (1 - p)) / count) + 1e-9;
        expect(Math.abs(part - p), `${name}, ${kind}: ${part}, not ${p}`).toBeLessThanOrEqual(allowed);
      });
    }
  });

  it("do not depend on how a call is cut into pieces", async () => {
    const some = scores.slice(0, 5 * 100);
    const [wide, narrow] = await Promise.all(
      [64, 7].map(async (batch) =>
        (await compiled(text.replace("batch: 64", `batch: ${batch}`), { kernels })).create({ seed: 9 }),
      ),
    );
    expect(narrow!.predict({ scores: some })).toEqual(wide!.predict({ scores: some }));
  });
});

describe("numbers of entries", () => {
  const speaker = `model Speaker {
  input x: [3]
  share score = dense(4)
  output scores = score(x)
  loss mean(score(x) ** 2, over: -1)
  /// One of four.
  entry speak(x: [3], temperature: float > 0 = 0.8) -> index(4) { return sample(score(x), temperature) }
  entry grown(size: float, by: float = 2) -> [2] { return fill(1, [batch, 2]) * size ** by }
}
train Speaker { batch: 5 }
`;
  const x = Array.from({ length: 12 }, () => [0.3, -0.2, 0.9]);

  it.each(["scalar", "simd"] as const)("are given with each call, %s", async (kernels) => {
    const model = await (await compiled(speaker, { kernels })).create({ seed: 3 });
    const cold = model["speak"]!({ x, temperature: 1e-4 }) as Int32Array;
    const scores = model.predict({ x: x.slice(0, 1) })["scores"] as Float32Array;
    expect(new Set(cold)).toEqual(new Set([scores.indexOf(Math.max(...scores))]));
    const hot = model["speak"]!({ x, temperature: 1e4 }) as Int32Array;
    expect(new Set(hot).size).toBeGreaterThan(1);
    expect(model["speak"]!({ x, temperature: 0.8 })).toEqual(model["speak"]!({ x }));
    expect(Array.from(model["grown"]!({ size: 3 }, { batch: 2 }) as Float32Array)).toEqual([9, 9, 9, 9]);
    expect(Array.from(model["grown"]!({ size: 3, by: 1 }) as Float32Array)).toEqual([3, 3]);
    expect(() => model["speak"]!({ x, temperature: 0 })).toThrow("temperature is a number > 0, and was 0");
    expect(() => model["grown"]!({ size: NaN })).toThrow("size is a finite number, and was NaN");
    expect(() => model["grown"]!({})).toThrow("size is missing: give a number");
  });

  it("have exact types", () => {
    const text = moduleText(speaker, { language: "typescript" });
    expect(text).toContain("/** A number for all samples, > 0; 0.8 where nothing is said. */");
    expect(text).toContain("readonly temperature?: number;");
    expect(text).toContain("grown(inputs: SpeakerGrownInputs, options: DrawOptions = {}): Float32Array {");
  });
});

describe("delay", () => {
  it("moves each text one step, as far as it goes", async () => {
    const told = `model Told {
  input x: index(5)[time <= 6]
  output before = delay(x)
}
train Told { batch: 2 }
`;
    const model = await (await compiled(told)).create();
    const { before } = model.predict({ x: [[3, 1, 4], [2], [1, 2, 3, 4, 0, 1]] } as never);
    expect(Array.from(before as never, (row: Int32Array) => Array.from(row))).toEqual([
      [0, 3, 1],
      [0],
      [0, 1, 2, 3, 4, 0],
    ]);
  });
});
