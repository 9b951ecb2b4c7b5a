/** Owns the proof that a text which is read symbol by symbol goes on as one that is read again with each. */
import { describe, expect, it } from "vitest";
import { evaluateFunction, resolveShape, type Tensor, tensor } from "../../src/evaluate/index.ts";
import { type DimensionSymbol, declaredSymbols } from "../../src/ir/dimension.ts";
import type { GraphFunction } from "../../src/ir/graph.ts";
import type { Network } from "../../src/ir/network.ts";
import { verifyFunction } from "../../src/ir/verify.ts";
import { simplifyNetwork, withFixedExtents } from "../../src/passes/index.ts";
import { continuedIn, withoutRereading } from "../../src/passes/incremental/index.ts";
import { networkOf } from "../check/programs.ts";
import { numbersFrom, parametersOf } from "../laws/network.ts";
import { programText } from "../programs/compiled.ts";

const window = 5;

function program(reader: string, prompt = `time <= ${window}`): string {
  return `layer reader(text: index(v)[batch, time]) -> [batch, time, v] {
${reader}
}
model Writer(symbols: int = 11) {
  input text: index(symbols)[time <= ${window}]
  share read = reader()
  output scores = read(text)
  entry write(prompt: index(symbols)[${prompt}], length: int <= 9) -> index(symbols)[length] {
    return continue(prompt, read, length, window: ${window}, pick: sample(2))
  }
}
`;
}

const attentive = `  h = text -> embedding(4)`;

const kept: Readonly<Record<string, string>> = {
  "attention of the library": `${attentive} -> positions(limit: ${window})
  h = h + (h -> layer_norm -> multi_head_attention(heads: 2, causal: true))
  h = h + (h -> multi_head_attention(heads: 2, key_heads: 1, causal: true))
  return h -> dense(v)`,
  "positions by rotation": `${attentive}
  q = h -> dense(4) -> rope
  k = h -> dense(4) -> rope
  y = scaled_dot_product(q, k, h, causal: true)
  return y + h -> dense(v)`,
  "masks that are written out": `${attentive} -> sinusoidal_positions
  score[b, i, j] = where(j > i, -1e30, sum(h[b, i, d] * h[b, j, d], over: d))
  weight = exp(score - max(score, over: -1, keep: true))
  y[b, i, d] = sum(weight[b, i, j] * h[b, j, d], over: j)
  return y -> layer_norm -> dense(v)`,
  "sums of what came before": `${attentive}
  y[b, i < time, d] = sum(where(j <= i, h[b, j, d], 0), over: j)
  return tanh(y) -> dense(v)`,
  "no other places": `${attentive} -> dense(8) -> relu
  return h -> dense(v)`,
};

const again: Readonly<Record<string, { readonly reader: string; readonly reason: string }>> = {
  "sees what comes after": {
    reader: `${attentive}\n  return h -> multi_head_attention(heads: 2) -> dense(v)`,
    reason: "what it makes of a place depends on what comes after",
  },
  "has a weak mask": {
    reader: `${attentive}
  score[b, i, j] = where(j > i, -5, sum(h[b, i, d] * h[b, j, d], over: d))
  y[b, i, d] = sum(softmax(score)[b, i, j] * h[b, j, d], over: j)
  return y -> dense(v)`,
    reason: "what it makes of a place depends on what comes after",
  },
  "has its mask turned round": {
    reader: `${attentive}
  score[b, i, j] = where(j < i, -1e30, sum(h[b, i, d] * h[b, j, d], over: d))
  y[b, i, d] = sum(softmax(score)[b, i, j] * h[b, j, d], over: j)
  return y -> dense(v)`,
    reason: "what it makes of a place depends on what comes after",
  },
  "is a recurrence": {
    reader: `${attentive}\n  return h -> gru(4) -> dense(v)`,
    reason: "a recurrence reads the text",
  },
  "turns the text round": {
    reader: `${attentive}\n  return h + reverse(h, over: time) -> dense(v)`,
    reason: "it speaks of how long the text is",
  },
  "takes the mean": {
    reader: `${attentive}\n  m = mean(h, over: time)\n  y[b, t < time, d] = h[b, t, d] + m[b, d]\n  return y -> dense(v)`,
    reason: "it makes one of all places of the text",
  },
  "looks at neighbours": {
    reader: `${attentive}\n  return h -> conv1d(4, kernel: 3, padding: causal) -> dense(v)`,
    reason: "it makes something longer or shorter of the text",
  },
};

