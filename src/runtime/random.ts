/**
 * Owns randomness: numbers that depend on nothing but a key and a counter, so that a draw is the same wherever and
 * however often it is made. Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw: Parallel Random Numbers: As
 * Easy as 1, 2, 3, 2011).
 */

/** One of the two words that the key makes of the counter, as a signed integer of 32 bits. */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  word: 0 | 1,
): number {
  const key2 = key0 ^ key1 ^ 0x1bd11bda;
  let a = (counter0 + key0) | 0;
  let b = (counter1 + key1) | 0;
  for (let block = 1; block <= 5; block += 1) {
    const odd = (block & 1) === 1;
    a = (a + b) | 0;
    b = odd ? (b << 13) | (b >>> 19) : (b << 17) | (b >>> 15);
    b ^= a;
    a = (a + b) | 0;
    b = odd ? (b << 15) | (b >>> 17) : (b << 29) | (b >>> 3);
    b ^= a;
    a = (a + b) | 0;
    b = odd ? (b << 26) | (b >>> 6) : (b << 16) | (b >>> 16);
    b ^= a;
    a = (a + b) | 0;
    b = odd ? (b << 6) | (b >>> 26) : (b << 24) | (b >>> 8);
    b ^= a;
    a = (a + (block % 3 === 0 ? key0 : block % 3 === 1 ? key1 : key2)) | 0;
    b = (b + (block % 3 === 0 ? key1 : block % 3 === 1 ? key2 : key0) + block) | 0;
  }
  return word === 0 ? a : b;
}

/** The key of one stream of draws, of the run's seed. */
export function streamKey(seed: number, stream: number): number {
  return threefry(seed, 0, stream, 0, 0);
}

/** Evenly in `0 … 1`, without 1. */
export function uniform(key: number, step: number, sample: number, element: number): number {
  return (threefry(key, step, sample, element, 0) >>> 8) * 2 ** -24;
}

/** With mean 0 and deviation 1, by Box and Muller. */
export function normal(key: number, step: number, sample: number, element: number): number {
  const radius = ((threefry(key, step, sample, element, 0) >>> 8) + 0.5) * 2 ** -24;
  const angle = (threefry(key, step, sample, element, 1) >>> 8) * 2 ** -24;
  return Math.sqrt(-2 * Math.log(radius)) * Math.cos(2 * Math.PI * angle);
}

/** A name as an integer of 32 bits (FNV-1a over UTF-16 units). */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash;
}

/** `0 … count - 1` in an order that depends on seed and round alone. */
export function permutation(count: number, seed: number, round: number): Int32Array {
  const key = streamKey(seed, hashName("order"));
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor(((threefry(key, round, 0, i, 0) >>> 0) / 2 ** 32) * (i + 1));
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
