/** Owns a module's weights as a file: which tensors it must hold, and what of it is used. */
import { readTensor, writeTensor } from "./layout.ts";
import type { Plan, Tensor } from "./plan.ts";
import { decodeTensors, type StoredTensor, type TensorFile } from "./safetensors.ts";
import type { Session } from "./session.ts";

/** Tensors that only training needs lie under names that no parameter has. */
export const trainingPrefix = "training/";

/** Reads and checks a file against the plan; `further` are what else it must hold. */
export function openWeights(plan: Plan, bytes: Uint8Array, further: readonly Tensor[]): TensorFile {
  const file = decodeTensors(bytes);
  checkTensors(plan, file.tensors, [...plan.parameters, ...plan.states, ...further]);
  return file;
}

/** Brings the weights for use into the arena. */
export function loadWeights(session: Session, bytes: Uint8Array): TensorFile {
  const { plan } = session;
  const file = openWeights(plan, bytes, []);
  for (const tensor of [...plan.parameters, ...plan.states])
    writeTensor(session, tensor, file.tensors.get(tensor.name)!.values);
  return file;
}

/** Says all that does not fit at once. */
function checkTensors(
  plan: Plan,
  stored: ReadonlyMap<string, StoredTensor>,
  expected: readonly Tensor[],
): void {
  const faults: string[] = [];
  for (const { name, shape } of expected) {
    const found = stored.get(name);
    const [here, there] = [shape, found?.shape ?? []].map((one) => `[${one.join(", ")}]`);
    if (found === undefined) faults.push(`${name} ${here} is missing`);
    else if (here !== there) faults.push(`${name} is ${there}, but the model has ${here}`);
  }
  const names = new Set(expected.map(({ name }) => name));
  for (const name of stored.keys())
    if (!names.has(name) && !name.startsWith(trainingPrefix)) faults.push(`${name} is not in the model`);
  if (faults.length > 0)
    throw new Error(
      `these weights are not for ${plan.name}:\n${faults.map((fault) => `  ${fault}`).join("\n")}`,
    );
}

export function storeTensors(session: Session, tensors: readonly Tensor[]): Map<string, StoredTensor> {
  return new Map(
    tensors.map((tensor) => [tensor.name, { shape: tensor.shape, values: readTensor(session, tensor) }]),
  );
}
