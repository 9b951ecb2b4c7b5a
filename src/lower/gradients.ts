/** Owns which gradients a module offers: of each loss, of their sum, of each `minimize` line; with training's noise or without. */
import { differentiate, type GradientProblem } from "../grad/differentiate.ts";
import type { GraphFunction } from "../ir/graph.ts";
import type { Network } from "../ir/network.ts";
import { printFunction } from "../ir/print.ts";
import { simplify } from "../passes/simplify.ts";
import type { GradientProgram } from "./program.ts";

export interface GradientFunctions {
  /** Distinct functions, named as their routines are. */
  readonly functions: readonly GraphFunction[];
  readonly programs: readonly GradientProgram[];
  readonly problems: readonly GradientProblem[];
}

/** The function that gives losses, new states where `training`, and the gradients of one objective. */
function gradientFunction(
  network: Network,
  base: GraphFunction,
  objective: string,
  training: boolean,
): GraphFunction | GradientProblem {
  const target = base.results.find(({ role }) => role.kind === "objective" && role.name === objective);
  if (target === undefined) throw new Error(`${base.name} has no objective ${objective}`);
  const frozen = new Set(network.parameters.filter((each) => each.frozen).map(({ name }) => name));
  const parameters = base.arguments.filter(({ role }) => role.kind === "parameter" && !frozen.has(role.name));
  const differentiated = differentiate(
    base,
    target.value,
    parameters.map(({ value }) => value),
  );
  if (differentiated.kind === "problem") return differentiated;
  const wanted = new Set(["lossTotal", "lossWeight", "gradient", ...(training ? ["state"] : [])]);
  const { function: fn } = differentiated;
  return simplify({ ...fn, results: fn.results.filter(({ role }) => wanted.has(role.kind)) });
}

/** Every gradient function once: those that come out equal share a routine. */
export function gradientFunctions(network: Network): GradientFunctions {
  const functions: GraphFunction[] = [];
  const programs: GradientProgram[] = [];
  const problems: GradientProblem[] = [];
  const known = new Map<string, string>();
  const minimized = network.recipe.objectives.map(({ name }) => name);
  const names = [...new Set([...minimized, ...network.losses, "loss"])];
  for (const training of [true, false]) {
    const base = training ? network.train : network.evaluate;
    for (const objective of names) {
      if (!base.results.some(({ role }) => role.kind === "objective" && role.name === objective)) continue;
      const fn = gradientFunction(network, base, objective, training);
      if ("kind" in fn) {
        if (training) problems.push(fn);
        continue;
      }
      const key = printFunction({ ...fn, name: "" });
      let routine = known.get(key);
      if (routine === undefined) {
        const stem = `gradients_of_${objective.replace(/[^A-Za-z0-9]+/g, "_")}`;
        routine = training ? stem : `${stem}_in_use`;
        known.set(key, routine);
        functions.push({ ...fn, name: routine });
      }
      programs.push({ objective, training, routine });
    }
  }
  return { functions, programs, problems };
}
