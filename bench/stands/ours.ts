/**
 * Owns our place in the race: `auto`, `scalar` or `simd` kernels, with the batch in the arena as other contestants
 * have it in their tensors, or with `--called` through the methods that users call, which check it and copy it in.
 */
import { readFileSync } from "node:fs";
import { type Generated, generate } from "../generated.ts";
import { type Metric, type Prepared, serve, tenLosses } from "../stand.ts";
import { channelsLast, first, product, type Trained, trained, type WorkloadName } from "../workloads.ts";

const [kernels, ...flags] = process.argv.slice(2);
const called = flags.includes("--called");

function source(workload: WorkloadName): string {
  const text = readFileSync(new URL(`../models/${fileOf(workload)}.nn`, import.meta.url), "utf8");
  return workload === "W6-1024" ? text.replaceAll("256", "1024") : text;
}

function fileOf(workload: WorkloadName): string {
  return workload.slice(0, 2).toLowerCase();
}

async function compiled(workload: WorkloadName, inference: boolean): Promise<Generated> {
  return generate(`${fileOf(workload)}.nn`, source(workload), {
    kernels: kernels as "auto" | "scalar" | "simd",
    inference,
  });
}

function setWeights({ inside, session }: Generated, parameters: Trained["parameters"]): void {
  Object.values(parameters).forEach(({ data }, place) =>
    inside.writeTensor!(session, inside.plan.parameters[place]!, data),
  );
}

/** Pictures of one channel read the same with the channel last. */
async function training(workload: Exclude<WorkloadName, "W6-256" | "W6-1024">): Promise<Prepared> {
  const { parameters, x, y } = trained(workload);
  const generated = await compiled(workload, false);
  const { inside, session } = generated;
  setWeights(generated, channelsLast(workload, parameters));
  const ports = [...inside.plan.inputs, ...inside.plan.targets!];
  const feed = inside.feedOf!(ports, { [ports[0]!.name]: x.data, [ports[1]!.name]: y });
  const step = (): number => inside.trainStep!(session, feed)["loss"]!;
  const losses = await tenLosses(step);
  if (called) return { run: step, losses };
  const still = { count: feed.count, load: () => undefined };
  return { run: () => inside.trainStep!(session, still), losses };
}

async function inference(
  workload: WorkloadName,
  inputs: readonly Float32Array[],
  count: number,
): Promise<Generated> {
  const generated = await compiled(workload, false);
  const { inside, session } = generated;
  const batch = Object.fromEntries(inside.plan.inputs.map(({ name }, place) => [name, inputs[place]]));
  inside.feedOf!(inside.plan.inputs, batch).load(session, 0, count);
  return generated;
}

serve(async (workload: WorkloadName, metric: Metric): Promise<Prepared | null> => {
  if (workload === "W6-256" || workload === "W6-1024") {
    if (metric !== "product" || called) return null;
    const { a, b } = product(workload);
    const { session } = await inference(workload, [a.data, b.data], 1);
    return { run: () => session.routines["predict"]!(1, 0, 0, 0) };
  }
  if (metric === "train") return training(workload);
  const count = metric === "infer 64" ? 64 : 1;
  if (metric === "product" || (count === 64 && workload !== "W2")) return null;
  const work = trained(workload);
  const { data } = first(work, count);
  const generated = await inference(workload, [data as Float32Array], count);
  setWeights(generated, channelsLast(workload, work.parameters));
  const { session, inside } = generated;
  if (!called) return { run: () => session.routines["predict"]!(count, 0, 0, 0) };
  const name = inside.plan.inputs[0]!.name;
  const model = await generated.create();
  return { run: () => model.predict({ [name]: data }) };
});
