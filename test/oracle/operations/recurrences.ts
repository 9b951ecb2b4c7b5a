/** Owns how recurrences are said in the language: by the library's layers where they begin at zero, else written out. */
import type { OperationCase } from "../cases.ts";
import type { Probe } from "../probe.ts";
import { type Mapping, type Mappings, shapeOf } from "./mapping.ts";

type Kind = "rnn" | "lstm" | "gru";

/** What stands in a step, with the names of its parameters ending alike. */
const steps: Readonly<Record<Kind, (part: string, end: string) => readonly string[]>> = {
  rnn: (part, end) => [
    `next h${end} = tanh(${part} @ w_ih${end} + b_ih${end} + h${end} @ w_hh${end} + b_hh${end})`,
  ],
  lstm: (part, end) => [
    `i, f, g, o = split(${part} @ w_ih${end} + b_ih${end} + h${end} @ w_hh${end} + b_hh${end}, 4)`,
    `next c${end} = sigmoid(f) * c${end} + sigmoid(i) * tanh(g)`,
    `next h${end} = sigmoid(o) * tanh(c${end})`,
  ],
  gru: (part, end) => [
    `xr, xz, xn = split(${part} @ w_ih${end} + b_ih${end}, 3)`,
    `hr, hz, hn = split(h${end} @ w_hh${end} + b_hh${end}, 3)`,
    "z = sigmoid(xz + hz)",
    `next h${end} = (1 - z) * tanh(xn + sigmoid(xr + hr) * hn) + z * h${end}`,
  ],
};

interface Direction {
  readonly kind: Kind;
  /** What names of this direction end with. */
  readonly end: string;
  readonly reversed: boolean;
  /** `batch`, or how many samples there are. */
  readonly samples: string | number;
  /** Where h and c begin. */
  readonly start: (carry: "h" | "c") => string;
}

/** Statements that bind `y`, `h` and `c`, each with the ending, from `x` and the parameters. */
function scan(of: OperationCase, { kind, end, reversed, samples, start }: Direction): readonly string[] {
  const units = of.attrs["units"] as number;
  const shape = `[${samples}, ${units}]`;
  const carries = kind === "lstm" ? (["h", "c"] as const) : (["h"] as const);
  const x = of.inputs["lengths"] === undefined ? "x" : "within";
  return [
    `scan t over steps${reversed ? " reversed" : ""} {`,
    ...carries.map((name) => `carry ${name}${end}: ${shape} = ${start(name)}`),
    ...steps[kind](`${x}[:, t]`, end),
    `collect y${end}: [${samples}, steps, ${units}] = h${end}`,
    "}",
  ];
}

function stepCount(of: OperationCase): string {
  const most = shapeOf(of, "x")[1];
  return of.inputs["lengths"] === undefined ? `steps = ${most}` : "within[b, t < steps, c] = x[b, t, c]";
}

/** Of a case with lengths: steps beyond are skipped, and y is 0 there. */
function lengthsOf(of: OperationCase): Pick<Probe, "lengths"> {
  if (of.inputs["lengths"] === undefined) return {};
  return { lengths: { tensor: "lengths", limit: shapeOf(of, "x")[1]! } };
}

function upToTheLimit(of: OperationCase, name: string): readonly string[] {
  if (of.inputs["lengths"] === undefined) return [];
  return [`${name} = ${name} -> pad(axis: -2, after: ${shapeOf(of, "x")[1]} - steps)`];
}

function ofOneDirection(kind: Kind): Mapping {
  return (of) => {
    const batched = ["x", "h0", "c0", "y", "h_n", "c_n"].filter(
      (name) => of.inputs[name] !== undefined || of.outputs[name] !== undefined,
    );
    if (kind !== "lstm" && of.inputs["h0"] === undefined) {
      const made = Object.entries({ w_ih: "w", w_hh: "u", b_ih: "input_bias", b_hh: "state_bias" });
      const varies = of.inputs["lengths"] !== undefined;
      const call = `y = ${varies ? "within" : "x"} -> ${kind}(${of.attrs["units"] as number})`;
      return {
        body: [...(varies ? [stepCount(of)] : []), call, "h_n = y -> last", ...upToTheLimit(of, "y")].join(
          "\n",
        ),
        batched,
        ...lengthsOf(of),
        made: Object.fromEntries(made.map(([name, ours]) => [name, `y.${kind}.${ours}`])),
      };
    }
    const lines = scan(of, {
      kind,
      end: "",
      reversed: of.attrs["reverse"] === true,
      samples: "batch",
      start: (carry) => (of.inputs[`${carry}0`] === undefined ? "zeros()" : `${carry}0`),
    });
    const ends = kind === "lstm" ? ["h_n = h", "c_n = c"] : ["h_n = h"];
    const body = [stepCount(of), ...lines, ...ends, ...upToTheLimit(of, "y")].join("\n");
    return { body, batched, ...lengthsOf(of) };
  };
}

/** The directions lie along the first axis of the last h and c, which then is no batch: nothing of the case is batched. */
const bidirectional: Mapping = (of) => {
  const varies = of.inputs["lengths"] !== undefined;
  const directions = ["_fwd", "_bwd"].flatMap((end, place) =>
    scan(of, {
      kind: "lstm",
      end,
      reversed: place === 1,
      samples: varies ? "batch" : shapeOf(of, "x")[0]!,
      start: (carry) => (of.inputs[`${carry}0`] === undefined ? "zeros()" : `${carry}0[${place}]`),
    }),
  );
  const axis = varies ? -2 : -3;
  const ends = ["h", "c"].map((carry) => {
    const [forwards, backwards] = ["_fwd", "_bwd"].map((end) => `unsqueeze(${carry}${end}, at: ${axis})`);
    return `${carry}_n = concat(${forwards}, ${backwards}, over: ${axis})`;
  });
  const lines = [stepCount(of), ...directions, "y = concat(y_fwd, y_bwd)", ...ends, ...upToTheLimit(of, "y")];
  const body = lines.join("\n");
  // Lengths are those of samples, which then lie along the first axis of everything.
  if (varies)
    return { body, batched: ["x", "y", "h_n", "c_n"], batchSecond: ["h_n", "c_n"], ...lengthsOf(of) };
  return { body, alone: true };
};

export const recurrenceMappings: Mappings = {
  rnn_tanh: ofOneDirection("rnn"),
  lstm: ofOneDirection("lstm"),
  gru: ofOneDirection("gru"),
  bidirectional_lstm: bidirectional,
};
