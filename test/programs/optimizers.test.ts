/** Optimizers and schedules as programs use them: lazy rows, and definitions of one's own. */
import { describe, expect, it } from "vitest";
import { compiled } from "./compiled.ts";

const double = { kernels: "scalar", precision: "double" } as const;

describe("adam, lazy", () => {
  const text = (options: string): string => `model Words {
  input word: index(5)
  target y: [3]
  share table = embedding(3)
  guess = table(word)
  output guess = guess
  loss mse(guess, y)
}
train Words {
  minimize: loss with adam(0.1, ${options})
  batch: 3
}
`;

  /** Adam of the rows that a batch reads, by hand; the others keep their weights and their means. */
  function byHand(
    start: readonly number[],
    batches: readonly (readonly number[])[],
    decay: number,
  ): number[] {
    const [p, m, v] = [[...start], start.map(() => 0), start.map(() => 0)];
    batches.forEach((words, step) => {
      const g = p.map((value, at) => {
        const times = words.filter((word) => word === Math.floor(at / 3)).length;
        return (times * 2 * (value - 1)) / (words.length * 3);
      });
      for (const word of new Set(words))
        for (let at = 3 * word; at < 3 * word + 3; at += 1) {
          const slope = g[at]! + decay * p[at]!;
          m[at] = 0.9 * m[at]! + 0.1 * slope;
          v[at] = 0.999 * v[at]! + 0.001 * slope ** 2;
          const length = Math.sqrt(v[at]! / (1 - 0.999 ** (step + 1))) + 1e-8;
          p[at]! -= (0.1 * (m[at]! / (1 - 0.9 ** (step + 1)))) / length;
        }
    });
    return p;
  }

  it.each([0, 0.02])("moves the rows that a batch touches alone; decay %d", async (decay) => {
    const model = await (await compiled(text(`lazy: true, decay: ${decay}`), double)).create({ seed: 1 });
    const start = Array.from(model.parameters.get("table.table"));
    const batches = [
      [0, 1, 1],
      [1, 3, 0],
      [3, 3, 3],
      [0, 0, 1],
    ];
    for (const word of batches) model.step({ word, y: Array(9).fill(1) as number[] });
    const found = Array.from(model.parameters.get("table.table"));
    byHand(start, batches, decay).forEach((value, at) => expect(found[at]).toBeCloseTo(value, 12));
    for (const row of [2, 4])
      expect(found.slice(3 * row, 3 * row + 3)).toEqual(start.slice(3 * row, 3 * row + 3));
  });

  it("is plain Adam where a batch touches every row", async () => {
    const run = async (options: string): Promise<readonly number[]> => {
      const model = await (await compiled(text(options), double)).create({ seed: 1 });
      for (let step = 0; step < 4; step += 1)
        model.step({ word: [0, 1, 2, 3, 4], y: Array(15).fill(1) as number[] });
      return Array.from(model.parameters.get("table.table"));
    };
    expect(await run("lazy: true")).toEqual(await run("lazy: false"));
  });
});

describe("definitions of one's own", () => {
  it("move parameters as they say, at rates that schedules compose", async () => {
    const text = `schedule zigzag(step: [], total: [], top: float, each: int) -> [] {
  return top * (1 - (step % each) / each)
}
schedule twice(step: [], total: [], of: schedule) -> [] { return 2 * of(step, total) }
optimizer heavy(p: [...], g: [...], step: [], rate: schedule, keep: float = 0.5) -> [...] {
  state v: [...] = zeros()
  update v = keep * v + g
  return p - rate * v
}
model Net {
  input x: [2]
  share w = dense(1, bias: false)
  loss mean(w(x), over: -1)
}
train Net { minimize: loss with heavy(warmup(2, then: twice(zigzag(0.1, each: 3))), keep: 0.5) }
`;
    const model = await (await compiled(text, double)).create({ seed: 1 });
    const start = Array.from(model.parameters.get("w.w"));
    for (let step = 0; step < 6; step += 1) model.step({ x: [1, -2] });
    const zigzag = (step: number): number => 2 * 0.1 * (1 - (step % 3) / 3);
    const rates = [0.5 * zigzag(0), zigzag(0), zigzag(0), zigzag(1), zigzag(2), zigzag(0)];
    const due = start.map((value, k) => {
      const g = k === 0 ? 1 : -2;
      let [p, v] = [value, 0];
      for (const rate of rates) {
        v = 0.5 * v + g;
        p -= rate * v;
      }
      return p;
    });
    Array.from(model.parameters.get("w.w")).forEach((value, k) => expect(value).toBeCloseTo(due[k]!, 12));
  });
});
