/** Parts of the library that no reference case holds: what they give where one can count by hand, or in plain loops. */
import { expect, it } from "vitest";
import { compiled, noise } from "./compiled.ts";

const recipe = `
train Probe { minimize: loss with sgd(0.1)
batch: 2 }`;

function metrics(lines: string): Promise<Awaited<ReturnType<typeof compiled>>> {
  return compiled(`model Probe {\n  param w: [] = zeros()\n${lines}\n  loss nothing = 0 * w\n}${recipe}`, {
    kernels: "scalar",
  });
}

it("counts pairs, ranks and yes over the whole data set, whatever the batches", async () => {
  const model = await (
    await metrics(`  input scores: [4]
  target item: index(4)
  target yes: index(2)
  output out = scores * w
  metric roc_auc(scores[:, 0], yes)
  metric hit_rate(scores, item, k: 2)
  metric ndcg(scores, item, k: 3)
  metric precision(scores[:, 0], to_float(yes))
  metric recall(scores[:, 0], to_float(yes))`)
  ).create();
  const scores = [
    [0.9, 0.1, 0.5, 0.2],
    [0.4, 0.8, 0.1, 0.9],
    [-0.4, 0.3, 0.2, 0.1],
    [0.4, 0.3, 0.9, 0.1],
    [-0.7, 0.3, 0.2, 0.1],
  ];
  const found = model.evaluate({
    scores: scores.flat(),
    item: [0, 1, 3, 3, 0],
    yes: [1, 0, 1, 1, 0],
  } as never);
  // Of the six pairs four are in order and one is level; ranks of the true items are 0, 1, 2, 3, 3.
  expect(found["roc_auc"]).toBeCloseTo(4.5 / 6, 6);
  expect(found["hit_rate"]).toBeCloseTo(2 / 5, 6);
  expect(found["ndcg"]).toBeCloseTo((1 + 1 / Math.log2(3) + 1 / Math.log2(4)) / 5, 6);
  expect(found["precision"]).toBeCloseTo(2 / 3, 6);
  expect(found["recall"]).toBeCloseTo(2 / 3, 6);
});

it("counts the edits between words of different lengths", async () => {
  const model = await (
    await metrics(`  input guess: index(27)[8]
  target truth: index(27)[7]
  output out = w + 0 * to_float(guess)
  metric edit_distance(guess, truth, filler: 0)`)
  ).create();
  const word = (text: string, length: number): number[] =>
    Array.from({ length }, (_, k) => (k < text.length ? text.charCodeAt(k) - 96 : 0));
  const pairs = [
    ["kitten", "sitting", 3],
    ["flaw", "lawn", 2],
    ["", "abc", 3],
    ["abcdefgh", "", 8],
    ["same", "same", 0],
  ] as const;
  const found = model.evaluate({
    guess: pairs.flatMap(([guess]) => word(guess, 8)),
    truth: pairs.flatMap(([, truth]) => word(truth, 7)),
  } as never);
  expect(found["edit_distance"]).toBeCloseTo((3 + 2 + 3 + 8 + 0) / 5, 6);
});

it("divides an image into windows whatever its size", async () => {
  const [h, w, rows, columns] = [5, 7, 3, 4];
  const model = await (
    await metrics(`  input x: [${h}, ${w}, 1]
  output mean = adaptive_average_pool2d(x, ${rows}, ${columns}) + w
  output most = adaptive_max_pool2d(x, ${rows}, ${columns}) + w`)
  ).create();
  const x = noise(3, h * w);
  const found = model.predict({ x } as never);
  for (let i = 0; i < rows; i += 1)
    for (let j = 0; j < columns; j += 1) {
      const inside: number[] = [];
      for (let u = Math.floor((i * h) / rows); u < Math.ceil(((i + 1) * h) / rows); u += 1)
        for (let v = Math.floor((j * w) / columns); v < Math.ceil(((j + 1) * w) / columns); v += 1)
          inside.push(x[u * w + v]!);
      const at = i * columns + j;
      const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
      expect(Number(found["mean"]![at])).toBeCloseTo(mean, 6);
      expect(Number(found["most"]![at])).toBeCloseTo(Math.max(...inside), 6);
    }
});

