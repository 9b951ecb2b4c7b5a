/** Owns the law of varying lengths for training: limits, chunks of a batch, metrics and statistics see what samples hold. */
import { describe, expect, test } from "vitest";
import { parametersOf } from "../laws/network.ts";
import { difference } from "../support/difference.ts";
import { classOf, machines, type Model, type ModelClass } from "../support/machine.ts";
import { networkOf, programs, samplesOf } from "./samples.ts";

const simd = machines.find(({ name }) => name === "simd")!;
const double = machines.find(({ precision }) => precision === "double")!;

/** Words of 1 to 9 letters; each letter is told what the word's last letter is, and whether it stands before its middle. */
const task = `model Task(width: int = 16, limit: int = 12) {
  input  word: index(6)[time <= limit]
  input  size: [time, 2]
  target end: index(6)[time]

  h = word -> embedding(width) -> bidirectional(gru(width)) -> dropout(0.1)
  seen = concat(h, size -> standardize)
  logits = seen -> dense(width) -> batch_norm -> relu -> dense(6)

  output probs = softmax(logits)
  output middle = h[:, 0]
  loss cross_entropy(logits, end)
  metric accuracy(logits, end)
  metric perplexity(logits, end)
}

train Task {
  minimize: loss with adam(rate: 2e-2)
  batch: 16
  epochs: 25
  seed: 5
}
`;

interface Words {
  readonly word: readonly (readonly number[])[];
  readonly size: readonly (readonly number[])[];
  readonly end: readonly (readonly number[])[];
}

function wordsOf(count: number): Words {
  const word = Array.from({ length: count }, (_, k) =>
    Array.from({ length: 1 + ((k * 7) % 9) }, (__, t) => (k * k + 3 * t * t + t * k) % 6),
  );
  return {
    word,
    size: word.map((letters) => letters.flatMap((letter, t) => [100 + letter, 5 - t])),
    end: word.map((letters) => letters.map(() => letters.at(-1)!)),
  };
}

interface Trained extends Omit<Model, "fit"> {
  fit(
    batch: Words,
    options: { readonly validation: Words },
  ): Promise<{ readonly epochs: readonly { readonly val: Readonly<Record<string, number>> | null }[] }>;
}

const taskClass = classOf(task, "Task", simd);

async function taskModel(): Promise<Trained> {
  return (await (await taskClass).create({ seed: 5 })) as unknown as Trained;
}

describe("training", () => {
  test("learns what ends words, and measures it over samples of any length", async () => {
    const model = await taskModel();
    const held = wordsOf(40);
    const { epochs } = await model.fit(wordsOf(200), { validation: held });
    const results = model.evaluate(held as never);
    expect(results["accuracy"]).toBeGreaterThan(0.95);
    expect(epochs.at(-1)!.val!["accuracy"]).toBeCloseTo(results["accuracy"]!, 6);
    const { probs } = model.predict(held as never) as unknown as { probs: readonly Float32Array[] };
    const letters = held.word.map((word, k) =>
      word.map((_, t) => {
        const row = Array.from(probs[k]!.subarray(6 * t, 6 * t + 6));
        return { right: row.indexOf(Math.max(...row)) === held.end[k]![t], p: row[held.end[k]![t]!]! };
      }),
    );
    const all = letters.flat();
    expect(probs.map(({ length }) => length)).toEqual(held.word.map(({ length }) => 6 * length));
    expect(results["accuracy"]).toBeCloseTo(all.filter(({ right }) => right).length / all.length, 6);
    const surprise = all.reduce((sum, { p }) => sum - Math.log(p), 0) / all.length;
    expect(results["perplexity"]).toBeCloseTo(Math.exp(surprise), 3);
  });

  test("takes sequences in one row with their lengths as it takes them apart", async () => {
    const model = await taskModel();
    const { word, size } = wordsOf(6);
    const lengths = word.map((letters) => letters.length);
    const packed = { values: word.flat(), lengths };
    const padded = {
      values: Float32Array.from(
        size.flatMap((row) => [...row, ...Array.from({ length: 24 - row.length }, () => 9)]),
      ),
      lengths,
    };
    const apart = model.predict({ word, size } as never);
    expect(model.predict({ word: packed, size: padded } as never)).toEqual(apart);
    const nested = size.map((row) =>
      Array.from({ length: row.length / 2 }, (_, t) => row.slice(2 * t, 2 * t + 2)),
    );
    expect(model.predict({ word, size: nested } as never)).toEqual(apart);
  });

  test.each([
    [
      "a sample that is too long",
      { word: [Array(13).fill(0)], size: [Array(26).fill(0)] },
      /length of time is 13, and 1 to 12/,
    ],
    [
      "lengths that disagree",
      { word: [[1, 2, 3]], size: [[1, 2, 3, 4]] },
      /size, sample 0: it is 2 long where 3 are due/,
    ],
    ["half a step", { word: [[1, 2]], size: [[1, 2, 3]] }, /size, sample 0: it is 1.5 long where 2 are due/],
    ["an empty sample", { word: [[]], size: [[]] }, /length of time is 0/],
    ["different counts", { word: [[1], [2]], size: [[1, 2]] }, /word holds 2 samples, but size holds 1/],
    ["a missing port", { word: [[1]] }, /size is missing/],
    [
      "an index beyond its size",
      { word: [[6]], size: [[1, 2]] },
      /word, sample 0: 6 at \[0\] is not an index between 0 and 5/,
    ],
    ["text", { word: "abc", size: [[1, 2]] }, /word is missing/],
    [
      "lengths that do not add up",
      {
        word: { values: [1, 2, 3], lengths: [1, 1] },
        size: [
          [1, 2],
          [1, 2],
        ],
      },
      /3 numbers are not 2 times 1/,
    ],
  ])("refuses %s", async (_, batch, message) => {
    const model = await taskModel();
    expect(() => model.predict(batch as never)).toThrow(message);
  });
});

