/** Owns programs with a mistake each, by the name of their golden: what the checker says of them is pinned. */
import type { Settings } from "../../src/check/check.ts";
import { lengthMistakes } from "./length-mistakes.ts";

export interface Mistake {
  readonly text: string;
  readonly settings?: Settings;
  readonly others?: Readonly<Record<string, string>>;
}

function model(body: string, before = "", after = ""): Mistake {
  const lines = body
    .trim()
    .split("\n")
    .map((line) => `  ${line.trim()}`);
  return { text: `${before}model Net {\n${lines.join("\n")}\n}\n${after}` };
}

const block = `layer block(x: [batch, n], width: int, residual: bool = false) -> [batch, width] {
  h = x -> dense(width) -> relu
  if residual { return x + h }
  return h
}

`;

export const mistakes: Readonly<Record<string, Mistake>> = {
  "unknown-layer": model("input x: [8]\noutput y = x -> dens(3) -> relu"),
  "unknown-value": model(
    "input pixels: [8]\nhidden = dense(pixels, 3)\noutput y = relu(hiden)\noutput z = hiden + 1",
  ),
  "unknown-label": model("input x: [8]\noutput y = dense(x, unit: 3)"),
  "missing-argument": model("input x: [8]\noutput y = x -> dense"),
  "missing-tensor": model("input x: [8]\noutput y = dense(3)"),
  "too-many-arguments": model("input x: [8]\noutput y = relu(x, 3)"),
  "argument-twice": model("input x: [8]\noutput y = dense(x, 3, units: 4)"),
  "wrong-kind": model('input x: [8]\noutput y = dense(x, "wide")'),
  "not-whole": model("input x: [8]\noutput y = dense(x, 7 / 2)"),
  "not-whole-dimension": {
    text: `layer halve(x: [batch, n]) -> [batch, n / 2] { return x[:, 0:n / 2] }

model Net {
  input x: [7]
  output y = halve(x)
}
`,
  },
  "shapes-disagree": model(
    "input image: [28, 28]\ninput code: [100]\nflat = image -> flatten\nh = code -> dense(512)\noutput y = flat + h",
  ),
  "batch-meets-only-batch": model("input x: [4]\nm = x[:, 0]\noutput y = x + m"),
  "matrix-product": {
    text: `model Net(width: int = 16) {
  input x: [8]
  param w: [width, 3] = glorot_uniform()
  output y = x @ w
}
`,
  },
  "signature-rank": model("input x: [8]\noutput y = last(x)"),
  "signature-dimension": {
    text: `layer mix(a: [batch, n], b: [batch, n]) -> [batch, n] { return a * b }

model Net {
  input image: [8, 8]
  input code: [32]
  output y = mix(image -> flatten, code)
}
`,
  },
  "loss-shapes": model(
    "input x: [4]\ntarget y: [3]\nguess = x -> dense(2)\noutput guess = guess\nloss mse(guess, y)",
  ),
  "classes-disagree": model(
    "input x: [4]\ntarget kind: index(10)\nlogits = x -> dense(12)\nloss cross_entropy(logits, kind)",
  ),
  "indices-are-no-numbers": model("input word: index(50)\noutput y = word -> dense(3)"),
  "numbers-are-no-indices": model("input x: [4]\noutput y = x -> embedding(3)"),
  "shared-with-another-shape": model(
    "input image: [784]\nshare back = dense(units: 784)\ncode = image -> dense(256)\nrebuilt = code -> back\nagain = image -> back\noutput y = again + rebuilt",
  ),
  requirement: model("input x: [8]\noutput y = x -> dropout(1.5)"),
  "if-on-data": model("input x: [8]\nh = if x > 0 { x } else { 0 }\noutput y = h"),
  "inside-a-layer": { ...model("input x: [8]\noutput y = x -> block(4, residual: true)", block) },
  "result-differs": {
    text: `layer double(x: [batch, n]) -> [batch, n] { return concat(x, x) }

model Net {
  input x: [8]
  output y = double(x)
}
`,
  },
  "layer-without-return": {
    text: `layer forgetful(x: [...]) -> [...] {
  y = relu(x)
}

model Net {
  input x: [8]
  output y = forgetful(x)
}
`,
  },
  "layer-nobody-calls": {
    text: `layer unused(x: [batch, n]) -> [batch, n] {
  if n > 3 { return x -> reluu }
  return x * factor
}

model Net {
  input x: [8]
  output y = relu(x)
}
`,
  },
  "endless-recursion": {
    text: `layer deeper(x: [...]) -> [...] { return deeper(x) }

model Net {
  input x: [8]
  output y = deeper(x)
}
`,
  },
  "names-and-values": model("input x: [8]\na, b, c = split(x, 2)\noutput y = a"),
  "uneven-split": model("input x: [8]\na, b, c = split(x, 3)\noutput y = a"),
  "axis-from-the-front": model("input x: [8, 3]\noutput y = mean(x, over: 1)"),
  "axis-that-is-not-there": model("input x: [8, 3]\noutput y = mean(x, over: -4)"),
  "axis-ambiguous": {
    text: "model Net(n: int = 8) {\n  input x: [n, n]\n  output y = mean(x, over: n)\n}\n",
  },
  "place-outside": model("input x: [8]\noutput y = x[:, 8]"),
  "too-many-subscripts": model("input x: [8]\noutput y = x[:, 0, 0]"),
  "output-reads-target": model("input x: [8]\ntarget y: [8]\noutput error = x - y\nloss mse(x, y)"),
  "parameter-in-training-only": {
    text: `layer noisy(x: [..., n]) -> [..., n] {
  if training {
    param scale: [n] = ones()
    return x * scale
  }
  return x
}

model Net {
  input x: [8]
  output y = noisy(x)
}
`,
  },
  "two-parameters-of-one-name": {
    text: `layer mix(x: [batch, n]) -> [batch, n] { return x -> dense(n) }

layer twice(x: [batch, n]) -> [batch, n] {
  mix = x -> dense(n)
  return mix + (x -> mix)
}

model Net {
  input x: [8]
  param w: [8] = ones()
  param w: [8] = zeros()
  output y = x * w
  output z = x -> twice
}
`,
  },
  "initializer-of-two-forms": model("input x: [8]\nparam w: [8] = uniform(-1, 0.5)\noutput y = x * w"),
  "initializer-of-no-range": model(
    "input x: [8]\nparam w: [8] = uniform(from: 2, to: 1)\nparam v: [8] = normal(deviation: -1)\noutput y = x * w * v",
  ),
  "initializer-unknown": model("input x: [8]\nparam w: [8] = glorot()\noutput y = x * w"),
  "misplaced-statement": {
    text: `layer greedy(x: [batch, n]) -> [batch, n] {
  output y = x
  return x
}

model Net {
  input x: [8]
  output y = greedy(x)
  return x
}
`,
  },
  "no-statement-of-state": {
    text: `layer counted(x: [...]) -> [...] {
  state count: [] = zeros()
  update cuont = count + 1
  return x
}

model Net {
  input x: [8]
  output y = counted(x)
}
`,
  },
  "unknown-setting": model(
    "input x: [8]\ntarget y: [1]\nguess = x -> dense(1)\noutput guess = guess\nloss mse(guess, y)",
    "",
    "\ntrain Net {\n  minimise: loss with adam(1e-3)\n  epochs: 2.5\n  keep: best(val.accuracy)\n}\n",
  ),
  "unknown-optimizer": model(
    "input x: [8]\ntarget y: [1]\nguess = x -> dense(1)\nloss mse(guess, y)",
    "",
    "\ntrain Net {\n  minimize: los with adm(1e-3)\n  validate: split(1.5)\n}\n",
  ),
  "over-nothing": model(
    "input x: [8]\ntarget y: [1]\nguess = x -> dense(1)\nloss mse(guess, y)",
    "",
    "\ntrain Net { minimize: loss over gues with sgd(0.1) }\n",
  ),
  "hyperparameter-unknown": {
    text: "model Net(hidden: int = 8) {\n  input x: [8]\n  output y = dense(x, hidden)\n}\n",
    settings: { set: { hiden: "16" } },
  },
  "hyperparameter-wrong": {
    text: "model Net(hidden: int = 8) {\n  input x: [8]\n  output y = dense(x, hidden)\n}\n",
    settings: { set: { hidden: "wide" } },
  },
  "append-another-shape": model("input x: [3, 2]\noutput y = append(x, x, limit: 4)"),
  "append-beyond-its-limit": model("input x: [3, 2]\noutput y = append(x, x[:, 0], limit: 2)"),
  "carry-grows-beyond-its-bound": model(
    "input x: [3, 2]\nscan t over 3 {\n  carry all: [batch, n <= 4, 2] = x\n  next all = append(all, x[:, t], limit: 6)\n}\noutput y = sum(all, over: -2)",
  ),
  "carry-grows-along-samples": model(
    "input x: [3, 2]\nscan t over 3 {\n  carry all: [n <= 4, 3, 2] = x\n  next all = all\n}\noutput y = sum(all, over: -1)",
  ),
  "import-missing": {
    text: `import { residual, width } from "./blocks.nn"
import { gone } from "./nowhere.nn"

model Net {
  input x: [8]
  output y = x -> residual(8) -> gone
}
`,
    others: { "blocks.nn": "layer residul(x: [batch, n]) -> [batch, n] { return x }\nconst width = 3\n" },
  },
  "import-in-a-circle": {
    text: `import { block } from "./blocks.nn"

model Net {
  input x: [8]
  output y = x -> block
}
`,
    others: {
      "blocks.nn": `import { unit } from "./units.nn"
layer block(x: [batch, n]) -> [batch, n] { return x -> unit }
`,
      "units.nn": `import { block } from "./blocks.nn"
layer unit(x: [batch, n]) -> [batch, n] { return x -> relu }
layer twice(x: [batch, n]) -> [batch, n] { return x -> block -> block }
`,
    },
  },
  "metric-of-a-batch": {
    text: `metric far(guess: [...], truth: [...]) {
  collect distance: [...] = abs(guess - truth)
  return max(guess)
}

model Net {
  input x: [8]
  target y: [8]
  output z = relu(x)
  metric far(x, y)
}
`,
  },
  "index-without-range": model(
    "input x: [8, 3]\ny[b, t] = sum(x[b, 2 * t + k, c], over: [k, c])\noutput y = y",
  ),
  "index-outside": model(
    "input x: [8, 3]\ny[b, t < 8] = sum(x[b, t + k, c], over: [k < 3, c])\noutput y = y",
  ),
  "index-ranges-disagree": model(
    "input x: [8]\nparam w: [9, 2] = zeros()\ny[b, o] = sum(x[b, i] * w[i, o], over: i)\noutput y = y",
  ),
  "reducer-without-over": model("input x: [8, 3]\ny[b, t] = sum(x[b, t, c])\noutput y = y"),
  "options-of-a-shared-layer": model("input x: [8]\nshare tower = dense(4)\noutput y = tower(x, 3)"),
  "entry-reads-input": model(
    "input x: [8]\nshare coder = dense(2)\ncode = coder(x)\noutput code = code\nentry again() -> [2] { return code }",
  ),
  "entry-unshared": model(
    "input x: [8]\noutput y = x -> dense(2)\nentry other(x: [8]) -> [2] { return x -> dense(2) }",
  ),
  "entry-name-taken": model(
    "input x: [8]\nshare coder = dense(2)\noutput y = coder(x)\nentry fit(x: [8]) -> [2] { return coder(x) }",
  ),
  "entry-result": model(
    "input x: [8]\nshare coder = dense(2)\noutput y = coder(x)\nentry code(x: [8]) -> [3] { return coder(x) }\nentry two(x: [8]) -> [2], [8] { return coder(x), x }\nentry warm(x: [8], heat: float) -> [2] { return coder(x) }",
  ),
  "every-epoch": model(
    "input x: [8]\ntarget y: [1]\nguess = x -> dense(1)\noutput guess = guess\nloss mse(guess, y)",
    "",
    "\ntrain Net {\n  minimize: mse with sgd(0.1) every 2 epochs\n}\n",
  ),
  "several-mistakes": model(
    "input x: [8]\ntarget y: index(3)\nh = x -> dense(16) -> rlu\nlogits = h -> dense(3)\noutput probs = softmax(logts)\nloss cross_entropy(logits, y, smooth: 0.1)",
  ),
  "next-without-carry": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry hidden: [batch, 8] = zeros()\nnext hiden = tanh(hidden + x[:, t])\nnext hidden = x[:, t]\n}\nh = hidden\noutput y = h",
  ),
  "carry-not-advanced": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 8] = zeros()\ncollect hs: [batch, 6, 8] = h + x[:, t]\n}\noutput y = h",
  ),
  "carry-of-another-shape": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 4] = zeros()\nnext h = concat(h, x[:, t])\n}\noutput y = h",
  ),
  "carry-begins-with-another-shape": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 4] = x[:, 0]\nnext h = 2 * h\n}\noutput y = h",
  ),
  "collect-of-another-shape": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 8] = zeros()\nnext h = h + x[:, t]\ncollect hs: [batch, 8, 6, 2] = h\n}\noutput y = h",
  ),
  "collect-along-which-axis": model(
    "input x: [8, 8]\nscan t over 8 {\ncarry h: [batch, 8] = zeros()\nnext h = h + x[:, t]\ncollect hs: [batch, 8, 8] = h\n}\noutput y = hs",
  ),
  "state-changed-in-a-scan": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 8] = zeros()\nnext h = counted(h + x[:, t])\n}\noutput y = h",
    "layer counted(x: [...]) -> [...] {\n  state count: [] = zeros()\n  update count = count + 1\n  return x\n}\n\n",
  ),
  "normalized-in-a-scan": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 8] = zeros()\nnext h = batch_norm(h + x[:, t])\n}\noutput y = h",
  ),
  "scan-over-an-unknown-name": model(
    "input x: [6, 8]\ntime = 6\nscan t over tme {\ncarry h: [batch, 8] = zeros()\nnext h = h + 1\n}\noutput y = h",
  ),
  "scan-over-the-batch": model(
    "input x: [6, 8]\nscan t over batch {\ncarry h: [batch, 8] = zeros()\nnext h = h + 1\n}\noutput y = h",
  ),
  "scan-of-another-size": model(
    "input x: [6, 8]\nscan t over 5 {\ncarry h: [batch, 8] = zeros()\nnext h = h + x[:, t]\n}\noutput y = h",
  ),
  "output-in-a-scan": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 8] = zeros()\nnext h = h + x[:, t]\noutput part = h\n}\noutput y = h",
  ),
  "carry-outside-a-scan": model("input x: [8]\ncarry h: [batch, 8] = zeros()\noutput y = x + h"),
  "inside-of-a-scan": model(
    "input x: [6, 8]\nscan t over 6 {\ncarry h: [batch, 8] = zeros()\nmixed = h + x[:, t]\nnext h = tanh(mixed)\n}\nh = mixed\noutput y = h",
  ),
  ...lengthMistakes,
};
