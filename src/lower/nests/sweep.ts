/**
 * Owns sweeps: element-wise assignments over the same axis in one loop, as an optimizer needs them. Values pass in
 * locals; stores come last, so that what is replaced is read before.
 */
import type { Numeric, Statement } from "../../ir/loops.ts";
import type { Assignment } from "../assignment.ts";
import { isLaneFriendly } from "../fuse.ts";
import { boundsOfPart } from "../slices.ts";
import type { Tensor } from "../tensor.ts";
import { type Axis, type Term, substituteTerm } from "../term.ts";
import { addressOf, literalInteger, type NestContext } from "./context.ts";
import { loop } from "./loops.ts";
import { applied, numericOf } from "./value.ts";

/** Each assignment in terms of one common axis. */
function alongOne(
  assignments: readonly Assignment[],
  axis: Axis,
): readonly { target: Tensor; value: Term }[] {
  return assignments.map(({ axes, value, target }) => ({
    target,
    value: substituteTerm(value, new Map(axes.map((own) => [own, { kind: "axis", axis }]))),
  }));
}

/** `inParts`: of the piece that `count` names only. `stored` says where a target's values go; one that is missing is needed by others only. `flushed` are made free of denormals. */
export function sweepNest(
  assignments: readonly Assignment[],
  extent: number,
  stored: ReadonlyMap<Tensor, Tensor>,
  flushed: ReadonlySet<Tensor>,
  context: NestContext,
  inParts = false,
): readonly Statement[] {
  const axis: Axis = { name: "i", extent, counted: false };
  const values = alongOne(assignments, axis);
  const inLanes = context.machine.lanes === 4 && values.every(({ value }) => isLaneFriendly(value, axis));
  const lanes = inLanes ? 4 : 1;
  const held = new Map<Tensor, Numeric>();
  const scalars: Statement[] = [];
  const body: Statement[] = [];
  // Every element is loaded once, and what is the same for all before the loop.
  const load = ({ tensor, at }: Extract<Term, { readonly kind: "read" }>): Numeric => {
    const known = held.get(tensor);
    if (known !== undefined) return known;
    const single = at.length === 0;
    const width = single ? 1 : lanes;
    const buffer = context.buffer(tensor);
    const loaded: Numeric = { kind: "load", buffer, at: addressOf(buffer, at, context), lanes: width };
    const local = context.local(tensor.name.split(".").at(-1)!, lanes);
    const value: Numeric = width === lanes ? loaded : { kind: "splat", of: loaded };
    (single ? scalars : body).push({ kind: "define", local, value });
    const made: Numeric = { kind: "local", local };
    held.set(tensor, made);
    return made;
  };
  const stores: Statement[] = [];
  for (const { target, value } of values) {
    const numeric = numericOf(value, {
      context,
      lane: inLanes ? axis : null,
      axes: new Map(),
      reduced: () => {
        throw new Error("a sweep reduces nothing");
      },
      held: load,
    });
    const local = context.local(target.name.split(".").at(-1)!, lanes);
    const flush = flushed.has(target) && lanes === 4;
    body.push({ kind: "define", local, value: flush ? applied("flush", lanes, numeric) : numeric });
    held.set(target, { kind: "local", local });
    const to = stored.get(target);
    if (to === undefined) continue;
    const buffer = context.buffer(to);
    const at = addressOf(buffer, [{ kind: "axis", axis }], context);
    stores.push({ kind: "store", buffer, at, value: { kind: "local", local }, lanes });
  }
  const whole = { from: literalInteger(0), to: literalInteger(Math.ceil(extent / lanes) * lanes) };
  const { from, to } = inParts ? boundsOfPart(extent, lanes) : whole;
  return [...scalars, loop(axis, from, to, lanes, context, [...body, ...stores])];
}
