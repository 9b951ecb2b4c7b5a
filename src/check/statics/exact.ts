/** Owns the numbers of compile time: fractions as long as arithmetic stays exact, doubles where it cannot. */

/** `bottom` is positive and shares no factor with `top`. */
export type Exact =
  | { readonly kind: "fraction"; readonly top: bigint; readonly bottom: bigint }
  | { readonly kind: "inexact"; readonly value: number };

/** Fractions with more digits than this many bits go on as doubles. */
const widest = 2048n;

export const zero = whole(0);
export const one = whole(1);

export function whole(value: number): Exact {
  return Number.isSafeInteger(value)
    ? { kind: "fraction", top: BigInt(value), bottom: 1n }
    : { kind: "inexact", value };
}

/** The fraction that a literal as `1e-3` spells; a double where its exponent is beyond all use. */
export function exactOfText(text: string): Exact {
  const match = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return { kind: "inexact", value: Number(text) };
  const decimals = match[2] ?? "";
  const exponent = Number(match[3] ?? "0") - decimals.length;
  if (Math.abs(exponent) > 300 || text.length > 400) return { kind: "inexact", value: Number(text) };
  const digits = BigInt(`${match[1]!}${decimals}`);
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent >= 0 ? fraction(digits * power, 1n) : fraction(digits, power);
}

export function inexact(value: number): Exact {
  return Number.isSafeInteger(value) ? whole(value) : { kind: "inexact", value };
}

export function toNumber(exact: Exact): number {
  if (exact.kind === "inexact") return exact.value;
  const { top, bottom } = exact;
  if (bottom === 1n) return Number(top);
  const quotient = Number(top) / Number(bottom);
  if (isSafe(top) && isSafe(bottom)) return quotient;
  // Scaled so that the division of integers keeps more digits than a double has.
  const shift = BigInt(Math.max(0, bits(bottom) - bits(top) + 64));
  return Number((top << shift) / bottom) / 2 ** Number(shift);
}

/** Whether it is an integer that a dimension can be. */
export function isWhole(exact: Exact): boolean {
  return exact.kind === "fraction" && exact.bottom === 1n && isSafe(exact.top);
}

export function add(a: Exact, b: Exact): Exact {
  return combine(a, b, (x, y) => fraction(x.top * y.bottom + y.top * x.bottom, x.bottom * y.bottom), sum);
}

export function subtract(a: Exact, b: Exact): Exact {
  return add(a, negate(b));
}

export function multiply(a: Exact, b: Exact): Exact {
  return combine(
    a,
    b,
    (x, y) => fraction(x.top * y.top, x.bottom * y.bottom),
    (x, y) => x * y,
  );
}

/** Null where the divisor is 0. */
export function divide(a: Exact, b: Exact): Exact | null {
  if (toNumber(b) === 0) return null;
  return combine(
    a,
    b,
    (x, y) => fraction(x.top * y.bottom, x.bottom * y.top),
    (x, y) => x / y,
  );
}

/** What is left of `a` after whole parts of `b`; its sign is that of `b`. Null where `b` is 0. */
export function remainder(a: Exact, b: Exact): Exact | null {
  const quotient = divide(a, b);
  return quotient === null ? null : subtract(a, multiply(floor(quotient), b));
}

export function negate(a: Exact): Exact {
  return a.kind === "fraction" ? { ...a, top: -a.top } : inexact(-a.value);
}

/** Exact for whole exponents of moderate size. */
export function power(base: Exact, exponent: Exact): Exact {
  const times = toNumber(exponent);
  if (base.kind === "fraction" && isWhole(exponent) && Math.abs(times) * widthOf(base) < Number(widest)) {
    const top = base.top ** BigInt(Math.abs(times));
    const bottom = base.bottom ** BigInt(Math.abs(times));
    if (times >= 0) return fraction(top, bottom);
    if (top !== 0n) return fraction(bottom, top);
  }
  return inexact(toNumber(base) ** times);
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compare(a: Exact, b: Exact): number {
  if (a.kind === "fraction" && b.kind === "fraction") {
    const difference = a.top * b.bottom - b.top * a.bottom;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return toNumber(a) - toNumber(b);
}

export function floor(a: Exact): Exact {
  if (a.kind === "inexact") return inexact(Math.floor(a.value));
  const quotient = a.top / a.bottom;
  return {
    kind: "fraction",
    top: a.top < 0n && quotient * a.bottom !== a.top ? quotient - 1n : quotient,
    bottom: 1n,
  };
}

export function ceil(a: Exact): Exact {
  return negate(floor(negate(a)));
}

/** As a reader writes it: `3`, `3.5`, `1e-8`, `0.3333`. */
export function printExact(exact: Exact): string {
  const value = toNumber(exact);
  if (Number.isInteger(value)) return String(value);
  const short = Number(value.toPrecision(6));
  return String(short);
}

function fraction(top: bigint, bottom: bigint): Exact {
  const sign = bottom < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(top < 0n ? -top : top, bottom < 0n ? -bottom : bottom);
  const reduced = {
    kind: "fraction",
    top: (sign * top) / divisor,
    bottom: (sign * bottom) / divisor,
  } as const;
  if (BigInt(widthOf(reduced)) > widest) return inexact(toNumber(reduced));
  return reduced;
}

function combine(
  a: Exact,
  b: Exact,
  exactly: (x: Exact & { kind: "fraction" }, y: Exact & { kind: "fraction" }) => Exact,
  roughly: (x: number, y: number) => number,
): Exact {
  return a.kind === "fraction" && b.kind === "fraction"
    ? exactly(a, b)
    : inexact(roughly(toNumber(a), toNumber(b)));
}

function sum(x: number, y: number): number {
  return x + y;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}

function isSafe(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER);
}

function bits(value: bigint): number {
  return (value < 0n ? -value : value).toString(2).length;
}

function widthOf(value: { readonly top: bigint; readonly bottom: bigint }): number {
  return Math.max(bits(value.top), bits(value.bottom));
}
