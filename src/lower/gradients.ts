/** Owns which gradient routines a module carries: those that come out equal are one. */
import type { GraphFunction } from "../ir/graph.ts";
import type { ObjectiveGradient } from "../ir/network.ts";
import { printFunction } from "../ir/print.ts";
import type { GradientProgram } from "./program.ts";

export interface DistinctGradients {
  /** Named as their routines are. */
  readonly functions: readonly GraphFunction[];
  readonly programs: readonly GradientProgram[];
}

export function distinctGradients(gradients: readonly ObjectiveGradient[]): DistinctGradients {
  const functions: GraphFunction[] = [];
  const known = new Map<string, string>();
  const programs = gradients.map(({ objective, training, mixes, function: fn }): GradientProgram => {
    const key = printFunction({ ...fn, name: "" });
    let routine = known.get(key);
    if (routine === undefined) {
      const stem = `gradients_of_${objective.replace(/[^A-Za-z0-9]+/g, "_")}`;
      routine = training ? stem : `${stem}_in_use`;
      known.set(key, routine);
      functions.push({ ...fn, name: routine });
    }
    return { objective, training, mixes, routine };
  });
  return { functions, programs };
}
