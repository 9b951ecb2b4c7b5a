/**
 * Owns what a random draw is, to the bit: every backend's code gives the numbers that these functions give.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, Parallel Random Numbers: As Easy as
 * 1, 2, 3; 2011): a bijection of a counter of two 32-bit words under a key of two, so that a draw depends on where it
 * stands and not on what was drawn before.
 *
 *     line    = threefry(key: (seed mod 2³², ⌊seed / 2³²⌋), counter: (stream, 0)).word0
 *     words   = threefry(key: (line, step), counter: (sample, element))
 *     uniform = ⌊word0 / 2⁸⌋ · 2⁻²⁴                                      in [0, 1)
 *     normal  = √(-2 · ln u) · cos(2π · v)                              Box and Muller, 1958
 *               u = (⌊word0 / 2⁸⌋ + ½) · 2⁻²⁴ in (0, 1),  v = ⌊word1 / 2⁸⌋ · 2⁻²⁴
 *
 * `sample` is 0 where no batch is involved.
 */

/** Two unsigned 32-bit words. */
export type Words = readonly [number, number];

/** Where a draw stands. All are whole numbers from 0; all but the seed below 2³². */
export interface DrawPlace {
  readonly seed: number;
  /** Which line of the program draws. */
  readonly stream: number;
  /** Optimizer steps done before. */
  readonly step: number;
  readonly sample: number;
  readonly element: number;
}

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;

/** Threefry-2x32, 20 rounds. Results are unsigned. */
export function threefry(key: Words, counter: Words): Words {
  const schedule = [key[0], key[1], parity ^ key[0] ^ key[1]] as const;
  let a = (counter[0] + schedule[0]) | 0;
  let b = (counter[1] + schedule[1]) | 0;
  for (let round = 0; round < 20; round += 1) {
    const turn = rotations[(round % 8) as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7];
    a = (a + b) | 0;
    b = ((b << turn) | (b >>> (32 - turn))) ^ a;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      a = (a + schedule[(injection % 3) as 0 | 1 | 2]) | 0;
      b = (b + schedule[((injection + 1) % 3) as 0 | 1 | 2] + injection) | 0;
    }
  }
  return [a >>> 0, b >>> 0];
}

/** The key word of a line: its seed and stream mixed. */
export function lineKey(seed: number, stream: number): number {
  return threefry([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], [stream >>> 0, 0])[0];
}

function wordsAt({ seed, stream, step, sample, element }: DrawPlace): Words {
  return threefry([lineKey(seed, stream), step >>> 0], [sample >>> 0, element >>> 0]);
}

/** A number in `[0, 1)`, a multiple of 2⁻²⁴: exact in float32 too. */
export function uniformAt(place: DrawPlace): number {
  return (wordsAt(place)[0] >>> 8) * 2 ** -24;
}

/** A number of the standard normal distribution. */
export function normalAt(place: DrawPlace): number {
  const [first, second] = wordsAt(place);
  const u = ((first >>> 8) + 0.5) * 2 ** -24;
  const v = (second >>> 8) * 2 ** -24;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
