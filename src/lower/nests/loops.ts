/** Owns loops over axes: plain ones, those in groups of columns, and those along an axis that panels cut in pieces. */
import type { Integer, Statement } from "../../ir/loops.ts";
import type { Axis, Place } from "../term.ts";
import { extentOf, literalInteger, type NestContext } from "./context.ts";

/** Loops around the body, the first axis outermost. */
export function loopsOver(
  axes: readonly Axis[],
  context: NestContext,
  body: readonly Statement[],
): readonly Statement[] {
  return axes.reduceRight<readonly Statement[]>(
    (inner, axis) =>
      axis.extent === 1 && !axis.counted
        ? inner
        : [
            {
              kind: "loop",
              variable: context.variable(axis),
              from: literalInteger(0),
              to: extentOf(axis),
              step: 1,
              body: inner,
            },
          ],
    body,
  );
}

export function loop(
  axis: Axis,
  from: Integer,
  to: Integer,
  step: number,
  context: NestContext,
  body: readonly Statement[],
): Statement {
  return { kind: "loop", variable: context.variable(axis), from, to, step, body };
}

/** An axis cut in pieces of eight: where it stands within each piece, and the loops that walk it in order. */
export function inPieces(
  axis: Axis,
  context: NestContext,
  body: (at: Place) => readonly Statement[],
): readonly Statement[] {
  const whole = Math.floor(axis.extent / 8);
  const rest = axis.extent % 8;
  const piece: Axis = { name: `${axis.name}_piece`, extent: whole, counted: false };
  const within: Axis = { name: axis.name, extent: 8, counted: false };
  const tail: Axis = { name: axis.name, extent: rest, counted: false };
  const at = (inner: Axis, start: Place): Place => ({
    kind: "sum",
    terms: [start, { kind: "axis", axis: inner }],
  });
  const start: Place = { kind: "scaled", factor: 8, of: { kind: "axis", axis: piece } };
  return [
    ...(whole > 0 ? loopsOver([piece, within], context, body(at(within, start))) : []),
    ...(rest > 0 ? loopsOver([tail], context, body(at(tail, { kind: "literal", value: 8 * whole }))) : []),
  ];
}
