/** Owns how matrix products and other contractions are said in the language. */
import { type Mapping, type Mappings, numberText, rankOf } from "./mapping.ts";

function transposed(name: string, rank: number, wanted: unknown): string {
  if (wanted !== true) return name;
  return rank === 2 ? `transpose(${name})` : `transpose(${name}, order: [-3, -1, -2])`;
}

const matmul: Mapping = (of) => {
  const [left, right] = [rankOf(of, "a"), rankOf(of, "b")];
  const { transpose_a: turnA, transpose_b: turnB } = of.attrs;
  const body = `y = ${transposed("a", left, turnA)} @ ${transposed("b", right, turnB)}`;
  if (turnA === true || turnB === true || left < 2) return { body };
  return { body, batched: left === right && right > 2 ? ["a", "b", "y"] : ["a", "y"], alone: true };
};

/** `ij,jk->ik` as `y[i, k] = sum(x0[i, j] * x1[j, k], over: [j])`. */
const einsum: Mapping = (of) => {
  const [left, result] = (of.attrs["equation"] as string).split("->") as [string, string];
  const operands = left.split(",");
  const inner = new Set([...left.replaceAll(",", "")].filter((letter) => !result.includes(letter)));
  const product = operands.map((letters, place) => `x${place}[${[...letters].join(", ")}]`).join(" * ");
  const value = inner.size === 0 ? product : `sum(${product}, over: [${[...inner].join(", ")}])`;
  const body = `y[${[...result].join(", ")}] = ${value}`;
  const first = operands.flatMap((letters, place) => (letters[0] === result[0] ? [`x${place}`] : []));
  const elsewhere = operands.some((letters) => letters.lastIndexOf(result[0]!) > 0);
  return elsewhere ? { body } : { body, batched: [...first, "y"], alone: true };
};

export const contractionMappings: Mappings = {
  matmul,
  einsum,
  dense: ({ attrs }) => ({
    body: `y = x -> dense(${numberText(attrs["units"])}, bias: ${attrs["bias"] === true ? "true" : "false"})`,
    batched: ["x", "y"],
    alone: true,
    made: { w: "y.dense.w", b: "y.dense.b" },
  }),
  bilinear: ({ attrs }) => ({
    body: `y = bilinear(x1, x2, ${numberText(attrs["units"])}, bias: ${attrs["bias"] === true ? "true" : "false"})`,
    batched: ["x1", "x2", "y"],
    made: { w: "y.bilinear.w", b: "y.bilinear.shift" },
  }),
};
