/** Owns telling numbers that a call gives from records of them. */
import type { Numbers } from "../../src/runtime/samples.ts";

/** What came back, where it is one tensor. */
export function numbersOf(given: Numbers | Readonly<Record<string, Numbers>>): readonly number[] {
  if (typeof given !== "object" || !("length" in given)) throw new Error("these are several tensors");
  return Array.from(given as ArrayLike<number>);
}
