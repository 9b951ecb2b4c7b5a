/** Owns the functions of numbers that JavaScript's `Math` lacks. */

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The nearest integer, of two equally near ones the even one. */
export function roundToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Numbers too small for a normal float of 32 bits become 0: they would slow down what follows. */
export function flush(x: number): number {
  return x < 1.1754943508222875e-38 && x > -1.1754943508222875e-38 ? 0 : x;
}

/** The remainder with the sign of `b`. */
export function remainder(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/**
 * `2/√π · ∫₀ˣ exp(-t²) dt`: a series without cancellation below 2.4, a continued fraction above (Abramowitz and Stegun
 * 7.1.6 and 7.1.14).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size - size !== 0 || size >= 6) return Math.sign(x);
  if (size < 2.4) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let below = size;
  for (let n = 80; n >= 1; n -= 1) below = size + n / 2 / below;
  return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * below));
}
