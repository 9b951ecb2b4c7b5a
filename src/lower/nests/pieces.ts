/**
 * Owns cutting a nest where its guards change: what puts tensors side by side asks of every place whose it is, and
 * between two cuts the answer is known. Each piece is a loop of its own that asks nothing.
 */
import type { Assignment } from "../assignment.ts";
import { linearForm } from "../linear.ts";
import {
  type Axis,
  axisPlace,
  type Place,
  substitutePlace,
  substituteTerm,
  type Term,
  termsIn,
} from "../term.ts";

type Guard = Extract<Term, { readonly kind: "inside" }>;

interface Range {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** More pieces than this are more code than they save. */
const MOST_PIECES = 16;

/** Where along the axis the guard holds; null where that depends on anything else. */
function rangeWhere({ of, extent }: Guard, axis: Axis): Range | null {
  const { constant, terms } = linearForm(of);
  const [only] = terms;
  const alone =
    terms.length === 1 && only?.factor === 1 && only.atom.kind === "axis" && only.atom.axis === axis;
  return alone && extent.kind === "literal" ? { from: -constant, to: extent.value - constant } : null;
}

/** The term where the axis stays in the piece: guards that are known there leave the branch they choose. */
function within(term: Term, axis: Axis, piece: Range): Term {
  if (term.kind === "reduced") {
    const { reduction } = term;
    return { kind: "reduced", reduction: { ...reduction, body: within(reduction.body, axis, piece) } };
  }
  if (term.kind === "inside") {
    const range = rangeWhere(term, axis);
    if (range === null) return term;
    return { kind: "number", value: range.from <= piece.from && piece.to <= range.to ? 1 : 0 };
  }
  if (term.kind !== "apply") return term;
  const inner = term.arguments.map((argument) => within(argument, axis, piece));
  const [first, second, third] = inner;
  if (term.function === "select" && first?.kind === "number") return first.value === 0 ? third! : second!;
  if (term.function === "add" && isZero(first)) return second!;
  if (term.function === "add" && isZero(second)) return first!;
  return { ...term, arguments: inner };
}

function isZero(term: Term | undefined): boolean {
  return term?.kind === "number" && term.value === 0;
}

/** The assignment in pieces along its last axis, in ascending order; itself where no guard asks along that axis alone. */
export function piecesOf(assignment: Assignment): readonly Assignment[] {
  const last = assignment.axes.at(-1);
  if (last === undefined || last.counted || assignment.scatter) return [assignment];
  const ranges = [...termsIn(assignment.value)].flatMap(({ term }) => {
    const range = term.kind === "inside" ? rangeWhere(term, last) : null;
    return range === null ? [] : [range];
  });
  if (ranges.length === 0) return [assignment];
  const inner = ranges.flatMap(({ from, to }) => [from, to]).filter((cut) => cut > 0 && cut < last.extent);
  const cuts = [...new Set([0, ...inner, last.extent])].sort((a, b) => a - b);
  if (cuts.length > MOST_PIECES + 1) return [assignment];
  return cuts.slice(1).map((to, which) => {
    const from = cuts[which]!;
    const part: Axis = { name: last.name, extent: to - from, counted: false };
    const place: Place =
      from === 0
        ? axisPlace(part)
        : { kind: "sum", terms: [axisPlace(part), { kind: "literal", value: from }] };
    const places = new Map([[last, place]]);
    return {
      ...assignment,
      axes: [...assignment.axes.slice(0, -1), part],
      at: assignment.at.map((at) => substitutePlace(at, places)),
      value: substituteTerm(within(assignment.value, last, { from, to }), places),
    };
  });
}
