/** Texts that end where their numbers say: `pronounce` says what reading sound by sound says, each word at its own length. */
import { describe, expect, it } from "vitest";
import { evaluateFunction, resolveShape, tensor } from "../../src/evaluate/index.ts";
import { type DimensionSymbol, declaredSymbols } from "../../src/ir/dimension.ts";
import { networkOf } from "../check/programs.ts";
import { type WithEntries, compiled, moduleText, programText } from "./compiled.ts";

const text = programText("north-star/pronounce");
const set = { letters: "5", sounds: "4", width: "8", heads: "2", depth: "1" };
const network = networkOf(text, { set });
const words = [[1, 2, 3], [4], [0, 1, 2, 3, 4, 0, 1], [3, 3]];

/** What the graph's interpreter says of one word: there, a length is whatever was counted. */
function interpreted(model: WithEntries, word: readonly number[]): readonly number[] {
  const { entries, batch } = network;
  const { function: fn } = entries[0]!;
  const symbols = fn.arguments.flatMap(({ value }) => value.type.shape.flatMap(declaredSymbols));
  const sizes = new Map<DimensionSymbol, number>(symbols.map((symbol) => [symbol, word.length]));
  sizes.set(batch, 1);
  const inputs = new Map(
    fn.arguments.map(({ role, value }) => {
      const numbers = role.kind === "parameter" ? model.parameters.get(role.name) : word;
      return [value, tensor(resolveShape(value.type, sizes), Array.from(numbers))] as const;
    }),
  );
  const values = evaluateFunction(fn, inputs, { sizes, seed: 1, step: 0 });
  return Array.from(values.get(fn.results[0]!.value)!.data);
}

it("says that no loss goes back through what grows from step to step", () => {
  const source = `model Net {
  input x: [3, 2]
  h = x -> dense(2)
  scan t over 3 {
    carry all: [batch, n <= 6, 2] = h
    next all = append(all, h[:, t], limit: 6)
  }
  loss sum(all, over: [-2, -1])
}
`;
  expect(() => moduleText(source)).toThrow("E0301 no gradient passes `carry` on the way from the loss to");
});

describe("pronounce", () => {
  it.each([{ kernels: "scalar", precision: "double" }, { kernels: "simd" }] as const)(
    "says of each word what its numbers decide: %o",
    async (options) => {
      const model = await (await compiled(text, { set, ...options })).create({ seed: 3 });
      // Larger weights, so that some words end soon and others never.
      for (const { name } of model.parameters)
        model.parameters.set(
          name,
          Array.from(model.parameters.get(name), (value, k) => 3 * value + 0.4 * Math.sin(k)),
        );
      const say = (given: readonly (readonly number[])[]): readonly (readonly number[])[] =>
        (model["pronounce"]!({ word: given } as never) as unknown as Float32Array[]).map((row) =>
          Array.from(row),
        );
      const said = say(words);
      expect(said).toEqual(words.map((word) => interpreted(model, word)));
      expect(new Set(said.map(({ length }) => length)).size).toBeGreaterThan(1);
      for (const row of said) expect(row.indexOf(0)).toBe(row.length < 16 ? row.length - 1 : row.indexOf(0));
      expect(say(words.slice(1, 2))).toEqual(said.slice(1, 2));
    },
  );

  it("learns, and types what it gives as an array a word", async () => {
    const model = await (await compiled(text, { set, kernels: "simd" })).create({ seed: 3 });
    const batch = {
      word: words,
      spoken: [
        [1, 2, 0],
        [3, 0],
        [2, 0],
        [1, 1, 1, 0],
      ],
    } as never;
    const losses = Array.from({ length: 30 }, () => model.step(batch)["loss"]!);
    expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
    expect(moduleText(text, { set, kernels: "simd", language: "typescript", inference: true })).toContain(
      "pronounce(inputs: PronouncePronounceInputs, options: EntryOptions = {}): readonly Int32Array[]",
    );
  });
});
