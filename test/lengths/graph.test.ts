/** Owns the law of varying lengths: beside longer samples each is what it is alone, forwards and backwards. */
import { describe, expect, test } from "vitest";
import { verifyFunction } from "../../src/ir/verify.ts";
import { simplify, withFixedExtents } from "../../src/passes/index.ts";
import { parametersOf } from "../laws/network.ts";
import { difference } from "../support/difference.ts";
import { alone, gradientsOf, networkOf, programs, samplesOf, together } from "./samples.ts";

/** Sums along a length may be taken in another order than those of a batch. */
const tolerance = { rtol: 1e-11, atol: 1e-12 };

describe.each(programs)("$name", (program) => {
  const network = networkOf(program);
  const samples = samplesOf(network, 5, 3);
  const parameters = parametersOf(network, 11);

  test("gives each sample what it gives it alone", () => {
    const { each } = together(network, network.predict, samples, parameters);
    const problems = samples.flatMap((sample, place) =>
      Object.entries(alone(network, network.predict, sample, parameters, place)).map(([key, numbers]) =>
        difference(`sample ${place}, ${key}`, each[place]![key]!, numbers, tolerance),
      ),
    );
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });

  test.each(network.losses)("has the mean over all valid elements, and its gradients: %s", (loss) => {
    for (const training of [true, false]) {
      const fn = gradientsOf(network, loss, training);
      const { whole } = together(network, simplify(fn), samples, parameters);
      const parts = samples.map((sample, place) => alone(network, fn, sample, parameters, place));
      const weight = (part: (typeof parts)[number]): number => part[`lossWeight:${loss}`]![0]!;
      const total = parts.reduce((sum, part) => sum + weight(part), 0);
      const problems = Object.entries(whole).map(([key, numbers]) => {
        const [kind, name] = key.split(":");
        if (kind !== "gradient" && name !== loss) return null;
        const mean = numbers.map((_, k) =>
          parts.reduce(
            (sum, part) => sum + part[key]![k]! * (kind === "gradient" ? weight(part) / total : 1),
            0,
          ),
        );
        return difference(key, numbers, mean, tolerance);
      });
      expect(problems.filter((problem) => problem !== null)).toEqual([]);
    }
  });

  test("is well formed with fixed extents", () => {
    const functions = [network.predict, network.train, gradientsOf(network, "loss", true)];
    const faults = functions.flatMap((fn) => [
      ...verifyFunction(fn),
      ...verifyFunction(withFixedExtents(fn)),
      ...verifyFunction(simplify(withFixedExtents(fn))),
    ]);
    expect(faults.map(({ message }) => message)).toEqual([]);
  });
});
