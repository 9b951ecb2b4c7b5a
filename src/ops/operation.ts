/** Owns the form of an operation: what it takes, the comprehension it is, and what its gradient does. */
import type { Comprehension } from "../ir/comprehension.ts";
import type { Dimension } from "../ir/dimension.ts";
import type { TensorType } from "../ir/type.ts";

/** An option's value once the checker has evaluated it; axes are counted from 0. */
export type OptionValue = number | boolean | string | readonly number[] | readonly Dimension[] | null;

/**
 * What an option takes. `axis`, `axes`: names of dimensions or negative numbers in the source, numbers from 0 here
 * (null where left out: every axis but `batch`'s for reductions, as the operation says). `shape`: a list of dimensions.
 * `size`: one dimension, or 0.
 */
export interface OptionForm {
  readonly type: "int" | "float" | "bool" | "axis" | "axes" | "shape" | "size";
  /** Taken where the call leaves it out; required without one. */
  readonly fallback?: OptionValue;
}

/** The tensor that an operation gives, as a comprehension over its operands. */
export interface Built {
  readonly kind: "built";
  readonly type: TensorType;
  readonly comprehension: Comprehension;
}

/** Why operands do not fit; `operands` says which of them disagree and on which axis. */
export interface Problem {
  readonly kind: "problem";
  readonly message: string;
  readonly operands: readonly { readonly operand: number; readonly axis: number | null }[];
  readonly help: string | null;
}

export interface Operation {
  readonly name: string;
  readonly doc: string;
  /** Names of its tensors, first in a call; `variadic` takes any number of at least one. */
  readonly tensors: readonly string[];
  readonly variadic: boolean;
  readonly options: Readonly<Record<string, OptionForm>>;
  /**
   * `derived`: differentiate the comprehension. `stopped`: the path ends here without complaint. `none`: a path from
   * a loss to a parameter through it is an error, with this reason.
   */
  readonly gradient:
    | { readonly kind: "derived" }
    | { readonly kind: "stopped" }
    | { readonly kind: "none"; readonly reason: string };
  readonly build: (
    operands: readonly TensorType[],
    options: Readonly<Record<string, OptionValue>>,
  ) => Built | Problem;
}
