/** Owns tensors of the loops stage: what a buffer will hold, before its layout and place in memory are known. */
import type { BufferRole } from "../ir/loops.ts";

/** Compared by identity. */
export interface Tensor {
  readonly name: string;
  readonly element: "float" | "index";
  /** With the capacity in the place of `batch`. */
  readonly shape: readonly number[];
  readonly batched: boolean;
  readonly role: BufferRole;
  /** Of a state's new value or a moved parameter: the tensor whose memory it takes over. */
  readonly replaces: Tensor | null;
  /** Of a copy with zeros around: for each axis, where between them the values lie. */
  readonly margins?: readonly ({ readonly from: number; readonly extent: number } | null)[];
}
