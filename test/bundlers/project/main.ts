/** Owns the page: trains both networks on points it makes itself, and says how well they do. */
import { Iris, type IrisOutputs } from "./iris.nn";
import type { IrisBatch } from "./iris.nn";
import * as program from "./iris.nn";
import { Wide } from "./wide.nn" with { type: "nn" };
import { circle, flowers } from "./data.ts";

async function run(): Promise<Record<string, number>> {
  const batch: IrisBatch = flowers(150);
  const iris = await Iris.create({ seed: 3 });
  const history = await iris.fit(batch);
  const outputs: IrisOutputs = iris.predict({ lengths: batch.lengths });
  const copy = await Iris.load(iris.save());
  const again = copy.predict({ lengths: batch.lengths }).probs;

  const { Iris: lazy } = await import("./iris.nn");
  if (program.Iris !== Iris || lazy !== Iris) throw new Error("one program became two modules");

  const points = circle(400);
  const wide = await Wide.create();
  await wide.fit(points);
  return {
    epochs: history.epochs.length,
    iris: iris.evaluate(batch).accuracy,
    sum: (outputs.probs[0] ?? 0) + (outputs.probs[1] ?? 0) + (outputs.probs[2] ?? 0),
    same: Number(again.every((value, place) => value === outputs.probs[place])),
    wide: wide.evaluate(points).accuracy,
  };
}

const said = run().then(
  (result) => ({ result }),
  (error: unknown) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);
Object.assign(globalThis, { said });
