/** Owns reading the options of a recipe's source. */
import type { Static } from "../../ir/network.ts";
import { Problem } from "../problem.ts";

/** A whole number of at least `least`; null where the recipe does not say. */
export function rowOption(
  options: Readonly<Record<string, Static>>,
  name: string,
  least: number,
): number | null {
  const value = options[name];
  if (value === undefined) return null;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  throw new Problem(
    `\`${name}\` of the recipe's data is a whole number of at least ${least}, not \`${JSON.stringify(value)}\``,
    { exitCode: 1 },
  );
}
