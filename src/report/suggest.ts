/** Owns the guess at what was meant by a name that is not known. */

/**
 * The candidate nearest to `name`: the same but for case, else within a third of its letters by edits, else one that it
 * begins; null if none.
 */
export function suggest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase();
  const limit = name.length < 2 ? 0 : Math.max(1, Math.floor(name.length / 3));
  let nearest: string | null = null;
  let least = limit + 1;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    if (candidate.toLowerCase() === wanted) return candidate;
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const edits = editDistance(wanted, candidate.toLowerCase());
    if (edits < least) [nearest, least] = [candidate, edits];
  }
  return nearest ?? beginningOf(wanted, candidates);
}

/** The shortest candidate that goes on where `name` ends: `glorot` is the beginning of `glorot_normal`. */
function beginningOf(name: string, candidates: Iterable<string>): string | null {
  if (name.length < 3) return null;
  const longer = [...candidates].filter((candidate) => candidate.toLowerCase().startsWith(name));
  return longer.sort((a, b) => a.length - b.length)[0] ?? null;
}

/** How many letters must be put in, left out, replaced, or swapped with their neighbour (Damerau, 1964). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
        swapped ? beforeLast[column - 2]! + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}
