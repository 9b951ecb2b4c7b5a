import { describe, expect, it } from "vitest";
import { networkOf } from "./programs.ts";

function names(text: string): readonly string[] {
  return networkOf(text).parameters.map(({ name }) => name);
}

const block = `layer block(x: [batch, n], wide: bool) -> [batch, n] {
  if wide { x = x -> dense(n, bias: false) }
  y = x -> dense(n, bias: false) -> dense(n, bias: false)
  return y -> dense(n, bias: false)
}
`;

describe("names of parameters", () => {
  it("are loops, bindings and calls", () => {
    const text = `${block}model Net {
  input x: [4]
  h = x
  for stage in 0..2 {
    for part in 0..1 { h = h -> block(false) }
  }
  output y = h
}`;
    expect(names(text)).toEqual(
      [0, 1].flatMap((stage) => [
        `stage[${stage}].part[0].h.block.y.dense.w`,
        `stage[${stage}].part[0].h.block.y.dense_2.w`,
        `stage[${stage}].part[0].h.block.dense.w`,
      ]),
    );
  });

  it("are the same whatever `if` chooses", () => {
    const text = (wide: boolean): string => `model Net(wide: bool = ${wide}) {
  input x: [4]
  if wide { h = x -> dense(4) } else { h = x -> dense(4) }
  h = h -> dense(4)
  output y = h
}`;
    expect(names(text(true))).toContain("h.dense_3.w");
    expect(names(text(false))).toContain("h.dense_3.w");
    expect(names(text(true))).toContain("h.dense.w");
    expect(names(text(false))).toContain("h.dense_2.w");
  });

  it("of a shared layer start at its own name, and are made once", () => {
    const text = `model Net {
  input x: [4]
  share tower = dense(4) -> relu -> dense(4)
  share last = dense(1)
  a = x -> tower -> tower
  output y = last(a) + last(x)
}`;
    expect(names(text)).toEqual([
      "tower.dense.w",
      "tower.dense.b",
      "tower.dense_2.w",
      "tower.dense_2.b",
      "last.w",
      "last.b",
    ]);
  });

  it("can be read from a shared layer: tied weights", () => {
    const text = `model Net {
  input word: index(9)
  share embed = embedding(4)
  output scores = embed(word) @ transpose(embed.table)
}`;
    expect(names(text)).toEqual(["embed.table"]);
  });
});
