/** Owns ConvNetJS in the race. Its published version has no Adam: it trains with momentum, in double precision. */
import { createRequire } from "node:module";
import { serve } from "../stand.ts";
import { rate, trained } from "../workloads.ts";

interface Volume {
  readonly w: Float64Array;
}

interface Library {
  readonly Net: new () => { makeLayers(layers: readonly object[]): void; forward(x: Volume): Volume };
  readonly SGDTrainer: new (
    network: object,
    options: object,
  ) => { train(x: Volume, y: number): { loss: number } };
  readonly Vol: new (width: number, height: number, depth: number, fill: number) => Volume;
}

const library = createRequire(import.meta.url)("convnetjs/build/convnet.js") as Library;

const flat = (depth: number): object => ({ type: "input", out_sx: 1, out_sy: 1, out_depth: depth });
const dense = (units: number): object => ({ type: "fc", num_neurons: units, activation: "relu" });
const scores = (classes: number): object => ({ type: "softmax", num_classes: classes });
const convolution = (filters: number): readonly object[] => [
  { type: "conv", sx: 5, filters, stride: 1, pad: 0, activation: "relu" },
  { type: "pool", sx: 2, stride: 2 },
];

/** Made anew for each network, because the library writes into them. */
const layers: Readonly<Record<string, () => readonly object[]>> = {
  W1: () => [flat(4), dense(16), dense(16), scores(3)],
  W2: () => [flat(784), dense(128), scores(10)],
  W3: () => [
    { type: "input", out_sx: 28, out_sy: 28, out_depth: 1 },
    ...convolution(8),
    ...convolution(16),
    scores(10),
  ],
};

serve((workload, metric) => {
  if (workload !== "W1" && workload !== "W2" && workload !== "W3") return null;
  const { x, y, batch } = trained(workload);
  const network = new library.Net();
  network.makeLayers(layers[workload]!());
  const size = x.data.length / batch;
  const samples = Array.from({ length: batch }, (_, sample) => {
    const volume = workload === "W3" ? new library.Vol(28, 28, 1, 0) : new library.Vol(1, 1, size, 0);
    for (let place = 0; place < size; place++) volume.w[place] = x.data[sample * size + place]!;
    return volume;
  });
  const note = "momentum instead of Adam, double precision";
  if (metric === "train") {
    const trainer = new library.SGDTrainer(network, {
      method: "sgd",
      learning_rate: rate,
      momentum: 0.9,
      batch_size: batch,
      l2_decay: 0,
    });
    const run = (): number => samples.reduce((sum, one, k) => sum + trainer.train(one, y[k]!).loss, 0);
    return { run, note };
  }
  if (metric === "infer 64" && workload !== "W2") return null;
  const predicted = metric === "infer 64" ? samples : samples.slice(0, 1);
  return {
    run: () => {
      for (const one of predicted) network.forward(one);
    },
    note,
  };
});
