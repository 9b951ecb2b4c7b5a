/** Owns following a whole training run of PyTorch, step by step. */
import type { Checksum, Trajectory } from "./cases.ts";
import { difference } from "../support/difference.ts";
import { type Machine, classOf } from "../support/machine.ts";

/** 8-16-8-3 with relu, as the case describes it in words. */
function programText({ hyper: { lr, betas, eps } }: Trajectory): string {
  return `model Probe {
  input x: [8]
  target y: index(3)
  logits = x -> dense(16) -> relu -> dense(8) -> relu -> dense(3)
  output scores = logits
  loss cross_entropy(logits, y)
}

train Probe {
  minimize: loss with adam(rate: ${lr}, beta1: ${betas[0]}, beta2: ${betas[1]}, epsilon: ${eps})
  batch: 8
  epochs: 1
}
`;
}

const parameterNames: Readonly<Record<string, string>> = {
  "dense1.w": "logits.dense.w",
  "dense1.b": "logits.dense.b",
  "dense2.w": "logits.dense_2.w",
  "dense2.b": "logits.dense_2.b",
  "dense3.w": "logits.dense_3.w",
  "dense3.b": "logits.dense_3.b",
};

function checksumOf(values: ArrayLike<number>): Checksum {
  const all = Array.from(values);
  return {
    sum: all.reduce((sum, value) => sum + value, 0),
    l2: Math.sqrt(all.reduce((sum, value) => sum + value * value, 0)),
    first: all[0]!,
    last: all.at(-1)!,
  };
}

export async function runTrajectory(of: Trajectory, machine: Machine): Promise<readonly string[]> {
  const modelClass = await classOf(programText(of), "Probe", machine);
  const model = await modelClass.create({ seed: 1 });
  for (const [name, { data }] of Object.entries(of.init)) model.parameters.set(parameterNames[name]!, data);
  const batchOf = (place: number) => {
    const { x, target: y } = of.batches[place]!;
    return { x: x.data, y: y.data };
  };
  const problems: (string | null)[] = [];
  const compare = (what: string, got: ArrayLike<number>, reference: ArrayLike<number>, atol: number) =>
    problems.push(
      difference(
        what,
        got,
        reference,
        machine.precision === "double" ? { rtol: 1e-7, atol: 1e-8 } : { rtol: 0, atol },
      ),
    );
  const compareSums = (what: string, got: ArrayLike<number>, reference: Checksum, atol: number) => {
    const ours = checksumOf(got);
    for (const key of ["sum", "l2", "first", "last"] as const) {
      const due = reference[key];
      if (due !== undefined) compare(`${what}: ${key}`, [ours[key]!], [due], atol);
    }
  };
  // About twenty times what PyTorch's own single precision is off.
  const ofLoss = 20 * of.f32_observed.max_loss_difference;
  const ofSums = 20 * of.f32_observed.max_final_checksum_difference;

  const first = batchOf(of.batch_of_step[0]!);
  compare(
    "scores before the first step",
    model.predict({ x: first.x })["scores"] as ArrayLike<number>,
    of.logits_step0.data,
    ofSums,
  );
  const { gradients } = model.gradients(first);
  for (const [name, sums] of Object.entries(of.grads_step0))
    compareSums(`gradient of ${name}`, gradients[parameterNames[name]!]!, sums, ofSums);

  const losses = of.batch_of_step.map((place) => model.step(batchOf(place))["loss"]!);
  compare("loss of step", losses, of.losses, ofLoss);
  for (const [name, sums] of Object.entries(of.final))
    compareSums(name, model.parameters.get(parameterNames[name]!), sums, ofSums);
  const final = of.batches.map((_, place) => model.evaluate(batchOf(place))["loss"]!);
  compare("final loss of batch", final, of.final_batch_losses, ofLoss);
  return problems.filter((problem) => problem !== null);
}
