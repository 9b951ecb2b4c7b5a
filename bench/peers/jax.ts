/** Owns jax-js in the race, on its WebAssembly device. It has no loop over time: the recurrence is 64 steps under `jit`. */
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { type Prepared, serve, tenLosses } from "../stand.ts";
import {
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
  transformer,
} from "../workloads.ts";
import type { TrainedName } from "../workloads.ts";

type Array = ReturnType<typeof np.array>;
type Parameters = Record<string, Array>;
type Network = (p: Parameters, x: Array) => Array;

await init("wasm");
defaultDevice("wasm");

function arrayOf({ data, shape }: Tensor<Floats | Indices>): Array {
  const flat = data instanceof Int32Array ? np.array(data, { dtype: np.int32 }) : np.array(data);
  return flat.reshape([...shape]);
}

function arraysOf(parameters: Trained["parameters"]): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, tensor]) => [name, arrayOf(tensor)]));
}

const dense = (x: Array, p: Parameters, name: string): Array =>
  np.matmul(x, p[`w${name}`]!).add(p[`b${name}`]!);

/** The larger of two by two neighbours. */
function pooled(x: Array): Array {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  return np.max(x.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
}

function convolved(x: Array, p: Parameters, place: number): Array {
  const bias = p[`b${place}`]!;
  return pooled(
    nn.relu(lax.conv(x, p[`k${place}`]!, [1, 1], "VALID").add(bias.reshape([1, bias.shape[0]!, 1, 1]))),
  );
}

function recurrent(p: Parameters, x: Array): Array {
  const [batch, time, inputs] = x.shape as [number, number, number];
  const units = 64;
  const rows = np.transpose(x, [1, 0, 2]).reshape([time * batch, inputs]);
  const steps = np.split(
    np
      .matmul(rows, p["wx"]!)
      .add(p["b"]!)
      .reshape([time, batch, 4 * units]),
    time,
    0,
  );
  const weights = p["wh"]!;
  let h = np.zeros([batch, units]);
  let c = np.zeros([batch, units]);
  for (const step of steps) {
    const sums = step.reshape([batch, 4 * units]).add(np.matmul(h, weights.ref));
    const [i, f, g, o] = np.split(sums, 4, 1) as [Array, Array, Array, Array];
    c = nn
      .sigmoid(f)
      .mul(c)
      .add(nn.sigmoid(i).mul(np.tanh(g)));
    h = nn.sigmoid(o).mul(np.tanh(c.ref));
  }
  c.dispose();
  weights.dispose();
  return dense(h, p, "o").reshape([batch]);
}

function normalized(x: Array, gain: Array, shift: Array): Array {
  const mean = np.mean(x.ref, -1, { keepdims: true });
  const centred = x.sub(mean);
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(gain)
    .add(shift);
}

function transformed(p: Parameters, text: Array): Array {
  const { time, width, heads, depth, symbols } = transformer;
  const batch = text.shape[0]!;
  const each = width / heads;
  let x = np
    .matmul(nn.oneHot(text.reshape([batch * time]), symbols), p["emb"]!)
    .reshape([batch, time, width])
    .add(p["pos"]!);
  const places = np.arange(time);
  const blocked = np.where(places.ref.reshape([1, time]).greater(places.reshape([time, 1])), -1e9, 0);
  for (let k = 0; k < depth; k++) {
    const own = (name: string): Array => p[`${k}.${name}`]!;
    const joined = np
      .matmul(normalized(x.ref, own("g1"), own("c1")), own("wqkv"))
      .add(own("bqkv"))
      .reshape([batch, time, 3, heads, each]);
    const parts = np.split(np.transpose(joined, [2, 0, 3, 1, 4]), 3, 0);
    const [q, key, v] = parts.map((part) => part.reshape([batch, heads, time, each])) as [
      Array,
      Array,
      Array,
    ];
    const scores = np.matmul(q, np.transpose(key, [0, 1, 3, 2])).mul(1 / Math.sqrt(each));
    const mixed = np.matmul(nn.softmax(scores.add(blocked.ref), -1), v);
    const rows = np.transpose(mixed, [0, 2, 1, 3]).reshape([batch, time, width]);
    x = x.add(np.matmul(rows, own("wo")).add(own("bo")));
    const inner = np.matmul(normalized(x.ref, own("g2"), own("c2")), own("wf1")).add(own("bf1"));
    x = x.add(np.matmul(nn.gelu(inner), own("wf2")).add(own("bf2")));
  }
  blocked.dispose();
  return np.matmul(normalized(x, p["g"]!, p["c"]!), p["head"]!);
}

const networks: Readonly<Record<TrainedName, Network>> = {
  W1: (p, x) => dense(nn.relu(dense(nn.relu(dense(x, p, "1")), p, "2")), p, "3"),
  W2: (p, x) => dense(nn.relu(dense(x, p, "1")), p, "2"),
  W3: (p, x) => {
    const h = convolved(convolved(x, p, 1), p, 2);
    return dense(h.reshape([h.shape[0]!, 256]), p, "3");
  },
  W4: recurrent,
  W5: transformed,
};

type Loss = (p: Parameters, x: Array, y: Array) => Array;

function lossOf(name: TrainedName, { classes }: Trained): Loss {
  const network = networks[name];
  if (classes === 0) return (p, x, y) => np.mean(np.square(network(p, x).sub(y)));
  return (p, x, y) => {
    const scores = network(p, x);
    const rows = scores.shape.slice(0, -1).reduce((count, extent) => count * extent, 1);
    return nn
      .logSoftmax(scores.reshape([rows, classes]), -1)
      .mul(y)
      .sum()
      .mul(-1 / rows);
  };
}

async function training(name: TrainedName): Promise<Prepared> {
  const work = trained(name);
  const names = Object.keys(work.parameters);
  const x = arrayOf(work.x);
  const y =
    work.classes === 0
      ? np.array(work.y as Floats)
      : nn.oneHot(np.array(work.y as Indices, { dtype: np.int32 }), work.classes);
  let p = arraysOf(work.parameters);
  const zeros = (): Parameters =>
    Object.fromEntries(names.map((each) => [each, np.zeros([...work.parameters[each]!.shape])]));
  let m = zeros();
  let v = zeros();
  const [beta1, beta2] = decays;
  const differentiated = valueAndGrad(lossOf(name, work));
  const update = jit(
    (p: Parameters, m: Parameters, v: Parameters, x: Array, y: Array, first: Array, second: Array) => {
      const [loss, gradients] = differentiated(tree.ref(p), x, y) as unknown as [Array, Parameters];
      const [newP, newM, newV]: [Parameters, Parameters, Parameters] = [{}, {}, {}];
      for (const each of names) {
        newM[each] = m[each]!.mul(beta1).add(gradients[each]!.ref.mul(1 - beta1));
        newV[each] = v[each]!.mul(beta2).add(np.square(gradients[each]!).mul(1 - beta2));
        const down = np.sqrt(newV[each].ref.mul(second.ref)).add(epsilon);
        newP[each] = p[each]!.sub(newM[each].ref.mul(first.ref).mul(rate).div(down));
      }
      first.dispose();
      second.dispose();
      return [loss, newP, newM, newV] as const;
    },
  );
  let steps = 0;
  const step = (): number => {
    steps++;
    const corrections = [1 / (1 - beta1 ** steps), 1 / (1 - beta2 ** steps)] as const;
    const [loss, ...next] = update(p, m, v, x.ref, y.ref, np.array(corrections[0]), np.array(corrections[1]));
    [p, m, v] = next as [Parameters, Parameters, Parameters];
    return loss.dataSync()[0]!;
  };
  return { run: step, losses: await tenLosses(step) };
}

serve((workload, metric) => {
  if (workload === "W6-256" || workload === "W6-1024") {
    const { a, b } = product(workload);
    const [left, right] = [arrayOf(a), arrayOf(b)];
    const multiply = jit((x: Array, y: Array) => np.matmul(x, y));
    return { run: () => multiply(left.ref, right.ref).dataSync() };
  }
  if (metric === "train") return training(workload);
  const work = trained(workload);
  const parameters = arraysOf(work.parameters);
  const x = arrayOf(first(work, metric === "infer 64" ? 64 : 1));
  const network = jit(networks[workload]);
  return { run: () => network(tree.ref(parameters), x.ref).dataSync() };
});
