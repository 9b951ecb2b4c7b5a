/**
 * Owns the removal of guards from sums of products. A convolution with padding, or the gradient of one without, reads
 * where nothing is and takes 0 there; from a copy with zeros around it the same sum reads without asking, and the
 * micro-kernel can compute it.
 */
import type { Assignment } from "./assignment.ts";
import { linearForm, rangeOf, samePlace, simplifyPlace } from "./linear.ts";
import type { Tensor } from "./tensor.ts";
import { apply, type Axis, axisPlace, type Place, type Term, termsIn, withReduction } from "./term.ts";

type Read = Extract<Term, { readonly kind: "read" }>;
type Guard = Extract<Term, { readonly kind: "inside" }>;

interface Guarded {
  readonly guards: readonly Guard[];
  readonly factors: readonly [Read, Read];
}

/** `select(inside, …, 0)` around, or within, a product of two reads. */
function guardedProduct(body: Term): Guarded | null {
  if (body.kind !== "apply") return null;
  if (body.function === "select") {
    const [condition, value, otherwise] = body.arguments;
    if (condition?.kind !== "inside" || otherwise?.kind !== "number" || otherwise.value !== 0) return null;
    const inner = guardedProduct(value!);
    return inner === null ? null : { ...inner, guards: [condition, ...inner.guards] };
  }
  if (body.function !== "multiply") return null;
  const [a, b] = body.arguments.map(guardedRead);
  return a && b ? { guards: [...a.guards, ...b.guards], factors: [a.read, b.read] } : null;
}

function guardedRead(term: Term): { readonly guards: readonly Guard[]; readonly read: Read } | null {
  if (term.kind === "read") return { guards: [], read: term };
  if (term.kind !== "apply" || term.function !== "select") return null;
  const [condition, value, otherwise] = term.arguments;
  if (condition?.kind !== "inside" || otherwise?.kind !== "number" || otherwise.value !== 0) return null;
  const inner = guardedRead(value!);
  return inner === null ? null : { guards: [condition, ...inner.guards], read: inner.read };
}

/** For each axis of the read, how far it reaches before the start; null where the axis is not guarded. */
function reachOf(
  read: Read,
  guards: readonly Guard[],
): readonly ({ readonly before: number; readonly extent: number; readonly guard: Guard } | null)[] | null {
  const reaches = read.at.map((place, i) => {
    const guard = guards.find(
      ({ of, extent }) =>
        samePlace(simplifyPlace(of), simplifyPlace(place)) &&
        extent.kind === "literal" &&
        extent.value === read.tensor.shape[i],
    );
    if (guard === undefined) return null;
    const range = rangeOf(linearForm(place));
    if (range === null) return undefined;
    const before = Math.max(0, -range.least);
    return { before, extent: before + Math.max(range.most + 1, read.tensor.shape[i]!), guard };
  });
  return reaches.includes(undefined) ? null : reaches.map((reach) => reach ?? null);
}

/** A copy of the tensor with zeros around, and the read of it in the place of the guarded one. */
function padded(
  assignment: Assignment,
  read: Read,
  reaches: NonNullable<ReturnType<typeof reachOf>>,
): { readonly copy: Assignment; readonly read: Read } {
  const { tensor } = read;
  const names = ["b", ..."ijklmnop"];
  const axes = tensor.shape.map((extent, i): Axis => ({
    name: tensor.batched ? names[i]! : names[i + 1]!,
    extent,
    counted: i === 0 && tensor.batched,
  }));
  const shifted = (place: Place, i: number): Place =>
    simplifyPlace({
      kind: "sum",
      terms: [place, { kind: "literal", value: reaches[i]?.before ?? 0 }],
    });
  const target: Tensor = {
    name: `${tensor.name}_padded`,
    element: "float",
    shape: tensor.shape.map((extent, i) => reaches[i]?.extent ?? extent),
    batched: tensor.batched,
    role: { kind: "temporary" },
    replaces: null,
    margins: tensor.shape.map((extent, i) => {
      const reach = reaches[i] ?? null;
      return reach === null ? null : { from: reach.before, extent };
    }),
  };
  const copy: Assignment = {
    target,
    axes,
    at: axes.map((axis, i) => shifted(axisPlace(axis), i)),
    scatter: false,
    zeroed: true,
    value: { kind: "read", tensor, at: axes.map(axisPlace) },
    operation: "pad",
    frame: assignment.frame,
  };
  return { copy, read: { kind: "read", tensor: target, at: read.at.map(shifted) } };
}

/** Copies with zeros for every guarded factor, and the bare product; null where a guard remains. */
function unguarded(
  assignment: Assignment,
  { guards, factors }: Guarded,
): { readonly copies: readonly Assignment[]; readonly body: Term } | null {
  const copies: Assignment[] = [];
  const met = new Set<Guard>();
  const reads: Term[] = [];
  for (const factor of factors) {
    const reaches = factor.tensor.element === "float" ? reachOf(factor, guards) : null;
    if (reaches === null || reaches.every((reach) => reach === null)) {
      reads.push(factor);
      continue;
    }
    for (const reach of reaches) if (reach !== null) met.add(reach.guard);
    const { copy, read } = padded(assignment, factor, reaches);
    copies.push(copy);
    reads.push(read);
  }
  const same = (a: Guard, b: Guard): boolean => samePlace(simplifyPlace(a.of), simplifyPlace(b.of));
  const all = guards.every((guard) => [...met].some((other) => same(guard, other)));
  return all && copies.length > 0 ? { copies, body: apply("multiply", ...reads) } : null;
}

/** The assignments with guarded sums of products freed of their guards. */
export function unguard(assignments: readonly Assignment[]): readonly Assignment[] {
  return assignments.flatMap((assignment) => {
    const sums = [...termsIn(assignment.value)].flatMap(({ term, inReduction }) =>
      term.kind === "reduced" && !inReduction && term.reduction.reducer === "sum" ? [term.reduction] : [],
    );
    const [reduction] = sums;
    if (reduction === undefined || sums.length > 1 || assignment.scatter) return [assignment];
    const guarded = guardedProduct(reduction.body);
    if (guarded === null || guarded.guards.length === 0) return [assignment];
    const freed = unguarded(assignment, guarded);
    if (freed === null) return [assignment];
    return [
      ...freed.copies,
      {
        ...assignment,
        value: withReduction(assignment.value, reduction, { ...reduction, body: freed.body }),
      },
    ];
  });
}
