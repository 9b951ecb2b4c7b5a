/** Owns what counts as equal: |got - reference| <= rtol·|reference| + atol·max(1, max |reference|). */

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** What is wrong with `got`, or null. */
export function difference(
  what: string,
  got: ArrayLike<number>,
  reference: ArrayLike<number>,
  { rtol, atol }: Tolerance,
): string | null {
  if (got.length !== reference.length)
    return `${what}: ${got.length} numbers in place of ${reference.length}`;
  const largest = Array.from(reference).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let place = 0; place < reference.length; place += 1) {
    const [ours, theirs] = [got[place]!, reference[place]!];
    const allowed = rtol * Math.abs(theirs) + atol * largest;
    // NaN is not within any distance.
    if (Math.abs(ours - theirs) <= allowed) continue;
    const distance = Math.abs(ours - theirs).toExponential(2);
    return `${what}[${place}] is ${ours}, not ${theirs}: ${distance} apart, ${allowed.toExponential(2)} allowed`;
  }
  return null;
}
