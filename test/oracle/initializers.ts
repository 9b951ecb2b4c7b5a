/** Owns how initial values are said in the language, and holding what is drawn to the distribution it should have. */
import type { InitializerCase } from "./cases.ts";
import { type Machine, NotSupported, classOf } from "../support/machine.ts";

const plain = new Set(
  "glorot_uniform glorot_normal he_uniform he_normal lecun_uniform lecun_normal".split(" "),
);

function initializerOf({ attrs }: InitializerCase): string {
  const { scheme, stddev, gain } = attrs;
  if (plain.has(scheme)) return `${scheme}()`;
  const [, family] = /^(he|glorot|lecun)_truncated_normal$/.exec(scheme) ?? [];
  if (family !== undefined) return `${family}_truncated()`;
  if (scheme === "truncated_normal" && stddev !== undefined) return `truncated(deviation: ${stddev})`;
  if (scheme === "orthogonal") return `orthogonal(gain: ${gain ?? 1})`;
  throw new NotSupported(`the initializer ${scheme}`);
}

export async function runInitializer(of: InitializerCase, machine: Machine): Promise<readonly string[]> {
  const text = `model Probe {
  param w: [${of.attrs.shape.join(", ")}] = ${initializerOf(of)}
  input x: []
  loss probe = sum(w) * x
}

train Probe {
  minimize: probe with sgd(rate: 0)
  batch: 1
  epochs: 1
}
`;
  const modelClass = await classOf(text, "Probe", machine);
  const model = await modelClass.create({ seed: 11 });
  const values = Array.from(model.parameters.get("w"));
  return [...spread(values, of), ...gram(values, of)];
}

/** Mean and deviation lie where those of independent draws would, and no number is beyond the bound. */
function spread(values: readonly number[], { expected }: InitializerCase): readonly string[] {
  const { bound, sample_mean_within: within, sample_std_between: between } = expected;
  const problems: string[] = [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  if (within !== undefined && !(Math.abs(mean) <= within))
    problems.push(`the mean is ${mean}, beyond ${within}`);
  if (between !== undefined && !(deviation >= between[0] && deviation <= between[1]))
    problems.push(`the deviation is ${deviation}, not between ${between.join(" and ")}`);
  const farthest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (typeof bound === "number" && !(farthest <= bound * (1 + 1e-6)))
    problems.push(`${farthest} is beyond the bound ${bound}`);
  return problems;
}

/** Of an orthogonal matrix: the products of its shorter side's vectors with each other. */
function gram(values: readonly number[], { expected }: InitializerCase): readonly string[] {
  const { rows, cols, gram: form, gram_diagonal: diagonal } = expected;
  if (rows === undefined || cols === undefined || diagonal === undefined) return [];
  const [count, length] = form === "MtM" ? [cols, rows] : [rows, cols];
  const at = (vector: number, place: number): number =>
    values[form === "MtM" ? place * cols + vector : vector * cols + place]!;
  const problems: string[] = [];
  for (let a = 0; a < count; a += 1)
    for (let b = 0; b <= a; b += 1) {
      let product = 0;
      for (let place = 0; place < length; place += 1) product += at(a, place) * at(b, place);
      const due = a === b ? diagonal : 0;
      if (!(Math.abs(product - due) <= 1e-5))
        problems.push(`vectors ${a} and ${b} have the product ${product}, not ${due}`);
    }
  return problems;
}
