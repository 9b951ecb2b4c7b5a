/** Owns what is said of a path that no gradient passes. */
import type { Frame } from "../ir/frame.ts";
import type { Value } from "../ir/graph.ts";

/** No gradient passes an operation that lies between what is differentiated and a parameter. */
export interface GradientProblem {
  readonly kind: "problem";
  /** The operation, or the function of scalars in an index notation. */
  readonly operation: string;
  /** As `is piecewise constant: …`, said of the operation. */
  readonly reason: string;
  /** Who asked for the operation. */
  readonly frame: Frame;
  /** One of those that the path leads to. */
  readonly parameter: Value;
}
