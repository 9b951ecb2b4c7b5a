/** Owns TensorFlow.js in the race, on the backend that is named: `cpu` or `wasm`. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as TensorFlow from "@tensorflow/tfjs";
import { type Prepared, serve, tenLosses } from "../stand.ts";
import {
  channelsLast,
  decays,
  epsilon,
  first,
  type Floats,
  type Indices,
  product,
  rate,
  type Tensor,
  type Trained,
  trained,
  type TrainedName,
  transformer,
} from "../workloads.ts";

const require = createRequire(import.meta.url);
// It praises its native twin, which is not there.
console.warn = () => undefined;
const tf = require("@tensorflow/tfjs") as typeof TensorFlow;
const [backend = "cpu"] = process.argv.slice(2);
if (backend === "wasm") {
  const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm") as {
    setWasmPaths: (folder: string) => void;
  };
  setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist/"));
}
await tf.setBackend(backend);
// It falls back to another backend without a word.
if (tf.getBackend() !== backend) throw new Error(`the backend ${backend} did not start`);

type Parameters = Record<string, TensorFlow.Variable>;
type Values = TensorFlow.Tensor;
type Network = (p: Parameters, x: Values, training: boolean) => Values;

function tensorOf({ data, shape }: Tensor<Floats | Indices>): Values {
  return tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32");
}

function dense(x: Values, p: Parameters, name: string): Values {
  return tf.add(tf.matMul(x, p[`w${name}`]!), p[`b${name}`]!);
}

/** A product with each of the rows; `matMul` of three axes copies the weights for each sample. */
function rowwise(x: Values, weights: Values): Values {
  const width = x.shape.at(-1)!;
  return tf.matMul(x.reshape([-1, width]), weights).reshape([...x.shape.slice(0, -1), weights.shape[1]!]);
}

function recurrent(p: Parameters, x: Values): Values {
  const [batch, time, inputs] = x.shape as [number, number, number];
  const units = 64;
  const rows = x.transpose([1, 0, 2]).reshape([time * batch, inputs]);
  const steps = tf
    .add(tf.matMul(rows, p["wx"]!), p["b"]!)
    .reshape([time, batch, 4 * units])
    .unstack(0);
  let h: Values = tf.zeros([batch, units]);
  let c: Values = tf.zeros([batch, units]);
  for (const step of steps) {
    const [i, f, g, o] = tf.split(step.add(tf.matMul(h, p["wh"]!)), 4, 1) as [Values, Values, Values, Values];
    c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    h = o.sigmoid().mul(c.tanh());
  }
  return dense(h, p, "o").squeeze([1]);
}

function normalized(x: Values, gain: Values, shift: Values): Values {
  const centred = x.sub(x.mean(-1, true));
  const variance = centred.square().mean(-1, true);
  return centred.mul(variance.add(1e-5).rsqrt()).mul(gain).add(shift);
}

function gelu(x: Values): Values {
  const cubic = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(0.5).mul(cubic.tanh().add(1));
}

function transformed(p: Parameters, text: Values, training: boolean): Values {
  const { time, width, heads, depth, symbols } = transformer;
  const batch = text.shape[0]!;
  const each = width / heads;
  const blocked = tf.tensor(
    Float32Array.from({ length: time * time }, (_, at) => (at % time > Math.floor(at / time) ? -1e9 : 0)),
    [time, time],
  );
  // Its WebAssembly has no gradient of `gather`: there the embedding is a product.
  const embedded =
    training && backend === "wasm"
      ? tf.matMul(tf.oneHot(text.reshape([-1]) as TensorFlow.Tensor1D, symbols).cast("float32"), p["emb"]!)
      : tf.gather(p["emb"]!, text);
  let x: Values = tf.add(embedded.reshape([batch, time, width]), p["pos"]!);
  for (let k = 0; k < depth; k++) {
    const own = (name: string): Values => p[`${k}.${name}`]!;
    const joined = rowwise(normalized(x, own("g1"), own("c1")), own("wqkv")).add(own("bqkv"));
    const parts = joined.reshape([batch, time, 3, heads, each]).transpose([2, 0, 3, 1, 4]);
    const [q, key, v] = tf.unstack(parts, 0) as [Values, Values, Values];
    const scores = tf.matMul(q, key, false, true).mul(1 / Math.sqrt(each));
    const mixed = tf.matMul(tf.softmax(scores.add(blocked)), v);
    const rows = mixed.transpose([0, 2, 1, 3]).reshape([batch, time, width]);
    x = x.add(rowwise(rows, own("wo")).add(own("bo")));
    const inner = gelu(rowwise(normalized(x, own("g2"), own("c2")), own("wf1")).add(own("bf1")));
    x = x.add(rowwise(inner, own("wf2")).add(own("bf2")));
  }
  return rowwise(normalized(x, p["g"]!, p["c"]!), p["head"]!);
}

