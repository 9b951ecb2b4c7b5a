/** Owns the examples of what is said about index notation and recurrences. */
import { type Example, model } from "./example.ts";

export const notation: Readonly<Record<string, Example>> = {
  E0283: model(`
  input x: [8]
- y[b, i < 2, j < 3] = x[b, i * j]
+ y[b, i < 2, j < 3] = x[b, i + j]
  output y = y`),
  E0284: model(`
  input x: [8]
- y[b, b] = x[b, b]
+ y[b, i] = x[b, i]
  output y = y`),
  E0285: model(`
  input x: [8]
- y[b, t] = x[b, 2 * t]
+ y[b, t < 4] = x[b, 2 * t]
  output y = y`),
  E0286: model(`
  input x: [8]
- param w: [9, 2] = zeros()
+ param w: [8, 2] = zeros()
  y[b, o] = sum(x[b, i] * w[i, o], over: i)
  output y = y`),
  E0287: model(`
  input x: [8, 3]
- y[b, t] = sum(x[b, t, c])
+ y[b, t] = sum(x[b, t, c], over: c)
  output y = y`),
  E0288: model(`
  input x: [8]
- y[b, t < 8] = sum(x[b, t + k], over: k < 3)
+ y[b, t < 6] = sum(x[b, t + k], over: k < 3)
  output y = y`),
  E0289: model(`
  input x: [8, 3]
- y[b, t] = x[b, t]
+ y[b, t] = x[b, t, 0]
  output y = y`),
  E0401: model(`
  input x: [6, 8]
- scan t over 2 * 3.5 / 2 {
+ scan t over 6 {
    carry h: [batch, 8] = zeros()
    next h = h + x[:, t]
  }
  output y = h`),
  E0402: model(`
  input x: [6, 8]
  scan t over 6 {
    carry hidden: [batch, 8] = zeros()
-   next sum = hidden + x[:, t]
    next hidden = tanh(hidden + x[:, t])
  }
  output y = hidden`),
  E0403: model(`
  input x: [6, 8]
  scan t over 6 {
    carry h: [batch, 8] = zeros()
-   collect hs: [batch, 6, 8] = h + x[:, t]
+   next h = h + x[:, t]
  }
  output y = h`),
  E0404: model(`
  input x: [6, 8]
  scan t over 6 {
    carry h: [batch, 8] = zeros()
-   next h = concat(h, x[:, t])
+   next h = h + x[:, t]
  }
  output y = h`),
  E0405: model(`
  input x: [6, 8]
  scan t over 6 {
    carry h: [batch, 8] = zeros()
    next h = h + x[:, t]
-   collect hs: [batch, 8, 6, 2] = h
+   collect hs: [batch, 6, 8] = h
  }
  output y = hs`),
  E0406: model(`
  input x: [8, 8]
+ time = 8
- scan t over 8 {
+ scan t over time {
    carry h: [batch, 8] = zeros()
    next h = h + x[:, t]
-   collect hs: [batch, 8, 8] = h
+   collect hs: [batch, time, 8] = h
  }
  output y = hs`),
  E0407: model(`
  input x: [6, 8]
- scan t over 6 {
-   carry h: [batch, 8] = zeros()
-   next h = batch_norm(h + x[:, t])
- }
+ normal_x = x -> batch_norm
+ scan t over 6 {
+   carry h: [batch, 8] = zeros()
+   next h = h + normal_x[:, t]
+ }
  output y = h`),
};
