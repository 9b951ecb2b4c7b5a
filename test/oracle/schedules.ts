/** Owns how schedules are said in the language, and running their cases: the rates that a training tells of its steps. */
import type { ScheduleCase } from "./cases.ts";
import { difference } from "../support/difference.ts";
import { type Machine, NotSupported, classOf } from "../support/machine.ts";

interface Rate {
  /** As `cosine(0.1)`. */
  readonly schedule: string;
  /** Schedules that it calls, written out. */
  readonly definitions?: string;
  /** Steps of the training: a schedule of ours ends with it. Those of the case, where it does not say. */
  readonly steps?: number;
}

type Hyper = Readonly<Record<string, unknown>>;

function number(hyper: Hyper, name: string, otherwise?: number): number {
  const value = hyper[name] ?? otherwise;
  if (typeof value !== "number") throw new Error(`${name} is no number`);
  return value;
}

const rates: Readonly<Record<string, (hyper: Hyper) => Rate>> = {
  constant: (hyper) => ({
    definitions: `schedule held(step: [], total: [], rate: float, by: float, steps: int) -> [] {
  return where(step < steps, rate * by, rate)
}`,
    schedule: `held(${number(hyper, "lr")}, by: ${number(hyper, "factor")}, steps: ${number(hyper, "total_iters")})`,
  }),
  cosine_annealing: (hyper) => ({
    schedule: `cosine(${number(hyper, "lr")}, to: ${number(hyper, "eta_min", 0)})`,
    steps: number(hyper, "T_max"),
  }),
  cosine_warm_restarts: (hyper) => {
    const [rate, least] = [number(hyper, "lr"), number(hyper, "eta_min", 0)];
    const times = number(hyper, "T_mult", 1);
    return {
      schedule: `restarts(${number(hyper, "T_0")}, times: ${times}, of: cosine(${rate}, to: ${least}))`,
    };
  },
  exponential: (hyper) => ({
    schedule: `exponential(${number(hyper, "lr")}, by: ${number(hyper, "gamma")})`,
  }),
  inverse_sqrt: (hyper) => ({
    schedule: `inverse_sqrt(${number(hyper, "lr")}, warmup: ${number(hyper, "warmup")})`,
  }),
  linear: (hyper) => {
    const rate = number(hyper, "lr");
    const [from, to] = [rate * number(hyper, "start_factor"), rate * number(hyper, "end_factor")];
    return { schedule: `linear(${from}, to: ${to}, steps: ${number(hyper, "total_iters")})` };
  },
  multi_step: (hyper) => {
    const passed = (hyper["milestones"] as readonly number[]).map((at) => `where(step < ${at}, 0, 1)`);
    return {
      definitions: `schedule milestones(step: [], total: [], rate: float, by: float) -> [] {
  return rate * by ** (${passed.join(" + ")})
}`,
      schedule: `milestones(${number(hyper, "lr")}, by: ${number(hyper, "gamma")})`,
    };
  },
  noam: (hyper) => ({
    schedule: `noam(${number(hyper, "scale")}, warmup: ${number(hyper, "warmup")}, width: ${number(hyper, "d_model")})`,
  }),
  one_cycle: (hyper) => {
    const words = [
      `three_phases: ${hyper["three_phase"] === true}`,
      `by: ${(hyper["anneal_strategy"] ?? hyper["anneal"]) === "linear" ? "line" : "cosine"}`,
    ];
    const options = [
      ["rising", "pct_start"],
      ["start", "div_factor"],
      ["end", "final_div_factor"],
    ].flatMap(([ours, theirs]) =>
      hyper[theirs!] === undefined ? [] : [`${ours}: ${number(hyper, theirs!)}`],
    );
    return {
      schedule: `one_cycle(${[number(hyper, "max_lr"), ...options, ...words].join(", ")})`,
      steps: number(hyper, "total_steps"),
    };
  },
  polynomial: (hyper) => ({
    schedule: `polynomial(${number(hyper, "lr")}, power: ${number(hyper, "power")}, steps: ${number(hyper, "total_iters")})`,
  }),
  step: (hyper) => ({
    schedule: `stepwise(${number(hyper, "lr")}, each: ${number(hyper, "step_size")}, by: ${number(hyper, "gamma")})`,
  }),
  warmup_constant: (hyper) => ({
    schedule: `warmup(${number(hyper, "warmup")}, then: ${number(hyper, "lr")})`,
  }),
  warmup_cosine: (hyper) => ({
    schedule: `warmup(${number(hyper, "warmup")}, then: cosine(${number(hyper, "lr")}, to: ${number(hyper, "lr_min")}))`,
    steps: number(hyper, "total"),
  }),
};

const tolerance = { rtol: 1e-6, atol: 1e-9 };

/** The rate of every step that the training has: after its last one a schedule of ours does not go on. */
export async function runSchedule(
  name: string,
  of: ScheduleCase,
  machine: Machine,
): Promise<readonly string[]> {
  const rate = rates[name]?.(of.hyper);
  if (rate === undefined) throw new NotSupported(`the schedule ${name}`);
  const text = `${rate.definitions ?? ""}
model Probe {
  param w: [] = zeros()
  input x: []
  loss probe = w * x
}

train Probe {
  minimize: probe with sgd(rate: ${rate.schedule})
  batch: 1
  epochs: 1
}
`;
  const modelClass = await classOf(text, "Probe", machine);
  const model = await modelClass.create({ seed: 1 });
  const told: number[] = [];
  const steps = rate.steps ?? of.values.length;
  await model.fit({ x: [0] }, { steps, onStep: (report) => void told.push(report.rate ?? Number.NaN) });
  const common = Math.min(steps, of.values.length);
  const found = difference("rate", told.slice(0, common), of.values.slice(0, common), tolerance);
  return found === null ? [] : [found];
}
