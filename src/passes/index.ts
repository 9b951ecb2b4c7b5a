/** Owns the list of passes over the graph, in the order they are told apart by `--emit after:NAME`. */
import { cse } from "./cse.ts";
import { dead } from "./dead.ts";
import { fold } from "./fold.ts";
import { hoist } from "./hoist.ts";
import { entriesWithoutRereading, incremental } from "./incremental/index.ts";
import { lengths, withFixedExtents } from "./lengths/index.ts";
import { networkWithFixedExtents } from "./lengths/network.ts";
import type { Pass } from "./pass.ts";
import { simplification, simplify, simplifyNetwork } from "./simplify.ts";

export type { Pass } from "./pass.ts";
export {
  cse,
  dead,
  entriesWithoutRereading,
  fold,
  hoist,
  incremental,
  lengths,
  networkWithFixedExtents,
  simplify,
  simplifyNetwork,
  withFixedExtents,
};

export const passes: readonly Pass[] = [fold, cse, dead, simplification, hoist, incremental, lengths];
