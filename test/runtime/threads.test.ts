/** Threads: the same bits for the same slices, the same numbers within rounding as whole batches, and their end. */
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile.ts";

interface Options {
  readonly seed?: number;
  readonly threads?: number;
  readonly slices?: number;
}

type Numbers = ArrayLike<number>;
type Data = Readonly<Record<string, Numbers>>;

interface Model {
  predict(batch: Data): Readonly<Record<string, Numbers>>;
  evaluate(batch: Data): Readonly<Record<string, number>>;
  step(batch: Data): Readonly<Record<string, number>>;
  gradients(batch: Data): { readonly gradients: Readonly<Record<string, Numbers>> };
  save(): Uint8Array;
  dispose(): void;
}

interface ModelClass {
  create(options?: Options): Promise<Model>;
  load(bytes: Uint8Array, options?: Options): Promise<Model>;
}

async function classOf(text: string, threads = true): Promise<ModelClass> {
  const request = {
    entry: "net.nn",
    sources: new Map([["net.nn", { name: "net.nn", text }]]),
    language: "javascript",
    kernels: "simd",
    inference: false,
    threads,
  } as const;
  const { module, diagnostics } = compile(request);
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const url = `data:text/javascript;base64,${Buffer.from(module.text).toString("base64")}`;
  return ((await import(url)) as { Net: ModelClass }).Net;
}

/** Numbers of no regularity, the same each time. */
function numbers(length: number, scale = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => scale * Math.sin(12.9898 * i + 4.1));
}

const recipe = "train Net { minimize: loss with adam(rate: 0.01)\n batch: 22\n steps: 3\n seed: 3 }";

const programs: Readonly<Record<string, string>> = {
  "dropout and two layers": `model Net {
    input x: [6]
    target y: index(3)
    logits = x -> dense(20) -> relu -> dropout(0.3) -> dense(3)
    output p = softmax(logits)
    loss cross_entropy(logits, y)
    metric accuracy(logits, y)
  }`,
  batch_norm: `model Net {
    input x: [6]
    target y: index(3)
    logits = x -> dense(20) -> batch_norm -> relu -> dense(3)
    output p = softmax(logits)
    loss cross_entropy(logits, y)
    metric accuracy(logits, y)
  }`,
  convolution: `model Net {
    input x: [6, 6, 1]
    target y: index(3)
    logits = x -> conv2d(4, 3) -> relu -> max_pool2d(2) -> flatten -> dense(3)
    output p = softmax(logits)
    loss cross_entropy(logits, y)
    metric accuracy(logits, y)
  }`,
};

const count = 22;
const data = (text: string, samples = count): Data => {
  const size = text.includes("[6, 6, 1]") ? 36 : 6;
  return { x: numbers(samples * size), y: Int32Array.from({ length: samples }, (_, i) => (i * 7) % 3) };
};

/** The largest difference, against the largest number. */
function difference(a: Numbers, b: Numbers): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const most = Math.max(1e-6, ...right.map(Math.abs));
  return Math.max(...left.map((value, i) => Math.abs(value - right[i]!))) / most;
}

describe.each(Object.entries(programs))("%s", (_, text) => {
  it("gives the same bits on any number of threads, and the whole batch's numbers within rounding", async () => {
    const made = await classOf(`${text}\n${recipe}`);
    const plain = await classOf(`${text}\n${recipe}`, false);
    const batch = data(text);
    const more = data(text, 57);
    const all = await Promise.all([
      made.create({ threads: 2, slices: 2 }),
      made.create({ threads: 1, slices: 2 }),
      made.create({ threads: 2 }),
      made.create({ threads: 3, slices: 2 }),
      made.create(),
      plain.create(),
    ]);
    const results = all.map((model) => {
      const { gradients } = model.gradients(batch);
      const before = model.predict(more)["p"]!;
      const losses = [1, 2, 3].map(() => model.step(batch)["loss"]!);
      return { gradients, before, losses, evaluated: model.evaluate(more), saved: model.save() };
    });
    const [two, one, again, three, unsliced, whole] = results;
    for (const other of [one, again, three]) expect(other).toEqual(two);
    // Without slices the module with threads computes what the module without them does.
    expect(unsliced).toEqual(whole);
    for (const [name, gradient] of Object.entries(whole!.gradients))
      expect(difference(two!.gradients[name]!, gradient), name).toBeLessThan(2e-5);
    expect(two!.before).toEqual(whole!.before);
    expect(difference(two!.losses, whole!.losses)).toBeLessThan(1e-4);
    expect(two!.evaluated["accuracy"]).toBe(whole!.evaluated["accuracy"]);
    for (const model of all.slice(0, 4)) model.dispose();
    // Alone it goes on to the same bits.
    expect(all[0]!.step(batch)).toEqual(all[1]!.step(batch));
  });
});

it("goes on with what was saved, divided alike", async () => {
  const text = programs["dropout and two layers"]!;
  const made = await classOf(`${text}\n${recipe}`);
  const first = await made.create({ threads: 2 });
  first.step(data(text));
  const second = await made.load(first.save(), { threads: 2, ...{ resume: true } });
  expect(second.step(data(text))).toEqual(first.step(data(text)));
  first.dispose();
  second.dispose();
  await expect(made.create({ threads: 0 })).rejects.toThrow("threads is a whole number from 1 to 256");
});
