/** Owns how optimizers and clipping are said in the language, and running their cases: gradients come in as data. */
import type { OptimizerCase } from "./cases.ts";
import { difference } from "../support/difference.ts";
import { type Machine, NotSupported, classOf } from "../support/machine.ts";
import { readSlots } from "../support/saved.ts";

interface Recipe {
  /** As `adam(rate: 0.1)`. */
  readonly optimizer: string;
  /** As `norm(1.0)`. */
  readonly clip?: string;
  /** Slots of ours by PyTorch's names; others are not kept. */
  readonly slots: Readonly<Record<string, string>>;
}

type Hyper = Readonly<Record<string, unknown>>;

const moments = { exp_avg: "m", exp_avg_sq: "v" };

function number(hyper: Hyper, name: string): number {
  const value = hyper[name];
  if (typeof value !== "number") throw new Error(`${name} is no number`);
  return value;
}

function betas({ betas: pair }: Hyper): string {
  const [first, second] = pair as readonly [number, number];
  return `beta1: ${first}, beta2: ${second}`;
}

function calls(name: string, hyper: Hyper, ...options: readonly string[]): string {
  return `${name}(${[`rate: ${number(hyper, "lr")}`, ...options.filter((option) => option !== "")].join(", ")})`;
}

/** Options of PyTorch under the names of ours, where the hyper-parameters have them. */
function given(hyper: Hyper, names: Readonly<Record<string, string>>): string {
  return Object.entries(names)
    .flatMap(([theirs, ours]) => {
      const value = hyper[theirs];
      return typeof value === "number" || typeof value === "boolean" ? [`${ours}: ${value}`] : [];
    })
    .join(", ");
}

const decayed = { eps: "epsilon", weight_decay: "decay" };

function adaptive(
  name: string,
  slots: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  return (hyper: Hyper): Recipe => ({
    optimizer: calls(name, hyper, betas(hyper), given(hyper, { ...decayed, ...more })),
    slots,
  });
}

function descending(hyper: Hyper): Recipe {
  if (number(hyper, "dampening") !== 0) throw new NotSupported("dampening");
  return {
    optimizer: calls(
      "sgd",
      hyper,
      given(hyper, { momentum: "momentum", nesterov: "nesterov", weight_decay: "decay" }),
    ),
    slots: { momentum_buffer: "v" },
  };
}

function mean(hyper: Hyper): Recipe {
  const options = given(hyper, { alpha: "keep", momentum: "momentum", centered: "centered", ...decayed });
  return {
    optimizer: calls("rmsprop", hyper, options),
    slots: { square_avg: "square", grad_avg: "middle", momentum_buffer: "v" },
  };
}

const recipes: Readonly<Record<string, (hyper: Hyper) => Recipe>> = {
  sgd: descending,
  sgd_weight_decay: descending,
  momentum: descending,
  nesterov: descending,
  adam: adaptive("adam", moments, { amsgrad: "amsgrad" }),
  adam_amsgrad: adaptive("adam", { ...moments, max_exp_avg_sq: "largest" }, { amsgrad: "amsgrad" }),
  adamw: adaptive("adamw", { ...moments, max_exp_avg_sq: "largest" }, { amsgrad: "amsgrad" }),
  adamax: adaptive("adamax", { exp_avg: "m", exp_inf: "u" }),
  nadam: adaptive("nadam", { ...moments, mu_product: "mus" }, { momentum_decay: "easing" }),
  radam: adaptive("radam", moments),
  lamb: adaptive("lamb", moments),
  lion: adaptive("lion", { exp_avg: "m" }),
  rmsprop: mean,
  rmsprop_centered: mean,
  rmsprop_momentum: mean,
  adagrad: (hyper) => ({
    optimizer: calls(
      "adagrad",
      hyper,
      given(hyper, { ...decayed, lr_decay: "slowing", initial_accumulator_value: "initial" }),
    ),
    slots: { sum: "total" },
  }),
  adadelta: (hyper) => ({
    optimizer: calls("adadelta", hyper, given(hyper, { rho: "keep", ...decayed })),
    slots: { square_avg: "square", acc_delta: "moved" },
  }),
  clip_global_norm: (hyper) => ({
    optimizer: calls("sgd", hyper),
    clip: `norm(${number(hyper, "max_norm")})`,
    slots: {},
  }),
  clip_value: (hyper) => ({
    optimizer: calls("sgd", hyper),
    clip: `value(${number(hyper, "clip_value")})`,
    slots: {},
  }),
};

/** The gradient of Σ parameter · given is what was given. */
function programText({ params0 }: OptimizerCase, { optimizer, clip }: Recipe): string {
  const names = Object.keys(params0);
  const declared = names.flatMap((name) => {
    const shape = `[${params0[name]!.shape.join(", ")}]`;
    return [`  param ${name}: ${shape} = zeros()`, `  input slope_${name}: ${shape}`];
  });
  return `model Probe {
${declared.join("\n")}
  loss probe = ${names.map((name) => `sum(${name} * slope_${name})`).join(" + ")}
}

train Probe {
  minimize: probe with ${optimizer}
  batch: 1
  epochs: 1${clip === undefined ? "" : `\n  clip: ${clip}`}
}
`;
}

/** Parameters and slots after every step; later steps may be twice as far off as the first. */
export async function runOptimizer(
  name: string,
  of: OptimizerCase,
  machine: Machine,
): Promise<readonly string[]> {
  const recipe = recipes[name]?.(of.hyper);
  if (recipe === undefined) throw new NotSupported(`the optimizer ${name}`);
  const modelClass = await classOf(programText(of, recipe), "Probe", machine);
  const model = await modelClass.create({ seed: 1 });
  for (const [parameter, { data }] of Object.entries(of.params0)) model.parameters.set(parameter, data);
  const problems: (string | null)[] = [];
  for (const [step, gradients] of of.grads.entries()) {
    const entries = Object.entries(gradients).map(([parameter, { data }]) => [`slope_${parameter}`, data]);
    model.step(Object.fromEntries(entries));
    const times = step === 0 ? 1 : 2;
    const tolerance =
      machine.precision === "double"
        ? { rtol: 1e-7, atol: 1e-8 }
        : { rtol: 1e-5 * times, atol: 2e-6 * times };
    for (const [parameter, { data }] of Object.entries(of.params[step]!))
      problems.push(
        difference(`step ${step}: ${parameter}`, model.parameters.get(parameter), data, tolerance),
      );
    const slots = readSlots(model.save());
    for (const [parameter, states] of Object.entries(of.states?.[step] ?? {}))
      for (const [state, { data }] of Object.entries(states)) {
        const ours = recipe.slots[state];
        if (ours === undefined) continue;
        const got = slots[`0/${ours}/${parameter}`] ?? [];
        // PyTorch keeps one number where ours is the same number for every element.
        const first = data.length === 1 ? Array.from(got).slice(0, 1) : got;
        problems.push(difference(`step ${step}: ${state} of ${parameter}`, first, data, tolerance));
      }
  }
  return problems.filter((problem) => problem !== null);
}
