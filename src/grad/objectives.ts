/**
 * Owns which gradients a network offers: of each loss, of their sum and of each `minimize` line; as training computes
 * them and as use does.
 */
import { batchUse, takenInParts } from "../ir/mixing.ts";
import type { Network, ObjectiveGradient } from "../ir/network.ts";
import { differentiate, type GradientProblem } from "./index.ts";

export interface ObjectiveGradients {
  readonly gradients: readonly ObjectiveGradient[];
  /** Paths that no gradient passes, each once. */
  readonly problems: readonly GradientProblem[];
}

function gradientOf(
  network: Network,
  objective: string,
  training: boolean,
): ObjectiveGradient | GradientProblem | null {
  const base = training ? network.train : network.evaluate;
  const result = base.results.find(({ role }) => role.kind === "objective" && role.name === objective);
  if (result === undefined) return null;
  const frozen = new Set(network.parameters.filter((each) => each.frozen).map(({ name }) => name));
  const parameters = base.arguments.filter(({ role }) => role.kind === "parameter" && !frozen.has(role.name));
  const differentiated = differentiate(
    base,
    result.value,
    parameters.map(({ value }) => value),
  );
  if (differentiated.kind === "problem") return differentiated;
  const wanted = new Set(["lossTotal", "lossWeight", "gradient", ...(training ? ["state"] : [])]);
  const { fn } = differentiated;
  const results = fn.results.filter(({ role }) => wanted.has(role.kind));
  const mixes =
    results.some(({ role }) => role.kind === "state") ||
    !takenInParts(batchUse(base, network.batch).of.get(result.value)!);
  return { objective, training, function: { ...fn, results }, mixes };
}

export function objectiveGradients(network: Network): ObjectiveGradients {
  const minimized = network.recipe.objectives.map(({ name }) => name);
  const names = [...new Set([...minimized, ...network.losses, "loss"])];
  const gradients: ObjectiveGradient[] = [];
  const problems: GradientProblem[] = [];
  for (const training of [true, false]) {
    for (const name of names) {
      const found = gradientOf(network, name, training);
      if (found === null) continue;
      if (!("kind" in found)) gradients.push(found);
      else if (!problems.some(({ frame }) => frame.span.start === found.frame.span.start))
        problems.push(found);
    }
  }
  return { gradients, problems };
}
