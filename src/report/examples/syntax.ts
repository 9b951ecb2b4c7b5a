/** Owns the examples of what the scanner and the parser say. */
import { type Example, file, model } from "./example.ts";

export const syntax: Readonly<Record<string, Example>> = {
  E0101: model(`
  input x: [8]
- output y = x × 2
+ output y = x * 2`),
  E0102: model(
    `
  input x: [8]
  output y = x -> at_least(2)`,
    `
  layer at_least(x: [batch, n], least: int) -> [batch, n] {
-   require n >= least, "there is too little of it
+   require n >= least, "there is too little of it"
    return x
  }
`,
  ),
  E0104: model(`
  input x: [8]
- output y = x dense(4)
+ output y = x -> dense(4)`),
  E0105: model(`
  input x: [8]
- in = x -> dense(4)
+ inner = x -> dense(4)
  output y = x`),
  E0106: model(`
  input x: [8]
- output y = relu(dense(x, 4)
+ output y = relu(dense(x, 4))`),
  E0107: model(`
  input x: [8]
- output y = dense(x, 4))
+ output y = dense(x, 4)`),
  E0109: file(`
- // To be written.
+ model Net {
+   input x: [8]
+   output y = x -> dense(4)
+ }`),
  E0110: model(`
  input x: [8]
- output y = .5 * x
+ output y = 0.5 * x`),
  E0112: model(
    `
  input x: [8]
  output y = x -> at_least(2)`,
    `
  layer at_least(x: [batch, n], least: int) -> [batch, n] {
-   require n >= least, "less than \\d"
+   require n >= least, "less than \\\\d"
    return x
  }
`,
  ),
};
