/** Owns who races: ours, what was written by hand, and those of the others that are installed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contestant } from "./contest.ts";
import { product, type Tensor, trained, workloadNames } from "./workloads.ts";

const here = import.meta.dirname;
const installed = join(here, "peers/node_modules");

/** A program of ours on this or another Node. */
function onNode(node: string, file: string, ...rest: readonly string[]): readonly string[] {
  return [node, "--import", "tsx", join(here, file), ...rest];
}

function ours(node: string, suffix: string): readonly Contestant[] {
  const stand = (name: string, ...rest: readonly string[]): Contestant => ({
    name: name + suffix,
    command: onNode(node, ...(rest as [string, ...string[]])),
    threads: 1,
  });
  const limits = [
    stand("limit", "stands/limit.ts"),
    stand("limit, denormals flushed", "stands/limit.ts", "--flush"),
  ];
  const called = stand("nnc, called", "stands/ours.ts", "auto", "--called");
  return [...limits, stand("nnc", "stands/ours.ts", "auto"), called];
}

/** Other versions of Node, which npm has as packages. */
function otherNodes(): readonly Contestant[] {
  return [22, 24, 26].flatMap((version) => {
    const node = join(installed, `node-${version}/bin/node`);
    return existsSync(node) ? ours(node, `, node ${version}`) : [];
  });
}

function libraries(): readonly Contestant[] {
  const stand = (name: string, package_: string, ...rest: readonly string[]): readonly Contestant[] =>
    existsSync(join(installed, package_))
      ? [{ name, command: onNode(process.execPath, ...(rest as [string, ...string[]])), threads: 1 }]
      : [];
  const relaxed = stand("jax-js, relaxed", "@jax-js/jax", "peers/jax.ts").map((contestant) => ({
    ...contestant,
    command: [contestant.command[0]!, "--experimental-wasm-relaxed-simd", ...contestant.command.slice(1)],
  }));
  return [
    ...stand("jax-js", "@jax-js/jax", "peers/jax.ts"),
    ...relaxed,
    ...stand("tfjs-wasm", "@tensorflow/tfjs-backend-wasm", "peers/tensorflow.ts", "wasm"),
    ...stand("tfjs-cpu", "@tensorflow/tfjs", "peers/tensorflow.ts", "cpu"),
    ...stand("ort-web", "onnxruntime-web", "peers/onnxruntime.ts", "web"),
    ...stand("ort-node", "onnxruntime-node", "peers/onnxruntime.ts", "node"),
    ...stand("brain.js", "brain.js", "peers/brain.ts"),
    ...stand("convnetjs", "convnetjs", "peers/convnet.ts"),
    ...stand("synaptic", "synaptic", "peers/synaptic.ts"),
  ];
}

/** Writes what PyTorch is to read; gives the path of the list. */
function written(): string {
  const folder = mkdtempSync(join(tmpdir(), "nnc-race-"));
  const listed = Object.fromEntries(
    workloadNames.map((workload) => {
      mkdirSync(join(folder, workload));
      return [
        workload,
        Object.fromEntries(
          tensorsOf(workload).map(([name, tensor]) => {
            const file = join(folder, workload, name);
            writeFileSync(file, new Uint8Array(tensor.data.buffer));
            const type = tensor.data instanceof Float32Array ? "float32" : "int32";
            return [name, { file, shape: tensor.shape, type }];
          }),
        ),
      ];
    }),
  );
  const list = join(folder, "workloads.json");
  writeFileSync(list, JSON.stringify(listed));
  return list;
}

type AnyTensor = Tensor<Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>;

function tensorsOf(workload: (typeof workloadNames)[number]): readonly (readonly [string, AnyTensor])[] {
  if (workload === "W6-256" || workload === "W6-1024") {
    const { a, b } = product(workload);
    return [
      ["a", a],
      ["b", b],
    ];
  }
  const { parameters, x, y } = trained(workload);
  return [...Object.entries(parameters), ["x", x], ["y", { shape: [y.length], data: y }]];
}

/** On Debian: `apt-get install python3-torch libopenblas0-openmp`. Without OpenBLAS it is 20 times slower. */
function torch(threads: readonly number[]): readonly Contestant[] {
  const python = process.env["PYTHON"] ?? "/usr/bin/python3";
  if (spawnSync(python, ["-c", "import torch"]).status !== 0) return [];
  const list = written();
  return threads.map((count) => ({
    name: count === 1 ? "torch" : `torch, ${count} threads`,
    command: [python, join(here, "peers/pytorch.py"), String(count), list],
    threads: count,
    environment: { OMP_WAIT_POLICY: "passive" },
  }));
}

/** `quick` leaves out PyTorch, other versions of Node, and what is slow without teaching much. */
export function contestants(quick: boolean): readonly Contestant[] {
  const scalar: Contestant = {
    name: "nnc-scalar",
    command: onNode(process.execPath, "stands/ours.ts", "scalar"),
    threads: 1,
  };
  const always = [...ours(process.execPath, ""), scalar, ...libraries()];
  return quick ? always : [...always, ...otherNodes(), ...torch([1, 2])];
}

/** What is not there and how to get it. */
export function missing(): readonly string[] {
  return existsSync(installed)
    ? []
    : ["the other libraries are not installed: run `npm install --ignore-scripts` in bench/peers"];
}
