/** Networks whose weights others have published, written in the language: they give what the originals give. */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { check } from "../../src/check/check.ts";
import { type StoredTensor, decodeTensors, encodeTensors } from "../../src/runtime/safetensors.ts";
import { applyMapping } from "../../src/tools/weights/apply.ts";
import { parseMapping } from "../../src/tools/weights/mapping.ts";
import type { Numbers } from "../../src/runtime/samples.ts";
import { type WithEntries, compiled, programText } from "./compiled.ts";

const published = new URL("../../../shared/models/", import.meta.url);

function read(path: string): Buffer {
  return readFileSync(new URL(path, published));
}

/** The program with another's weights inside, as `nnc weights map` makes them. */
async function withWeights(
  name: string,
  given: ReadonlyMap<string, StoredTensor>,
  kernels: "scalar" | "simd",
): Promise<WithEntries> {
  const text = programText(`published/${name}`);
  const { network } = check(name, new Map([[name, { name, text }]]));
  const mapping = parseMapping(
    readFileSync(new URL(`published/${name}.json`, import.meta.url), "utf8"),
    `${name}.json`,
  );
  const wanted = network!.parameters.map(({ name: parameter, type }) => ({
    name: parameter,
    shape: type.shape.map(({ constant }) => constant),
  }));
  const { tensors, faults } = applyMapping(mapping, wanted, given);
  expect(faults).toEqual([]);
  const bytes = encodeTensors({ tensors, metadata: {} });
  return (await compiled(text, { kernels, inference: true })).load(bytes);
}

function largestDifference(a: Numbers, b: readonly number[]): number {
  return b.reduce((most, due, place) => Math.max(most, Math.abs(Number(a[place]) - due)), 0);
}

// https://github.com/snakers4/silero-vad, version 6.2 at 16 kHz; `README.md` beside the files says which commit.
describe.skipIf(!existsSync(new URL("silero_vad/", published)))("the voice detector", () => {
  it.each(["scalar", "simd"] as const)("hears speech where the original does: %s", async (kernels) => {
    const { tensors } = decodeTensors(read("silero_vad/silero_vad_16k.safetensors"));
    const model = await withWeights("voice", tensors, kernels);
    const { probs } = JSON.parse(read("silero_vad/reference.json").toString()) as {
      readonly probs: readonly number[];
    };
    const npy = gunzipSync(read("silero_vad/test_16k_int16.npy.gz"));
    const from = 10 + npy.readUInt16LE(8);
    const sound = Float32Array.from(
      { length: probs.length * 512 },
      (_, place) => npy.readInt16LE(from + 2 * place) / 32768,
    );
    expect(probs).toHaveLength(400);
    expect(largestDifference(model.predict({ sound })["speech"]!, probs)).toBeLessThan(1e-5);
  });
});

/** The parts of llama2.c's file, in its order: seven numbers, then tensors of single precision with rows of outputs. */
function partsOf(file: Buffer): ReadonlyMap<string, StoredTensor> {
  const [dim, hidden, layers, heads, keyHeads, vocab] = Array.from({ length: 6 }, (_, k) =>
    file.readInt32LE(4 * k),
  ) as [number, number, number, number, number, number];
  const keys = (dim / heads) * keyHeads;
  const found = new Map<string, StoredTensor>();
  let at = 28;
  const take = (name: string, ...shape: number[]): void => {
    const size = shape.reduce((product, axis) => product * axis, 1);
    const values = Float32Array.from({ length: size }, (_, k) => file.readFloatLE(at + 4 * k));
    at += 4 * size;
    found.set(name, { shape, dtype: "F32", values });
  };
  const each = (name: string, ...shape: number[]): void => {
    for (let layer = 0; layer < layers; layer += 1) take(`${layer}.${name}`, ...shape);
  };
  take("tok_emb", vocab, dim);
  each("rms_att", dim);
  each("wq", dim, dim);
  each("wk", keys, dim);
  each("wv", keys, dim);
  each("wo", dim, dim);
  each("rms_ffn", dim);
  each("w1", hidden, dim);
  each("w2", dim, hidden);
  each("w3", hidden, dim);
  take("rms_final", dim);
  return found;
}

/** The bytes of each symbol; the first three mean unknown, beginning and end. */
function symbolsOf(file: Buffer): readonly Buffer[] {
  const symbols: Buffer[] = [];
  for (let at = 4; at < file.length;) {
    const length = file.readInt32LE(at + 4);
    const bytes = file.subarray(at + 8, at + 8 + length);
    const byte = /^<0x([0-9A-F]{2})>$/.exec(bytes.toString("latin1"));
    symbols.push(byte === null ? bytes : Buffer.from(byte[1]!, "hex"));
    at += 8 + length;
  }
  return symbols;
}

interface Story {
  readonly logits_pos0_BOS: readonly number[];
  readonly greedy_tokens: readonly number[];
  readonly greedy_text: string;
}

// https://github.com/karpathy/llama2.c, the model stories260K; `README.md` beside the files says from where.
describe.skipIf(!existsSync(new URL("stories260k/", published)))("the teller of stories", () => {
  it("tells what the original tells", async () => {
    const model = await withWeights("llama", partsOf(read("stories260k/stories260K.bin")), "simd");
    const reference = JSON.parse(read("stories260k/reference.json").toString()) as Story;
    const { greedy_tokens: due } = reference;
    // At every place the most likely symbol is the next one: that is the greedy text, read at once.
    const [scores] = model.predict({ text: [due.slice(0, -1)] } as never)["logits"] as unknown as Numbers[];
    expect(largestDifference(scores!, reference.logits_pos0_BOS)).toBeLessThan(1e-4);
    const told = due.slice(1).map((_, place) => {
      const row = Array.from(scores as ArrayLike<number>).slice(512 * place, 512 * (place + 1));
      return row.indexOf(Math.max(...row));
    });
    expect(told).toEqual(due.slice(1));
    // Symbol by symbol, with keys and values of what was said before, and from any place on.
    for (const from of [1, 40]) {
      const given = { prompt: [due.slice(0, from)], length: due.length - from };
      const [begun] = model["tell"]!(given as never) as unknown as Numbers[];
      expect(Array.from(begun as ArrayLike<number>)).toEqual(due.slice(from));
    }
    const symbols = symbolsOf(read("stories260k/tok512.bin"));
    expect(Buffer.concat(told.map((token) => symbols[token]!)).toString()).toBe(reference.greedy_text);
  });
});
