/** Owns looking into saved weights: states and optimizer slots, which a model shows no other way, by name. */
import { decodeTensors, encodeTensors } from "../../src/runtime/safetensors.ts";
import { trainingPrefix } from "../../src/runtime/weights.ts";

export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** All that a file holds, by name. */
export function readSaved(bytes: Uint8Array): Values {
  const { tensors } = decodeTensors(bytes);
  return Object.fromEntries([...tensors].map(([name, { values }]) => [name, values]));
}

/** The slots of the optimizer, without the prefix that sets them apart in a file. */
export function readSlots(bytes: Uint8Array): Values {
  const prefix = `${trainingPrefix}slot/`;
  const slots = Object.entries(readSaved(bytes)).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(slots.map(([name, values]) => [name.slice(prefix.length), values]));
}

/** The same file with other numbers for some states. */
export function withStates(bytes: Uint8Array, states: Values): Uint8Array {
  const { tensors, metadata } = decodeTensors(bytes);
  for (const [name, values] of Object.entries(states)) {
    const before = tensors.get(name);
    if (before === undefined)
      throw new Error(`there is no state ${name}; there are: ${[...tensors.keys()].join(", ")}`);
    before.values.set(values);
  }
  return encodeTensors({ tensors, metadata });
}
