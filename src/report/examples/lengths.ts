/** Owns the examples of what is said about lengths that vary. */
import { type Example, model } from "./example.ts";

export const lengths: Readonly<Record<string, Example>> = {
  E0501: model(`
  input x: [time <= 8, 3]
  scan t over time {
    carry h: [batch, 3] = zeros()
    next h = h + x[:, t]
-   collect hs: [batch, n <= 8, 3] = h
+   collect hs: [batch, time, 3] = h
  }
  output y = hs`),
  E0502: model(`
- input x: [5 <= time, 3]
+ input x: [5 <= time <= 256, 3]
  output y = mean(x, over: time)`),
  E0503: model(`
- input x: [time <= 8, 3]
+ input x: [2 <= time <= 8, 3]
  output y = if time >= 2 { mean(x, over: time) } else { x[:, 0] }`),
  E0504: model(
    `
  input x: [time <= 8, 3]
  param w: [8] = ones()
  output y = x -> weighed(w)`,
    `
  layer weighed(x: [batch, time, n], w: [limit]) -> [batch, n] {
-   total[z < 1] = sum(w[t], over: t < time)
-   return mean(x, over: time) * total[0]
+   total[b < batch] = sum(w[t], over: t < time)
+   return mean(x, over: time) * unsqueeze(total)
  }
`,
  ),
  E0505: model(`
  input x: [time <= 8, 4]
- output y = x -> reshape([batch * time, 4])
+ output y = x -> dense(4)`),
};
