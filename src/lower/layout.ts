/**
 * Owns layouts. Scalar code keeps tensors row-major and tight. Vector code pads rows to whole vectors, and keeps what
 * contractions read by columns in panels `[N/8][K][8]`, so that the micro-kernel walks memory from start to end.
 */
import type { Assignment } from "./assignment.ts";
import { contractionOf } from "./contraction.ts";
import type { Buffer, LayoutTerm } from "../ir/loops.ts";
import type { Tensor } from "./tensor.ts";
import { tensorsIn } from "./term.ts";

/** What nests are made for. */
export interface Machine {
  readonly kind: "scalar" | "simd";
  readonly lanes: 1 | 4;
  /** Rows and columns of the micro-kernel's tile. */
  readonly tileRows: number;
  readonly tileColumns: number;
}

export const scalarMachine: Machine = { kind: "scalar", lanes: 1, tileRows: 1, tileColumns: 4 };
/** Four rows of two vectors: what V8 keeps in sixteen registers without spilling. */
export const simdMachine: Machine = { kind: "simd", lanes: 4, tileRows: 4, tileColumns: 8 };

/** Panels pay once their rows no longer share a cache line. */
const PANEL_FROM = 17;

/** Columns that are stored together: padding fills the last group. */
export function groupOf(columns: number): 1 | 4 | 8 {
  return columns <= 2 ? 1 : columns <= 4 ? 4 : 8;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

function product(values: readonly number[]): number {
  return values.reduce((all, value) => all * value, 1);
}

/** Row-major; the last axis is `pitch` wide. */
function rowMajor(shape: readonly number[], pitch: number): readonly LayoutTerm[] {
  const terms: LayoutTerm[] = [];
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    terms.unshift({ axis, divisor: 1, modulus: null, stride });
    stride *= axis === shape.length - 1 ? pitch : shape[axis]!;
  }
  return terms;
}

function panels(shape: readonly number[]): readonly LayoutTerm[] {
  const last = shape.length - 1;
  const rows = product(shape.slice(0, -1));
  const outer = rowMajor(shape.slice(0, -1), shape[last - 1]!).map((term) => ({
    ...term,
    stride: term.stride * 8,
  }));
  return [
    { axis: last, divisor: 8, modulus: null, stride: rows * 8 },
    ...outer,
    { axis: last, divisor: 1, modulus: 8, stride: 1 },
  ];
}

/** What decides about a tensor's layout: who reads it by columns, who writes it in vectors. */
export interface LayoutNeeds {
  readonly panelled: ReadonlySet<Tensor>;
  readonly padded: ReadonlySet<Tensor>;
}

export function layoutNeeds(assignments: readonly Assignment[]): LayoutNeeds {
  const panelled = new Set<Tensor>();
  const padded = new Set<Tensor>();
  for (const assignment of assignments) {
    const contraction = contractionOf(assignment);
    if (contraction === null) continue;
    padded.add(assignment.target).add(contraction.right.tensor);
    panelled.add(contraction.right.tensor);
  }
  return { panelled, padded };
}

/** Every tensor that the assignments write or read. */
export function tensorsOf(assignments: readonly Assignment[]): ReadonlySet<Tensor> {
  return new Set(
    assignments.flatMap((assignment) => [
      assignment.target,
      ...tensorsIn(assignment.value),
      ...assignment.at.flatMap((place) => (place.kind === "element" ? [place.tensor] : [])),
    ]),
  );
}

/** The buffer that holds the tensor on this machine. */
export function bufferFor(tensor: Tensor, needs: LayoutNeeds, machine: Machine): Buffer {
  const { shape, name, element, batched, role } = tensor;
  const make = (layout: readonly LayoutTerm[], storage: number): Buffer => ({
    name,
    element,
    shape,
    batched,
    layout,
    storage: Math.max(storage, 1),
    role,
  });
  const tight = product(shape);
  const columns = shape.at(-1);
  const given = element === "index" && role.kind !== "temporary";
  if (machine.kind === "scalar" || columns === undefined || given) {
    return make(rowMajor(shape, columns ?? 1), tight);
  }
  const rows = product(shape.slice(0, -1));
  const external = role.kind === "input" || role.kind === "target";
  if (needs.panelled.has(tensor) && !external && shape.length > 1 && columns >= PANEL_FROM) {
    return make(panels(shape), roundUp(columns, 8) * rows);
  }
  const pad = shape.length <= 2 || needs.padded.has(tensor);
  const pitch = pad && shape.length > 0 ? roundUp(columns, groupOf(columns)) : columns;
  // Reads of whole panels may pass the end of an unpadded last row.
  return make(rowMajor(shape, pitch), roundUp(rows * pitch, 4) + (pad ? 0 : 8));
}
