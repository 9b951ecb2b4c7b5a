/** Owns tests of weight files: they come back as they were, and what is wrong with foreign ones is said, never a crash. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTensors, encodeTensors } from "../../src/runtime/safetensors.ts";
import { linearProgram } from "../typescript/linear.ts";
import type { LinearModule } from "../typescript/linear-module.ts";
import { emit, importText } from "../typescript/load.ts";

const { Linear } = await importText<LinearModule>(emit(linearProgram()));

function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

describe("safetensors", () => {
  it("come back as they were", () => {
    const shape = fc.array(fc.nat(3), { maxLength: 3 });
    const tensors = fc.dictionary(
      fc
        .string()
        .filter((name) => name !== "__metadata__" && name !== "__proto__" && !/[\ud800-\udfff]/.test(name)),
      fc.record({ shape, wide: fc.boolean(), salt: fc.integer() }),
    );
    fc.assert(
      fc.property(tensors, (described) => {
        const list = Object.entries(described).map(([name, { shape, wide, salt }]) => {
          const size = shape.reduce((product, extent) => product * extent, 1);
          const values = (wide ? new Float64Array(size) : new Float32Array(size)).map(
            (_, k) => salt / (k + 3),
          );
          return [name, { shape, values }] as const;
        });
        const file = { tensors: new Map(list), metadata: { a: "b" } };
        const read = decodeTensors(encodeTensors(file));
        const plain = [...read.tensors].map(
          ([name, { shape, values }]) => [name, { shape, values }] as const,
        );
        expect(new Map(plain)).toEqual(file.tensors);
        expect(read.metadata).toEqual({ a: "b" });
      }),
    );
  });

  it("never crash, whatever is changed in them", async () => {
    const model = await Linear.create({ seed: 1 });
    const good = model.save();
    const change = fc.oneof(
      fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) }).map(({ at, to }) => good.with(at, to)),
      fc.nat(good.length).map((length) => good.slice(0, length)),
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 64 }).map((more) => Uint8Array.from([...good, ...more])),
      fc.jsonValue().map((header) => fileOf(header)),
    );
    await fc.assert(
      fc.asyncProperty(change, fc.boolean(), async (bytes, resume) => {
        try {
          await Linear.load(bytes, { resume });
        } catch (error) {
          expect((error as Error).message).toMatch(/^(this is not a safetensors file|these weights)/);
        }
      }),
      { numRuns: 400 },
    );
  });

  const entry = (more: object) => ({ dtype: "F32", shape: [1], data_offsets: [0, 4], ...more });
  const four = new Uint8Array(4);
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["empty", new Uint8Array(0), "it holds 0 bytes"],
    ["cut off in the header", fileOf({ a: entry({}) }).slice(0, 20), "cut off, or foreign"],
    [
      "cut off in the data",
      fileOf({ a: entry({}) }, new Uint8Array(3)),
      "take 4 bytes, but 3 follow: it was cut off",
    ],
    ["longer than said", fileOf({ a: entry({}) }, new Uint8Array(5)), "take 4 bytes, but 5 follow"],
    ["no JSON", fileOf("{"), "its header is not JSON"],
    ["a JSON list", fileOf([]), "its header is not a JSON object"],
    ["another type", fileOf({ a: entry({ dtype: "F8_E4M3" }) }, four), 'a is of type "F8_E4M3"'],
    ["a type that all objects have", fileOf({ a: entry({ dtype: "constructor" }) }, four), '"constructor"'],
    ["no entry", fileOf({ a: null }), "a is of type unknown"],
    ["offsets of 2^53", fileOf({ a: entry({ data_offsets: [2 ** 53, 2 ** 53 + 4] }) }), "makes no sense"],
    ["negative offsets", fileOf({ a: entry({ data_offsets: [-4, 0] }) }), "makes no sense"],
    [
      "a shape that overflows",
      fileOf({ a: entry({ shape: [2 ** 52, 2 ** 52] }) }, four),
      "do not fit its shape",
    ],
    [
      "overlapping",
      fileOf({ a: entry({}), b: entry({ data_offsets: [2, 6] }) }, new Uint8Array(6)),
      "b overlaps another tensor",
    ],
    ["a gap", fileOf({ a: entry({ data_offsets: [4, 8] }) }, new Uint8Array(8)), "bytes before a"],
    [
      "a header of 2^53 bytes",
      new Uint8Array([0, 0, 0, 0, 0, 0, 0x20, 0]),
      "its header should take 9007199254740992",
    ],
    [
      "a shape whose product is no number any more",
      fileOf({ a: entry({ shape: [...Array<number>(40).fill(2 ** 52), 0], data_offsets: [0, 0] }) }),
      "do not fit its shape",
    ],
    [
      "one tensor twice",
      fileOf(
        '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "\\u0061": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}}',
        four,
      ),
      'its header says "a" twice',
    ],
    [
      "one key of an entry twice",
      fileOf('{"a": {"dtype": "F32", "shape": [1], "shape": [2], "data_offsets": [0, 4]}}', four),
      'its header says "shape" twice',
    ],
    ["a million lists in each other", fileOf(`{"a": ${"[".repeat(1 << 20)}`), "nested more than 3 deep"],
    ["a million objects in each other", fileOf('{"a":'.repeat(1 << 20)), "nested more than 3 deep"],
    ["a string of ten million letters", fileOf(`{"${"a".repeat(1e7)}`), "its header is not JSON"],
  ];

  it.each(cases)("say what is wrong: %s", (_, bytes, message) => {
    expect(() => decodeTensors(bytes)).toThrow("this is not a safetensors file");
    expect(() => decodeTensors(bytes)).toThrow(message);
  });
});

describe("numbers of other types", () => {
  const types: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ["F16", [0x00, 0x3c, 0x01, 0x00, 0xff, 0x7b, 0x00, 0xc0], [1, 2 ** -24, 65504, -2]],
    ["BF16", [0x80, 0x3f, 0x20, 0xc1], [1, -10]],
    ["I64", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-1]],
    ["U16", [0xff, 0xff], [65535]],
    ["I8", [0x80], [-128]],
    ["BOOL", [1, 0], [1, 0]],
  ];
  it.each(types)("%s", (dtype, bytes, numbers) => {
    const header = { a: { dtype, shape: [numbers.length], data_offsets: [0, bytes.length] } };
    const { tensors } = decodeTensors(fileOf(header, Uint8Array.from(bytes)));
    expect([...tensors.get("a")!.values]).toEqual(numbers);
  });
});

describe("load", () => {
  it("tells all disagreements at once", async () => {
    const tensors = new Map([
      ["y.w", { shape: [2, 3], values: new Float32Array(6) }],
      ["y.c", { shape: [2], values: new Float32Array(2) }],
    ]);
    await expect(Linear.load(encodeTensors({ tensors, metadata: {} }))).rejects.toThrow(
      "these weights are not for Linear:\n  y.w is [2, 3], but the model has [3, 2]\n" +
        "  y.b [2] is missing\n  seen [] is missing\n  y.c is not in the model",
    );
  });

  it("goes on only where the file holds training", async () => {
    const tensors = new Map([
      ["y.w", { shape: [3, 2], values: new Float32Array(6) }],
      ["y.b", { shape: [2], values: new Float32Array(2) }],
      ["seen", { shape: [], values: new Float32Array(1) }],
    ]);
    const bytes = encodeTensors({ tensors, metadata: {} });
    await expect(Linear.load(bytes)).resolves.toBeDefined();
    await expect(Linear.load(bytes, { resume: true })).rejects.toThrow(
      "these weights hold no training to go on from",
    );
  });

  it("writes weights row-major under their names", async () => {
    const model = await Linear.create();
    model.parameters.set("y.w", [1, 2, 3, 4, 5, 6]);
    expect(decodeTensors(model.save()).tensors.get("y.w")).toEqual({
      shape: [3, 2],
      dtype: "F32",
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
  });
});
