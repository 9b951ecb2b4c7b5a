/**
 * Owns the micro-kernel: a tile of rows by columns held in accumulators while the summed indices run. Each output is
 * one chain in ascending order; tiles choose which outputs go together, never how one is summed.
 */
import type { Integer, Lanes, Local, Numeric, Statement } from "../../ir/loops.ts";
import type { Assignment } from "../assignment.ts";
import { type Contraction, contractionOf } from "../contraction.ts";
import { isLaneFriendly, storesNeighbours } from "../fuse.ts";
import { groupOf } from "../layout.ts";
import { coefficientOf, mentions, simplifyPlace } from "../linear.ts";
import { type Axis, type Place, substitutePlace } from "../term.ts";
import {
  addressOf,
  addressPlace,
  extentOf,
  literalInteger,
  type NestContext,
  paddedColumns,
} from "./context.ts";
import { boundsOf } from "./narrow.ts";
import { inPieces, loop, loopsOver } from "./loops.ts";
import { applied, number, numericOf } from "./value.ts";

type Places = ReadonlyMap<Axis, Place>;

interface Tile {
  readonly assignment: Assignment;
  readonly contraction: Contraction;
  readonly context: NestContext;
  readonly lanes: Lanes;
  /** Where each row stands, and where each vector of columns begins. */
  readonly rows: readonly Place[];
  readonly columns: readonly Place[];
}

function plus(place: Place, offset: number): Place {
  return { kind: "sum", terms: [place, { kind: "literal", value: offset }] };
}

/** Whether the micro-kernel can compute it on this machine. */
export function tileable(assignment: Assignment, context: NestContext): Contraction | null {
  const contraction = contractionOf(assignment);
  if (contraction === null) return null;
  const { column, right } = contraction;
  if (context.machine.lanes === 1) return column.counted ? null : contraction;
  const group = groupOf(column.extent);
  const fits = paddedColumns(context.buffer(assignment.target)) >= Math.ceil(column.extent / group) * group;
  const readable = paddedColumns(context.buffer(right.tensor)) >= Math.ceil(column.extent / group) * group;
  const lanes =
    group !== 1 &&
    fits &&
    readable &&
    !column.counted &&
    storesNeighbours(assignment) &&
    isLaneFriendly(assignment.value, column);
  return lanes ? contraction : null;
}

function placesAt(tile: Tile, row: Place | null, column: Place | null): Map<Axis, Place> {
  const places = new Map<Axis, Place>();
  if (row !== null && tile.contraction.row !== null) places.set(tile.contraction.row, row);
  if (column !== null) places.set(tile.contraction.column, column);
  return places;
}

/** One step of the summed indices: columns of the right operand, then each row times them. */
function summedStep(tile: Tile, accumulators: readonly (readonly Local[])[], summed: Places): Statement[] {
  const { context, lanes } = tile;
  const { left, right } = tile.contraction;
  const load = (read: typeof left, places: Places, width: Lanes): Numeric => {
    const buffer = context.buffer(read.tensor);
    const at = read.at.map((place) => simplifyPlace(substitutePlace(substitutePlace(place, summed), places)));
    return { kind: "load", buffer, at: addressOf(buffer, at, context), lanes: width };
  };
  const define = (name: string, value: Numeric, width: Lanes): { local: Local; statement: Statement } => {
    const local = context.local(name, width);
    return { local, statement: { kind: "define", local, value } };
  };
  const columns = tile.columns.map((column, v) =>
    define(`right_${v}`, load(right, placesAt(tile, null, column), lanes), lanes),
  );
  const rows = tile.rows.flatMap((row, r) => {
    const scalar = load(left, placesAt(tile, row, null), 1);
    const a = define(`left_${r}`, lanes === 1 ? scalar : { kind: "splat", of: scalar }, lanes);
    const updates = columns.map(({ local: b }, v): Statement => {
      const accumulator = accumulators[r]![v]!;
      const value = applied(
        "multiplyAdd",
        lanes,
        { kind: "local", local: a.local },
        { kind: "local", local: b },
        { kind: "local", local: accumulator },
      );
      return { kind: "assign", local: accumulator, value };
    });
    return [a.statement, ...updates];
  });
  return [...columns.map(({ statement }) => statement), ...rows];
}

