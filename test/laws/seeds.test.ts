/** Owns the law that a seed decides everything: the same one twice trains the same bytes, another one others. */
import { describe, expect, test } from "vitest";
import { classOf, machines } from "../support/machine.ts";
import { batchOf, laws, networkOf } from "./network.ts";

const single = machines.filter(({ precision }) => precision === "single");

describe.each(laws)("$name", (law) => {
  test.each(single)("trains the same bytes of weights twice, $name", async (machine) => {
    const network = networkOf(law, {});
    const data = batchOf(network, 17, 19);
    const modelClass = await classOf(law.text, "Law", machine);
    const trained = async (seed: number): Promise<Uint8Array> => {
      const model = await modelClass.create({ seed });
      await model.fit(data, { steps: 6 });
      return model.save();
    };
    const [once, again, otherwise] = [await trained(3), await trained(3), await trained(4)];
    expect(Buffer.compare(once, again)).toBe(0);
    expect(Buffer.compare(once, otherwise)).not.toBe(0);
  });
});
