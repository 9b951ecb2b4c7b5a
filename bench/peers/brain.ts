/**
 * Owns brain.js in the race, on the processor. It trains other mathematics: sample by sample, sigmoids and squared error;
 * a step is as many samples as a batch has. Its recurrent networks predict their own input and are left out.
 */
import { createRequire } from "node:module";
import { serve } from "../stand.ts";
import { rate, trained } from "../workloads.ts";

interface Network {
  initialize(): void;
  updateTrainingOptions(options: object): void;
  trainPattern(pattern: { input: Float32Array; output: Float32Array }, logging: boolean): number;
  run(input: Float32Array): Float32Array;
}

const { NeuralNetwork } = createRequire(import.meta.url)("brain.js") as {
  NeuralNetwork: new (options: object) => Network;
};
const hidden: Readonly<Record<string, readonly number[]>> = { W1: [16, 16], W2: [128] };

serve((workload, metric) => {
  if (workload !== "W1" && workload !== "W2") return null;
  const { x, y, batch, classes } = trained(workload);
  const inputSize = x.shape[1]!;
  const network = new NeuralNetwork({
    inputSize,
    hiddenLayers: hidden[workload],
    outputSize: classes,
    activation: "sigmoid",
  });
  network.updateTrainingOptions({ praxis: "adam", learningRate: rate });
  network.initialize();
  const samples = Array.from({ length: batch }, (_, sample) => ({
    input: (x.data as Float32Array).slice(sample * inputSize, (sample + 1) * inputSize),
    output: Float32Array.from({ length: classes }, (_, place) => (place === y[sample] ? 1 : 0)),
  }));
  const note = "sample by sample, sigmoid, squared error";
  if (metric === "train") {
    return { run: () => samples.reduce((sum, one) => sum + network.trainPattern(one, true), 0), note };
  }
  const predicted = metric === "infer 64" ? samples : samples.slice(0, 1);
  return { run: () => predicted.map(({ input }) => network.run(input)), note };
});
