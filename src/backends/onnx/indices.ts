/** Owns places along axes as operators on whole numbers; what is known when compiling comes out as a constant. */
import { boundsOf } from "../../ir/indices.ts";
import type { IndexExpression, IndexVariable } from "../../ir/comprehension.ts";
import { type Dimension, leastValue, literal, literalValue } from "../../ir/dimension.ts";
import { freeVariablesOfIndex, partsOfIndex } from "../../ir/rewrite.ts";
import type { Context } from "./context.ts";
import { readSpread } from "./reads.ts";
import { type Spread, as, elementwise } from "./spread.ts";

/** Larger tables are computed when the model runs. */
const largestTable = 1 << 16;

/** `extent` where it must be kept in: what lies outside becomes the nearest inside. */
export function indexSpread(
  context: Context,
  index: IndexExpression,
  extent: Dimension | null = null,
): Spread {
  const table = tableOf(index, extent);
  if (table !== null) {
    const { axes, values } = table;
    const dims = axes.map((variable) => literalValue(variable.extent)!);
    return { name: context.writer.constant("whole", dims, values), axes, sort: "whole" };
  }
  const spread = computed(context, index);
  if (extent === null) return spread;
  const { writer } = context;
  const last = writer.dimension({ ...extent, constant: extent.constant - 1 });
  const least = writer.op("Min", [spread.name, last]);
  return { ...spread, name: writer.op("Max", [least, writer.whole(0)]) };
}

function computed(context: Context, index: IndexExpression): Spread {
  const { writer } = context;
  const number = (value: number): Spread => ({ name: writer.whole(value), axes: [], sort: "whole" });
  const go = (part: IndexExpression): Spread => indexSpread(context, part);
  switch (index.kind) {
    case "constant":
      return number(index.value);
    case "dimension":
      return { name: writer.dimension(index.dimension), axes: [], sort: "whole" };
    case "variable": {
      const range = [writer.whole(0), writer.dimension(index.variable.extent), writer.whole(1)];
      return {
        name: writer.op("Range", range, {}, index.variable.name),
        axes: [index.variable],
        sort: "whole",
      };
    }
    case "sum":
      return index.terms.map(go).reduce((sum, term) => elementwise(writer, "Add", [sum, term], "whole"));
    case "scaled":
      return elementwise(writer, "Mul", [go(index.of), number(index.factor)], "whole");
    case "quotient": {
      // Div cuts towards 0: (of - of mod by) / by is exact.
      const of = go(index.of);
      const { lowest } = boundsOf(index.of, context.indexSize);
      const whole =
        lowest !== null && leastValue(lowest) >= 0
          ? of
          : elementwise(
              writer,
              "Sub",
              [of, elementwise(writer, "Mod", [of, number(index.by)], "whole")],
              "whole",
            );
      return elementwise(writer, "Div", [whole, number(index.by)], "whole");
    }
    case "remainder":
      return elementwise(writer, "Mod", [go(index.of), number(index.by)], "whole");
    case "read":
      return as(writer, readSpread(context, index.operand, index.at), "whole");
  }
}

/** All values of an expression that depends on nothing but variables of known extents, row-major. */
function tableOf(
  index: IndexExpression,
  extent: Dimension | null,
): { readonly axes: readonly IndexVariable[]; readonly values: readonly number[] } | null {
  const axes = [...freeVariablesOfIndex(index)];
  const extents = axes.map((variable) => literalValue(variable.extent));
  const most = extent === null ? Infinity : literalValue(extent);
  if (most === null || extents.some((size) => size === null)) return null;
  for (const part of partsOfIndex(index)) if (part.kind === "read" || part.kind === "dimension") return null;
  const sizes = extents as readonly number[];
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count > largestTable) return null;
  const values = Array.from({ length: count }, (_, place) => {
    const point = new Map<IndexVariable, number>();
    let rest = place;
    for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
      point.set(axes[axis]!, rest % sizes[axis]!);
      rest = Math.floor(rest / sizes[axis]!);
    }
    const value = valueAt(index, point);
    return extent === null ? value : Math.max(0, Math.min(value, most - 1));
  });
  return { axes, values };
}

function valueAt(index: IndexExpression, point: ReadonlyMap<IndexVariable, number>): number {
  switch (index.kind) {
    case "constant":
      return index.value;
    case "variable":
      return point.get(index.variable)!;
    case "sum":
      return index.terms.reduce((sum, term) => sum + valueAt(term, point), 0);
    case "scaled":
      return index.factor * valueAt(index.of, point);
    case "quotient":
      return Math.floor(valueAt(index.of, point) / index.by);
    case "remainder": {
      const value = valueAt(index.of, point);
      return value - index.by * Math.floor(value / index.by);
    }
    case "dimension":
    case "read":
      throw new Error("only variables have a value when compiling");
  }
}

/** The row-major place as one expression, where all dimensions but the first are known. */
export function flatPlace(
  at: readonly IndexExpression[],
  shape: readonly Dimension[],
): IndexExpression | null {
  let stride = 1;
  const terms: IndexExpression[] = [];
  for (let axis = at.length - 1; axis >= 0; axis -= 1) {
    terms.unshift({ kind: "scaled", factor: stride, of: at[axis]! });
    if (axis === 0) break;
    const size = literalValue(shape[axis] ?? literal(1));
    if (size === null) return null;
    stride *= size;
  }
  return { kind: "sum", terms };
}
