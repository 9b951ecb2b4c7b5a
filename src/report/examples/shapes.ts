/** Owns the examples of what is said about shapes, axes, places and compile-time values. */
import { type Example, file, model } from "./example.ts";

export const shapes: Readonly<Record<string, Example>> = {
  E0203: model(`
  input image: [16]
  share back = dense(16)
  code = image -> dense(4)
- output y = back(code) + back(image)
+ output y = back(code) + image`),
  E0204: model(`
  input image: [28, 28]
  input code: [100]
  flat = image -> flatten
- output y = flat + (code -> dense(512))
+ output y = flat + (code -> dense(784))`),
  E0228: file(`
- const width = 7 / 0
+ const width = 7

  model Net {
    input x: [8]
    output y = x -> dense(width)
  }`),
  E0230: model(`
  input x: [8]
- for i in 0..1000 { for k in 0..1000 { x = x + 1 } }
- output y = x
+ output y = x + 1000000`),
  E0231: model(`
  input x: [8]
- output y = x -> dense(3 + true)
+ output y = x -> dense(3 + 1)`),
  E0232: model(`
  input x: [8]
- output y = x + "one"
+ output y = x + 1`),
  E0233: model(`
  input x: [8]
- for k in 0..sum(x) { x = relu(x) }
+ for k in 0..3 { x = relu(x) }
  output y = x`),
  E0234: model(`
  input x: [8]
- for k in 0..10000000000 { x = x + k }
+ for k in 0..10 { x = x + k }
  output y = x`),
  E0235: model(`
  input x: [8]
- for k in 3..0 { x = x -> dense(8) }
+ for k in 0..3 { x = x -> dense(8) }
  output y = x`),
  E0246: model(`
- input x: ["wide"]
+ input x: [8]
  output y = relu(x)`),
  E0247: model(`
- input x: [0]
+ input x: [8]
  output y = relu(x)`),
  E0248: model(`
  input x: [8, 3]
- output y = mean(x, over: 1)
+ output y = mean(x, over: -2)`),
  E0249: model(`
  input x: [8, 3]
- output y = mean(x, over: -4)
+ output y = mean(x, over: -1)`),
  E0250: file(`
  model Net(n: int = 8) {
    input x: [n, n]
-   output y = mean(x, over: n)
+   output y = mean(x, over: -1)
  }`),
  E0251: model(`
  input x: [8]
- for k in 3 { x = x -> dense(8) }
+ for k in 0..3 { x = x -> dense(8) }
  output y = x`),
  E0258: model(`
  input x: [8]
- output y = x + normal()
+ output y = x + normal(like: x)`),
  E0259: model(`
  input x: [8]
- a, b, c = split(x, 3)
- output y = a + b + c
+ a, b = split(x, 2)
+ output y = a + b`),
  E0260: model(`
  input x: [8]
  half = 1 / 2
- output y = x * half[0]
+ output y = x * half`),
  E0261: model(`
  input x: [8]
- output y = x[:, 0, 0]
+ output y = x[:, 0]`),
  E0262: model(`
  input x: [8]
  widths = [16, 32]
- output y = x -> dense(widths[2])
+ output y = x -> dense(widths[1])`),
  E0310: model(
    `
  input x: [400]
  output y = x @ grid`,
    `
- const grid = table(400, 400)
+ const grid = table(400, 2)

  layer table(n: int, m: int) -> [n, m] {
    y[i < n, j < m] = i * j
    return y
  }
`,
  ),
};
