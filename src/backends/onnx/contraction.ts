/** Owns sums of products: MatMul where their axes lie so, else Einsum. */
import type { IndexVariable, Scalar } from "../../ir/comprehension.ts";
import type { Context } from "./context.ts";
import { scalarSpread } from "./scalars.ts";
import { type Spread, as } from "./spread.ts";

/** The factors of a product; one where it is none. */
export function factorsOf(body: Scalar): readonly Scalar[] {
  if (body.kind === "apply" && body.function === "multiply") return body.arguments.flatMap(factorsOf);
  return [body];
}

/** The sum over `reduced` of the product; null where it is no product over them, or one of its factors is over none. */
export function contract(
  context: Context,
  body: Scalar,
  free: readonly IndexVariable[],
  reduced: readonly IndexVariable[],
): Spread | null {
  const factors = factorsOf(body);
  if (factors.length < 2) return null;
  const { writer } = context;
  const spreads = factors.map((factor) => as(writer, scalarSpread(context, factor), "float"));
  const held = new Set(spreads.flatMap(({ axes }) => axes));
  if (!reduced.every((variable) => held.has(variable)) || held.size > 26) return null;
  const axes = free.filter((variable) => held.has(variable));
  if (spreads.length === 2) {
    for (const [a, b] of [spreads, [...spreads].reverse()] as [Spread, Spread][]) {
      if (isMatrixProduct(a, b, axes, reduced))
        return { name: writer.op("MatMul", [a.name, b.name]), axes, sort: "float" };
    }
  }
  const letterOf = new Map([...held].map((variable, place) => [variable, String.fromCharCode(97 + place)]));
  const text = (variables: readonly IndexVariable[]): string =>
    variables.map((one) => letterOf.get(one)!).join("");
  const equation = `${spreads.map((spread) => text(spread.axes)).join(",")}->${text(axes)}`;
  return {
    name: writer.op(
      "Einsum",
      spreads.map(({ name }) => name),
      { equation },
    ),
    axes,
    sort: "float",
  };
}

/** `[…, i, k] @ [k, j]`, or `[p…, i, k] @ [p…, k, j]`. */
function isMatrixProduct(
  a: Spread,
  b: Spread,
  result: readonly IndexVariable[],
  reduced: readonly IndexVariable[],
): boolean {
  const [k, ...more] = reduced;
  if (k === undefined || more.length > 0 || a.axes.length < 2 || b.axes.length < 2) return false;
  const [column, before, outer] = [b.axes.at(-1)!, b.axes.at(-2)!, b.axes.slice(0, -2)];
  const expected = [...a.axes.slice(0, -1), column];
  return (
    a.axes.at(-1) === k &&
    before === k &&
    !a.axes.includes(column) &&
    expected.length === result.length &&
    expected.every((variable, axis) => result[axis] === variable) &&
    (outer.length === 0 ||
      (outer.length === a.axes.length - 2 && outer.every((variable, axis) => a.axes[axis] === variable)))
  );
}
