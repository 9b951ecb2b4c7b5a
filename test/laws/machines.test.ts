/** Owns the law that every machine computes what the interpreter of the graph computes: outputs, losses, gradients, states. */
import { describe, expect, test } from "vitest";
import { type Tolerance, difference } from "../support/difference.ts";
import { type Machine, type Model, classOf, machines } from "../support/machine.ts";
import { readSaved } from "../support/saved.ts";
import {
  type Law,
  type Results,
  batchOf,
  counts,
  gradientsOf,
  interpret,
  isAboveCapacity,
  laws,
  networkOf,
  parametersOf,
} from "./network.ts";

const sizes = [1, 7, 17, 33];
const seed = 3;

function toleranceOf({ precision }: Machine): Tolerance {
  return precision === "double" ? { rtol: 1e-10, atol: 1e-11 } : { rtol: 2e-5, atol: 5e-6 };
}

/** The reference of one call: outputs in use, and losses, gradients and states with and without training. */
interface Expected {
  readonly outputs: Results;
  readonly gradients: readonly { readonly training: boolean; readonly results: Results }[];
}

describe.each(laws)("$name", (law) => {
  test.each(sizes)("of size %i is the same on every machine", async (size) => {
    const set = { n: String(size) };
    const network = networkOf(law, set);
    const parameters = parametersOf(network, 5);
    const calls = counts.map((count) => {
      const batch = batchOf(network, count, 7 + count);
      const given = { batch, parameters, count, seed };
      const gradients = [true, false].map((training) => ({
        training,
        results: interpret(network, gradientsOf(network, training), given),
      }));
      return { count, batch, expected: { outputs: interpret(network, network.predict, given), gradients } };
    });
    const problems: string[] = [];
    for (const machine of machines) {
      const modelClass = await classOf(law.text, "Law", machine, set);
      for (const { count, batch, expected } of calls) {
        const model = await modelClass.create({ seed });
        for (const [name, values] of Object.entries(parameters)) model.parameters.set(name, values);
        const found = differences(law, model, { count, batch, expected }, toleranceOf(machine));
        problems.push(...found.map((text) => `${machine.name}, ${count} samples: ${text}`));
      }
    }
    expect(problems).toEqual([]);
  });
});

interface Call {
  readonly count: number;
  readonly batch: Readonly<Record<string, readonly number[]>>;
  readonly expected: Expected;
}

function differences(law: Law, model: Model, call: Call, tolerance: Tolerance): readonly string[] {
  const { batch, expected, count } = call;
  const problems: (string | null)[] = [];
  const outputs = model.predict(batch);
  for (const [key, reference] of Object.entries(expected.outputs)) {
    const name = key.replace("output:", "");
    problems.push(difference(`output ${name}`, outputs[name] as ArrayLike<number>, reference, tolerance));
  }
  for (const { training, results } of expected.gradients) {
    const apart = law.together === "never" || (law.together === "in training" && !training);
    if (!apart && isAboveCapacity(count)) continue;
    const how = training ? "in training" : "in use";
    const { losses, gradients } = model.gradients(batch, { training });
    for (const [key, reference] of Object.entries(results)) {
      const [kind, name] = key.split(":") as [string, string];
      if (kind === "gradient")
        problems.push(difference(`gradient of ${name} ${how}`, gradients[name]!, reference, tolerance));
      if (kind !== "lossTotal") continue;
      const mean = reference[0]! / results[`lossWeight:${name}`]![0]!;
      problems.push(difference(`loss ${name} ${how}`, [losses[name]!], [mean], tolerance));
    }
  }
  const states = Object.entries(expected.gradients.find(({ training }) => training)!.results).filter(
    ([key]) => key.startsWith("state:"),
  );
  if (states.length > 0 && !isAboveCapacity(count)) {
    model.step(batch);
    const saved = readSaved(model.save());
    for (const [key, reference] of states) {
      const name = key.replace("state:", "");
      problems.push(difference(`state ${name}`, saved[name] ?? [], reference, tolerance));
    }
  }
  return problems.filter((problem) => problem !== null);
}
