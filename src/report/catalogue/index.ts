/** Owns the list of every message there is, in order of code: what `nnc explain` reads. */
import type { Entry } from "./define.ts";
import * as check from "./check.ts";
import * as gradient from "./gradient.ts";
import * as syntax from "./syntax.ts";

export const catalogue: readonly Entry[] = [syntax, check, gradient]
  .flatMap((entries): Entry[] => Object.values(entries))
  .sort((a, b) => (a.code < b.code ? -1 : 1));

/** The entry of a code, whatever the case it is asked in; undefined where there is none. */
export function entryOf(code: string): Entry | undefined {
  return catalogue.find((entry) => entry.code === code.toUpperCase());
}
