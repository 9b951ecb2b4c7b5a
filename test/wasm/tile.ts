/** Owns a matrix product by tiles of 4 rows and 8 columns, as the scheduler writes it. */
import type { Buffer, Local, Statement } from "../../src/ir/loops.ts";
import { apply, assign, declare, define, load, loop, named, scaled, splat, store, sum } from "./build.ts";

export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly summed: number;
  /** `[rows][summed]`. */
  readonly a: Buffer;
  /** Panels `[columns/8][summed][8]`. */
  readonly b: Buffer;
  readonly bias: Buffer;
  /** `[rows][columns]`. */
  readonly c: Buffer;
}

/** `c[i, j] = bias[j] + sum(a[i, k] * b[k, j], over: k)`. */
export function tiledProduct({ rows, columns, summed, a, b, bias, c }: Product): Statement {
  const tileRows = [0, 1, 2, 3];
  const halves = [0, 1];
  return loop("j", 0, columns, 8, (j) => [
    loop("i", 0, rows, 4, (i) => {
      const sums = tileRows.map((row) =>
        halves.map((half): Local => ({ name: `c${row}_${half}`, lanes: 4 })),
      );
      const right = halves.map((half): Local => ({ name: `b${half}`, lanes: 4 }));
      const left: Local = { name: "a", lanes: 4 };
      return [
        ...tileRows.flatMap((row) =>
          halves.map((half) => declare(sums[row]![half]!, load(bias, sum(j, half * 4), 4))),
        ),
        loop("k", 0, summed, 1, (k) => [
          ...halves.map((half) =>
            define(right[half]!, load(b, sum(scaled(summed, j), scaled(8, k), half * 4), 4)),
          ),
          ...tileRows.flatMap((row) => [
            define(left, splat(load(a, sum(scaled(summed, i), row * summed, k)))),
            ...halves.map((half) =>
              assign(
                sums[row]![half]!,
                apply("multiplyAdd", 4, named(left), named(right[half]!), named(sums[row]![half]!)),
              ),
            ),
          ]),
        ]),
        ...tileRows.flatMap((row) =>
          halves.map((half) =>
            store(c, sum(scaled(columns, i), row * columns, j, half * 4), named(sums[row]![half]!), 4),
          ),
        ),
      ];
    }),
  ]);
}
