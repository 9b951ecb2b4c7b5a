/** Nests at random, printed as WebAssembly and run beside the interpretation: what pointers carry is what places mean. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Integer, Statement } from "../../src/ir/loops.ts";
import {
  apply,
  buffer,
  count,
  element,
  inside,
  integer,
  literal,
  load,
  loop,
  number,
  program,
  quotient,
  remainder,
  routine,
  scaled,
  store,
  sum,
} from "./build.ts";
import { runBoth } from "./run.ts";

const size = 64;
const x = buffer("x", size);
const y = buffer("y", size);
const order = buffer("order", size, "index");
const contents = new Map([
  [x, Array.from({ length: size }, (_, i) => i * 3 - 40)],
  [y, Array.from({ length: size }, (_, i) => i)],
  [order, Array.from({ length: size }, (_, i) => (i * 29 + 5) % size)],
]);

/** A place made of the loops around, as a function of them. */
type Shape = (variables: readonly Integer[]) => Integer;

const shapes = fc.letrec<{ place: Shape }>((tie) => ({
  place: fc.oneof(
    { maxDepth: 3 },
    fc.nat(4).map(
      (which): Shape =>
        (variables) =>
          variables[which % Math.max(1, variables.length)] ?? count,
    ),
    fc.integer({ min: -9, max: 9 }).map(
      (value): Shape =>
        () =>
          literal(value),
    ),
    fc.constant<Shape>(() => count),
    fc.array(tie("place"), { minLength: 1, maxLength: 3 }).map(
      (terms): Shape =>
        (variables) =>
          sum(...terms.map((term) => term(variables))),
    ),
    fc.tuple(fc.integer({ min: -8, max: 8 }), tie("place")).map(
      ([factor, of]): Shape =>
        (variables) =>
          scaled(factor, of(variables)),
    ),
    fc.tuple(fc.constantFrom(quotient, remainder), tie("place"), fc.integer({ min: 1, max: 9 })).map(
      ([divide, of, by]): Shape =>
        (variables) =>
          divide(of(variables), by),
    ),
    fc
      .tuple(fc.constantFrom("least" as const, "greatest" as const), tie("place"), tie("place"))
      .map(([kind, a, b]): Shape => (variables) => ({ kind, a: a(variables), b: b(variables) })),
    tie("place").map(
      (at): Shape =>
        (variables) =>
          element(order, remainder(at(variables), size)),
    ),
  ),
})).place;

type Body = (variables: readonly Integer[]) => readonly Statement[];

/** Reads somewhere, guarded or wrapped around; writes somewhere. */
const stores = fc
  .tuple(shapes, shapes, shapes, fc.boolean())
  .map(([from, into, value, guarded]): Body => (variables) => {
    const at = from(variables);
    const guard = inside(at, literal(size));
    const read = guarded ? apply("select", 1, guard, load(x, at), number(-1)) : load(x, remainder(at, size));
    const small = integer(remainder(value(variables), 97));
    return [store(y, remainder(into(variables), size), apply("add", 1, read, small))];
  });

const bodies = fc.letrec<{ body: Body }>((tie) => ({
  body: fc.oneof(
    { maxDepth: 3 },
    stores,
    fc
      .tuple(
        fc.integer({ min: -3, max: 3 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.array(tie("body"), { minLength: 1, maxLength: 2 }),
      )
      .map(([from, trips, step, counted, inner]): Body => (variables) => {
        const outer = variables.at(-1);
        const shifted = counted && outer !== undefined;
        // From a place that moves with the loop around, but not below some other.
        const moving: Integer = { kind: "greatest", a: sum(outer ?? 0, from), b: literal(0) };
        const begin: Integer = shifted ? moving : literal(from);
        const end: Integer = counted && !shifted ? sum(scaled(step, count), from) : sum(begin, trips * step);
        return [
          loop(`v${variables.length}`, begin, end, step, (variable) =>
            inner.flatMap((each) => each([...variables, variable])),
          ),
        ];
      }),
  ),
})).body;

test("places mean the same", () => {
  fc.assert(
    fc.property(bodies, fc.integer({ min: 0, max: 4 }), (body, samples) => {
      const nest = program([x, y, order], [routine("run", body([]))]);
      const both = runBoth(nest, contents, { count: samples, seed: 1, step: 2, first: 3 });
      expect(both.computed(y)).toEqual(both.expected(y));
    }),
    { numRuns: 400 },
  );
});
