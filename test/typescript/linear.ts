/** Owns a lowered program written by hand: `y = x · w + b` with two outputs, squared error, gradients and descent. */
import { literal, symbolic, type DimensionSymbol } from "../../src/ir/dimension.ts";
import type { Frame } from "../../src/ir/frame.ts";
import type { GraphFunction, Value } from "../../src/ir/graph.ts";
import type {
  Buffer,
  BufferRole,
  Integer,
  Kernel,
  Local,
  LoopVariable,
  Numeric,
  NumericFunction,
  Section,
  Statement,
} from "../../src/ir/loops.ts";
import type { Network, Recipe } from "../../src/ir/network.ts";
import { floats, type TensorType } from "../../src/ir/type.ts";
import type { LoweredProgram } from "../../src/lower/program.ts";

export const capacity = 4;
const source = { name: "linear.nn", text: "model Linear {\n  y = x -> dense(2)\n}\n" };
const span = { source, start: 17, end: 34 };
const root: Frame = { layer: "Linear", span, path: "", statics: {}, parent: null };
const frame: Frame = { layer: "dense", span, path: "y.dense", statics: {}, parent: root };

export const batch: DimensionSymbol = { kind: "batch", name: "batch", minimum: 1, maximum: null };
const samples: DimensionSymbol = { kind: "samples", name: "samples", minimum: 1, maximum: null };

function buffer(name: string, role: BufferRole, shape: readonly number[], batched = false): Buffer {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const layout = shape.map((_, axis) => ({
    axis,
    divisor: 1,
    modulus: null,
    stride: shape.slice(axis + 1).reduce((product, extent) => product * extent, 1),
  }));
  return { name, element: "float", shape, batched, layout, storage: size, role };
}

const x = buffer("x", { kind: "input", name: "x" }, [capacity, 3], true);
const truth = buffer("truth", { kind: "target", name: "truth" }, [capacity, 2], true);
const y = buffer("y", { kind: "output", name: "y" }, [capacity, 2], true);
const error = buffer("error", { kind: "temporary" }, [capacity, 2], true);
/** Kept column by column, so that the plan has a layout to translate. */
const w: Buffer = {
  ...buffer("w", { kind: "parameter", name: "y.w" }, [3, 2]),
  layout: [
    { axis: 0, divisor: 1, modulus: null, stride: 1 },
    { axis: 1, divisor: 1, modulus: null, stride: 4 },
  ],
  storage: 8,
};
const b = buffer("b", { kind: "parameter", name: "y.b" }, [2]);
const dw: Buffer = { ...w, name: "w_gradient", role: { kind: "gradient", parameter: "y.w" } };
const db: Buffer = { ...b, name: "b_gradient", role: { kind: "gradient", parameter: "y.b" } };
const vw: Buffer = { ...w, name: "w_v", role: { kind: "slot", optimizer: 0, name: "v", parameter: "y.w" } };
const vb: Buffer = { ...b, name: "b_v", role: { kind: "slot", optimizer: 0, name: "v", parameter: "y.b" } };
const seen = buffer("seen", { kind: "state", name: "seen" }, []);
const rate = buffer("rate", { kind: "scalar", name: "rate" }, []);
const total = buffer("mse_total", { kind: "result", name: "mse.total" }, []);
const weight = buffer("mse_weight", { kind: "result", name: "mse.weight" }, []);
const distance = buffer("distance", { kind: "result", name: "distance" }, [capacity], true);

const all = [x, truth, y, error, w, b, dw, db, vw, vb, seen, rate, total, weight, distance];

const int = (value: number): Integer => ({ kind: "literal", value });
const variable = (name: string): LoopVariable => ({ name });
const at = (of: LoopVariable): Integer => ({ kind: "variable", variable: of });
const scaled = (factor: number, of: LoopVariable): Integer => ({ kind: "scaled", factor, of: at(of) });
const sum = (...terms: readonly Integer[]): Integer => ({ kind: "sum", terms });
const count: Integer = { kind: "count" };
const number = (value: number): Numeric => ({ kind: "number", value, lanes: 1 });
const load = (from: Buffer, place: Integer): Numeric => ({ kind: "load", buffer: from, at: place, lanes: 1 });
const use = (local: Local): Numeric => ({ kind: "local", local });
const apply = (name: NumericFunction, ...operands: readonly Numeric[]): Numeric => ({
  kind: "apply",
  function: name,
  arguments: operands,
  lanes: 1,
});
const loop = (over: LoopVariable, to: Integer, ...body: readonly Statement[]): Statement => ({
  kind: "loop",
  variable: over,
  from: int(0),
  to,
  step: 1,
  body,
});
const store = (to: Buffer, place: Integer, value: Numeric): Statement => ({
  kind: "store",
  buffer: to,
  at: place,
  value,
  lanes: 1,
});

/** A stand-in for a parameter of a kernel. */
function parameterLike(model: Buffer, name: string): Buffer {
  return { ...model, name, role: { kind: "temporary" } };
}

