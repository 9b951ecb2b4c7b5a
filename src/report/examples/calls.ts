/** Owns the examples of what is said about calls: arguments, options, results. */
import { type Example, model } from "./example.ts";

export const calls: Readonly<Record<string, Example>> = {
  E0205: model(`
  input word: index(50)
- output y = word -> dense(3)
+ output y = word -> embedding(16) -> dense(3)`),
  E0206: model(`
  input x: [8]
- output y = x -> dense(unit: 3)
+ output y = x -> dense(units: 3)`),
  E0207: model(`
  input x: [8]
- output y = x -> dense(3, units: 4)
+ output y = x -> dense(units: 4)`),
  E0208: model(`
  input x: [8]
- output y = x -> relu(3)
+ output y = x -> relu`),
  E0209: model(`
  input x: [8]
- output y = x -> dense
+ output y = x -> dense(4)`),
  E0210: model(`
  input x: [8]
- output y = x -> dense("wide")
+ output y = x -> dense(64)`),
  E0211: model(`
  input x: [8]
- output y = x -> dense(7 / 2)
+ output y = x -> dense(floor(7 / 2))`),
  E0212: model(`
  input x: [8]
- output y = x -> dropout(50)
+ output y = x -> dropout(0.5)`),
  E0213: model(`
  input x: [8]
- output y = if x > 0 { x } else { 0 }
+ output y = where(x > 0, x, 0)`),
  E0214: model(
    `
  input x: [8]
  output y = x -> block(2)`,
    `
  layer block(x: [batch, n], times: int) -> [batch, n] {
-   if times { return relu(x) }
+   if times > 0 { return relu(x) }
    return x
  }
`,
  ),
  E0215: model(
    `
  input x: [8]
  output y = x -> double`,
    `
- layer double(x: [batch, n]) -> [batch, n] {
+ layer double(x: [batch, n]) -> [batch, 2 * n] {
    return concat(x, x)
  }
`,
  ),
  E0229: model(
    `
  input x: [8]
- output y = x -> deep
+ output y = x -> deep(3)`,
    `
- layer deep(x: [batch, n]) -> [batch, n] {
-   return deep(relu(x))
+ layer deep(x: [batch, n], times: int) -> [batch, n] {
+   if times == 0 { return x }
+   return deep(relu(x), times - 1)
  }
`,
  ),
  E0243: model(
    `
  input x: [8]
  output y = x -> bent`,
    `
  layer bent(x: [batch, n]) -> [batch, n] {
-   y = relu(x)
+   return relu(x)
  }
`,
  ),
  E0244: model(
    `
  input x: [8]
  a, b = x -> halves
  output y = a + b`,
    `
  layer halves(x: [batch, n]) -> [batch, n], [batch, n] {
-   return x / 2
+   return x / 2, x / 2
  }
`,
  ),
  E0245: model(
    `
  input x: [8]
- output y = x -> fold(median)
+ output y = x -> fold(mean)`,
    `
  layer fold(x: [batch, n], how: sum | mean) -> [batch] {
    return if how == sum { sum(x, over: n) } else { mean(x, over: n) }
  }
`,
  ),
  E0291: model(`
  input x: [8]
  share tower = dense(4)
- output y = tower(x, 3)
+ output y = tower(x)`),
};
