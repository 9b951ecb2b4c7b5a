/**
 * Owns straight-line code: the loop over samples with every other index written out, values in named constants. What
 * comes out is the arithmetic of the network as one would write it by hand.
 */
import type { Integer, Numeric, Statement } from "../../ir/loops.ts";
import type { Assignment } from "../assignment.ts";
import { simplifyPlace } from "../linear.ts";
import { addressOf, literalInteger, type NestContext } from "../nests/context.ts";
import { applied, number, numericOf, type ValueSetting } from "../nests/value.ts";
import { plainNest } from "../nests/plain.ts";
import { printAssignment } from "../print.ts";
import type { Tensor } from "../tensor.ts";
import { type Axis, type Place, type Reduction, substitutePlace, type Term } from "../term.ts";
import { batchSum, type Phases, readByPlace } from "./phases.ts";

type Read = Extract<Term, { readonly kind: "read" }>;
type Point = ReadonlyMap<Axis, Place>;

/** Every point of the axes, row-major; the counted axis stays what `sample` is. */
function* pointsOf(axes: readonly Axis[], sample: Axis): Generator<Map<Axis, Place>> {
  const [first, ...rest] = axes;
  if (first === undefined) {
    yield new Map();
    return;
  }
  const places: readonly Place[] = first.counted
    ? [{ kind: "axis", axis: sample }]
    : Array.from({ length: first.extent }, (_, value): Place => ({ kind: "literal", value }));
  for (const place of places)
    for (const point of pointsOf(rest, sample)) yield new Map([[first, place], ...point]);
}

function nameAt(tensor: Tensor, at: readonly Place[]): string {
  const indices = at.flatMap((place) => (place.kind === "literal" ? [place.value] : []));
  const stem = tensor.name.split(".").slice(-2).join("_");
  return indices.length === 0 ? stem : `${stem}_${indices.join("_")}`;
}

/** Writes out one routine; remembers which element is held in which constant, or is known to be 0. */
class Writer {
  readonly #context: NestContext;
  readonly #inMemory: ReadonlySet<Tensor>;
  readonly #sample: Axis = { name: "b", extent: 1, counted: true };
  readonly #held = new Map<string, Numeric>();
  readonly #tensorIds = new Map<Tensor, number>();
  readonly #made = new Set<Tensor>();
  readonly #constants: Statement[] = [];
  readonly #sums: Statement[] = [];
  readonly #after: Statement[] = [];
  #line: Statement[] = [];

  constructor(context: NestContext, inMemory: ReadonlySet<Tensor>) {
    this.#context = context;
    this.#inMemory = inMemory;
  }