function denseKernel(): Kernel {
  const [input, matrix, bias, output] = [
    parameterLike(x, "input"),
    parameterLike(w, "matrix"),
    parameterLike(b, "bias"),
    parameterLike(y, "output"),
  ] as const;
  const [n, o, i] = [variable("b"), variable("o"), variable("i")];
  const total: Local = { name: "sum", lanes: 1 };
  return {
    name: "dense",
    text: "output[b, o] = sum(input[b, i] * matrix[i, o], over: i) + bias[o]",
    parameters: [input, matrix, bias, output],
    body: [
      loop(
        n,
        count,
        loop(
          o,
          int(2),
          { kind: "declare", local: total, value: load(bias, at(o)) },
          loop(i, int(3), {
            kind: "assign",
            local: total,
            value: apply(
              "multiplyAdd",
              load(input, sum(scaled(3, n), at(i))),
              load(matrix, sum(at(i), scaled(4, o))),
              use(total),
            ),
          }),
          store(output, sum(scaled(2, n), at(o)), use(total)),
        ),
      ),
    ],
  };
}

const dense = denseKernel();

function section(title: string, text: string, ...body: readonly Statement[]): Section {
  return { title, text, frame, body };
}

const forward = section("y = dense(2) · forward", dense.text, {
  kind: "call",
  kernel: dense,
  buffers: [x, w, b, y],
});

function lossSection(): Section {
  const [n, o] = [variable("b"), variable("o")];
  const place = sum(scaled(2, n), at(o));
  const gap: Local = { name: "gap", lanes: 1 };
  return section(
    "mse(y, truth) · forward",
    "total = sum((y[b, o] - truth[b, o]) ** 2, over: [b, o])",
    store(total, int(0), number(0)),
    store(weight, int(0), apply("multiply", { kind: "integer", of: count }, number(2))),
    loop(
      n,
      count,
      store(distance, at(n), number(0)),
      loop(
        o,
        int(2),
        { kind: "define", local: gap, value: apply("subtract", load(y, place), load(truth, place)) },
        store(error, place, use(gap)),
        store(total, int(0), apply("multiplyAdd", use(gap), use(gap), load(total, int(0)))),
        store(distance, at(n), apply("multiplyAdd", use(gap), use(gap), load(distance, at(n)))),
      ),
    ),
  );
}

/** `noisy`: the error is multiplied by a draw of 0 or 2, so that noise can be seen. */
function backward(noisy: boolean): Section {
  const [n, o, i] = [variable("b"), variable("o"), variable("i")];
  const place = sum(scaled(2, n), at(o));
  const scale = apply("divide", number(2), load(weight, int(0)));
  const draw: Numeric = { kind: "random", distribution: "uniform", stream: 3, sample: at(n), element: at(o) };
  const mask = apply("select", apply("less", draw, number(0.5)), number(0), number(2));
  const delta: Local = { name: "delta", lanes: 1 };
  const exact = apply("multiply", scale, load(error, place));
  return section(
    "y = dense(2) · backward",
    "w_gradient[i, o] = sum(x[b, i] * delta[b, o], over: b)",
    loop(
      o,
      int(2),
      store(db, at(o), number(0)),
      loop(i, int(3), store(dw, sum(at(i), scaled(4, o)), number(0))),
    ),
    loop(
      n,
      count,
      loop(
        o,
        int(2),
        { kind: "define", local: delta, value: noisy ? apply("multiply", exact, mask) : exact },
        store(db, at(o), apply("add", load(db, at(o)), use(delta))),
        loop(
          i,
          int(3),
          store(
            dw,
            sum(at(i), scaled(4, o)),
            apply(
              "multiplyAdd",
              load(x, sum(scaled(3, n), at(i))),
              use(delta),
              load(dw, sum(at(i), scaled(4, o))),
            ),
          ),
        ),
      ),
    ),
  );
}

const countSeen = section(
  "seen · update",
  "seen = seen + batch",
  store(seen, int(0), apply("add", load(seen, int(0)), { kind: "integer", of: count })),
);

/** Momentum, with a rate that falls in a line to a tenth. */
function sweep(parameter: Buffer, gradient: Buffer, slot: Buffer): Section {
  const k = variable("k");
  return section(
    `${parameter.name} · momentum`,
    "v = 0.9 * v + g; p = p - rate * v",
    loop(
      k,
      int(parameter.storage),
      store(slot, at(k), apply("multiplyAdd", number(0.9), load(slot, at(k)), load(gradient, at(k)))),
      store(
        parameter,
        at(k),
        apply("subtract", load(parameter, at(k)), apply("multiply", load(rate, int(0)), load(slot, at(k)))),
      ),
    ),
  );
}

const host: readonly Statement[] = [
  store(
    rate,
    int(0),
    apply(
      "multiply",
      number(0.05),
      apply(
        "subtract",
        number(1),
        apply(
          "multiply",
          number(0.9),
          apply("divide", { kind: "host", name: "step" }, { kind: "host", name: "total" }),
        ),
      ),
    ),
  ),
];

