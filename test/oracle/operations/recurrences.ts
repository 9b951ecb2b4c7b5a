/** Owns how recurrences are said in the language: by the library's layers where they begin at zero, else written out. */
import type { OperationCase } from "../cases.ts";
import { type Mapping, type Mappings, missing, shapeOf } from "./mapping.ts";

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
  return [
    `scan t over steps${reversed ? " reversed" : ""} {`,
    ...carries.map((name) => `carry ${name}${end}: ${shape} = ${start(name)}`),
    ...steps[kind]("x[:, t]", end),
    `collect y${end}: [${samples}, steps, ${units}] = h${end}`,
    "}",
  ];
}

function stepCount(of: OperationCase): string {
  return `steps = ${shapeOf(of, "x")[1]}`;
}

function ofOneDirection(kind: Kind): Mapping {
  return (of) => {
    if (of.inputs["lengths"] !== undefined) return missing("lengths that vary");
    const batched = ["x", "h0", "c0", "y", "h_n", "c_n"].filter(
      (name) => of.inputs[name] !== undefined || of.outputs[name] !== undefined,
    );
    if (kind !== "lstm" && of.inputs["h0"] === undefined) {
      const made = Object.entries({ w_ih: "w", w_hh: "u", b_ih: "input_bias", b_hh: "state_bias" });
      return {
        body: `y = x -> ${kind}(${of.attrs["units"] as number})\nh_n = y -> last`,
        batched,
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
    return { body: [stepCount(of), ...lines, ...ends].join("\n"), batched };
  };
}

/** The directions lie along the first axis of the last h and c, which then is no batch: nothing of the case is batched. */
const bidirectional: Mapping = (of) => {
  if (of.inputs["lengths"] !== undefined) return missing("lengths that vary");
  const directions = ["_fwd", "_bwd"].flatMap((end, place) =>
    scan(of, {
      kind: "lstm",
      end,
      reversed: place === 1,
      samples: shapeOf(of, "x")[0]!,
      start: (carry) => (of.inputs[`${carry}0`] === undefined ? "zeros()" : `${carry}0[${place}]`),
    }),
  );
  const ends = ["h", "c"].map((carry) => {
    const [forwards, backwards] = ["_fwd", "_bwd"].map((end) => `unsqueeze(${carry}${end}, at: -3)`);
    return `${carry}_n = concat(${forwards}, ${backwards}, over: -3)`;
  });
  return {
    body: [stepCount(of), ...directions, "y = concat(y_fwd, y_bwd)", ...ends].join("\n"),
    alone: true,
  };
};

export const recurrenceMappings: Mappings = {
  rnn_tanh: ofOneDirection("rnn"),
  lstm: ofOneDirection("lstm"),
  gru: ofOneDirection("gru"),
  bidirectional_lstm: bidirectional,
};
