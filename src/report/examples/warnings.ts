/** Owns the examples of warnings. */
import { type Example, file, model } from "./example.ts";

export const warnings: Readonly<Record<string, Example>> = {
  W0401: model(`
  input x: [8]
  target kind: index(3)
- probs = x -> dense(3) -> softmax
- output probs = probs
- loss cross_entropy(probs, kind)
+ scores = x -> dense(3)
+ output probs = softmax(scores)
+ loss cross_entropy(scores, kind)`),
  W0402: model(`
  input x: [8]
- input old: [2]
+ input old: [2]  // allow W0402: version 1 of the app passes it
  output y = relu(x)`),
  W0403: model(`
  input x: [8]
  target y: [2]
  h = x -> dense(4) -> relu
- guess = x -> dense(2)
+ guess = h -> dense(2)
- output h = h
  output guess = guess
  loss mse(guess, y)`),
  W0404: model(`
  input x: [8]
  target y: [8]
  guess = x -> dense(8)
  output guess = guess
- loss near = mse(guess, y)
- loss same = mse(x, y)
+ loss near = mse(guess, y)`),
  W0405: model(`
  input x: [8]
- output probs = x -> dense(1) -> softmax
+ output probs = x -> dense(1) -> sigmoid`),
  W0406: file(`
  model Net {
    input x: [8]
    target y: [1]
    guess = x -> dense(4) -> batch_norm -> dense(1)
    output guess = guess
    loss mse(guess, y)
  }
  train Net {
    minimize: loss with sgd(0.1)
    epochs: 10
-   batch: 1
+   batch: 16
  }`),
  W0407: model(`
  input x: [8]
- input old: [2]  // allow W0402
+ input old: [2]  // allow W0402: version 1 of the app passes it
  output y = relu(x)`),
};
