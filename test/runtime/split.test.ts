/** Owns tests of splits: parts are disjoint and whole, proportions kept. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DataSet } from "../../src/runtime/columns.ts";
import { splitData } from "../../src/runtime/split.ts";

function labelled(labels: readonly number[]): DataSet {
  const port = { name: "label", shape: [1], at: 0, storage: 1, size: 10 };
  const columns = [{ port, size: 1, places: null, values: Int32Array.from(labels) }];
  return { count: labels.length, columns };
}

const labels = fc.array(fc.nat(4), { minLength: 4, maxLength: 60 });
const fraction = fc.double({ min: 0.05, max: 0.6, noNaN: true });

describe("splitData", () => {
  it.each(["split", "tail"] as const)("holds back the fraction, and loses nothing (%s)", (kind) => {
    fc.assert(
      fc.property(labels, fraction, fc.integer(), (list, share, seed) => {
        const { training, validation } = splitData(labelled(list), { kind, fraction: share }, null, seed);
        expect(validation.length).toBe(Math.round(share * list.length));
        const all = [...training, ...validation].sort((a, b) => a - b);
        expect(all).toEqual(list.map((_, k) => k));
        if (kind === "tail" && validation.length > 0) expect(validation[0]).toBe(training.length);
      }),
    );
  });

  it("keeps proportions of a label", () => {
    fc.assert(
      fc.property(labels, fraction, fc.integer(), (list, share, seed) => {
        const rule = { kind: "split", fraction: share, stratify: "label" } as const;
        const { training, validation } = splitData(labelled(list), rule, null, seed);
        expect(training.length + validation.length).toBe(list.length);
        for (const label of new Set(list)) {
          const members = list.filter((one) => one === label).length;
          const held = [...validation].filter((sample) => list[sample] === label).length;
          expect(Math.abs(held - share * members)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("keeps groups whole", () => {
    const groups = ["a", "a", "b", "b", "c", "c", "d", "d"];
    const rule = { kind: "split", fraction: 0.25, group: "speaker" } as const;
    const { training, validation } = splitData(labelled(groups.map(() => 0)), rule, groups, 5);
    const held = new Set([...validation].map((sample) => groups[sample]));
    expect(validation.length).toBe(2);
    expect([...training].some((sample) => held.has(groups[sample]))).toBe(false);
    expect(() => splitData(labelled([0, 1]), rule, null, 5)).toThrow("give one for each of the 2 samples");
  });
});
