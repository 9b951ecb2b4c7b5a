/** Owns holding the compiler to reference cases: a test for each, run on every machine, and a table of all at the end. */
import { afterAll, describe, expect, test } from "vitest";
import { folderName, readOperations } from "./cases.ts";
import { NotSupported, machines } from "./machine.ts";
import { probeOf } from "./operations/index.ts";
import { type Form, runOperation } from "./run-operation.ts";
import { type Counted, summaryText } from "./summary.ts";

const counted: Counted[] = [];

afterAll(() => {
  process.stdout.write(`\n${summaryText(`Cases of ${folderName}`, counted)}\n`);
});

/** A test of one case, which is counted; `run` gives what differs, and throws `NotSupported` where something is missing. */
function hold(group: string, subject: string, name: string, run: () => Promise<readonly string[]>): void {
  test(`${subject}: ${name}`, async (context) => {
    const count = (outcome: Counted["outcome"], reason: string | null = null) =>
      counted.push({ group, subject, outcome, reason });
    try {
      expect(await run()).toEqual([]);
      count("passed");
    } catch (error) {
      if (!(error instanceof NotSupported)) {
        count("failed");
        throw error;
      }
      count("not supported", error.message);
      context.skip(`not supported: ${error.message}`);
    }
  });
}

describe("operations", () => {
  for (const file of readOperations())
    for (const one of file.cases)
      hold("operations", file.op, one.name, async () => {
        const probe = probeOf(file.op, one);
        if ("missing" in probe) throw new NotSupported(probe.missing);
        const ways = probe.batched === undefined ? [false] : probe.alone === true ? [true, false] : [true];
        const forms = ways.flatMap((batched) => machines.map((machine): Form => ({ machine, batched })));
        const problems: string[] = [];
        for (const form of forms) {
          const found = await runOperation(file, one, probe, form);
          problems.push(...found.map((text) => `${form.machine.name}${form.batched ? ", batched" : ""}: ${text}`));
        }
        return problems;
      });
});
