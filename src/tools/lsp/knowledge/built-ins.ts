/** Owns what editors say of what is built into the language beside operations: draws, functions, initial values. */

/** What each parameter of a built-in is, by its name: one name means one thing in all of them. */
export const parameterTexts: Readonly<Record<string, string>> = {
  x: "x: [...]",
  over: "over: axis = -1",
  keep: "keep: bool = false",
  parts: "parts: int",
  at: "at: int = -1",
  value: "value: float",
  shape: "shape: [batch, ...]",
  like: "like: [...]",
  probability: "probability: float | [...]",
  size: "size: int",
  prompt: "prompt: index(v)[batch, time]",
  reader: "reader: layer(index(v)[batch, time]) -> [batch, time, v]",
  length: "length: int",
  window: "window: int",
  text: "text: index(v)[batch, time]",
  symbol: "symbol: int",
  pick: "pick: layer([batch, v]) -> index(v)[batch] = argmax",
};

/** Parameters that take a layer. */
export const layerParameters: ReadonlySet<string> = new Set(["reader", "pick"]);

export const builtInDocs: Readonly<Record<string, string>> = {
  bernoulli:
    "1 with the given probability, else 0, drawn anew each step; of a shape, or as many as `like` has.",
  uniform: "Numbers from 0 to 1, without 1, drawn anew each step; of a shape, or as many as `like` has.",
  uniform_index: "Indices below a size, each as likely as any other, drawn anew each step.",
  normal:
    "Numbers of a standard normal distribution, drawn anew each step; of a shape, or as many as `like` has.",
  continue:
    "Goes on from a prompt, symbol by symbol: each step reads the symbols so far, the last `window` of them, and picks the next one by the scores that the reader gives at its last place. Without `pick` the likeliest; `sample(temperature)`, `top_k(40)` and `nucleus(0.9)` draw.",
  fill: "One number at every place of a shape.",
  split: "Equal parts along one axis, by default the last: `i, f, g, o = split(gates, 4)`.",
  unstack: "The places of one axis, each without it: `low, middle, high = unstack(x)`.",
  unsqueeze: "A new axis of size 1, by default behind all; `at` counts from the end, -1 being the last.",
  variance: "The mean squared distance from the mean, divided by n; over all axes where none are named.",
  moments: "The mean and the variance: `center, spread = moments(x, over: time)`.",
  until:
    "A text that ends with its first such symbol, which still belongs to it; where it has none, as it is. How long each text is varies from then on.",
  append: "Not in this version of the language yet.",
};

/** Functions of what is known when compiling, that are no operations on tensors as well. */
export const staticDocs: Readonly<Record<string, string>> = {
  length: "How many items a list has.",
  linear_space: "`linear_space(from, to, count)`: so many numbers at equal distances, both ends among them.",
  cumulative_product: "Running products of a list: each number times all before it.",
};

export const initializerDocs: Readonly<Record<string, string>> = {
  zeros: "Begins at 0.",
  ones: "Begins at 1.",
  constant: "Begins at one number everywhere.",
  uniform: "Drawn evenly from `-limit` to `limit`, or from `from` to `to`.",
  normal: "Drawn from a normal distribution.",
  truncated: "Drawn from a normal distribution, cut at two deviations.",
  glorot_uniform: "Drawn evenly up to ±√(6 / (in + out)) (Glorot and Bengio, 2010).",
  glorot_normal: "Drawn from a normal distribution of variance 2 / (in + out) (Glorot and Bengio, 2010).",
  glorot_truncated: "As `glorot_normal`, cut at two deviations.",
  he_uniform: "Drawn evenly, of variance 2 / (in · (1 + slope²)), before a rectifier (He et al., 2015).",
  he_normal:
    "Drawn from a normal distribution of variance 2 / (in · (1 + slope²)), before a rectifier (He et al., 2015).",
  he_truncated: "As `he_normal`, cut at two deviations.",
  lecun_uniform: "Drawn evenly up to ±√(3 / in) (LeCun et al., 1998).",
  lecun_normal: "Drawn from a normal distribution of variance 1 / in (LeCun et al., 1998).",
  lecun_truncated: "As `lecun_normal`, cut at two deviations.",
  orthogonal: "Rows that stand upright on each other, times `gain` (Saxe et al., 2014).",
  identity: "1 on the diagonal, else 0.",
  fitted_mean: "The mean of an input over the training part, taken once before the first step.",
  fitted_deviation:
    "The standard deviation of an input over the training part, taken once before the first step.",
};
