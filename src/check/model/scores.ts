/** Owns warnings at calls of the library that take scores: probabilities in their place, and a softmax of one number. */
import { isLiteral } from "../../ir/dimension.ts";
import { probabilitiesNotScores, softmaxOfOne } from "../../report/catalogue/check.ts";
import type { Definition } from "../../syntax/ast.ts";
import type { CallSite } from "../elaborate/call.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";

/** Losses of the library whose first tensor is scores. */
const takesScores = new Set(["cross_entropy", "soft_cross_entropy", "binary_cross_entropy", "focal"]);

/** Layers and losses of the library that share out one whole along the last axis. */
const sharesOut = new Set(["softmax", "log_softmax", "cross_entropy", "soft_cross_entropy"]);

/** Looks at the first tensor of a call of the library, from the user's text. */
export function warnOfScores(
  elaboration: Elaboration,
  scope: Scope,
  opened: Scope,
  definition: Definition,
  site: CallSite,
): void {
  const first = definition.parameters[0];
  const scores = first === undefined ? undefined : opened.bindings.get(first.name.text)?.meaning;
  if (scores?.kind !== "tensor" || scope.file.library) return;
  const last = scores.value.type.shape.at(-1);
  if (sharesOut.has(definition.name.text) && last !== undefined && isLiteral(last) && last.constant === 1)
    complain(elaboration, scope, softmaxOfOne.build({ span: site.span, name: site.name }));
  if (!takesScores.has(definition.name.text)) return;
  // Scores that come straight out of `softmax` or `sigmoid` are probabilities.
  const made = elaboration.graph.nodes.find((node) => node.kind === "index" && node.result === scores.value);
  if (made?.kind !== "index") return;
  const by = made.operation === "sigmoid" ? "sigmoid" : made.frame.layer === "softmax" ? "softmax" : null;
  if (by === null) return;
  complain(elaboration, scope, probabilitiesNotScores.build({ span: site.span, loss: site.name, made: by }));
}
