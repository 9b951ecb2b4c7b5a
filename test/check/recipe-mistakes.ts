/** Owns programs with a mistake about constants, draws, recipes or entries; what is said of each is a golden. */
import type { Mistake } from "./mistakes.ts";

/** A model with this `train` block. */
function recipe(settings: string): Mistake {
  return {
    text: `model Net {
  input x: [4]
  target y: [2]
  share body = dense(8) -> relu
  share head = dense(2)
  guess = x -> body -> head
  output guess = guess
  loss mse(guess, y)
  metric rmse(guess, y)
}

train Net {
${settings.replace(/^/gm, "  ")}
}
`,
  };
}

/** The same model with this entry. */
function entry(statement: string): Mistake {
  const { text } = recipe("batch: 32");
  return { text: text.replace("  metric rmse(guess, y)\n", `  ${statement}\n`) };
}

export const recipeMistakes: Readonly<Record<string, Mistake>> = {
  "constant-drawn": {
    text: `const start = jitter(12)

layer jitter(n: int) -> [n] { return normal([n]) }

model Net {
  input x: [12]
  output y = x + start
}
`,
  },
  "constant-too-large": {
    text: `const grid = table(400)

layer table(n: int) -> [n, n] {
  y[i < n, j < n] = i * j
  return y
}

model Net {
  input x: [400]
  output y = x @ grid
}
`,
  },
  "constant-with-parameters": {
    text: `const code = dense([1, 2, 3], 4)

model Net {
  input x: [4]
  output y = x + code
}
`,
  },
  "probability-above-one": {
    text: `model Net {
  input x: [4]
  output y = x * bernoulli(1.5, like: x)
}
`,
  },
  "augment-without-a-pipe": recipe("augment: shift(2)"),
  "augment-unknown-port": recipe("augment: [x, yy] -> noise(0.1)"),
  "augment-to-another-shape": recipe("augment: x -> unsqueeze"),
  "augment-with-parameters": recipe("augment: x -> dense(4)"),
  "reduce-without-validation": recipe("reduce: plateau(val.rmse, epochs: 3)"),
  "reduce-in-another-form": recipe("validate: split(0.1)\nreduce: plateau(val.rmse, patience: 3)"),
  "entry-takes-a-word": entry("entry told(x: [4], how: string) -> [2] { return head(body(x)) }"),
  "entry-fallback-outside": entry(
    "entry told(x: [4], by: float > 0 = 0) -> [2] { return by * head(body(x)) }",
  ),
  "entry-tensor-with-a-fallback": entry("entry told(x: [4] = 0) -> [2] { return head(body(x)) }"),
  "entry-count-without-a-limit": entry("entry told(x: [4], count: int) -> [2] { return head(body(x)) }"),
  "continue-without-symbols": entry(
    "entry told(x: [4], count: int <= 9) -> index(2)[count] { return continue(x, head, count, window: 4) }",
  ),
  "until-without-symbols": entry("entry told(x: [4]) -> index(2)[said <= 4] { return x -> until(0) }"),
  "until-a-symbol-beyond": entry(
    "entry told(x: index(2)[6]) -> index(2)[said <= 6] { return x -> until(2) }",
  ),
  "until-longer-than-promised": entry(
    "entry told(x: index(2)[6]) -> index(2)[said <= 4] { return x -> until(1) }",
  ),
  "continue-beyond-its-window": entry(
    "entry told(x: index(2)[6], count: int <= 9) -> index(2)[count] { return continue(x, embedding(2), count, window: 4) }",
  ),
  "continue-with-another-reader": {
    text: `model Net {
  input x: index(3)[4]
  share read = embedding(5)
  output y = read(x)
  entry told(x: index(3)[4], count: int <= 9) -> index(3)[count] {
    return continue(x, read, count, window: 4)
  }
}
`,
  },
  "continue-with-a-reader-that-is-blind": {
    text: `layer blind(text: index(v)[batch, time]) -> [batch, time, v] { return fill(1, [batch, time, v]) }

model Net {
  input x: index(3)[4]
  output y = x -> embedding(3)
  entry told(x: index(3)[4], count: int <= 9) -> index(3)[count] {
    return continue(x, blind, count, window: 4)
  }
}
`,
  },
};
