/** Owns small programs at random: convolutions, pooling, gathers and dense layers of all awkward sizes. */
import fc from "fast-check";

export interface RandomProgram {
  readonly text: string;
  /** Samples that the arena holds, and samples of the call. */
  readonly capacity: number;
  readonly count: number;
}

const LAYERS = `
layer conv(x: [batch, height, width, c], channels: int, kernel: int, stride: int = 1, padding: int = 0)
    -> [batch, floor((height + 2 * padding - kernel) / stride) + 1, floor((width + 2 * padding - kernel) / stride) + 1, channels] {
  param w: [kernel, kernel, c, channels] = normal(0.5)
  param b: [channels] = normal(0.5)
  p = x -> pad(before: padding, after: padding, axis: -3) -> pad(before: padding, after: padding, axis: -2)
  y[s, i < floor((height + 2 * padding - kernel) / stride) + 1, j < floor((width + 2 * padding - kernel) / stride) + 1, o] = sum(p[s, i * stride + k, j * stride + l, n] * w[k, l, n, o], over: [k, l, n])
  return y + b
}
layer pool(x: [batch, height, width, c], size: int, stride: int)
    -> [batch, floor((height - size) / stride) + 1, floor((width - size) / stride) + 1, c] {
  y[s, i < floor((height - size) / stride) + 1, j < floor((width - size) / stride) + 1, n] = max(x[s, i * stride + k, j * stride + l, n], over: [k < size, l < size])
  return y
}
layer average(x: [batch, height, width, c], size: int) -> [batch, floor(height / size), floor(width / size), c] {
  y[s, i < floor(height / size), j < floor(width / size), n] = mean(x[s, i * size + k, j * size + l, n], over: [k < size, l < size])
  return y
}
`;

const train = (capacity: number): string =>
  `train Random {\n  minimize: loss with adam(0.01)\n  batch: ${capacity}\n  epochs: 1\n}\n`;

const activation = fc.constantFrom("relu", "tanh", "sigmoid", "gelu", "elu", "layer_norm", "softmax");
const units = fc.constantFrom(1, 2, 3, 4, 7, 8, 9, 17, 33);

const samples = fc
  .tuple(fc.constantFrom(1, 3, 4, 6), fc.nat(5))
  .map(([capacity, less]) => ({ capacity, count: Math.max(1, capacity - less) }));

const convolution = fc.record({
  channels: fc.constantFrom(1, 2, 3, 5, 8, 17),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  padding: fc.integer({ min: 0, max: 2 }),
});

const pooling = fc.constantFrom(
  "pool(1, stride: 1)",
  "pool(2, stride: 2)",
  "pool(2, stride: 1)",
  "average(2)",
);

/** Pictures through convolutions and pooling to a dense layer. */
const pictures = fc
  .tuple(
    fc.record({
      height: fc.integer({ min: 4, max: 8 }),
      width: fc.constantFrom(4, 5, 7, 9),
      c: fc.constantFrom(1, 2, 3),
    }),
    convolution,
    activation,
    pooling,
    fc.option(convolution),
    fc.constantFrom(1, 2, 3, 10),
    samples,
  )
  .map(([{ height, width, c }, first, act, pool, second, classes, { capacity, count }]): RandomProgram => {
    const conv = ({ channels, kernel, stride, padding }: typeof first): string =>
      `conv(${channels}, kernel: ${kernel}, stride: ${stride}, padding: ${padding})`;
    const more =
      second === null
        ? ""
        : ` -> pad(after: 2, axis: -2) -> pad(before: 2, axis: -3) -> ${conv(second)} -> relu`;
    const text = `model Random {
  input x: [${height}, ${width}, ${c}]
  target y: index(${classes})
  h = x -> pad(after: 2, axis: -3) -> pad(after: 2, axis: -2) -> ${conv(first)} -> ${act} -> ${pool}${more}
  scores = h -> flatten -> dense(${classes})
  output guess = scores
  loss cross_entropy(scores, y)
}
${train(capacity)}${LAYERS}`;
    return { text, capacity, count };
  });

/** Words by a table, through dense layers, with noise. */
const words = fc
  .tuple(fc.integer({ min: 1, max: 4 }), units, units, activation, fc.boolean(), samples)
  .map(([length, width, hidden, act, noise, { capacity, count }]): RandomProgram => {
    const text = `model Random {
  input word: index(6)[${length}]
  target y: index(${hidden})
  e = word -> embedding(${width})
  h = e -> dense(${hidden}) -> ${act}${noise ? " -> dropout(0.3)" : ""}
  scores = mean(h, over: -2)
  output guess = scores
  loss cross_entropy(scores, y)
}
${train(capacity)}`;
    return { text, capacity, count };
  });

/** Plain numbers through three dense layers to a number. */
const numbers = fc
  .tuple(units, units, units, activation, activation, samples)
  .map(([inputs, hidden, wide, first, second, { capacity, count }]): RandomProgram => {
    const text = `model Random {
  input x: [${inputs}]
  target y: [${wide}]
  h = x -> dense(${hidden}) -> ${first} -> dense(${wide}) -> ${second}
  output guess = h
  loss mse(h, y)
}
${train(capacity)}`;
    return { text, capacity, count };
  });

export const randomProgram: fc.Arbitrary<RandomProgram> = fc.oneof(pictures, pictures, words, numbers);
