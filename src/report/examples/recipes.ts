/** Owns the examples of what is said about recipes, optimizers and augmentation. */
import { type Example, file, recipe } from "./example.ts";

export const recipes: Readonly<Record<string, Example>> = {
  E0270: recipe(`
- minimize: loss with relu(1e-3)
+ minimize: loss with adam(1e-3)`),
  E0271: file(`
- optimizer still(w: [...], rate: float) { return w }
+ optimizer still(w: [...], gradient: [...], rate: float) { return w - rate * gradient }

  model Net {
    input x: [8]
    target y: [1]
    guess = x -> dense(1)
    output guess = guess
    loss mse(guess, y)
  }
  train Net {
    minimize: loss with still(0.1)
    epochs: 10
  }`),
  E0272: recipe(`
- minimize: guess with adam(1e-3)
+ minimize: mse with adam(1e-3)`),
  E0273: file(`
  model Net {
    input x: [8]
+   target y: [4]
-   output y = x -> dense(4)
+   guess = x -> dense(4)
+   output guess = guess
+   loss mse(guess, y)
  }
  train Net {
    minimize: loss with adam(1e-3)
    epochs: 10
  }`),
  E0274: recipe(`
- minimize: loss over gues with sgd(0.1)
+ minimize: loss over guess with sgd(0.1)`),
  E0275: recipe(`
  minimize: loss with sgd(0.1)
  epochs: 10
- epochs: 20`),
  E0276: recipe(`
  minimize: loss with sgd(0.1)
- validate: half
+ validate: split(0.5)`),
  E0277: recipe(`
  minimize: loss with sgd(0.1)
- epochs: 2.5
+ epochs: 3`),
  E0278: recipe(`
  minimize: loss with sgd(0.1)
- keep: best(val.loss)
+ validate: split(0.1)
+ keep: best(val.loss)`),
  E0311: recipe(`
  minimize: loss with sgd(0.1)
- augment: noise(0.1)
+ augment: x -> noise(0.1)`),
  E0312: recipe(`
  minimize: loss with sgd(0.1)
- augment: x -> unsqueeze
+ augment: x -> noise(0.1)`),
  E0313: recipe(`
  minimize: loss with sgd(0.1)
- augment: x -> dense(8)
+ augment: x -> noise(0.1)`),
};
