/** Owns measures that the harness takes by itself, so that they do not rest on what they measure. */

/** The probability that a positive one has the higher score, equal ones counting half (Mann and Whitney, 1947). */
export function rocAuc(scores: ArrayLike<number>, truth: ArrayLike<number>): number {
  const order = Array.from(scores, (_, k) => k).sort((a, b) => scores[a]! - scores[b]!);
  let [ranks, positives] = [0, 0];
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to += 1;
    for (const k of order.slice(from, to)) {
      if (truth[k] !== 1) continue;
      ranks += (from + to + 1) / 2;
      positives += 1;
    }
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}

/** Points of the curve whose area that is: false alarms and hits, as the threshold falls. */
export function rocCurve(
  scores: ArrayLike<number>,
  truth: ArrayLike<number>,
): readonly (readonly [number, number])[] {
  const order = Array.from(scores, (_, k) => k).sort((a, b) => scores[b]! - scores[a]!);
  const positives = order.filter((k) => truth[k] === 1).length;
  let [hits, alarms] = [0, 0];
  const points = order.map((k): readonly [number, number] => {
    if (truth[k] === 1) hits += 1;
    else alarms += 1;
    return [alarms / (order.length - positives), hits / positives];
  });
  return [[0, 0], ...points];
}

/** 1 - Σ (truth - guess)² / Σ (truth - mean)². */
export function explained(guess: ArrayLike<number>, truth: ArrayLike<number>): number {
  const mean = average(truth);
  let [left, all] = [0, 0];
  for (let k = 0; k < truth.length; k += 1) {
    left += (truth[k]! - guess[k]!) ** 2;
    all += (truth[k]! - mean) ** 2;
  }
  return 1 - left / all;
}

export function average(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += values[k]!;
  return sum / values.length;
}

export function meanSquare(guess: ArrayLike<number>, truth: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < truth.length; k += 1) sum += (guess[k]! - truth[k]!) ** 2;
  return sum / truth.length;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** For each row of `classes` scores the place of the largest. */
export function largest(scores: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    let best = 0;
    for (let k = 1; k < classes; k += 1)
      if (scores[row * classes + k]! > scores[row * classes + best]!) best = k;
    return best;
  });
}

export function shareEqual(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let equal = 0;
  for (let k = 0; k < a.length; k += 1) if (a[k] === b[k]) equal += 1;
  return equal / a.length;
}

/**
 * Least squares with a constant and a little ridge: rows of `width` numbers to `outputs` numbers each. Gives the guess for
 * new rows. Solved by Cholesky's decomposition of the normal equations.
 */
export function linearFit(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  width: number,
  outputs: number,
  ridge = 1e-6,
): (rows: ArrayLike<number>) => Float64Array {
  const n = width + 1;
  const count = x.length / width;
  const at = (from: ArrayLike<number>, row: number, k: number) => (k === width ? 1 : from[row * width + k]!);
  const gram = new Float64Array(n * n);
  const right = new Float64Array(n * outputs);
  for (let row = 0; row < count; row += 1)
    for (let i = 0; i < n; i += 1) {
      const value = at(x, row, i);
      for (let j = 0; j <= i; j += 1) gram[i * n + j]! += value * at(x, row, j);
      for (let o = 0; o < outputs; o += 1) right[i * outputs + o]! += value * y[row * outputs + o]!;
    }
  for (let i = 0; i < n; i += 1) gram[i * n + i]! += ridge * count;
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = gram[i * n + j]!;
      for (let k = 0; k < j; k += 1) sum -= gram[i * n + k]! * gram[j * n + k]!;
      gram[i * n + j] = i === j ? Math.sqrt(sum) : sum / gram[j * n + j]!;
    }
  for (let o = 0; o < outputs; o += 1) {
    for (let i = 0; i < n; i += 1) {
      for (let k = 0; k < i; k += 1) right[i * outputs + o]! -= gram[i * n + k]! * right[k * outputs + o]!;
      right[i * outputs + o]! /= gram[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i -= 1) {
      for (let k = i + 1; k < n; k += 1)
        right[i * outputs + o]! -= gram[k * n + i]! * right[k * outputs + o]!;
      right[i * outputs + o]! /= gram[i * n + i]!;
    }
  }
  return (rows) => {
    const guesses = new Float64Array((rows.length / width) * outputs);
    for (let row = 0; row < rows.length / width; row += 1)
      for (let o = 0; o < outputs; o += 1)
        for (let k = 0; k < n; k += 1)
          guesses[row * outputs + o]! += at(rows, row, k) * right[k * outputs + o]!;
    return guesses;
  };
}
