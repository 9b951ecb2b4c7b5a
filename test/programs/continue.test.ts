/** Texts that go on: what `continue` adds is what reading and picking symbol by symbol gives, each sample for itself. */
import { describe, expect, it } from "vitest";
import { type WithEntries, compiled } from "./compiled.ts";

const window = 6;

function program(reader: string): string {
  return `${reader}
layer follow(prompt: index(v)[batch, time], read: layer(index(v)[batch, n]) -> [batch, n, v], steps: int) -> index(v)[batch, steps] {
  scan t over steps {
    carry seen: index(v)[batch, n <= ${window}] = prompt
    drawn = argmax(last(seen -> read))
    next seen = append(seen, drawn, limit: ${window})
    collect text: index(v)[batch, steps] = drawn
  }
  return text
}
model Writer(symbols: int = 5) {
  input text: index(symbols)[time <= ${window}]
  target following: index(symbols)[time]
  share read = reader(symbols)
  scores = read(text)
  output scores = scores
  loss cross_entropy(scores, following)
  entry greedy(prompt: index(symbols)[time <= ${window}], length: int <= 12) -> index(symbols)[length] {
    return continue(prompt, read, length, window: ${window})
  }
  entry written(prompt: index(symbols)[time <= ${window}], length: int <= 12) -> index(symbols)[length] {
    return follow(prompt, read, length)
  }
  entry drawn(prompt: index(symbols)[time <= ${window}], length: int <= 12 = 7, heat: float = 1) -> index(symbols)[length] {
    return continue(prompt, read, length, window: ${window}, pick: sample(heat))
  }
  entry short(prompt: index(symbols)[3]) -> index(symbols)[4] {
    return continue(prompt, read, 4, window: ${window})
  }
  entry begin(length: int <= 12) -> index(symbols)[length] {
    return continue(uniform_index(symbols, [batch, 1]), read, length, window: ${window}, pick: top_k(3))
  }
}
train Writer { batch: 3 }
`;
}

/** Looks back with attention, and tells its place from the front. */
const attentive = program(`layer reader(text: index(v)[batch, time], symbols: int) -> [batch, time, symbols] {
  h = text -> embedding(8) -> positions(limit: ${window})
  h = h + (h -> layer_norm -> multi_head_attention(heads: 2, causal: true))
  return h -> dense(symbols)
}`);

/** Sees all of its text from both ends, so that its length counts. */
const recurrent = program(`layer reader(text: index(v)[batch, time], symbols: int) -> [batch, time, symbols] {
  return text -> embedding(6) -> bidirectional(gru(4)) -> conv1d(8, kernel: 3, padding: same) -> tanh -> dense(symbols)
}`);

const prompts = [[1, 4, 2], [3], [0, 1, 2, 3, 4, 0], [2, 2], [4, 0, 3, 1, 1]];

type Rows = readonly ArrayLike<number>[];

/** Classes by their text and how they were compiled. */
const classes = new Map<string, ReturnType<typeof compiled>>();

/** Weights large enough that what comes next depends on what came before. */
async function writer(text: string, options: object): Promise<WithEntries> {
  const key = `${JSON.stringify(options)} ${text}`;
  const found = classes.get(key) ?? compiled(text, { ...options, inference: false });
  classes.set(key, found);
  const model = await (await found).create({ seed: 5 });
  for (const { name } of model.parameters)
    model.parameters.set(
      name,
      Array.from(model.parameters.get(name), (value, k) => 3 * value + 0.4 * Math.sin(k)),
    );
  return model;
}

/** The most likely next symbol of each text by `predict`, again and again. */
function byHand(model: WithEntries, length: number): readonly number[][] {
  return prompts.map((prompt) => {
    const text = [...prompt];
    for (let step = 0; step < length; step += 1) {
      const [scores] = model.predict({ text: [text.slice(-window)] } as never)["scores"] as unknown as Rows;
      const last = Array.from(scores!).slice(-5);
      text.push(last.indexOf(Math.max(...last)));
    }
    return text.slice(prompt.length);
  });
}

describe.each([
  ["a reader with attention", attentive],
  ["a reader with recurrences and convolutions", recurrent],
])("%s", (_, text) => {
  it.each([{ kernels: "scalar", precision: "double" }, { kernels: "simd" }])(
    "goes on as reading symbol by symbol does: %o",
    async (options) => {
      const model = await writer(text, options);
      const length = 10;
      const found = model["greedy"]!({ prompt: prompts, length } as never) as unknown as Rows;
      const due = byHand(model, length);
      expect(found.map((row) => Array.from(row))).toEqual(due);
      expect(new Set(due.flat()).size).toBeGreaterThan(2);
      // The same, written in the language.
      const written = model["written"]!({ prompt: prompts, length } as never) as unknown as Rows;
      expect(written.map((row) => Array.from(row))).toEqual(due);
      // Where nothing that is given varies, what was said so far does.
      const short = model["short"]!({ prompt: prompts.slice(0, 1) } as never) as Int32Array;
      expect(Array.from(short)).toEqual(due[0]!.slice(0, 4));
    },
  );

  it("draws for each sample by itself, whatever stands beside it, and as far as it is asked to", async () => {
    const model = await writer(text, { kernels: "simd" });
    const drawn = (given: object, seed = 1): readonly number[][] =>
      (model["drawn"]!(given as never, { seed }) as unknown as Rows).map((row) => Array.from(row));
    const all = drawn({ prompt: prompts, heat: 40 });
    expect(all.map(({ length }) => length)).toEqual([7, 7, 7, 7, 7]);
    expect(drawn({ prompt: prompts.slice(0, 2), heat: 40 })).toEqual(all.slice(0, 2));
    expect(drawn({ prompt: prompts, heat: 40, length: 4 })).toEqual(all.map((row) => row.slice(0, 4)));
    expect(drawn({ prompt: prompts, heat: 40 }, 2)).not.toEqual(all);
  });

  it("says what it takes", async () => {
    const model = await writer(text, { kernels: "simd" });
    const call = (given: object) => () => model["greedy"]!(given as never);
    expect(call({ prompt: prompts })).toThrow("length is missing");
    expect(call({ prompt: prompts, length: 13 })).toThrow(
      "length is a whole number above 0 and <= 12, and was 13",
    );
    expect(call({ prompt: prompts, length: 1.5 })).toThrow("length is a whole number above 0");
    expect(call({ prompt: [[0, 1, 2, 3, 4, 0, 1]], length: 3 })).toThrow("1 to 6 are allowed");
  });
});

it("begins from nothing, as many texts as are asked for", async () => {
  const model = await writer(recurrent, { kernels: "simd" });
  const texts = model["begin"]!({ length: 5 } as never, { batch: 4, seed: 3 }) as unknown as Rows;
  expect(texts.map((row) => row.length)).toEqual([5, 5, 5, 5]);
});
