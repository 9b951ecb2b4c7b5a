/** Owns the law of varying lengths for generated modules: on every machine a sample is what it is alone, bit for bit. */
import { describe, expect, test } from "vitest";
import { parametersOf } from "../laws/network.ts";
import { difference, type Tolerance } from "../support/difference.ts";
import { type Batch, classOf, type Machine, machines, type Model } from "../support/machine.ts";
import { alone, gradientsOf, networkOf, type Program, programs, type Sample, samplesOf } from "./samples.ts";

const recipe = `
train Law {
  minimize: loss with adam(rate: 1e-2)
  batch: 4
  epochs: 2
  seed: 3
}
`;

/** As the laws of fixed sizes have it. */
function toleranceOf({ precision }: Machine): Tolerance {
  return precision === "double" ? { rtol: 1e-10, atol: 1e-11 } : { rtol: 2e-5, atol: 5e-6 };
}

async function modelOf(
  program: Program,
  machine: Machine,
  set: Readonly<Record<string, string>> = {},
): Promise<Model> {
  const model = await (await classOf(program.text + recipe, "Law", machine, set)).create({ seed: 3 });
  for (const [name, values] of Object.entries(parametersOf(networkOf(program), 11)))
    model.parameters.set(name, values);
  return model;
}

/** The samples as a caller gives them: one row of numbers each. */
function batchOf(samples: readonly Sample[]): Batch {
  const names = Object.keys(samples[0]!.numbers);
  return Object.fromEntries(names.map((name) => [name, samples.map(({ numbers }) => numbers[name]!)]));
}

type Outputs = Readonly<Record<string, readonly ArrayLike<number>[]>>;

/** Every output of every sample; those of fixed size cut apart. */
function outputsOf(model: Model, samples: readonly Sample[]): Outputs {
  const outputs = model.predict(batchOf(samples)) as unknown as Readonly<Record<string, ArrayLike<number>>>;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, values]) => {
      if (typeof values[0] !== "number") return [name, values as unknown as readonly ArrayLike<number>[]];
      const size = values.length / samples.length;
      const row = Array.from(values);
      return [name, samples.map((_, place) => row.slice(place * size, (place + 1) * size))];
    }),
  );
}

describe.each(programs)("$name", (program) => {
  const network = networkOf(program);
  const samples = samplesOf(network, 6, 3);
  const parameters = parametersOf(network, 11);

  test.each(machines)("on $name, is what the interpreter makes of each sample alone", async (machine) => {
    const model = await modelOf(program, machine);
    const tolerance = toleranceOf(machine);
    const outputs = outputsOf(model, samples);
    const problems = samples.flatMap((sample, place) =>
      Object.entries(alone(network, network.predict, sample, parameters, place)).map(([key, numbers]) =>
        difference(
          `sample ${place}, ${key}`,
          outputs[key.replace("output:", "")]![place]!,
          numbers,
          tolerance,
        ),
      ),
    );
    const few = samples.slice(0, 4);
    for (const loss of network.losses) {
      const fn = gradientsOf(network, loss, false);
      const parts = few.map((sample, place) => alone(network, fn, sample, parameters, place));
      const weights = parts.map((part) => part[`lossWeight:${loss}`]![0]!);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const { losses, gradients } = model.gradients(batchOf(few), { loss, training: false });
      const mean = parts.reduce((sum, part) => sum + part[`lossTotal:${loss}`]![0]! / total, 0);
      problems.push(difference(`loss ${loss}`, [losses[loss]!], [mean], tolerance));
      for (const [key, numbers] of Object.entries(parts[0]!)) {
        if (!key.startsWith("gradient:")) continue;
        const whole = numbers.map((_, k) =>
          parts.reduce((sum, part, place) => sum + (part[key]![k]! * weights[place]!) / total, 0),
        );
        problems.push(
          difference(`${loss}, ${key}`, gradients[key.slice("gradient:".length)]!, whole, tolerance),
        );
      }
    }
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });

  test.each(machines.filter(({ name }) => name === "scalar" || name === "simd"))(
    "on $name, has the same bits alone and beside longer samples",
    async (machine) => {
      const model = await modelOf(program, machine);
      const beside = outputsOf(model, samples);
      for (const [place, sample] of samples.entries())
        for (const [name, [own]] of Object.entries(outputsOf(model, [sample])))
          expect(Array.from(own!), `${name}, sample ${place}`).toEqual(Array.from(beside[name]![place]!));
    },
  );
});
