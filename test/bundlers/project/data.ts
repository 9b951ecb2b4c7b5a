/** Owns the data of the page: the same numbers in every run. */

/** Flowers of three kinds around three centres: lengths in centimetres, row-major, and the kind. */
export function flowers(count: number): { lengths: number[]; species: number[] } {
  const centres = [
    [5, 3.4, 1.5, 0.2],
    [5.9, 2.8, 4.3, 1.3],
    [6.6, 3, 5.6, 2],
  ];
  const species = Array.from({ length: count }, (_, k) => k % 3);
  const lengths = species.flatMap((kind, k) =>
    centres[kind]!.map((length, axis) => length + 0.2 * Math.sin(17 * k + 5 * axis)),
  );
  return { lengths, species };
}

/** Points of a square, and whether each lies within the unit circle. */
export function circle(count: number): { point: number[]; inside: number[] } {
  const points = Array.from({ length: count }, (_, k) => [
    1.5 * Math.sin(12.9 * k),
    1.5 * Math.sin(78.2 * k + 1),
  ]);
  return { point: points.flat(), inside: points.map(([x = 0, y = 0]) => Number(x * x + y * y < 1)) };
}