function finishFunction(): GraphFunction {
  const type: TensorType = floats([symbolic(samples)]);
  const collected: Value = { id: 0, type, name: "distance" };
  const mean: Value = { id: 1, type: floats([]), name: null };
  const root: Value = { id: 2, type: floats([]), name: null };
  const s = { name: "s", extent: symbolic(samples) };
  return {
    name: "finish_rmse",
    arguments: [{ role: { kind: "collected", name: "distance" }, value: collected }],
    nodes: [
      {
        kind: "index",
        operation: "mean",
        operands: [collected],
        comprehension: {
          domain: [s],
          target: [],
          reducer: "sum",
          body: {
            kind: "apply",
            function: "divide",
            arguments: [
              { kind: "read", operand: 0, at: [{ kind: "variable", variable: s }] },
              { kind: "dimension", dimension: symbolic(samples) },
            ],
          },
        },
        result: mean,
        frame,
      },
      {
        kind: "index",
        operation: "sqrt",
        operands: [mean],
        comprehension: {
          domain: [],
          target: [],
          reducer: null,
          body: { kind: "apply", function: "sqrt", arguments: [{ kind: "read", operand: 0, at: [] }] },
        },
        result: root,
        frame,
      },
    ],
    results: [{ role: { kind: "metric", name: "rmse" }, value: root }],
  };
}

export const recipe: Recipe = {
  name: "Linear",
  data: null,
  test: null,
  objectives: [
    {
      name: "loss",
      groups: [{ optimizer: "momentum", parameters: ["y.w", "y.b"], functions: [], flat: null, slots: [] }],
      every: 1,
    },
  ],
  batch: 3,
  accumulate: 1,
  epochs: 5,
  steps: null,
  clip: null,
  validate: null,
  stop: null,
  keep: null,
  reduce: null,
  average: null,
  seed: 7,
};

const nowhere: GraphFunction = { name: "predict", arguments: [], nodes: [], results: [] };

function networkOf(given: Recipe): Network {
  const vector = (size: number) => floats([symbolic(batch), literal(size)]);
  return {
    name: "Linear",
    doc: "A plane through points.",
    span,
    hyperparameters: {},
    batch,
    inputs: [{ name: "x", doc: "Where.", type: vector(3), span }],
    targets: [{ name: "truth", doc: null, type: vector(2), span }],
    entries: [],
    outputs: [{ name: "y", doc: "What is there.", type: vector(2) }],
    parameters: [
      {
        name: "y.w",
        doc: null,
        type: floats([literal(3), literal(2)]),
        initializer: { kind: "uniform", from: -0.5, to: 0.5 },
        frozen: false,
        frame,
      },
      {
        name: "y.b",
        doc: null,
        type: floats([literal(2)]),
        initializer: { kind: "constant", value: 0 },
        frozen: false,
        frame,
      },
    ],
    constants: [],
    states: [{ name: "seen", type: floats([]), initial: 0, frame, fitted: null }],
    losses: ["mse"],
    metrics: [
      {
        name: "rmse",
        doc: null,
        better: "less",
        collects: [{ name: "distance", type: floats([symbolic(batch)]) }],
        finish: finishFunction(),
        samples,
      },
    ],
    predict: nowhere,
    evaluate: nowhere,
    train: nowhere,
    recipe: given,
    layers: [],
  };
}

/** The program, with changes to its recipe; `noisy` draws masks in training. */
export function linearProgram(changes: Partial<Recipe> = {}, noisy = false): LoweredProgram {
  const network = networkOf({ ...recipe, ...changes });
  const offsets = new Map<Buffer, number>();
  let size = 0;
  for (const one of all) {
    offsets.set(one, size);
    size += one.storage;
  }
  const loss = lossSection();
  return {
    network,
    entries: [],
    machine: "scalar",
    straight: false,
    threads: null,
    precision: "single",
    capacity,
    inputs: [x],
    targets: [truth],
    outputs: [y],
    parameters: [w, b],
    gradients: [dw, db],
    constants: [],
    whole: [],
    states: [seen],
    slots: [
      { buffer: vw, initial: 0 },
      { buffer: vb, initial: 0 },
    ],
    losses: [{ name: "mse", total, weight }],
    metrics: [{ name: "rmse", better: "less", collects: [distance], finish: network.metrics[0]!.finish }],
    gradientPrograms: [
      { objective: "loss", training: true, mixes: false, routine: "gradients_loss" },
      { objective: "loss", training: false, mixes: false, routine: "gradients_loss_still" },
    ],
    updates: [{ objective: "loss", parameters: ["y.w", "y.b"], routine: "update_loss", rate }],
    routines: [
      { name: "predict", host: [], sections: [forward], draws: false },
      { name: "evaluate", host: [], sections: [forward, loss], draws: false },
      {
        name: "gradients_loss",
        host: [],
        sections: [forward, loss, backward(noisy), countSeen],
        draws: noisy,
      },
      { name: "gradients_loss_still", host: [], sections: [forward, loss, backward(false)], draws: false },
      { name: "update_loss", host, sections: [sweep(w, dw, vw), sweep(b, db, vb)], draws: false },
    ],
    kernels: [dense],
    memory: { offsets, size },
  };
}
