/** Owns the law that gradients are the slopes of the losses, by central differences through the double precision module. */
import { describe, expect, test } from "vitest";
import { difference } from "../support/difference.ts";
import { classOf, machines } from "../support/machine.ts";
import { batchOf, laws, networkOf, parametersOf } from "./network.ts";

const double = machines.find(({ precision }) => precision === "double")!;
const distance = 1e-5;

describe.each(laws)("$name", (law) => {
  test.each([true, false])("has the slopes of its loss as gradients; training: %s", async (training) => {
    const set = { n: "5" };
    const network = networkOf(law, set);
    const batch = batchOf(network, 4, 11);
    const model = await (await classOf(law.text, "Law", double, set)).create({ seed: 3 });
    const parameters = parametersOf(network, 13);
    for (const [name, values] of Object.entries(parameters)) model.parameters.set(name, values);
    const { gradients } = model.gradients(batch, { training });
    const lossAt = (name: string, place: number, by: number): number => {
      model.parameters.set(
        name,
        parameters[name]!.map((value, k) => (k === place ? value + by : value)),
      );
      return model.gradients(batch, { training }).losses["loss"]!;
    };
    const problems = Object.entries(parameters).map(([name, values]) => {
      const slopes = values.map(
        (_, place) => (lossAt(name, place, distance) - lossAt(name, place, -distance)) / (2 * distance),
      );
      model.parameters.set(name, values);
      return difference(`gradient of ${name}`, gradients[name]!, slopes, { rtol: 1e-6, atol: 1e-8 });
    });
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });
});
