/** Owns the data: points along two spirals. */
const turns = 1.5;

/** Row-major points within the square from -1 to 1, and the spiral each lies on. */
export function spirals(count: number): { point: Float32Array; arm: Int32Array } {
  const point = new Float32Array(2 * count);
  const arm = Int32Array.from({ length: count }, (_, k) => k % 2);
  arm.forEach((which, k) => {
    const way = Math.sqrt(k / count);
    const angle = 2 * Math.PI * turns * way + Math.PI * which;
    point[2 * k] = 0.95 * way * Math.cos(angle);
    point[2 * k + 1] = 0.95 * way * Math.sin(angle);
  });
  return { point, arm };
}
