import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { methodNames } from "../../src/check/model/entry.ts";
import { numbersOf } from "../support/numbers.ts";
import { compiled, moduleText, noise, programText } from "./compiled.ts";

const text = `model Coder(latent: int = 2) {
  input x: [4]
  share encoder = dense(latent)
  share decoder = dense(4)
  output again = x -> encoder -> decoder
  loss mse(again, x)
  entry encode(x: [4]) -> [latent] { return encoder(x) }
  /// What a code stands for.
  entry decode(code: [latent]) -> [4] { return code -> decoder }
  entry both(x: [4], kind: index(3)) -> code: [latent], kinds: [3] {
    return encoder(x), one_hot(kind)
  }
  entry sample() -> [4] { return normal([batch, latent]) -> decoder }
}
train Coder {
  minimize: loss with sgd(0.1)
  batch: 5
}
`;

const x = noise(1, 12 * 4);

describe("entries", () => {
  it.each([
    { kernels: "scalar", writtenOut: "always" },
    { kernels: "scalar", writtenOut: "never" },
    { kernels: "simd" },
    { kernels: "scalar", precision: "double" },
  ] as const)("compute with the model's weights, in chunks too: %o", async (options) => {
    const model = await (await compiled(text, options)).create({ seed: 4 });
    const codes = model["encode"]!({ x });
    expect(numbersOf(codes)).toHaveLength(24);
    const again = model["decode"]!({ code: codes });
    // Codes are rounded on their way through the caller.
    const whole = numbersOf(model.predict({ x })["again"]!);
    numbersOf(again).forEach((value, k) => expect(value).toBeCloseTo(whole[k]!, 5));
    const both = model["both"]!({ x, kind: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2] }) as Record<
      string,
      Float32Array
    >;
    expect([...both["code"]!]).toEqual([...numbersOf(codes)]);
    expect([...both["kinds"]!.slice(0, 6)]).toEqual([1, 0, 0, 0, 1, 0]);
  });

  it("draw by their seed, each sample for itself, whatever the chunks", async () => {
    const model = await (await compiled(text)).create({ seed: 4 });
    const draw = (options: object): number[] => [...numbersOf(model["sample"]!(options))];
    const many = draw({ batch: 12, seed: 1 });
    expect(many).toHaveLength(48);
    expect(draw({ batch: 3, seed: 1 })).toEqual(many.slice(0, 12));
    expect(draw({ batch: 12, seed: 2 })).not.toEqual(many);
    expect(new Set(many).size).toBe(48);
    expect(draw({})).toEqual(draw({ seed: 4 }));
    expect(() => model["sample"]!({ batch: 0 })).toThrow("batch is a whole number of at least 1, and was 0");
  });

  it("are in modules that only predict, and see trained weights", async () => {
    const trained = await (await compiled(text)).create({ seed: 4 });
    const before = [...numbersOf(trained["encode"]!({ x }))];
    await trained.fit({ x }, { steps: 5 });
    const after = [...numbersOf(trained["encode"]!({ x }))];
    expect(after).not.toEqual(before);
    const loaded = await (await compiled(text, { inference: true })).load(trained.save());
    expect([...numbersOf(loaded["encode"]!({ x }))]).toEqual(after);
  });

  it("say what they take", async () => {
    const model = await (await compiled(text)).create();
    expect(() => model["encode"]!({})).toThrow("x is missing: give numbers of shape [4] a sample");
    expect(() => model["both"]!({ x: [[1, 2, 3, 4]], kind: [3] })).toThrow(
      "3 is not an index between 0 and 2",
    );
  });

  it("have exact types", () => {
    const typescript = moduleText(text, { language: "typescript" });
    expect(typescript).toContain(
      "encode(inputs: CoderEncodeInputs, options: EntryOptions = {}): Float32Array {",
    );
    expect(typescript).toContain(
      "both(inputs: CoderBothInputs, options: EntryOptions = {}): CoderBothOutputs {",
    );
    expect(typescript).toContain("sample(options: DrawOptions = {}): Float32Array {");
    expect(typescript).toContain("/** What a code stands for. */");
  });

  it("may be called as nothing that the class has already", async () => {
    const Coder = (await compiled(text)) as unknown as { prototype: object };
    const own = ["encode", "decode", "both", "sample"];
    const names = [...Object.getOwnPropertyNames(Coder), ...Object.getOwnPropertyNames(Coder.prototype)];
    expect(names.filter((name) => !own.includes(name) && !methodNames.includes(name))).toEqual([]);
  });
});

/** The 1,797 digits of 8 by 8 pixels, 0 to 16. */
function digits(count: number): Float32Array {
  const file = join(import.meta.dirname, "../../examples/data/digits/images-idx3-ubyte.gz");
  return Float32Array.from(gunzipSync(readFileSync(file)).subarray(16, 16 + 64 * count));
}

describe("vae.nn", () => {
  it("learns digits, to code them and to draw new ones", async () => {
    const program = programText("north-star/vae");
    const vae = await (await compiled(program)).create({ seed: 1 });
    const image = digits(512);
    const before = vae.evaluate({ image });
    await vae.fit({ image }, { steps: 240, seed: 1 });
    const after = vae.evaluate({ image });
    expect(after["reconstruction"]!).toBeLessThan(0.75 * before["reconstruction"]!);
    const codes = numbersOf(vae["encode"]!({ image: image.slice(0, 64 * 9) }));
    expect(codes).toHaveLength(9 * 8);
    const pixels = numbersOf(vae["sample"]!({ batch: 16, seed: 1 }));
    expect(pixels).toHaveLength(16 * 64);
    expect(pixels.every((value) => value > 0 && value < 1)).toBe(true);
    // Where digits have ink on the whole, drawn ones have it too.
    const mean = (values: ArrayLike<number>, at: number, samples: number): number =>
      Array.from({ length: samples }, (_, k) => values[k * 64 + at]!).reduce((a, b) => a + b) / samples;
    expect(mean(pixels, 0, 16)).toBeLessThan(0.1);
    expect(mean(pixels, 3 * 8 + 3, 16)).toBeGreaterThan(mean(pixels, 7, 16));
  }, 60_000);
});
