/**
 * Owns contractions: sums of products whose indices fall into rows (of the left operand), columns (of the right one),
 * batch (of both) and summed. The right operand must have neighbouring columns next to each other; where it has not,
 * a copy that has is made before.
 */
import type { Assignment } from "./assignment.ts";
import { coefficientOf, mentions, samePlace } from "./linear.ts";
import type { Tensor } from "./tensor.ts";
import { type Axis, axisPlace, rebuild, type Reduction, type Term, termsIn, withReduction } from "./term.ts";

/** Rows that fill the micro-kernel's tile. */
const FULL_TILE = 4;

type Read = Extract<Term, { readonly kind: "read" }>;

export interface Contraction {
  readonly reduction: Reduction;
  /** Read once for each row, the same for all columns. */
  readonly left: Read;
  /** Neighbouring columns are neighbours in memory. */
  readonly right: Read;
  /** Axes of the target: the one of the rows, if any, and the one of the columns, its last. */
  readonly row: Axis | null;
  readonly column: Axis;
}

function mentionsAxis(read: Read, axis: Axis): boolean {
  return read.at.some((place) => mentions(place, axis));
}

/** The only reduction of the value, if it has just one. */
function onlyReduction(value: Term): Reduction | null {
  const found: Reduction[] = [];
  for (const { term, inReduction } of termsIn(value)) {
    if (term.kind === "reduced") {
      if (inReduction) return null;
      found.push(term.reduction);
    }
  }
  return found.length === 1 ? found[0]! : null;
}

/** Classifies an assignment; null where it is no sum of products of two tensors. */
export function contractionOf(assignment: Assignment): Contraction | null {
  const column = assignment.axes.at(-1);
  const reduction = onlyReduction(assignment.value);
  if (assignment.scatter || column === undefined || reduction?.reducer !== "sum") return null;
  const { body } = reduction;
  if (body.kind !== "apply" || body.function !== "multiply") return null;
  const [a, b] = body.arguments;
  if (a?.kind !== "read" || b?.kind !== "read") return null;
  if (a.tensor.element === "index" || b.tensor.element === "index") return null;
  const inA = mentionsAxis(a, column);
  if (inA === mentionsAxis(b, column)) return null;
  const [left, right] = inA ? [b, a] : [a, b];
  const rows = assignment.axes.filter(
    (axis) =>
      axis !== column &&
      mentionsAxis(left, axis) &&
      !mentionsAxis(right, axis) &&
      left.at.every((place) => coefficientOf(place, axis) !== null),
  );
  // Neighbouring rows lie close together; four of them fill a tile.
  const row =
    rows.findLast(({ counted, extent }) => counted || extent >= FULL_TILE) ??
    rows.findLast(() => true) ??
    null;
  return { reduction, left, right, row, column };
}

/** Whether the columns are the last axis of the right operand, one place after the other. */
function hasNeighbouringColumns({ right, column }: Contraction): boolean {
  const last = right.at.at(-1);
  return (
    last !== undefined &&
    samePlace(last, axisPlace(column)) &&
    right.at.slice(0, -1).every((place) => !mentions(place, column))
  );
}

function axesOfRead(
  read: Read,
  { axes, reduction }: { axes: readonly Axis[]; reduction: Reduction },
): Axis[] {
  return [...axes, ...reduction.over].filter((axis) => mentionsAxis(read, axis));
}

function copyOfRight(
  assignment: Assignment,
  contraction: Contraction,
): { readonly copy: Assignment; readonly assignment: Assignment } {
  const { right, column, reduction } = contraction;
  const axes = [
    ...axesOfRead(right, { axes: assignment.axes, reduction }).filter((axis) => axis !== column),
    column,
  ];
  const target: Tensor = {
    name: `${right.tensor.name}_by_${column.name}`,
    element: "float",
    shape: axes.map((axis) => axis.extent),
    batched: axes[0]!.counted,
    role: { kind: "temporary" },
    replaces: null,
  };
  const copy: Assignment = {
    target,
    axes,
    at: axes.map(axisPlace),
    scatter: false,
    zeroed: false,
    value: right,
    operation: "repack",
    frame: assignment.frame,
  };
  const value = replaceRead(assignment.value, right, {
    kind: "read",
    tensor: target,
    at: axes.map(axisPlace),
  });
  return { copy, assignment: { ...assignment, value } };
}

function replaceRead(term: Term, from: Read, to: Read): Term {
  if (term === from) return to;
  if (term.kind === "apply")
    return { ...term, arguments: term.arguments.map((inner) => replaceRead(inner, from, to)) };
  if (term.kind === "reduced") {
    const { reduction } = term;
    return { kind: "reduced", reduction: { ...reduction, body: replaceRead(reduction.body, from, to) } };
  }
  return rebuild(
    term,
    (place) => place,
    (tensor, at) => ({ kind: "read", tensor, at }),
  );
}

/** The sum with its axes in the order in which the left operand holds them, so that the innermost loop reads neighbours. */
function ordered(assignment: Assignment): Assignment {
  const contraction = contractionOf(assignment);
  if (contraction === null) return assignment;
  const { left, reduction } = contraction;
  const depth = (axis: Axis): number => left.at.findLastIndex((place) => mentions(place, axis));
  const over = [...reduction.over].sort((a, b) => depth(a) - depth(b));
  if (over.every((axis, i) => axis === reduction.over[i])) return assignment;
  return { ...assignment, value: withReduction(assignment.value, reduction, { ...reduction, over }) };
}

export function orderSums(assignments: readonly Assignment[]): readonly Assignment[] {
  return assignments.map(ordered);
}

/** The assignments with a copy before each contraction that needs one; equal copies are made once. */
export function repack(assignments: readonly Assignment[]): readonly Assignment[] {
  return assignments.flatMap((assignment) => {
    const contraction = contractionOf(assignment);
    if (contraction === null || hasNeighbouringColumns(contraction)) return [assignment];
    const packed = copyOfRight(assignment, contraction);
    return [packed.copy, packed.assignment];
  });
}
