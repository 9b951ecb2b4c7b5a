/** Owns running a checked network in the interpreter with parameters given by name. */
import { type Tensor, evaluateFunction, tensor } from "../../src/evaluate/index.ts";
import type { GraphFunction, Value } from "../../src/ir/graph.ts";
import type { Network } from "../../src/ir/network.ts";

/** Every result of a function by the name of its role. */
export function run(
  network: Network,
  fn: GraphFunction,
  given: Readonly<Record<string, Tensor>>,
  batch: number,
): Readonly<Record<string, Tensor>> {
  const inputs = new Map<Value, Tensor>();
  for (const { role, value } of fn.arguments) {
    const name = "name" in role ? role.name : role.kind;
    const found = given[name] ?? filledOf(network, name, value);
    inputs.set(value, found);
  }
  const sizes = new Map([[network.batch, batch]]);
  const values = evaluateFunction(fn, inputs, { sizes, seed: 1, step: 0 });
  return Object.fromEntries(
    fn.results.map(({ role, value }) => [
      `${role.kind}${"name" in role ? ` ${role.name}` : ""}`,
      values.get(value)!,
    ]),
  );
}

/** Constant initial values; anything else is counted up, so that no two are equal. */
function filledOf(network: Network, name: string, value: Value): Tensor {
  const shape = value.type.shape.map((dimension) => dimension.constant);
  const count = shape.reduce((product, size) => product * size, 1);
  const state = network.states.find((other) => other.name === name);
  const parameter = network.parameters.find((other) => other.name === name);
  const constant =
    state?.initial ?? (parameter?.initializer.kind === "constant" ? parameter.initializer.value : null);
  return tensor(
    shape,
    Array.from({ length: count }, (_, place) => constant ?? Math.sin(place + 1)),
  );
}

export function numbers(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    shape,
    Array.from({ length: count }, (_, place) => Math.cos(3 * place) + place / 10),
  );
}
