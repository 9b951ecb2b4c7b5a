/**
 * Owns what `--kernels auto` decides by: tiny networks as straight lines and as WebAssembly, a training step and the
 * prediction of one sample, with the size of their modules. `npm run tiny` in this folder.
 */
import { gzipSync } from "node:zlib";
import { type Generated, generate } from "./generated.ts";
import { type Contestant, measure, table } from "./measure.ts";

/** Inputs, hidden units, classes, samples a step. */
const networks = [
  [1, 1, 2, 1],
  [2, 2, 2, 4],
  [2, 4, 2, 8],
  [4, 4, 3, 16],
  [4, 8, 3, 16],
  [8, 8, 4, 16],
  [8, 16, 4, 32],
  [16, 16, 8, 16],
] as const;

function modelText([inputs, hidden, classes, batch]: (typeof networks)[number]): string {
  return `model Tiny {
  input x: [${inputs}]
  target y: index(${classes})
  scores = x -> dense(${hidden}) -> tanh -> dense(${classes})
  output p = softmax(scores)
  loss cross_entropy(scores, y)
}
train Tiny {
  minimize: loss with adam(0.01)
  batch: ${batch}
  epochs: 1
}
`;
}

function contestants(
  { inside, session }: Generated,
  [inputs, , classes, batch]: (typeof networks)[number],
): {
  readonly step: Contestant;
  readonly one: Contestant;
} {
  const { plan } = inside;
  const x = Float32Array.from({ length: inputs * batch }, (_, i) => Math.sin(i));
  const y = Int32Array.from({ length: batch }, (_, i) => i % classes);
  inside.feedOf!([...plan.inputs, ...plan.targets!], { x, y }).load(session, 0, batch);
  for (const parameter of plan.parameters) {
    const length = parameter.shape.reduce((all, extent) => all * extent, 1);
    inside.writeTensor!(
      session,
      parameter,
      Float32Array.from({ length }, (_, i) => Math.cos(3 * i + 1) / 2),
    );
  }
  const start = session.floats.slice();
  const still = { count: batch, load: () => undefined };
  const reset = (): void => {
    session.floats.set(start);
    session.step = 0;
  };
  const predict = session.routines["predict"]!;
  return {
    step: { name: "step", reset, run: () => inside.trainStep!(session, still) },
    one: { name: "one", reset, run: () => predict(1, 0, 0, 0) },
  };
}

const rows = [["network", "kernels", "us/step", "us/prediction", "gzip", "gzip, inference"]];
for (const network of networks) {
  for (const kernels of ["scalar", "simd"] as const) {
    const options = { kernels, writtenOut: "always" } as const;
    const training = await generate("tiny.nn", modelText(network), { ...options, inference: false });
    const inference = await generate("tiny.nn", modelText(network), { ...options, inference: true });
    const { step, one } = contestants(training, network);
    const times = measure([step, one], { rounds: 5, chunk: 40, warm: 300 });
    rows.push([
      `${network.slice(0, 3).join("-")}, batch ${network[3]}`,
      kernels === "scalar" ? "straight" : "WebAssembly",
      ...times.map(({ median }) => median.toFixed(3)),
      ...[training, inference].map(({ text }) => String(gzipSync(text).length)),
    ]);
  }
}
console.log(table(rows));
