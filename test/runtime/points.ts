/** Owns points on a plane, for modules that learn it. */
export interface Points {
  readonly x: Float32Array;
  readonly truth: Float32Array;
}

/** Three numbers in, two out, exactly linear. */
export function points(count: number): Points {
  const x = new Float32Array(count * 3);
  const truth = new Float32Array(count * 2);
  for (let k = 0; k < count; k += 1) {
    const [a, b, c] = [Math.sin(k), Math.cos(2 * k), Math.sin(7 * k)] as const;
    x.set([a, b, c], k * 3);
    truth.set([a + 2 * b, c - 1], k * 2);
  }
  return { x, truth };
}

export function part({ x, truth }: Points, from: number, to: number): Points {
  return { x: x.slice(from * 3, to * 3), truth: truth.slice(from * 2, to * 2) };
}