const recipe =
  "\ntrain Law {\n  minimize: loss with adam(rate: 1e-2)\n  batch: 4\n  epochs: 2\n  seed: 3\n}\n";

describe.each(programs)("$name", (program) => {
  const network = networkOf(program);
  const parameters = parametersOf(network, 11);
  const samples = samplesOf(network, 4, 3);
  const batch = Object.fromEntries(
    Object.keys(samples[0]!.numbers).map((name) => [name, samples.map(({ numbers }) => numbers[name]!)]),
  );

  /** A table of positions has a row for each place up to the limit; those beyond the first ones are not read. */
  const longer = networkOf(program, { limit: "21" }).parameters.map(({ name, type }) => {
    const size = type.shape.reduce((product, { constant }) => product * constant, 1);
    const values = parameters[name]!;
    return [name, [...values, ...Array.from({ length: size - values.length }, () => 1)]] as const;
  });

  async function gradientsOf(
    made: ModelClass,
    given: readonly (readonly [string, readonly number[]])[] = Object.entries(parameters),
  ): Promise<ReturnType<Model["gradients"]>> {
    const model = await made.create({ seed: 3 });
    for (const [name, values] of given) model.parameters.set(name, values);
    return model.gradients(batch);
  }

  test("has the same gradients whatever the limit, noise included", async () => {
    const text = program.text + recipe;
    const near = await gradientsOf(await classOf(text, "Law", double));
    const far = await gradientsOf(await classOf(text, "Law", double, { limit: "21" }), longer);
    const tolerance = { rtol: 1e-10, atol: 1e-11 };
    const problems = Object.entries(near.gradients).map(([name, values]) => {
      const more = Array.from(far.gradients[name]!);
      return difference(name, more.slice(0, values.length), values, tolerance);
    });
    problems.push(difference("losses", Object.values(far.losses), Object.values(near.losses), tolerance));
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });

  test("has the same gradients whether a batch is taken as one or in parts", async () => {
    const whole = await gradientsOf(await classOf(program.text + recipe, "Law", double));
    const parts = program.text + recipe.replace("batch: 4", "batch: 2\n  accumulate: 2");
    const apart = await gradientsOf(await classOf(parts, "Law", double));
    const problems = Object.entries(whole.gradients).map(([name, values]) =>
      difference(name, apart.gradients[name]!, values, { rtol: 1e-10, atol: 1e-11 }),
    );
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });
});
