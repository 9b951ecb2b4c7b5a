/** Owns what is looked for once a network stands: inputs, parameters and losses that lead nowhere, batches of one. */
import type { Frame } from "../../ir/frame.ts";
import type { Value } from "../../ir/graph.ts";
import type { Parameter, Recipe } from "../../ir/network.ts";
import {
  lossWithoutParameters,
  statisticsOfOne,
  unreachedParameters,
  unusedPort,
} from "../../report/catalogue/check.ts";
import type { Recipe as RecipeSource } from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { type Elaboration, complain } from "../elaborate/elaboration.ts";
import { reachedArguments } from "../elaborate/graph-builder.ts";
import type { ModelBody } from "./model.ts";
import type { Moved } from "./optimizer.ts";

export interface Watched {
  readonly use: { readonly elaboration: Elaboration; readonly body: ModelBody };
  readonly training: { readonly elaboration: Elaboration; readonly body: ModelBody };
  /** Rank-0 means in training, by name. */
  readonly objectives: ReadonlyMap<string, Value>;
  readonly reached: (objective: Value) => readonly Moved[];
  readonly recipe: Recipe;
  readonly source: RecipeSource | null;
}

/** Only of a model without mistakes: what a mistake left out would be missed again here. */
export function warn(watched: Watched): void {
  if (watched.use.elaboration.diagnostics.some(({ severity }) => severity === "error")) return;
  unusedPorts(watched);
  unreached(watched);
  batchesOfOne(watched);
}

function unusedPorts({ use, training }: Watched): void {
  const read = new Set<string>();
  for (const { elaboration, body } of [use, training]) {
    const results = [
      ...body.outputs.map(({ value }) => value),
      ...body.losses.map(({ value }) => value),
      ...body.metrics.flatMap(({ collected }) => collected.map(({ value }) => value)),
    ];
    for (const value of results)
      for (const { role } of reachedArguments(elaboration.graph, value, () => true))
        if (role.kind === "input" || role.kind === "target") read.add(role.name);
  }
  const fitted = [...use.elaboration.registry.states.values()].map((state) => state.fitted?.input);
  for (const [kind, ports] of [
    ["input", use.body.inputs],
    ["target", use.body.targets],
  ] as const)
    for (const { name, span } of ports)
      if (!read.has(name) && !fitted.includes(name))
        complain(use.elaboration, null, unusedPort.build({ span, kind, name }));
}

function unreached({ training, objectives, reached }: Watched): void {
  const { elaboration, body } = training;
  const parameters = [...elaboration.registry.parameters.values()].filter(({ frozen }) => !frozen);
  if (objectives.size === 0 || parameters.length === 0) return;
  const learned = new Set<string>();
  for (const [name, value] of objectives) {
    const moved = reached(value);
    for (const parameter of moved) learned.add(parameter.name);
    const line = body.losses.find((loss) => loss.name.text === name);
    if (moved.length === 0 && line !== undefined)
      complain(elaboration, null, lossWithoutParameters.build({ span: line.name.span, loss: name }));
  }
  // A loss that depends on none has been named already.
  if (learned.size === 0) return;
  const left = parameters.filter(({ name }) => !learned.has(name));
  for (const [span, names] of byCall(elaboration, left))
    complain(elaboration, null, unreachedParameters.build({ span, names }));
}

/** Names of parameters by the call in the user's text that made them. */
function byCall(elaboration: Elaboration, parameters: readonly Parameter[]): ReadonlyMap<Span, string[]> {
  const calls = new Map<string, { readonly span: Span; readonly names: string[] }>();
  for (const { name, frame } of parameters) {
    const { span } = usersCall(elaboration, frame);
    const key = `${span.source.name}:${span.start}:${span.end}`;
    const call = calls.get(key) ?? { span, names: [] };
    call.names.push(name);
    calls.set(key, call);
  }
  return new Map([...calls.values()].map(({ span, names }) => [span, names]));
}

function usersCall({ program }: Elaboration, frame: Frame): Frame {
  let at = frame;
  while (at.parent !== null && program.isLibrary(at.span.source)) at = at.parent;
  return at;
}

/** `batch: 1` below a `batch_norm` of `[batch, n]`: the only axis that it averages over is that of the samples. */
function batchesOfOne({ training, recipe, source }: Watched): void {
  const batch = source?.settings.find(({ key }) => key.text === "batch");
  if (recipe.batch > 1 || batch === undefined) return;
  const { elaboration } = training;
  for (const node of elaboration.graph.nodes) {
    if (node.kind !== "index" || node.operation !== "mean" || node.frame.layer !== "batch_norm") continue;
    if (!elaboration.program.isLibrary(node.frame.span.source) && node.operands[0]?.type.shape.length === 2)
      complain(
        elaboration,
        null,
        statisticsOfOne.build({ span: usersCall(elaboration, node.frame).span, batch: batch.span }),
      );
  }
}
