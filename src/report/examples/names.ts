/** Owns the examples of what is said about names, imports and where statements stand. */
import { type Example, model, recipe } from "./example.ts";

export const names: Readonly<Record<string, Example>> = {
  E0201: model(`
  input x: [8]
- output y = x -> dens(4)
+ output y = x -> dense(4)`),
  E0216: model(`
  input x: [8]
- input x: [3]
- output y = x
+ input z: [3]
+ output y = concat(x, z)`),
  E0217: model(
    `
  input x: [8]
  output y = x -> twice`,
    `
  layer twice(x: [batch, n]) -> [batch, n] {
-   param w: [n] = ones()
-   param w: [n] = ones()
-   return x * w
+   param scale: [n] = ones()
+   param shift: [n] = zeros()
+   return x * scale + shift
  }
`,
  ),
  E0218: model(`
  input x: [8]
- output y = relu
+ output y = relu(x)`),
  E0219: recipe(`
- minimise: loss with adam(1e-3)
+ minimize: loss with adam(1e-3)`),
  E0223: model(
    `
  input x: [8]
  output y = x -> seen`,
    `
  layer seen(x: [batch, n]) -> [batch, n] {
-   output y = x
+   y = x
    return y
  }
`,
  ),
  E0227: model(`
  input x: [8]
- a, b, c = split(x, 2)
+ a, b = split(x, 2)
  output y = a * b`),
  E0236: model(`
  input x: [8]
  h = x -> dense(4)
- output y = h.w
+ output y = h`),
  E0237: model(`
  input x: index(50)
  share embed = embedding(4)
- all = embed.table
- output y = x -> embed
- output width = sum(all, over: 0) + x -> embed
+ y = x -> embed
+ output y = y @ transpose(embed.table)`),
  E0238: model(`
  input x: index(50)
  share embed = embedding(4)
  y = x -> embed
- output scores = y @ transpose(embed.tabel)
+ output scores = y @ transpose(embed.table)`),
  E0240: model(`
  input x: [8]
  h = x -> dense(4)
- output y = h(x)
+ output y = h * h`),
  E0241: model(`
  input x: [8]
  share tower = dense(4) -> relu
  h = tower(x)
- output y = x -> tower.dense
+ output y = x -> tower`),
  E0242: model(`
  input x: [8]
  target kind: index(3)
  scores = x -> dense(3)
- output right = accuracy(scores, kind)
+ output scores = scores
+ metric accuracy(scores, kind)`),
};
