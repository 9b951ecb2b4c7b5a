/**
 * Owns the race on W2 (784-128-10, batches of 64, Adam): a step of the generated module against the step written by
 * hand, in the same run. `npm run w2` in this folder; prints a table and one JSON line a contestant; fails below nine
 * tenths of the mark.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "./generated.ts";
import { handWrittenW2, sharedFolder } from "./mark.ts";
import { measure, median, table, type Contestant } from "./measure.ts";

const least = 0.9;
const name = "models/w2.nn";
const generated = await generate(name, readFileSync(join(import.meta.dirname, name), "utf8"), {
  kernels: "simd",
  inference: false,
});
const mark = await handWrittenW2(false);
const flushed = await handWrittenW2(true);
if (mark === null) {
  console.error(`No hand-written step in ${sharedFolder()}: give its folder as NNC_SHARED.`);
  process.exit(2);
}
const { inside, session } = generated;
const { plan } = inside;
mark.workload.parameters.forEach(({ data }, place) => {
  inside.writeTensor!(session, plan.parameters[place]!, data);
});
const begin = session.floats.slice();
const reset = (): void => {
  session.floats.set(begin);
  session.step = 0;
};
const [x, y] = [plan.inputs[0]!.name, plan.targets![0]!.name];
const feed = inside.feedOf!([...plan.inputs, ...plan.targets!], {
  [x]: mark.workload.x,
  [y]: mark.workload.y,
});
/** The batch stays where it is, as it does for the step by hand. */
const still = { count: feed.count, load: () => undefined };

const byHand = Array.from({ length: 10 }, mark.step);
const ours = Array.from({ length: 10 }, () => inside.trainStep!(session, feed)["loss"]!);
const apart = Math.max(...ours.map((loss, i) => Math.abs(loss - byHand[i]!) / byHand[i]!));
console.log(`first losses by hand    ${byHand.map((loss) => loss.toFixed(6)).join(" ")}`);
console.log(`first losses generated  ${ours.map((loss) => loss.toFixed(6)).join(" ")}`);
if (!(apart < 1e-4)) {
  console.error(`They differ by ${apart.toExponential(2)}: not the same training.`);
  process.exit(1);
}

feed.load(session, 0, feed.count);
begin.set(session.floats);
mark.workload.parameters.forEach(({ data }, place) => {
  inside.writeTensor!({ floats: begin }, plan.parameters[place]!, data);
});
const contestants: readonly Contestant[] = [
  { name: "by hand", reset: mark.reset, run: mark.step },
  ...(flushed === null
    ? []
    : [{ name: "by hand, denormals flushed", reset: flushed.reset, run: flushed.step }]),
  { name: "generated", reset, run: () => inside.trainStep!(session, still) },
  { name: "generated, batch checked and copied in", reset, run: () => inside.trainStep!(session, feed) },
];
const measured = measure(contestants);
const [best] = measured
  .filter(({ name: each }) => each.startsWith("by hand"))
  .sort((a, b) => a.median - b.median);
/** Against the faster of those by hand, round by round. */
const ratioOf = (rounds: readonly number[]): number =>
  median(rounds.map((time, round) => best!.rounds[round]! / time));
console.log();
console.log(
  table([
    ["W2", "us/step", "least", "most", "steps/s", "speed"],
    ...measured.map((each) => [
      each.name,
      each.median.toFixed(1),
      each.least.toFixed(1),
      each.most.toFixed(1),
      (1e6 / each.median).toFixed(0),
      ratioOf(each.rounds).toFixed(3),
    ]),
  ]),
);
console.log();
for (const each of measured) {
  const { rounds, name: contestant, median: us } = each;
  console.log(
    JSON.stringify({ workload: "W2", contestant, us, ratio: ratioOf(rounds), node: process.version }),
  );
}
const { rounds } = measured.find(({ name: each }) => each === "generated")!;
process.exit(ratioOf(rounds) >= least ? 0 : 1);
