/** The memory plan: nothing that is needed lies under anything else, and what is dead makes room. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Buffer, MemoryPlan, Routine, Section } from "../../src/ir/loops.ts";
import { planMemory } from "../../src/lower/memory.ts";
import { frame } from "../support/graph.ts";
import { buffer, literal, load, store } from "../wasm/build.ts";

/** A section that reads one buffer and writes another. */
function copy(from: Buffer, to: Buffer): Section {
  return { title: "copy", text: "", frame, body: [store(to, literal(0), load(from, literal(0)))] };
}

function routine(name: string, sections: readonly Section[]): Routine {
  return { name, host: [], sections, draws: false };
}

function overlap({ offsets }: MemoryPlan, a: Buffer, b: Buffer): boolean {
  const [startA, startB] = [offsets.get(a)!, offsets.get(b)!];
  return startA < startB + b.storage && startB < startA + a.storage;
}

const storage = fc.integer({ min: 1, max: 90 });
const cases = fc.record({
  lasting: fc.array(storage, { minLength: 1, maxLength: 4 }),
  temporary: fc.array(storage, { minLength: 1, maxLength: 10 }),
  copies: fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { minLength: 1, maxLength: 16 }),
});

describe("the memory plan", () => {
  it("keeps apart what lives at the same time, and all of it inside", () => {
    fc.assert(
      fc.property(cases, ({ lasting, temporary, copies }) => {
        const kept = lasting.map((size, i) => buffer(`kept${i}`, size));
        const passing = temporary.map((size, i) => buffer(`passing${i}`, size));
        const all = [...kept, ...passing];
        const pairs = copies.map(([a, b]) => [all[a % all.length]!, all[b % all.length]!] as const);
        const plan = planMemory([kept], new Map(), [
          routine(
            "run",
            pairs.map(([a, b]) => copy(a, b)),
          ),
        ]);
        const life = (each: Buffer): readonly [number, number] => {
          const used = pairs.flatMap((pair, at) => (pair.includes(each) ? [at] : []));
          return kept.includes(each) ? [0, copies.length] : [used[0]!, used.at(-1)!];
        };
        const placed = [...plan.offsets.keys()];
        expect(placed).toEqual(expect.arrayContaining([...new Set([...kept, ...pairs.flat()])]));
        for (const a of placed) {
          expect(plan.offsets.get(a)! + a.storage).toBeLessThanOrEqual(plan.size);
          for (const b of placed) {
            const [[fromA, toA], [fromB, toB]] = [life(a), life(b)];
            if (a !== b && fromA <= toB && fromB <= toA) expect(overlap(plan, a, b)).toBe(false);
          }
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("lays blocks without gaps and lets ranges begin at their first buffer", () => {
    const parts = [buffer("a", 5), buffer("b", 7)];
    const range = buffer("both", 12);
    const { offsets } = planMemory([[buffer("before", 3)], parts], new Map([[range, parts[0]!]]), []);
    expect(offsets.get(parts[1]!)).toBe(offsets.get(parts[0]!)! + 5);
    expect(offsets.get(range)).toBe(offsets.get(parts[0]!));
  });

  it("gives the place of the dead to the next, and temporaries of different routines the same", () => {
    const [x, a, b, c] = ["x", "a", "b", "c"].map((name) => buffer(name, 64)) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    const chain = [copy(x, a), copy(a, x), copy(x, b), copy(b, x)];
    const plan = planMemory([[x]], new Map(), [routine("one", chain), routine("two", [copy(x, c)])]);
    expect(plan.offsets.get(b)).toBe(plan.offsets.get(a));
    expect(plan.offsets.get(c)).toBe(plan.offsets.get(a));
    expect(plan.size).toBe(128);
  });
});