/** Loops over the summed axes; an axis that panels cut is walked piece by piece. */
function summedLoops(tile: Tile, accumulators: readonly (readonly Local[])[]): readonly Statement[] {
  const { context, contraction } = tile;
  const isCut = (axis: Axis): boolean =>
    [contraction.left, contraction.right].some(
      (read) =>
        read.at.some((place) => mentions(place, axis)) &&
        coefficientOf(addressPlace(context.buffer(read.tensor), read.at), axis) === null,
    );
  const { over, joined } = joinedAxes(contraction, isCut, context);
  const nest = (index: number, summed: Places): readonly Statement[] => {
    const axis = over[index];
    if (axis === undefined) return summedStep(tile, accumulators, summed);
    if (!axis.counted && axis.extent > 8 && isCut(axis))
      return inPieces(axis, context, (at) => nest(index + 1, new Map([...summed, [axis, at]])));
    const inner = nest(index + 1, summed);
    const bounds = boundsOf(axis, contraction, tile.rows, context);
    return bounds === null
      ? loopsOver([axis], context, inner)
      : [loop(axis, bounds.from, bounds.to, 1, context, inner)];
  };
  return nest(0, joined);
}

/**
 * Summed axes that both operands walk without a gap become one, the last of them: a kernel's row and its channels. The
 * others stand at 0.
 */
function joinedAxes(
  { left, right, reduction }: Contraction,
  isCut: (axis: Axis) => boolean,
  context: NestContext,
): { readonly over: readonly Axis[]; readonly joined: Places } {
  const addresses = [left, right].map((read) => addressPlace(context.buffer(read.tensor), read.at));
  const hasMargin = (axis: Axis): boolean =>
    [left, right].some(({ tensor, at }) =>
      at.some((place, i) => (tensor.margins?.[i] ?? null) !== null && mentions(place, axis)),
    );
  const mayJoin = (axis: Axis): boolean => !axis.counted && !isCut(axis) && !hasMargin(axis);
  const joined = new Map<Axis, Place>();
  const over: Axis[] = [];
  // What stands for the last axis, and the axis whose steps it counts.
  let counting: Axis | null = null;
  for (const axis of reduction.over) {
    const before = over.at(-1);
    const follows =
      before !== undefined &&
      counting !== null &&
      [before, axis].every((each) => mayJoin(each)) &&
      addresses.every((address) => {
        const step = coefficientOf(address, axis);
        return step !== null && coefficientOf(address, counting!) === axis.extent * step;
      });
    counting = axis;
    if (!follows) {
      over.push(axis);
      continue;
    }
    const both: Axis = { name: axis.name, extent: before.extent * axis.extent, counted: false };
    over[over.length - 1] = both;
    for (const [each, place] of joined)
      if (place.kind === "axis" && place.axis === before) joined.set(each, { kind: "literal", value: 0 });
    if (reduction.over.includes(before)) joined.set(before, { kind: "literal", value: 0 });
    joined.set(axis, { kind: "axis", axis: both });
  }
  return { over, joined };
}

function tileStatements(tile: Tile): readonly Statement[] {
  const { assignment, context, lanes, contraction } = tile;
  const accumulators = tile.rows.map((_, r) =>
    tile.columns.map((__, v) => context.local(`sum_${r}_${v}`, lanes)),
  );
  const buffer = context.buffer(assignment.target);
  const addressAt = (row: Place, column: Place): Integer => {
    const axes = placesAt(tile, row, column);
    return addressOf(
      buffer,
      assignment.at.map((place) => substitutePlace(place, axes)),
      context,
    );
  };
  const declares = tile.rows.flatMap((row, r) =>
    tile.columns.map((column, v): Statement => {
      const start: Numeric =
        assignment.goesOn === true
          ? { kind: "load", buffer, at: addressAt(row, column), lanes }
          : number(0, lanes);
      return { kind: "declare", local: accumulators[r]![v]!, value: start };
    }),
  );
  const stores = tile.rows.flatMap((row, r) =>
    tile.columns.map((column, v): Statement => {
      const axes = placesAt(tile, row, column);
      const value = numericOf(assignment.value, {
        context,
        lane: lanes === 1 ? null : contraction.column,
        axes,
        reduced: () => ({ kind: "local", local: accumulators[r]![v]! }),
      });
      return { kind: "store", buffer, at: addressAt(row, column), value, lanes };
    }),
  );
  return [...declares, ...summedLoops(tile, accumulators), ...stores];
}

