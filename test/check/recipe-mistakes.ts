/** Owns programs with a mistake about constants, draws, recipes or entries; what is said of each is a golden. */
import type { Mistake } from "./mistakes.ts";

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
};