/** What the interpreter makes of one sample at its own length. */
function result(
  network: Network,
  fn: GraphFunction,
  prompt: readonly number[],
  length: number,
): readonly number[] {
  const parameters = parametersOf(network, 7);
  const next = numbersFrom(5);
  const sizes = new Map<DimensionSymbol, number>([[network.batch, 1]]);
  for (const { value } of [...fn.arguments, ...fn.results])
    for (const symbol of value.type.shape.flatMap(declaredSymbols))
      if (symbol.kind === "length") sizes.set(symbol, symbol.name === "length" ? length : prompt.length);
  const valueOf = ({ role, value }: GraphFunction["arguments"][number]): Tensor => {
    const shape = resolveShape(value.type, sizes);
    if (role.kind === "parameter")
      return tensor(
        shape,
        parameters[role.name]!.map((one) => 3 * one),
      );
    return tensor(shape, value.type.element.kind === "index" ? prompt : [1 + next()]);
  };
  const inputs = new Map(fn.arguments.map((argument) => [argument.value, valueOf(argument)] as const));
  const values = evaluateFunction(fn, inputs, { sizes, seed: 3, step: 1 });
  return Array.from(values.get(fn.results[0]!.value)!.data);
}

/** The entry as it is and as it reads symbol by symbol, which must be well formed. */
function both(network: Network): readonly [GraphFunction, GraphFunction] {
  const { function: before } = simplifyNetwork(network).entries[0]!;
  const after = withoutRereading(before);
  expect([...verifyFunction(after), ...verifyFunction(withFixedExtents(after))]).toEqual([]);
  return [before, after];
}

describe("what was read is kept", () => {
  it.each(Object.entries(kept))("of %s", (_, reader) => {
    const network = networkOf(program(reader));
    const [before, after] = both(network);
    expect(after).not.toBe(before);
    expect(continuedIn(before)).toEqual([{ again: null, window, moves: true }]);
    const found = [[3], [1, 2, 3], [0, 1, 2, 3, 4]].map((prompt) => {
      const whole = result(network, before, prompt, 9);
      expect(result(network, after, prompt, 9), prompt.join()).toEqual(whole);
      return whole.join();
    });
    expect(new Set(found).size).toBeGreaterThan(1);
  });

  it("of a prompt of fixed length, and of one symbol", () => {
    for (const prompt of ["3", "1"]) {
      const network = networkOf(program(kept["attention of the library"]!, prompt));
      const [before, after] = both(network);
      const given = [4, 1, 2].slice(0, Number(prompt));
      expect(result(network, after, given, 9)).toEqual(result(network, before, given, 9));
    }
  });

  it.each([
    { name: "gpt", set: { vocab: "13", context: "6", width: "4", heads: "2", depth: "2" }, moves: true },
    { name: "pronounce", set: { letters: "6", sounds: "9", width: "4", heads: "2" }, moves: false },
  ])("of $name of the north star", ({ name, set, moves }) => {
    const network = networkOf(programText(`north-star/${name}`), { set });
    const [before, after] = both(network);
    expect(continuedIn(before).map((one) => [one.again, one.moves])).toEqual([[null, moves]]);
    const nested = after.nodes.some(
      (node) => node.kind === "scan" && node.nodes.some(({ kind }) => kind === "scan"),
    );
    expect(nested).toBe(moves);
    for (const prompt of [[2], [5, 1, 3, 0]])
      expect(result(network, after, prompt, 12)).toEqual(result(network, before, prompt, 12));
  });
});

describe("a text is read again where its reader", () => {
  it.each(Object.entries(again))("%s", (_, { reader, reason }) => {
    const { function: fn } = simplifyNetwork(networkOf(program(reader))).entries[0]!;
    expect(withoutRereading(fn)).toBe(fn);
    expect(continuedIn(fn)[0]!.again?.reason).toBe(reason);
  });
});