  #key(tensor: Tensor, at: readonly Place[]): string | null {
    const known = this.#tensorIds.get(tensor) ?? this.#tensorIds.size;
    this.#tensorIds.set(tensor, known);
    const parts = at.map((place) =>
      place.kind === "literal"
        ? String(place.value)
        : place.kind === "axis" && place.axis === this.#sample
          ? "b"
          : null,
    );
    return parts.includes(null) ? null : `${known}:${parts.join(",")}`;
  }

  #load(tensor: Tensor, at: readonly Place[]): Numeric {
    const buffer = this.#context.buffer(tensor);
    return { kind: "load", buffer, at: addressOf(buffer, at, this.#context), lanes: 1 };
  }

  /** The constant that holds the element, made where it is first read. */
  #read({ tensor, at }: Read, point: Point): Numeric | null {
    const places = at.map((place) => simplifyPlace(substitutePlace(place, point)));
    const key = this.#key(tensor, places);
    if (key === null || (this.#inMemory.has(tensor) && this.#made.has(tensor) && !this.#held.has(key)))
      return null;
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const local = this.#context.local(nameAt(tensor, places), 1);
    const held: Numeric = { kind: "local", local };
    this.#held.set(key, held);
    const define: Statement = { kind: "define", local, value: this.#load(tensor, places) };
    if (tensor.batched) this.#line.push(define);
    else this.#constants.push(define);
    return held;
  }

  #setting(point: Point): ValueSetting {
    const setting: ValueSetting = {
      context: this.#context,
      lane: null,
      axes: point,
      reduced: (reduction) => this.#reduce(reduction, point),
      held: (read) => this.#read(read, point),
    };
    return setting;
  }

  #reduce({ reducer, over, body }: Reduction, point: Point): Numeric {
    const values = [...pointsOf(over, this.#sample)].map((inner) =>
      numericOf(body, this.#setting(new Map([...point, ...inner]))),
    );
    if (reducer === "argmax" || reducer === "argmin") return this.#place(reducer, values);
    return values.reduce((all, value) => {
      if (reducer === "sum")
        return value.kind === "apply" && value.function === "multiply"
          ? applied("multiplyAdd", 1, ...value.arguments, all)
          : applied("add", 1, all, value);
      return applied(
        reducer === "product" ? "multiply" : reducer === "max" ? "maximum" : "minimum",
        1,
        all,
        value,
      );
    });
  }

  #place(reducer: "argmax" | "argmin", values: readonly Numeric[]): Numeric {
    let best = this.#define("best", values[0]!);
    let place: Numeric = number(0, 1);
    for (const [index, value] of values.entries()) {
      if (index === 0) continue;
      const candidate = this.#define("candidate", value);
      const better =
        reducer === "argmax" ? applied("less", 1, best, candidate) : applied("less", 1, candidate, best);
      place = this.#define("place", applied("select", 1, better, number(index, 1), place));
      best = this.#define("best", applied("select", 1, better, candidate, best));
    }
    return place;
  }

  #define(name: string, value: Numeric): Numeric {
    const local = this.#context.local(name, 1);
    this.#line.push({ kind: "define", local, value });
    return { kind: "local", local };
  }

  #sum(assignment: Assignment, reduction: Reduction): void {
    const { target } = assignment;
    for (const point of pointsOf(assignment.axes, this.#sample)) {
      const places = assignment.axes.map((axis) => point.get(axis)!);
      const total = this.#context.local(`${nameAt(target, places)}_total`, 1);
      const buffer = this.#context.buffer(target);
      this.#sums.push({ kind: "declare", local: total, value: number(0, 1) });
      for (const inner of pointsOf(reduction.over, this.#sample)) {
        const value = numericOf(reduction.body, this.#setting(new Map([...point, ...inner])));
        const sum = applied("add", 1, { kind: "local", local: total }, value);
        this.#line.push({ kind: "assign", local: total, value: sum });
      }
      const at = addressOf(buffer, places, this.#context);
      this.#after.push({ kind: "store", buffer, at, value: { kind: "local", local: total }, lanes: 1 });
    }
  }

  #bySample(assignment: Assignment): void {
    const { target, axes } = assignment;
    const buffer = (): ReturnType<NestContext["buffer"]> => this.#context.buffer(target);
    if (assignment.scatter || assignment.zeroed) {
      for (const at of this.#everyPlace(target)) {
        const key = this.#key(target, at);
        if (assignment.zeroed && key !== null) this.#held.set(key, number(0, 1));
        if (!this.#inMemory.has(target)) continue;
        const address = addressOf(buffer(), at, this.#context);
        this.#line.push({ kind: "store", buffer: buffer(), at: address, value: number(0, 1), lanes: 1 });
      }
    }
    for (const point of pointsOf(axes, this.#sample)) {
      const value = numericOf(assignment.value, this.#setting(point));
      const places = assignment.at.map((place) => simplifyPlace(substitutePlace(place, point)));
      if (assignment.scatter) {
        const at = addressOf(buffer(), places, this.#context);
        const sum = applied("add", 1, { kind: "load", buffer: buffer(), at, lanes: 1 }, value);
        this.#line.push({ kind: "store", buffer: buffer(), at, value: sum, lanes: 1 });
        continue;
      }
      const held = this.#define(nameAt(target, places), value);
      const key = this.#key(target, places);
      if (key !== null) this.#held.set(key, held);
      if (!this.#inMemory.has(target)) continue;
      const at = addressOf(buffer(), places, this.#context);
      this.#line.push({ kind: "store", buffer: buffer(), at, value: held, lanes: 1 });
    }
    this.#made.add(target);
  }

  *#everyPlace(tensor: Tensor): Generator<readonly Place[]> {
    const axes = tensor.shape.map((extent, i): Axis => ({
      name: `i${i}`,
      extent,
      counted: i === 0 && tensor.batched,
    }));
    for (const point of pointsOf(axes, this.#sample)) yield axes.map((axis) => point.get(axis)!);
  }

  write(within: readonly Assignment[]): readonly Statement[] {
    for (const assignment of within) {
      this.#line.push(remarkOf(assignment));
      const reduction = batchSum(assignment);
      if (reduction === null) this.#bySample(assignment);
      else this.#sum(assignment, reduction);
    }
    const to: Integer = { kind: "count" };
    const variable = this.#context.variable(this.#sample);
    return [
      ...this.#constants,
      ...this.#sums,
      { kind: "loop", variable, from: literalInteger(0), to, step: 1, body: this.#line },
      ...this.#after,
    ];
  }
}

function remarkOf(assignment: Assignment): Statement {
  return { kind: "remark", text: printAssignment(assignment), frame: assignment.frame };
}

/** The statements of the whole routine. */
export function writeOut(phases: Phases, context: NestContext): readonly Statement[] {
  const placed = readByPlace(phases.within);
  const inMemory = new Set(
    phases.within
      .filter(({ target, scatter }) => scatter || target.role.kind !== "temporary" || placed.has(target))
      .map(({ target }) => target),
  );
  const nests = (assignments: readonly Assignment[]): readonly Statement[] =>
    assignments.flatMap((assignment) => [remarkOf(assignment), ...plainNest(assignment, context)]);
  return [
    ...nests(phases.before),
    ...new Writer(context, inMemory).write(phases.within),
    ...nests(phases.after),
  ];
}
