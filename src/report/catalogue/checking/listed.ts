/** Owns how messages list names. */

/** As `` `a`, `b` and `c` ``. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length < 2) return quoted[0] ?? "nothing";
  return `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)!}`;
}