it("takes the spectrum of windows, and its power in bands of pitch", async () => {
  const [samples, window, hop, rate, bands] = [40, 16, 8, 8000, 3];
  const model = await (
    await metrics(`  input x: [${samples}]
  output spectrum = stft(x, ${window}, ${hop}) + w
  output heard = log_mel(x, rate: ${rate}, bands: ${bands}, window: ${window}, hop: ${hop}) + w`)
  ).create();
  const x = noise(5, samples);
  const found = model.predict({ x } as never);
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const edge = (m: number): number => 700 * (10 ** ((mel(rate / 2) * m) / (bands + 1) / 2595) - 1);
  for (let t = 0; t < 4; t += 1) {
    const power = Array.from({ length: window / 2 + 1 }, (_, f) => {
      let [real, imaginary] = [0, 0];
      for (let k = 0; k < window; k += 1) {
        const value = x[t * hop + k]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * k) / window));
        real += value * Math.cos((2 * Math.PI * k * f) / window);
        imaginary -= value * Math.sin((2 * Math.PI * k * f) / window);
      }
      const at = 2 * (t * (window / 2 + 1) + f);
      expect(Number(found["spectrum"]![at])).toBeCloseTo(real, 5);
      expect(Number(found["spectrum"]![at + 1])).toBeCloseTo(imaginary, 5);
      return real ** 2 + imaginary ** 2;
    });
    for (let m = 0; m < bands; m += 1) {
      const sum = power.reduce((total, value, f) => {
        const hertz = (f * rate) / window;
        const rising = (hertz - edge(m)) / (edge(m + 1) - edge(m));
        const falling = (edge(m + 2) - hertz) / (edge(m + 2) - edge(m + 1));
        return total + value * Math.max(Math.min(rising, falling), 0);
      }, 0);
      expect(Number(found["heard"]![t * bands + m])).toBeCloseTo(Math.log(sum + 1e-6), 4);
    }
  }
});

it("transposes what `padding: same` lays around an image", async () => {
  // <conv(y), x> = <y, transposed(x)> for the adjoint, whatever the kernel and stride.
  for (const [kernel, stride] of [
    [3, 2],
    [4, 2],
    [5, 3],
    [3, 1],
  ] as const) {
    const model = await (
      await compiled(
        `model Probe {
  input small: [3, 3, 2]
  input large: [${3 * stride}, ${3 * stride}, 4]
  share down = conv2d(2, kernel: ${kernel}, stride: ${stride}, padding: same, bias: false)
  share up = conv_transpose2d(4, kernel: ${kernel}, stride: ${stride}, padding: same, bias: false)
  left = sum(down(large) * small, over: [-3, -2, -1])
  right = sum(up(small) * large, over: [-3, -2, -1])
  output left = left
  output right = right
  loss one = left ** 2
  loss other = right ** 2
}${recipe}`,
        { kernels: "scalar", precision: "double" },
      )
    ).create();
    const [down, up] = ["down.w", "up.w"];
    const w = noise(7, kernel * kernel * 8);
    model.parameters.set(down, w);
    // [tall, wide, in, out] of one is [tall, wide, out, in] of the other.
    const turned = w.map((_, k) => w[k - (k % 8) + (k % 4) * 2 + Math.floor((k % 8) / 4)]!);
    model.parameters.set(up, turned);
    const size = 9 * stride * stride * 4;
    const { left, right } = model.predict({
      small: noise(3, 18),
      large: noise(5, size),
    } as never) as never as {
      left: Float64Array;
      right: Float64Array;
    };
    expect(right[0]).toBeCloseTo(left[0]!, 10);
    expect(Math.abs(left[0]!)).toBeGreaterThan(1e-3);
  }
});
