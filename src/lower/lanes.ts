/** Owns which functions exist for four lanes at once; the others are computed one by one. */
import type { ScalarFunction } from "../ir/comprehension.ts";

const ONE_BY_ONE: ReadonlySet<ScalarFunction> = new Set(["power", "remainder", "sin", "cos", "round"]);

export function isLaneFunction(fn: ScalarFunction): boolean {
  return !ONE_BY_ONE.has(fn);
}
