/** Owns tests of modules that whole programs become: kinds of kernels agree, training goes on, the parts fit. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, type CompileRequest } from "../../src/compile.ts";
import { bundledSize, importText } from "./load.ts";

type Batch = Readonly<Record<string, ArrayLike<number>>>;

interface Model {
  predict(inputs: Batch): Readonly<Record<string, Float32Array>>;
  evaluate(batch: Batch): Readonly<Record<string, number>>;
  step(batch: Batch): Readonly<Record<string, number>>;
  gradients(
    batch: Batch,
    options?: { readonly loss?: string; readonly training?: boolean },
  ): { readonly gradients: Readonly<Record<string, Float32Array>> };
  fit(batch: Batch, options?: object): Promise<{ readonly steps: number }>;
  readonly parameters: readonly { readonly name: string }[] & {
    get(name: string): Float32Array;
    set(name: string, values: ArrayLike<number>): void;
  };
  save(): Uint8Array;
}

interface ModelClass {
  create(options?: { readonly seed?: number }): Promise<Model>;
  load(bytes: Uint8Array, options?: { readonly resume?: boolean }): Promise<Model>;
}

function moduleText(program: string, options: Partial<CompileRequest>): string {
  const source = { name: "program.nn", text: program };
  const { module, diagnostics } = compile({
    entry: source.name,
    sources: new Map([[source.name, source]]),
    language: "javascript",
    kernels: "auto",
    inference: false,
    ...options,
  });
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return module.text;
}

async function classOf(program: string, options: Partial<CompileRequest> = {}): Promise<ModelClass> {
  const exported = await importText<Record<string, ModelClass>>(moduleText(program, options));
  return exported["Digits"] ?? exported["Iris"]!;
}

const example = (name: string) => readFileSync(new URL(`../../examples/${name}.nn`, import.meta.url), "utf8");
const digits = example("digits");
const iris = example("iris");

/** Pictures that a network can learn: a bright row says which digit it is. */
function pictures(count: number): Batch {
  const digit = Int32Array.from({ length: count }, (_, k) => (k * 7) % 8);
  const pixels = Float32Array.from({ length: count * 64 }, (_, at) => {
    const [sample, row] = [Math.floor(at / 64), Math.floor((at % 64) / 8)];
    return row === digit[sample] ? 10 + ((at * 5) % 6) : (at * 13) % 5;
  });
  return { pixels, digit };
}

function flowers(count: number): Batch {
  const species = Int32Array.from({ length: count }, (_, k) => k % 3);
  const lengths = Float32Array.from(
    { length: count * 4 },
    (_, at) => 5 + (Math.floor(at / 4) % 3) * (at % 4) + Math.sin(at * 1.7),
  );
  return { lengths, species };
}

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(wanted.length);
  const size = Math.max(...Array.from(wanted, Math.abs), 1e-6);
  for (let i = 0; i < wanted.length; i += 1)
    expect(Math.abs(actual[i]! - wanted[i]!)).toBeLessThan(tolerance * size);
}

const kinds: readonly (readonly [string, Partial<CompileRequest>])[] = [
  ["scalar, written out", { kernels: "scalar", writtenOut: "always" }],
  ["scalar, in loops", { kernels: "scalar", writtenOut: "never" }],
  ["simd", { kernels: "simd" }],
];

describe.each(kinds)("kernels: %s", (_, options) => {
  it.each([
    ["digits", digits, pictures(75)],
    ["iris", iris, flowers(40)],
  ])(
    "%s computes as in double precision",
    async (_name, program, data) => {
      const exact = await (
        await classOf(program, { kernels: "scalar", precision: "double" })
      ).create({ seed: 3 });
      const model = await (await classOf(program, options)).create({ seed: 3 });
      for (const training of [true, false]) {
        const wanted = exact.gradients(data, { training }).gradients;
        const got = model.gradients(data, { training }).gradients;
        for (const { name } of exact.parameters) expectClose(got[name]!, wanted[name]!, 1e-4);
      }
      for (let step = 0; step < 5; step += 1)
        expect(model.step(data)["loss"]).toBeCloseTo(exact.step(data)["loss"]!, 4);
      expectClose(Object.values(model.predict(data))[0]!, Object.values(exact.predict(data))[0]!, 1e-3);
      expect(model.evaluate(data)["loss"]).toBeCloseTo(exact.evaluate(data)["loss"]!, 3);
    },
    60_000,
  );

  it("goes on to the bit", async () => {
    const Digits = await classOf(digits, options);
    const data = pictures(130);
    const whole = await Digits.create({ seed: 5 });
    await whole.fit(data, { epochs: 4 });
    const stop = new AbortController();
    const first = await Digits.create({ seed: 5 });
    const onStep = ({ step }: { step: number }) => step === 7 && stop.abort();
    const { steps } = await first.fit(data, { epochs: 4, signal: stop.signal, onStep });
    expect(steps).toBe(7);
    const second = await Digits.load(first.save(), { resume: true });
    await second.fit(data, { epochs: 4 });
    expect(second.save()).toEqual(whole.save());
  }, 60_000);

  it("does not let neighbours change a sample's bits", async () => {
    const Digits = await classOf(digits, options);
    const model = await Digits.create({ seed: 5 });
    const { pixels } = pictures(70) as { pixels: Float32Array };
    const { probs } = model.predict({ pixels });
    for (const k of [0, 31, 32, 69])
      expect(model.predict({ pixels: pixels.slice(k * 64, k * 64 + 64) })["probs"]).toEqual(
        probs!.slice(k * 10, k * 10 + 10),
      );
  }, 60_000);

  it("keeps parameters row-major for the caller", async () => {
    const Digits = await classOf(digits, options);
    const model = await Digits.create();
    for (const { name } of model.parameters) {
      const values = model.parameters.get(name).map((_, k) => k + 0.5);
      model.parameters.set(name, values);
      expect(model.parameters.get(name)).toEqual(values);
    }
  }, 60_000);
});

describe("states that are fitted to the data", () => {
  it("are means and deviations of the part that is trained on, once", async () => {
    const Iris = await classOf(iris);
    const data = flowers(30) as { lengths: Float32Array; species: Int32Array };
    const model = await Iris.create();
    await model.fit(data, { epochs: 1, validation: false });
    const mean = (k: number) =>
      Array.from({ length: 30 }, (_, s) => data.lengths[s * 4 + k]!).reduce((a, b) => a + b) / 30;
    const { decodeTensors } = await import("../../src/runtime/safetensors.ts");
    const center = decodeTensors(model.save()).tensors.get("logits.standardize.center")!.values;
    expectClose(center, [0, 1, 2, 3].map(mean), 1e-6);
    await model.fit({ lengths: data.lengths.map((x) => x + 100), species: data.species }, { epochs: 1 });
    expect(decodeTensors(model.save()).tensors.get("logits.standardize.center")!.values).toEqual(center);
  });
});

describe("size", () => {
  it.each(["scalar", "simd"] as const)("of what only predicts digits is under 8 KB (%s)", async (kernels) => {
    const text = moduleText(digits, { kernels, inference: true });
    expect(await bundledSize(text)).toBeLessThan(8 * 1024);
  });
});
