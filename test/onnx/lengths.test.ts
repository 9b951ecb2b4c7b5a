/** Owns the proof that samples of different lengths, padded to the longest and given with their lengths, come out as each alone. */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { decidedLengthGiven, emitOnnx, functionsInUse } from "../../src/backends/onnx/emit.ts";
import { resolveDimension } from "../../src/ir/dimension.ts";
import type { TensorType } from "../../src/ir/type.ts";
import { parametersOf } from "../laws/network.ts";
import {
  type Sample,
  alone,
  lengthsOf,
  networkOf,
  programs,
  samplesOf,
  sizesOf,
} from "../lengths/samples.ts";
import { difference } from "../support/difference.ts";

const tolerance = { rtol: 1e-5, atol: 1e-5 };

/** Whether an output ends where its numbers say, which no output of a model can. */
function decides(program: (typeof programs)[number]): boolean {
  return decidedLengthGiven(functionsInUse(networkOf(program))[0]!.fn) !== null;
}

it("finds the outputs that end where their numbers say", () => {
  expect(programs.filter(decides).map(({ name }) => name)).toEqual(["decided", "growing"]);
});

describe.each(programs.filter((program) => !decides(program)))("$name", (program) => {
  const network = networkOf(program);
  const parameters = parametersOf(network, 11);
  const weights = new Map(
    network.parameters.map(({ name, type }) => [
      name,
      { shape: type.shape.map(({ constant }) => constant), values: Float32Array.from(parameters[name]!) },
    ]),
  );
  const bytes = emitOnnx({ ...functionsInUse(network)[0]!, weights });

  /** The longest of all samples along each length. */
  function longest(samples: readonly Sample[]): ReturnType<typeof sizesOf> {
    const own = samples.map((sample) => sizesOf(network, sample));
    return new Map(
      [...own[0]!.keys()].map((symbol) => [symbol, Math.max(...own.map((sizes) => sizes.get(symbol)!))]),
    );
  }

  /** Where the elements of a sample lie among those of one as long as the longest. */
  function placesOf(
    { shape }: TensorType,
    sample: Sample,
    most: ReturnType<typeof sizesOf>,
  ): readonly number[] {
    const sizes = sizesOf(network, sample);
    return shape.slice(1).reduce<readonly number[]>(
      (places, dimension) => {
        const [own, whole] = [resolveDimension(dimension, sizes), resolveDimension(dimension, most)];
        return places.flatMap((place) => Array.from({ length: own }, (_, at) => place * whole + at));
      },
      [0],
    );
  }

  it("is in onnxruntime what the interpreter makes of each sample alone", async () => {
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
    const problems: (string | null)[] = [];
    for (const samples of [samplesOf(network, 5, 3), samplesOf(network, 3, 8, 4)]) {
      const most = longest(samples);
      const sizeOf = ({ shape }: TensorType): readonly number[] =>
        shape.slice(1).map((dimension) => resolveDimension(dimension, most));
      const feeds: Record<string, Tensor> = {};
      for (const { name, type } of network.inputs) {
        const dims = sizeOf(type);
        const size = dims.reduce((product, extent) => product * extent, 1);
        const whole = type.element.kind === "index";
        // What is not to be seen would spoil every sum.
        const values = samples.flatMap((sample) => {
          const row = Array.from({ length: size }, (): number => (whole ? 0 : 1e30));
          placesOf(type, sample, most).forEach((place, k) => (row[place] = sample.numbers[name]![k]!));
          return row;
        });
        const shape = [samples.length, ...dims];
        feeds[name] = whole
          ? new Tensor("int64", BigInt64Array.from(values.map(BigInt)), shape)
          : new Tensor("float32", Float32Array.from(values), shape);
      }
      for (const { name } of lengthsOf(network)) {
        const lengths = samples.map(({ sizes }) => BigInt(sizes.get(name)!));
        const input = session.inputNames.find((one) => one === "lengths" || one === `lengths_${name}`);
        if (input !== undefined)
          feeds[input] = new Tensor("int64", BigInt64Array.from(lengths), [samples.length]);
      }
      expect(Object.keys(feeds).sort()).toEqual([...session.inputNames].sort());
      const results = await session.run(feeds);
      for (const [place, sample] of samples.entries()) {
        const expected = alone(network, network.predict, sample, parameters, place);
        for (const { name, type } of network.outputs) {
          const { data } = results[name]!;
          const size = data.length / samples.length;
          const found = placesOf(type, sample, most).map((at) => Number(data[place * size + at]));
          const reference = expected[`output:${name}`]!;
          // The largest of no window at all is the same infinity on both sides, and no number to take a distance from.
          const theirs = reference.map((value, k) => (Object.is(value, found[k]) ? 0 : value));
          const ours = found.map((value, k) => (Object.is(value, reference[k]) ? 0 : value));
          problems.push(difference(`${name} of sample ${place}`, ours, theirs, tolerance));
        }
      }
    }
    await session.release();
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  }, 60_000);
});
