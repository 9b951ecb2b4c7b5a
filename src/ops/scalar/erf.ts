/** Owns the error function in double. */

const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/**
 * `erf(x) = 2/√π · ∫₀ˣ exp(-t²) dt`, within a few units in the last place. Below 2.4 the series without cancellation
 * `2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1))` (Abramowitz and Stegun 7.1.6), above the continued fraction of
 * `erfc` (7.1.14).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size === 0) return x;
  const value = size < 2.4 ? erfBySeries(size) : size < 6 ? 1 - erfcByFraction(size) : 1;
  return x < 0 ? -value : value;
}

function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-18; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return twoOverRootPi * Math.exp(-x * x) * sum;
}

/** `exp(-x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …))))`, evaluated from the 80th level. */
function erfcByFraction(x: number): number {
  let below = x;
  for (let n = 80; n >= 1; n -= 1) below = x + n / 2 / below;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * below);
}
