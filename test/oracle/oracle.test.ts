/** Owns holding the compiler to reference cases: a test for each, run on every machine, and a table of all at the end. */
import { afterAll, describe, expect, test } from "vitest";
import {
  folderName,
  readInitializers,
  readOperations,
  readOptimizers,
  readSchedules,
  readTrajectories,
} from "./cases.ts";
import { runInitializer } from "./initializers.ts";
import { type Machine, NotSupported, machines } from "../support/machine.ts";
import { probeOf } from "./operations/index.ts";
import type { Probe } from "./probe.ts";
import { runOptimizer } from "./optimizers.ts";
import { type Form, runOperation } from "./run-operation.ts";
import { runSchedule } from "./schedules.ts";
import { type Counted, summaryText } from "./summary.ts";
import { runTrajectory } from "./trajectory.ts";

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

/** With a batch on every machine, where the case has one, and without on those that differ most. */
function formsOf({ batched, alone }: Probe): readonly Form[] {
  const without = machines.map((machine): Form => ({ machine, batched: false }));
  if (batched === undefined) return without;
  const withBatch = machines.map((machine): Form => ({ machine, batched: true }));
  const differing = without.filter(({ machine }) => machine.name === "simd" || machine.name === "double");
  return alone === true ? [...withBatch, ...differing] : withBatch;
}

describe("operations", () => {
  for (const file of readOperations())
    for (const one of file.cases)
      hold("operations", file.op, one.name, async () => {
        const probe = probeOf(file.op, one);
        if ("missing" in probe) throw new NotSupported(probe.missing);
        const forms = formsOf(probe);
        const problems: string[] = [];
        for (const form of forms) {
          const found = await runOperation(file, one, probe, form);
          problems.push(
            ...found.map((text) => `${form.machine.name}${form.batched ? ", batched" : ""}: ${text}`),
          );
        }
        return problems;
      });
});

/** What differs on each of the machines. */
async function onEach(
  chosen: readonly Machine[],
  run: (machine: Machine) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const machine of chosen)
    problems.push(...(await run(machine)).map((text) => `${machine.name}: ${text}`));
  return problems;
}

describe("optimizers", () => {
  for (const { optimizer, cases } of readOptimizers())
    for (const one of cases)
      hold("optimizers", optimizer, one.name, () =>
        onEach(machines, (machine) => runOptimizer(optimizer, one, machine)),
      );
});

describe("schedules", () => {
  // A rate is reported as the arena holds it: the digits are those of double precision.
  const exact = machines.filter(({ precision }) => precision === "double");
  for (const { schedule, cases } of readSchedules())
    for (const one of cases)
      hold("schedules", schedule, one.name, () =>
        onEach(exact, (machine) => runSchedule(schedule, one, machine)),
      );
});

describe("initializers", () => {
  for (const one of readInitializers())
    hold("initializers", one.attrs.scheme, one.name, () =>
      onEach(machines.slice(0, 1), (machine) => runInitializer(one, machine)),
    );
});

describe("training runs", () => {
  for (const one of readTrajectories())
    hold("training runs", one.model, "follows PyTorch", () =>
      onEach(machines, (machine) => runTrajectory(one, machine)),
    );
});
