/** Owns synaptic in the race. It trains other mathematics: sample by sample, sigmoids and squared error, double precision. */
import { createRequire } from "node:module";
import { serve } from "../stand.ts";
import { trained } from "../workloads.ts";

interface Network {
  activate(input: readonly number[]): readonly number[];
  propagate(rate: number, target: readonly number[]): void;
}

const { Architect } = createRequire(import.meta.url)("synaptic") as {
  Architect: { Perceptron: new (...sizes: readonly number[]) => Network };
};
const sizes: Readonly<Record<string, readonly number[]>> = { W1: [4, 16, 16, 3], W2: [784, 128, 10] };

serve((workload, metric) => {
  // A step of W2 takes it a second.
  if (workload !== "W1" && !(workload === "W2" && metric === "infer 1")) return null;
  const { x, y, batch, classes } = trained(workload);
  const size = x.shape[1]!;
  const network = new Architect.Perceptron(...sizes[workload]!);
  const samples = Array.from({ length: batch }, (_, sample) => ({
    input: [...x.data.slice(sample * size, (sample + 1) * size)],
    target: Array.from({ length: classes }, (_, place) => (place === y[sample] ? 1 : 0)),
  }));
  const note = "sample by sample, sigmoid, squared error, double precision";
  if (metric !== "train") return { run: () => network.activate(samples[0]!.input), note };
  return {
    run: () => {
      for (const { input, target } of samples) {
        network.activate(input);
        network.propagate(0.01, target);
      }
    },
    note,
  };
});
