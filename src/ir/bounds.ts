/** Owns bounds of index expressions by interval arithmetic, with extents that may be symbolic. */
import { atomsOf } from "./atoms.ts";
import type { IndexExpression } from "./comprehension.ts";
import { type Dimension, addDimensions, leastValue, literal, scaleDimension } from "./dimension.ts";

/** Its smallest and largest value as dimensions; null where they are not known. */
export interface IndexBounds {
  readonly lowest: Dimension | null;
  readonly highest: Dimension | null;
}

/** Bounds by interval arithmetic; `sizeOf` gives the size of the index tensor with that operand number, if known. */
export function boundsOf(
  index: IndexExpression,
  sizeOf: (operand: number) => number | null = () => null,
): IndexBounds {
  const { constant, terms } = atomsOf(index);
  let lowest: Dimension | null = literal(constant);
  let highest: Dimension | null = literal(constant);
  for (const { atom, factor } of terms) {
    const bounds = atomBounds(atom, sizeOf);
    const [low, high] = factor > 0 ? [bounds.lowest, bounds.highest] : [bounds.highest, bounds.lowest];
    lowest = lowest && low && addDimensions(lowest, scaleDimension(low, factor));
    highest = highest && high && addDimensions(highest, scaleDimension(high, factor));
  }
  return { lowest, highest };
}

/** Whether `0 <= index < extent` holds whatever the sizes. */
export function provenInside(
  index: IndexExpression,
  extent: Dimension,
  sizeOf?: (operand: number) => number | null,
): boolean {
  const { lowest, highest } = boundsOf(index, sizeOf);
  if (lowest === null || highest === null) return false;
  const room = addDimensions(addDimensions(extent, literal(-1)), scaleDimension(highest, -1));
  return leastValue(lowest) >= 0 && leastValue(room) >= 0;
}

/** Whether `0 <= index < extent` fails whatever the sizes. */
export function provenOutside(index: IndexExpression, extent: Dimension): boolean {
  const { lowest, highest } = boundsOf(index);
  const below = highest !== null && leastValue(scaleDimension(highest, -1)) > 0;
  const above = lowest !== null && leastValue(addDimensions(lowest, scaleDimension(extent, -1))) >= 0;
  return below || above;
}

function atomBounds(atom: IndexExpression, sizeOf: (operand: number) => number | null): IndexBounds {
  switch (atom.kind) {
    case "variable":
      return { lowest: literal(0), highest: addDimensions(atom.variable.extent, literal(-1)) };
    case "dimension":
      return { lowest: atom.dimension, highest: atom.dimension };
    case "quotient": {
      const inner = boundsOf(atom.of, sizeOf);
      return { lowest: quotientBound(inner.lowest, atom.by), highest: quotientBound(inner.highest, atom.by) };
    }
    case "remainder":
      return { lowest: literal(0), highest: literal(atom.by - 1) };
    case "read": {
      const size = sizeOf(atom.operand);
      return { lowest: literal(0), highest: size === null ? null : literal(size - 1) };
    }
    case "constant":
    case "sum":
    case "scaled":
      return boundsOf(atom, sizeOf);
  }
}

/** `⌊bound / by⌋` where every symbol in it can be divided. */
function quotientBound(bound: Dimension | null, by: number): Dimension | null {
  if (bound === null || bound.terms.some(({ coefficient }) => coefficient % by !== 0)) return null;
  return {
    constant: Math.floor(bound.constant / by),
    terms: bound.terms.map(({ coefficient, symbol }) => ({ coefficient: coefficient / by, symbol })),
  };
}
