/**
 * Owns ONNX Runtime in the race, `node` or `web`: inference alone, of models that PyTorch exported. They lie outside of the
 * project, where `NNC_SHARED` says.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Runtime from "onnxruntime-node";
import { sharedFolder } from "../mark.ts";
import { serve } from "../stand.ts";
import { first, type Floats, type Indices, product, type Tensor, trained } from "../workloads.ts";

const [kind = "node"] = process.argv.slice(2);
const ort = (
  kind === "node" ? createRequire(import.meta.url)("onnxruntime-node") : await import("onnxruntime-web")
) as typeof Runtime;
if (kind === "web") ort.env.wasm.numThreads = 1;
const options: Runtime.InferenceSession.SessionOptions =
  kind === "node"
    ? { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential" }
    : { executionProviders: ["wasm"] };

function tensorOf({ data, shape }: Tensor<Floats | Indices>): Runtime.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor("float32", data, [...shape]);
  return new ort.Tensor("int64", BigInt64Array.from(data, BigInt), [...shape]);
}

serve(async (workload, metric) => {
  if (metric === "train") return null;
  const count = metric === "infer 64" ? 64 : 1;
  const file = workload.startsWith("W6") ? workload.replace("-", "_") : `${workload}_b${count}`;
  const path = join(sharedFolder(), "peers/bench/onnx", `${file}.onnx`);
  if (!existsSync(path)) return null;
  const session = await ort.InferenceSession.create(readFileSync(path), options);
  const feeds: Record<string, Runtime.Tensor> = {};
  if (workload === "W6-256" || workload === "W6-1024") {
    const { a, b } = product(workload);
    feeds["a"] = tensorOf(a);
    feeds["b"] = tensorOf(b);
  } else feeds["x"] = tensorOf(first(trained(workload), count));
  return { run: async () => (await session.run(feeds))["y"]!.data };
});
