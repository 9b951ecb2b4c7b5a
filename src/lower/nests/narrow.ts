/**
 * Owns how far summed loops run: beside a copy's zeros a tile need not sum what is zero for all of its rows. A border of
 * four around eight by eight is five times the work of what is inside of it.
 */
import type { Integer } from "../../ir/loops.ts";
import type { Contraction } from "../contraction.ts";
import { coefficientOf, type Linear, linearForm, mentions, rangeOf, toPlace } from "../linear.ts";
import { type Axis, type Place, substitutePlace } from "../term.ts";
import { literalInteger, type NestContext, toInteger } from "./context.ts";

export interface Bounds {
  readonly from: Integer;
  readonly to: Integer;
}

/** Between which values of the axis a place lies where the values are, for the first and the last row of a tile. */
interface Window {
  readonly least: Linear;
  /** Excluded. */
  readonly end: Linear;
}

function plus(linear: Linear, constant: number): Linear {
  return { ...linear, constant: linear.constant + constant };
}

function negated({ constant, terms }: Linear): Linear {
  return { constant: -constant, terms: terms.map(({ factor, atom }) => ({ factor: -factor, atom })) };
}

/** `sign · axis + rest` lies inside; `rest` is smallest at one end of the tile and largest at the other. */
function windowOf(
  sign: 1 | -1,
  smallest: Linear,
  largest: Linear,
  margin: { readonly from: number; readonly extent: number },
): Window {
  const end = margin.from + margin.extent;
  return sign === 1
    ? { least: plus(negated(largest), margin.from), end: plus(negated(smallest), end) }
    : { least: plus(smallest, 1 - end), end: plus(largest, 1 - margin.from) };
}

function windowsOf(axis: Axis, contraction: Contraction, rows: readonly Place[]): readonly Window[] {
  const { left, right, row, reduction, column } = contraction;
  return [left, right].flatMap(({ tensor, at }) =>
    at.flatMap((place, i): readonly Window[] => {
      const margin = tensor.margins?.[i] ?? null;
      const sign = coefficientOf(place, axis);
      if (margin === null || (sign !== 1 && sign !== -1)) return [];
      const form = linearForm(place);
      const rest: Linear = {
        constant: form.constant,
        terms: form.terms.filter(({ atom }) => !mentions(atom, axis)),
      };
      const moving = [column, ...reduction.over].some((other) => mentions(toPlace(rest), other));
      if (moving || rest.terms.some(({ atom }) => atom.kind !== "axis")) return [];
      const along = row === null ? 0 : (coefficientOf(place, row) ?? 0);
      const atRow = (which: Place): Linear =>
        linearForm(row === null ? toPlace(rest) : substitutePlace(toPlace(rest), new Map([[row, which]])));
      const ends = [atRow(rows[0]!), atRow(rows.at(-1)!)] as const;
      const [smallest, largest] = along < 0 ? [ends[1], ends[0]] : ends;
      return [windowOf(sign, smallest, largest, margin)];
    }),
  );
}

/** Where the loop over the axis may begin and end; null where it runs over all of it. */
export function boundsOf(
  axis: Axis,
  contraction: Contraction,
  rows: readonly Place[],
  context: NestContext,
): Bounds | null {
  if (axis.counted) return null;
  const place = (linear: Linear): Integer => toInteger(toPlace(linear), context);
  let from = literalInteger(0);
  let to = literalInteger(axis.extent);
  let narrowed = false;
  for (const { least, end } of windowsOf(axis, contraction, rows)) {
    if ((rangeOf(least)?.most ?? 1) > 0) {
      from = { kind: "greatest", a: from, b: place(least) };
      narrowed = true;
    }
    if ((rangeOf(end)?.least ?? 0) < axis.extent) {
      to = { kind: "least", a: to, b: place(end) };
      narrowed = true;
    }
  }
  return narrowed ? { from, to } : null;
}
