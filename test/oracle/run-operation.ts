/** Owns running one case of an operation on one machine, and saying what differs. */
import type { OperationCase, OperationFile } from "./cases.ts";
import { difference } from "../support/difference.ts";
import { toleranceOf } from "./comparison.ts";
import { type Machine, classOf } from "../support/machine.ts";
import { batchInFront, type Probe, programOf } from "./probe.ts";
import { readSaved, withStates } from "../support/saved.ts";

export interface Form {
  readonly machine: Machine;
  /** Whether the leading axis of the probe's batched tensors is the batch. */
  readonly batched: boolean;
}

/** All differences, none where the case passes. */
export async function runOperation(
  file: OperationFile,
  given: OperationCase,
  probe: Probe,
  { machine, batched }: Form,
): Promise<readonly string[]> {
  const of = batchInFront(given, probe.batchSecond ?? []);
  const program = programOf(of, probe, batched);
  const tolerance = toleranceOf(file, of, machine.precision);
  const modelClass = await classOf(program.text, "Probe", machine);
  let model = await modelClass.create({ seed: 1 });
  for (const [name, values] of Object.entries(program.parameters)) model.parameters.set(name, values);
  if (Object.keys(program.states).length > 0)
    model = await modelClass.load(withStates(model.save(), program.states));

  const problems: (string | null)[] = [];
  const training = probe.training ?? false;
  const { losses, gradients } = model.gradients(program.inputs, { loss: "probe", training });
  const outputs = model.predict(program.inputs);
  for (const { name, size } of program.outputs) {
    const reference = of.outputs[name]!;
    const got = Array.from(outputs[`value_${name}`]! as ArrayLike<number>).slice(0, size);
    const exact =
      reference.dtype === "int64" || (file.class === "indexing" && machine.precision === "single");
    problems.push(difference(name, got, reference.data, exact ? forwardExact : tolerance));
  }
  for (const [name, { data }] of Object.entries(of.grads)) {
    if (of.kink === true) continue;
    problems.push(difference(`gradient of ${name}`, gradients[program.parameterOf[name]!]!, data, tolerance));
  }
  const objective = objectiveOf(of);
  if (objective !== null) problems.push(difference("loss", [losses["probe"]!], [objective], tolerance));
  const left = Object.entries(program.left).filter(([name]) => of.outputs[name] !== undefined);
  if (left.length > 0) model.step(program.inputs);
  const saved = readSaved(model.save());
  for (const [name, state] of left)
    problems.push(difference(name, saved[state] ?? [], of.outputs[name]!.data, tolerance));
  return problems.filter((problem) => problem !== null);
}

/** Indexing moves numbers: a float32 number comes out as it went in, but for the nine digits it is written with. */
const forwardExact = { rtol: 1e-8, atol: 0 };

/** Σ cotangent · output over the differentiated outputs, or null where it says nothing: its terms cancel. */
function objectiveOf({ cotangents, outputs }: OperationCase): number | null {
  const terms = Object.entries(cotangents).flatMap(([name, { data }]) =>
    data.map((value, place) => value * outputs[name]!.data[place]!),
  );
  const sum = terms.reduce((total, term) => total + term, 0);
  const size = terms.reduce((total, term) => total + Math.abs(term), 0);
  return terms.length > 0 && Math.abs(sum) * 4 > size ? sum : null;
}
