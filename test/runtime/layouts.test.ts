/** Owns tests of samples on their way into an arena whose rows are padded. */
import { expect, it } from "vitest";
import { compiled } from "../programs/compiled.ts";

const text = `model Padded {
  input x: [7]
  output y = x * 2
}`;

it("refuses what is too large for the arena's numbers, also where rows are padded", async () => {
  const { create } = await compiled(text, { kernels: "simd" });
  const model = await create();
  const x = Float64Array.from({ length: 14 }, (_, place) => place);
  expect([...model.predict({ x })["y"]!]).toEqual([...x].map((value) => 2 * value));
  x[9] = 1e39;
  expect(() => model.predict({ x })).toThrow("x, sample 1: 1e+39 at [2] is not a finite number");
});
