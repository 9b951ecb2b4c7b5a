/** Owns the table of all operations of the cases. */
import { contractionMappings } from "./contractions.ts";
import { layoutMappings } from "./layouts.ts";
import { lossMappings } from "./losses.ts";
import type { Mapped, Mapping } from "./mapping.ts";
import { missing } from "./mapping.ts";
import { normalizationMappings } from "./normalizations.ts";
import { pointwiseMappings } from "./pointwise.ts";
import { recurrenceMappings } from "./recurrences.ts";
import { reductionMappings } from "./reductions.ts";
import { sequenceMappings } from "./sequences.ts";
import { windowMappings } from "./windows.ts";
import type { OperationCase } from "../cases.ts";

const mappings: ReadonlyMap<string, Mapping> = new Map(
  [
    pointwiseMappings,
    reductionMappings,
    layoutMappings,
    contractionMappings,
    windowMappings,
    sequenceMappings,
    recurrenceMappings,
    lossMappings,
    normalizationMappings,
  ].flatMap((table) => Object.entries(table)),
);

export function probeOf(operation: string, of: OperationCase): Mapped {
  return mappings.get(operation)?.(of) ?? missing(`the operation ${operation}`);
}
