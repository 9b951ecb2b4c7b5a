/** Owns the examples of what is said about models: ports, parameters, states, losses, metrics and entries. */
import { type Example, model } from "./example.ts";

export const models: Readonly<Record<string, Example>> = {
  E0239: model(`
  input x: [8]
- output y = x + ones()
+ param shift: [8] = ones()
+ output y = x + shift`),
  E0252: model(`
  input x: [8]
- param w: [8] = true
+ param w: [8] = ones()
  output y = x * w`),
  E0253: model(`
  input x: [8]
- param w: index(8) = zeros()
+ param w: [8] = zeros()
  output y = x * w`),
  E0254: model(`
  input x: [8]
- param w: [batch, 8] = zeros()
+ param w: [8] = zeros()
  output y = x * w`),
  E0255: model(`
  input x: [8]
- output y = relu(x) -> standardize
+ output y = x -> standardize -> relu`),
  E0256: model(
    `
  input x: [8]
  output y = x -> counted`,
    `
  layer counted(x: [...]) -> [...] {
    state count: [] = zeros()
-   update x = count + 1
+   update count = count + 1
    return x
  }
`,
  ),
  E0257: model(
    `
  input x: [8]
  output y = x -> watched`,
    `
  layer watched(x: [batch, n]) -> [batch, n] {
-   state seen: [] = zeros()
+   state seen: [n] = zeros()
    update seen = mean(x, over: batch)
    return x
  }
`,
  ),
  E0263: model(`
- input on: bool
- output y = where(on, 1, 0)
+ input on: index(2)
+ output y = to_float(on)`),
  E0264: model(`
- input word: index(0)
+ input word: index(50)
  output y = word -> embedding(4)`),
  E0265: model(`
  input x: [8]
  target y: [8]
  guess = x -> dense(8)
- output error = guess - y
+ output guess = guess
  loss mse(guess, y)`),
  E0266: model(`
  input x: [8]
  guess = x -> dense(3)
  output guess = guess
- loss positive = guess < 0
+ loss positive = max(-guess, 0)`),
  E0267: model(
    `
  input x: [8]
  output y = x -> scaled`,
    `
  layer scaled(x: [..., n]) -> [..., n] {
-   if training {
-     param scale: [n] = ones()
-     return x * scale
-   }
-   return x
+   param scale: [n] = ones()
+   return x * scale
  }
`,
  ),
  E0268: model(
    `
  input x: [8]
  target y: [8]
  output guess = relu(x)
  metric far(relu(x), y)`,
    `
  metric far(guess: [...], truth: [...]) {
    collect distance: [...] = abs(guess - truth)
-   return max(guess)
+   return max(distance)
  }
`,
  ),
  E0269: model(
    `
  input x: [8]
  target y: [8]
  output guess = relu(x)
  metric far(relu(x), y)`,
    `
  metric far(guess: [...], truth: [...]) {
    collect distance: [...] = abs(guess - truth)
-   return distance
+   return mean(distance)
  }
`,
  ),
  E0281: model(`
  input x: [8]
- y = x -> dense(4)
+ output y = x -> dense(4)`),
  E0293: model(`
  input x: [8]
  share coder = dense(2)
  output y = coder(x)
- entry fit(x: [8]) -> [2] { return coder(x) }
+ entry encode(x: [8]) -> [2] { return coder(x) }`),
  E0294: model(`
  input x: [8]
  share coder = dense(2)
  code = coder(x)
  output code = code
- entry encode() -> [2] { return code }
+ entry encode(x: [8]) -> [2] { return coder(x) }`),
  E0295: model(`
  input x: [8]
  share coder = dense(2)
  output y = coder(x)
- entry encode(x: [8]) -> [2] { return x -> dense(2) }
+ entry encode(x: [8]) -> [2] { return coder(x) }`),
  E0296: model(`
  input x: [8]
  share coder = dense(2)
  output y = coder(x)
- entry both(x: [8]) -> [2], [8] { return coder(x), x }
+ entry both(x: [8]) -> code: [2], same: [8] { return coder(x), x }`),
  E0297: model(`
  input x: [8]
  share coder = dense(2)
  output y = coder(x)
- entry encode(x: [8] = 0) -> [2] { return coder(x) }
+ entry encode(x: [8]) -> [2] { return coder(x) }`),
  E0301: model(`
  input x: [8]
  target y: [8]
  guess = x -> dense(8)
  output guess = guess
- loss mse(floor(guess), y)
+ loss mse(guess, y)`),
  E0314: model(`
  input x: [8]
  share coder = dense(2)
  output y = coder(x)
- entry encode(x: [8], how: string) -> [2] { return coder(x) }
+ entry encode(x: [8], heat: float = 1) -> [2] { return heat * coder(x) }`),
  E0315: model(`
  input x: index(3)[4]
- share read = embedding(5)
+ share read = embedding(3)
  output y = read(x)
  entry told(x: index(3)[4], count: int <= 9) -> index(3)[count] {
    return continue(x, read, count, window: 4)
  }`),
  E0318: model(`
  input x: index(3)[4]
- output told = append(x, 2, limit: 5)
+ output told = append(x, x[:, 0], limit: 5)`),
  E0317: model(`
  input x: index(3)[4]
- output told = x -> until(3)
+ output told = x -> until(2)`),
  E0316: model(`
  input x: index(3)[4]
  share read = embedding(3)
  output y = read(x)
- entry told(x: index(3)[4], count: int) -> index(3)[count] {
+ entry told(x: index(3)[4], count: int <= 9) -> index(3)[count] {
    return continue(x, read, count, window: 4)
  }`),
};