/** All columns in groups, the last group perhaps narrower on a machine without lanes. */
function columnGroups(
  column: Axis,
  context: NestContext,
  body: (columns: readonly Place[]) => readonly Statement[],
): readonly Statement[] {
  const { lanes, tileColumns } = context.machine;
  const group = lanes === 1 ? tileColumns : groupOf(column.extent);
  const whole = lanes === 1 ? Math.floor(column.extent / group) : Math.ceil(column.extent / group);
  const rest = lanes === 1 ? column.extent % group : 0;
  const axis: Axis = { name: `${column.name}_group`, extent: whole, counted: false };
  const offsets = (count: number): number[] => Array.from({ length: count }, (_, i) => i * lanes);
  const start: Place = { kind: "scaled", factor: group, of: { kind: "axis", axis } };
  return [
    ...(whole > 0
      ? loopsOver([axis], context, body(offsets(group / lanes).map((offset) => plus(start, offset))))
      : []),
    ...(rest > 0
      ? body(offsets(rest).map((offset) => ({ kind: "literal", value: whole * group + offset })))
      : []),
  ];
}

/** All rows, as many at a time as the tile has, then those that are left. */
function rowGroups(
  row: Axis | null,
  context: NestContext,
  body: (rows: readonly Place[]) => readonly Statement[],
): readonly Statement[] {
  if (row === null || (row.extent === 1 && !row.counted)) return body([{ kind: "literal", value: 0 }]);
  const { tileRows } = context.machine;
  if (tileRows === 1) return loopsOver([row], context, body([{ kind: "axis", axis: row }]));
  const many: Axis = { ...row };
  const single: Axis = { ...row };
  const extent = extentOf(row);
  const whole: Integer = {
    kind: "scaled",
    factor: tileRows,
    of: { kind: "quotient", of: extent, by: tileRows },
  };
  const block = Array.from({ length: tileRows }, (_, r) => plus({ kind: "axis", axis: many }, r));
  if (!row.counted) return fixedRows(row, context, body);
  const inBlocks = loop(many, literalInteger(0), whole, tileRows, context, body(block));
  const oneByOne = loop(single, whole, extent, 1, context, body([{ kind: "axis", axis: single }]));
  return [inBlocks, oneByOne];
}

/** Rows whose number is known: those that are left make a smaller tile, a single one joins the last. */
function fixedRows(
  row: Axis,
  context: NestContext,
  body: (rows: readonly Place[]) => readonly Statement[],
): readonly Statement[] {
  const { tileRows } = context.machine;
  const left = row.extent % tileRows;
  const last = left === 1 && row.extent > tileRows ? tileRows + 1 : left;
  const whole = row.extent - last;
  const many: Axis = { ...row };
  const rows = (count: number, start: Place): readonly Place[] =>
    Array.from({ length: count }, (_, r) => plus(start, r));
  const block = body(rows(tileRows, { kind: "axis", axis: many }));
  return [
    ...(whole > 0 ? [loop(many, literalInteger(0), literalInteger(whole), tileRows, context, block)] : []),
    ...(last > 0 ? body(rows(last, { kind: "literal", value: whole })) : []),
  ];
}

export function tileNest(
  assignment: Assignment,
  contraction: Contraction,
  context: NestContext,
): readonly Statement[] {
  const { row, column } = contraction;
  const others = assignment.axes.filter((axis) => axis !== row && axis !== column);
  const lanes: Lanes = context.machine.lanes;
  return loopsOver(
    others,
    context,
    columnGroups(column, context, (columns) =>
      rowGroups(row, context, (rows) =>
        tileStatements({ assignment, contraction, context, lanes, rows, columns }),
      ),
    ),
  );
}
