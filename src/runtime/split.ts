/** Owns which samples are trained on and which are held back. */
import type { DataSet } from "./columns.ts";
import type { SplitRule } from "./plan.ts";
import { permutation } from "./random.ts";

export interface Split {
  readonly training: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Holds back a fraction: the last samples, or drawn ones; in equal proportion of each value of the column `stratify`,
 * or whole groups of equal values in the column `group`, or in `groups`, which has one for each sample.
 * @throws where nothing is left to train on, or what the rule asks for is not there.
 */
export function splitData(
  data: DataSet,
  rule: SplitRule,
  groups: ArrayLike<string | number> | null,
  seed: number,
): Split {
  const { count } = data;
  const held = new Uint8Array(count);
  const wanted = Math.round(rule.fraction * count);
  if (rule.kind === "tail") held.fill(1, count - wanted);
  else if (rule.group !== undefined || groups !== null)
    holdGroups(held, groups ?? valuesOf(data, rule.group), wanted, seed);
  else if (rule.stratify !== undefined) holdEvenly(held, data, rule.stratify, rule.fraction, seed);
  else for (const sample of permutation(count, seed, -1).subarray(0, wanted)) held[sample] = 1;
  const all = Int32Array.from({ length: count }, (_, sample) => sample);
  const training = all.filter((sample) => held[sample] === 0);
  if (training.length === 0) throw new Error(`of ${count} samples none is left to train on`);
  return { training, validation: all.filter((sample) => held[sample] === 1) };
}

/** The column of that name, where it has one number a sample. */
function valuesOf(data: DataSet, name: string | undefined): ArrayLike<number> | null {
  const column = data.columns.find(({ port }) => port.name === name);
  return column?.size === 1 ? column.values : null;
}

/** Takes from each kind its share, counted over all kinds so far, so that the whole is off by less than one. */
function holdEvenly(held: Uint8Array, data: DataSet, name: string, fraction: number, seed: number): void {
  const values = valuesOf(data, name);
  if (values === null) throw new Error(`the split asks for one ${name} a sample`);
  const kinds = new Map<number, number[]>();
  for (const sample of permutation(data.count, seed, -1)) {
    const kind = values[sample]!;
    const members = kinds.get(kind);
    if (members === undefined) kinds.set(kind, [sample]);
    else members.push(sample);
  }
  let seen = 0;
  let taken = 0;
  for (const [, members] of [...kinds].sort(([a], [b]) => a - b)) {
    seen += members.length;
    const share = Math.round(seen * fraction) - taken;
    for (const sample of members.slice(0, share)) held[sample] = 1;
    taken += Math.min(share, members.length);
  }
}

function holdGroups(
  held: Uint8Array,
  groups: ArrayLike<string | number> | null,
  wanted: number,
  seed: number,
): void {
  if (groups === null || groups.length !== held.length)
    throw new Error(`the split asks for groups: give one for each of the ${held.length} samples`);
  const names = [...new Set(Array.from(groups))];
  let taken = 0;
  for (const k of permutation(names.length, seed, -1)) {
    if (taken >= wanted) return;
    for (let sample = 0; sample < held.length; sample += 1)
      if (groups[sample] === names[k]) {
        held[sample] = 1;
        taken += 1;
      }
  }
}
