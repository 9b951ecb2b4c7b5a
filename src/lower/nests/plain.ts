/** Owns plain nests: loops over the target's axes, whole vectors along the last where every read allows it. */
import type { Integer, Numeric, Statement } from "../../ir/loops.ts";
import type { Assignment } from "../assignment.ts";
import { isLaneFriendly, storesNeighbours } from "../fuse.ts";
import { groupOf } from "../layout.ts";
import { linearForm } from "../linear.ts";
import { type Axis, type Place, type Reduction, substitutePlace, tensorsIn } from "../term.ts";
import {
  addressOf,
  extentOf,
  isPanelled,
  literalInteger,
  type NestContext,
  paddedColumns,
} from "./context.ts";
import { splitDivided } from "./divided.ts";
import { loop, loopsOver } from "./loops.ts";
import { piecesOf } from "./pieces.ts";
import { reduce } from "./reduction.ts";
import { applied, numericOf } from "./value.ts";

/** Up to which column groups of so many write; a piece of a row begins behind others. */
function columnsWritten({ axes, at }: Assignment, group: number): number {
  const begin = linearForm(at.at(-1)!).constant;
  return begin + Math.ceil(axes.at(-1)!.extent / group) * group;
}

/** Whether four neighbours along the last axis can be computed and stored at once. */
export function isVectorizable(assignment: Assignment, context: NestContext): boolean {
  const last = assignment.axes.at(-1);
  const { target, value } = assignment;
  if (context.machine.lanes === 1 || last === undefined || assignment.scatter) return false;
  if (groupOf(last.extent) === 1) return false;
  if (paddedColumns(context.buffer(target)) < columnsWritten(assignment, 4)) return false;
  return storesNeighbours(assignment) && isLaneFriendly(value, last);
}

/** The statements for one point (or four neighbours), the reductions of the value before it. */
export function pointStatements(
  assignment: Assignment,
  context: NestContext,
  lane: Axis | null,
  axes: ReadonlyMap<Axis, Place>,
): readonly Statement[] {
  const before: Statement[] = [];
  const known = new Map<Reduction, Numeric>();
  const buffer = context.buffer(assignment.target);
  const places = assignment.at.map((place) => substitutePlace(place, axes));
  const at = addressOf(buffer, places, context);
  const lanes = lane === null ? 1 : 4;
  const start: Numeric | null = assignment.goesOn === true ? { kind: "load", buffer, at, lanes } : null;
  const setting = {
    context,
    lane,
    axes,
    reduced: (reduction: Reduction): Numeric => {
      const done = known.get(reduction);
      if (done !== undefined) return done;
      const { statements, value } = reduce(reduction, setting, start);
      before.push(...statements);
      known.set(reduction, value);
      return value;
    },
  };
  const value = numericOf(assignment.value, setting);
  return [...before, { kind: "store", buffer, at, value, lanes }];
}

/** The extent rounded up to whole vectors. */
function vectorExtent(axis: Axis): Integer {
  if (!axis.counted) return literalInteger(Math.ceil(axis.extent / 4) * 4);
  const rounded: Integer = { kind: "sum", terms: [{ kind: "count" }, literalInteger(3)] };
  return { kind: "scaled", factor: 4, of: { kind: "quotient", of: rounded, by: 4 } };
}

function vectorNest(assignment: Assignment, context: NestContext): readonly Statement[] {
  const last = assignment.axes.at(-1)!;
  const outer = assignment.axes.slice(0, -1);
  const buffers = [assignment.target, ...tensorsIn(assignment.value)].map(context.buffer);
  const inPanels =
    buffers.some(isPanelled) && paddedColumns(buffers[0]!) >= columnsWritten(assignment, 8) && !last.counted;
  if (!inPanels) {
    const body = pointStatements(assignment, context, last, new Map());
    return loopsOver(outer, context, [loop(last, literalInteger(0), vectorExtent(last), 4, context, body)]);
  }
  const panel: Axis = { name: `${last.name}_panel`, extent: Math.ceil(last.extent / 8), counted: false };
  const start: Place = { kind: "scaled", factor: 8, of: { kind: "axis", axis: panel } };
  const body = [0, 4].flatMap((offset) =>
    pointStatements(
      assignment,
      context,
      last,
      new Map([[last, { kind: "sum", terms: [start, { kind: "literal", value: offset }] }]]),
    ),
  );
  return loopsOver([panel, ...outer], context, body);
}

export function plainNest(assignment: Assignment, context: NestContext): readonly Statement[] {
  if (assignment.scatter) return scatterNest(assignment, context);
  if (assignment.zeroed) {
    const zero = fillNest(context.buffer(assignment.target), 0, context);
    return [zero, ...plainNest({ ...assignment, zeroed: false }, context)];
  }
  const pieces = piecesOf(assignment);
  if (pieces.length > 1) return pieces.flatMap((piece) => plainNest(piece, context));
  const split = splitDivided(assignment);
  if (split !== assignment) return plainNest(split, context);
  if (isVectorizable(assignment, context)) return vectorNest(assignment, context);
  return loopsOver(assignment.axes, context, pointStatements(assignment, context, null, new Map()));
}

/** Writes one number everywhere, padding included. */
export function fillNest(
  buffer: ReturnType<NestContext["buffer"]>,
  value: number,
  context: NestContext,
): Statement {
  const lanes = context.machine.lanes === 4 && buffer.storage % 4 === 0 ? 4 : 1;
  const everywhere: Axis = { name: "i", extent: buffer.storage, counted: false };
  const at: Integer = { kind: "variable", variable: context.variable(everywhere) };
  return loop(everywhere, literalInteger(0), extentOf(everywhere), lanes, context, [
    { kind: "store", buffer, at, value: { kind: "number", value, lanes }, lanes },
  ]);
}

function scatterNest(assignment: Assignment, context: NestContext): readonly Statement[] {
  const buffer = context.buffer(assignment.target);
  const at = addressOf(buffer, assignment.at, context);
  const setting = {
    context,
    lane: null,
    axes: new Map<Axis, Place>(),
    reduced: (): Numeric => {
      throw new Error("a scatter holds no reduction");
    },
  };
  const value = applied(
    "add",
    1,
    { kind: "load", buffer, at, lanes: 1 },
    numericOf(assignment.value, setting),
  );
  return [
    fillNest(buffer, 0, context),
    ...loopsOver(assignment.axes, context, [{ kind: "store", buffer, at, value, lanes: 1 }]),
  ];
}
