/**
 * Owns the view of both sides of the cliff: scalar code of one dense layer of n by n, written out as straight lines, in
 * the compiler's loops (blocked by registers), and in plain loops by hand. V8 stops optimizing a function past about
 * 61 KB of bytecode, where straight lines become many times slower. `npm run cliff` in this folder.
 */
import { generate } from "./generated.ts";
import { measure, table, type Contestant } from "./measure.ts";

const sizes = [4, 8, 16, 24, 26, 28, 30, 32, 40, 48, 64, 96];
const samples = 16;

function modelText(n: number): string {
  return `model Cliff {
  input x: [${n}]
  target t: [${n}]
  y = x -> dense(${n}) -> relu
  output guess = y
  loss mse(y, t)
}
train Cliff {
  minimize: loss with sgd(rate: 0.1)
  batch: ${samples}
  epochs: 1
}
`;
}

async function generated(n: number, writtenOut: "always" | "never"): Promise<Contestant> {
  const { session } = await generate("cliff.nn", modelText(n), {
    kernels: "scalar",
    inference: true,
    writtenOut,
  });
  const predict = session.routines["predict"]!;
  const reset = (): void => session.floats.forEach((_, i) => (session.floats[i] = Math.sin(i)));
  return {
    name: writtenOut === "always" ? "straight" : "loops",
    reset,
    run: () => predict(samples, 0, 0, 0),
  };
}

/** Three nested loops, one output at a time. */
function plain(n: number): Contestant {
  const [x, w, b, y] = [n * samples, n * n, n, n * samples].map((size) => new Float32Array(size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const reset = (): void =>
    [x, w, b].forEach((values) => values.forEach((_, i) => (values[i] = Math.sin(i))));
  const run = (): void => {
    for (let s = 0; s < samples; s++) {
      for (let j = 0; j < n; j++) {
        let sum = b[j]!;
        for (let i = 0; i < n; i++) sum += x[s * n + i]! * w[i * n + j]!;
        y[s * n + j] = Math.max(sum, 0);
      }
    }
  };
  return { name: "plain", reset, run };
}

const rows = [["n", "multiply-adds", "straight ns", "loops ns", "plain ns", "straight / loops"]];
for (const n of sizes) {
  const contestants = [await generated(n, "always"), await generated(n, "never"), plain(n)];
  const times = measure(contestants, { rounds: 5, chunk: 30, warm: 300 });
  const each = times.map(({ median }) => (median * 1000) / samples);
  const [straight, loops] = [each[0]!, each[1]!];
  rows.push([
    String(n),
    String(n * n),
    ...each.map((time) => time.toFixed(0)),
    (straight / loops).toFixed(2),
  ]);
  console.error(
    JSON.stringify({ n, multiplyAdds: n * n, straight, loops, plain: each[2], unit: "ns/sample" }),
  );
}
console.log(table(rows));
