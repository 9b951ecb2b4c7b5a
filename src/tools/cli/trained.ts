/** Owns what `evaluate` and `predict` have in common: a program, its trained weights, and data for both. */
import { dirname } from "node:path";
import type { Network } from "../../ir/network.ts";
import { type DataSet, type Slot, slotsOf } from "../data/dataset.ts";
import { loadTest } from "../data/parts.ts";
import { type Choice, requestOf } from "../program.ts";
import { type Model, importModule } from "../training/module.ts";
import { type Labels, loadWeights } from "../training/weights.ts";
import { compileOrReport } from "./diagnostics.ts";
import type { Output } from "./output.ts";

export interface TrainedFlags extends Choice {
  readonly weights: string;
  readonly data: readonly string[];
}

export interface Trained {
  readonly network: Network;
  readonly model: Model;
  readonly labels: Labels;
  readonly slots: readonly Slot[];
  readonly data: DataSet;
}

/** Null where the program has errors, which are then shown. What the recipe tests with goes before its other data. */
export async function openTrained(
  output: Output,
  path: string,
  flags: TrainedFlags,
  targets: "required" | "optional",
): Promise<Trained | null> {
  const compiled = compileOrReport(await requestOf(path, flags), output);
  if (compiled === null) return null;
  const { network, module } = compiled;
  const modelClass = await importModule(module.text, network.name);
  const { model, labels, seed } = await loadWeights(modelClass, flags.weights, { resume: false });
  const slots = slotsOf(network);
  const data = await loadTest({
    slots,
    recipe: network.recipe,
    seed: seed ?? network.recipe.seed,
    base: dirname(path),
    given: flags.data,
    targets,
    labels,
  });
  return { network, model, labels: { ...data.labels, ...labels }, slots, data };
}
