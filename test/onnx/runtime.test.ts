/** Owns the proof that ONNX models compute what the module computes: every program, in onnxruntime of Node and of the web. */
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { lengthNotExported } from "../../src/backends/onnx/emit.ts";
import { difference } from "../support/difference.ts";
import { type Case, casesOf, networkIn, programs } from "./programs.ts";

/** Sums run in another order there, in single precision; the module here is in double. */
const tolerance = { rtol: 1e-5, atol: 1e-5 };
/** 200 steps, each a network of its own, carry that error on and on. */
const ofLongChains = { rtol: 2e-4, atol: 2e-4 };

type Runtime = Pick<typeof node, "InferenceSession" | "Tensor">;
web.env.wasm.numThreads = 1;
const runtimes: Readonly<Record<string, Runtime>> = { node, web: web as unknown as Runtime };

async function run(
  { InferenceSession, Tensor }: Runtime,
  { bytes, inputs, noises }: Case,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const drawn = session.inputNames.filter((name) => !(name in inputs));
  expect(drawn).toHaveLength(noises.length);
  const noise = Object.fromEntries(drawn.map((name, place) => [name, noises[place]!]));
  const feeds = Object.fromEntries(
    Object.entries({ ...inputs, ...noise }).map(([name, { sort, dims, values }]) => [
      name,
      sort === "whole"
        ? new Tensor("int64", BigInt64Array.from(values.map(BigInt)), dims)
        : sort === "truth"
          ? new Tensor("bool", Uint8Array.from(values), dims)
          : new Tensor("float32", Float32Array.from(values), dims),
    ]),
  );
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [
      name,
      Array.from(data as ArrayLike<number | bigint>, Number),
    ]),
  );
}

const known = [...programs].filter(([, text]) => networkIn(text) !== null);
const isRefused = (text: string) => lengthNotExported(networkIn(text)!.predict) !== null;
const taken = known.filter(([, text]) => !isRefused(text));

it("refuses lengths that are made of lengths that are made", () => {
  expect(known.filter(([, text]) => isRefused(text)).map(([name]) => name)).toEqual(["north-star/speech"]);
});

describe.each(taken)("%s", (program, text) => {
  const allowed = program === "examples/diffusion" ? ofLongChains : tolerance;

  it("computes the same in onnxruntime, whatever the batch", async () => {
    const problems: (string | null)[] = [];
    for (const one of await casesOf(text, [3, 1])) {
      for (const [runtime, library] of Object.entries(runtimes)) {
        if (runtime === "web" && !one.name.endsWith("of 3")) continue;
        const results = await run(library, one);
        expect(Object.keys(results).sort()).toEqual(Object.keys(one.outputs).sort());
        for (const [output, reference] of Object.entries(one.outputs))
          problems.push(
            difference(`${output}, ${one.name} in ${runtime}`, results[output]!, reference, allowed),
          );
      }
    }
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  }, 60_000);
});
