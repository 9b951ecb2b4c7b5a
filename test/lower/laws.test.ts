/** The law of lowering: nests of every machine, interpreted in one arena, give what the graph's interpreter gives. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateFunction, type Tensor } from "../../src/evaluate/index.ts";
import { objectiveGradients } from "../../src/grad/objectives.ts";
import type { GraphFunction, Value } from "../../src/ir/graph.ts";
import type { Network } from "../../src/ir/network.ts";
import type { Buffer } from "../../src/ir/loops.ts";
import { draw } from "../support/gradient.ts";
import { Arena, distance, type Kind, kinds, stage } from "./arena.ts";
import { type RandomProgram, randomProgram } from "./programs.ts";

const call = { seed: 7, step: 2 };
const tolerance = 2e-4;
const runs: Readonly<Record<Kind, number>> = { scalar: 25, simd: 50, straight: 12 };

/** Values for every argument of the network, by role and name. */
function drawArguments(network: Network, count: number): ReadonlyMap<string, Tensor> {
  const context = { ...call, sizes: new Map([[network.batch, count]]) };
  const drawn = new Map<string, Tensor>();
  for (const { role, value } of [...network.train.arguments, ...network.predict.arguments]) {
    if (!("name" in role) || drawn.has(`${role.kind} ${role.name}`)) continue;
    const { shape, data } = draw(value.type, 3, drawn.size, context, { from: -1, to: 1 });
    drawn.set(`${role.kind} ${role.name}`, { shape, data: Float64Array.from(data, Math.fround) });
  }
  return drawn;
}

function evaluate(
  fn: GraphFunction,
  network: Network,
  drawn: ReadonlyMap<string, Tensor>,
  count: number,
): ReadonlyMap<Value, Tensor> {
  const inputs = new Map(
    fn.arguments.map(({ role, value }) => {
      const name = "name" in role ? role.name : "";
      return [value, drawn.get(`${role.kind} ${name}`)!] as const;
    }),
  );
  return evaluateFunction(fn, inputs, { ...call, sizes: new Map([[network.batch, count]]) });
}

/** Every result that differs, as `name: by how much`. */
function differences({ text, count }: RandomProgram, kind: Kind): readonly string[] {
  const { network, lowered } = stage(text, kind);
  const drawn = drawArguments(network, count);
  const arena = new Arena(lowered);
  const ports = [...lowered.inputs, ...lowered.targets, ...lowered.parameters, ...lowered.states];
  for (const buffer of ports) {
    const name = "name" in buffer.role ? buffer.role.name : "";
    const values = drawn.get(`${buffer.role.kind} ${name}`);
    if (values !== undefined) arena.write(buffer, values.data);
  }
  const wrong: string[] = [];
  const compare = (name: string, buffer: Buffer, expected: Tensor): void => {
    const apart = distance(arena.read(buffer, expected.data.length), expected);
    if (!(apart <= tolerance)) wrong.push(`${name}: ${apart}`);
  };

  arena.run("predict", { ...call, count });
  const predicted = evaluate(network.predict, network, drawn, count);
  for (const { role, value } of network.predict.results) {
    if (role.kind !== "output") continue;
    compare(
      role.name,
      lowered.outputs.find(({ name }) => name === role.name)!,
      predicted.get(value)!,
    );
  }

  const gradient = objectiveGradients(network).gradients.find(({ training }) => training)!;
  const program = lowered.gradientPrograms.find(
    ({ objective, training }) => objective === gradient.objective && training,
  )!;
  arena.run(program.routine, { ...call, count });
  const differentiated = evaluate(gradient.function, network, drawn, count);
  for (const { role, value } of gradient.function.results) {
    const expected = differentiated.get(value)!;
    if (role.kind === "gradient")
      compare(
        `gradient of ${role.parameter}`,
        lowered.gradients[network.parameters.findIndex(({ name }) => name === role.parameter)]!,
        expected,
      );
    else if (role.kind === "lossTotal")
      compare(role.name, lowered.losses.find(({ name }) => name === role.name)!.total, expected);
  }
  return wrong;
}

describe.each(kinds)("nests for %s code", (kind) => {
  it("give what the graph gives", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(randomProgram, (program) => {
        expect(differences(program, kind), program.text).toEqual([]);
      }),
      { numRuns: runs[kind], seed: 5, endOnFailure: true },
    );
  });
});
