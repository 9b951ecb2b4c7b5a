/** Owns the table of all operations, by name. */
import { elementwiseOperations } from "./elementwise.ts";
import { indexingOperations } from "./indexing.ts";
import { joiningOperations } from "./joining.ts";
import { layoutOperations } from "./layout.ts";
import { makingOperations } from "./making.ts";
import { matmul } from "./matmul.ts";
import { notation } from "./notation.ts";
import type { Operation } from "./operation.ts";
import { reductionOperations } from "./reduction.ts";
import { reshape } from "./reshape.ts";

export const operations: ReadonlyMap<string, Operation> = new Map(
  [
    ...elementwiseOperations,
    ...reductionOperations,
    matmul,
    reshape,
    ...layoutOperations,
    ...joiningOperations,
    ...indexingOperations,
    ...makingOperations,
    notation,
  ].map((operation) => [operation.name, operation]),
);