const networks: Readonly<Record<TrainedName, Network>> = {
  W1: (p, x) => dense(dense(dense(x, p, "1").relu(), p, "2").relu(), p, "3"),
  W2: (p, x) => dense(dense(x, p, "1").relu(), p, "2"),
  W3: (p, x) => {
    const pooled = [1, 2].reduce<Values>((h, place) => {
      const kernel = p[`k${place}`] as unknown as TensorFlow.Tensor4D;
      const sums = tf.add(tf.conv2d(h as TensorFlow.Tensor4D, kernel, 1, "valid"), p[`b${place}`]!);
      return tf.maxPool(sums.relu() as TensorFlow.Tensor4D, 2, 2, "valid");
    }, x);
    return dense(pooled.reshape([-1, 256]), p, "3");
  },
  W4: recurrent,
  W5: transformed,
};

function variablesOf(name: TrainedName, work: Trained): Parameters {
  const parameters = channelsLast(name, work.parameters);
  return Object.fromEntries(
    Object.entries(parameters).map(([key, tensor]) => [key, tf.variable(tensorOf(tensor))]),
  );
}

/** Pictures with their channel last; with one channel the numbers lie the same. */
function batchOf(name: TrainedName, { data, shape }: Tensor<Floats | Indices>): Values {
  return tensorOf({ data, shape: name === "W3" ? [shape[0]!, 28, 28, 1] : shape });
}

async function training(name: TrainedName): Promise<Prepared> {
  const work = trained(name);
  const parameters = variablesOf(name, work);
  const x = batchOf(name, work.x);
  const network = networks[name];
  const optimizer = tf.train.adam(rate, ...decays, epsilon);
  const y =
    work.classes === 0
      ? tf.tensor1d(work.y)
      : tf.oneHot(tf.tensor1d(work.y, "int32"), work.classes).cast("float32");
  const loss = (): TensorFlow.Scalar => {
    const scores = network(parameters, x, true);
    return (
      work.classes === 0
        ? scores.sub(y).square().mean()
        : tf.losses.softmaxCrossEntropy(y, scores.reshape([-1, work.classes]))
    ) as TensorFlow.Scalar;
  };
  const step = (): number => {
    const value = optimizer.minimize(loss, true, Object.values(parameters))!;
    const number = value.dataSync()[0]!;
    value.dispose();
    return number;
  };
  return { run: step, losses: await tenLosses(step) };
}

/** Read outside of `tidy`, which would look through what it is given back, element by element. */
function read(compute: () => Values): () => unknown {
  return () => {
    const result = tf.tidy(compute);
    const numbers = result.dataSync();
    result.dispose();
    return numbers;
  };
}

serve((workload, metric) => {
  if (workload === "W6-256" || workload === "W6-1024") {
    const { a, b } = product(workload);
    const [left, right] = [tensorOf(a), tensorOf(b)];
    return { run: read(() => tf.matMul(left, right)) };
  }
  if (metric === "train") return training(workload);
  const work = trained(workload);
  const parameters = variablesOf(workload, work);
  const x = batchOf(workload, first(work, metric === "infer 64" ? 64 : 1));
  return { run: read(() => networks[workload](parameters, x, false)) };
});
