/** Owns what a caller of the module sees: types with exact names and shapes, and the class. */
import type { Network, Port } from "../../ir/network.ts";
import { printShape, type TensorType } from "../../ir/type.ts";
import type { LoweredProgram } from "../../lower/program.ts";
import { type Language, runtimeNames } from "./runtime.ts";

/** Names of the runtime that a caller may need. */
export const exportedNames: ReadonlySet<string> = new Set([
  "Numbers",
  "Samples",
  "FitOptions",
  "StepReport",
  "EpochReport",
  "History",
  "Parameters",
  "ParameterInfo",
  "NonFiniteLoss",
]);

export interface ClassText {
  readonly text: string;
  /** Declarations of the runtime it calls or names. */
  readonly runtime: readonly string[];
}

function doc(text: string | null, more: string): string {
  const lines = [text, more]
    .filter((line): line is string => line !== null && line !== "")
    .join("\n")
    .split("\n");
  if (lines.length === 1) return `/** ${lines[0]!.replaceAll("*/", "*∕")} */`;
  return ["/**", ...lines.map((line) => ` * ${line.replaceAll("*/", "*∕")}`.trimEnd()), " */"].join("\n");
}

/** As `Float numbers [batch, 8, 8]`. */
function typeText({ element, shape }: TensorType): string {
  const kind = element.kind === "index" ? `Integers from 0 to ${element.size - 1}` : "Numbers";
  return `${kind}, \`${printShape(shape)}\`.`;
}

function samplesType(rank: number): string {
  const nested = Array.from({ length: rank }).reduce<string[]>(
    (types) => [...types, types.length === 0 ? "readonly Numbers[]" : `readonly (${types.at(-1)!})[]`],
    [],
  );
  return ["Numbers", ...nested].join(" | ");
}

function portText({ name, doc: text, type }: Port): string {
  return `${doc(text, typeText(type))}\nreadonly ${name}: ${samplesType(type.shape.length - 1)};`;
}

/** Interfaces of inputs, outputs, losses; none in JavaScript. */
export function printTypes(
  { network, precision }: LoweredProgram,
  inference: boolean,
  language: Language,
): string {
  if (language === "javascript") return "";
  const { name } = network;
  const floats = floatsOf(precision);
  const arrayOf = ({ element }: TensorType) => (element.kind === "index" ? "Int32Array" : floats);
  const outputs = network.outputs.map(
    ({ name: output, doc: text, type }) =>
      `${doc(text, typeText(type))}\nreadonly ${output}: ${arrayOf(type)};`,
  );
  const types = [
    interfaceText(
      `What \`predict\` takes; a sample has the shape without \`batch\`.`,
      `${name}Inputs`,
      network.inputs.map(portText),
    ),
    interfaceText("What `predict` gives, row-major.", `${name}Outputs`, outputs),
  ];
  if (inference) return types.join("\n\n");
  const losses = ["loss", ...network.losses.filter((loss) => loss !== "loss")];
  const metrics = network.metrics.map(
    ({ name: metric, doc: text, better }) =>
      `${doc(text, `Better where it is ${better}.`)}\nreadonly ${metric}: number;`,
  );
  const parameters = network.parameters.map((parameter) => JSON.stringify(parameter.name));
  return [
    ...types,
    interfaceText(
      "What training and `evaluate` take.",
      `${name}Batch extends ${name}Inputs`,
      network.targets.map(portText),
    ),
    interfaceText(
      "Means over the samples; `loss` is the sum of all.",
      `${name}Losses`,
      losses.map((loss) => `readonly ${loss}: number;`),
    ),
    interfaceText("What `evaluate` gives.", `${name}Results extends ${name}Losses`, metrics),
    `export type ${name}Parameter = ${parameters.join(" | ") || "never"};`,
  ].join("\n\n");
}

function interfaceText(text: string, head: string, fields: readonly string[]): string {
  return `${doc(null, text)}\nexport interface ${head} {\n${fields.join("\n")}\n}`;
}

function floatsOf(precision: LoweredProgram["precision"]): string {
  return precision === "double" ? "Float64Array" : "Float32Array";
}

/** How a session is opened: `seed` is an expression. */
export interface ClassOptions {
  readonly language: Language;
  readonly inference: boolean;
  /** Whether trained weights are in the module. */
  readonly weights: boolean;
  readonly arena: "plainArena" | "sharedArena";
}

export function printClass({ network, precision }: LoweredProgram, options: ClassOptions): ClassText {
  const { language, arena } = options;
  const self = classNameOf(network);
  const type = (text: string) => (language === "typescript" ? text : "");
  const open = (seed: string) => `openSession(plan, ${arena}(plan), engine, hosts, ${seed})`;
  const parts = options.inference
    ? inferenceClass(network, options, open, type)
    : fullClass(network, options, open, type, floatsOf(precision));
  const runtime = ["openSession", arena, ...parts.runtime];
  const lines = [
    doc(network.doc, ""),
    `${self === network.name ? "export " : ""}class ${self} {`,
    type(`readonly #session: ${options.inference ? "Session" : "TrainingSession"};`) || "#session;",
    "",
    `${type("private ")}constructor(session${type(`: ${options.inference ? "Session" : "TrainingSession"}`)}) {`,
    "this.#session = session;",
    "}",
    "",
    parts.text.trim(),
    "}",
    ...(self === network.name ? [] : ["", `export { ${self} as ${network.name} };`]),
  ];
  return { text: lines.join("\n"), runtime };
}

const globals = new Set(
  (
    "Array ArrayBuffer ArrayLike DataView Date Error Float32Array Float64Array Infinity Int16Array Int32Array Int8Array " +
    "JSON Map Math NaN Number Object Partial Pick Promise Readonly ReadonlyArray ReadonlyMap Record Set String " +
    "TextDecoder TextEncoder Uint16Array Uint32Array Uint8Array Uint8ClampedArray globalThis"
  ).split(" "),
);

/** The class's name within the module: the model's, where nothing else has it. */
export function classNameOf({ name }: Network): string {
  return globals.has(name) || runtimeNames.has(name) ? `${name}Model` : name;
}

type Open = (seed: string) => string;
type Type = (text: string) => string;

function predictMethod({ name }: Network, type: Type): string {
  return `
  ${doc(null, "Outputs for any number of samples.\n@throws where an input is missing, has the wrong shape, or holds what it may not.")}
  predict(inputs${type(`: ${name}Inputs`)})${type(`: ${name}Outputs`)} {
    return predict(this.#session, inputs${type(" as unknown as Batch")})${type(` as unknown as ${name}Outputs`)};
  }
`;
}

function inferenceClass(network: Network, { weights }: ClassOptions, open: Open, type: Type): ClassText {
  const self = classNameOf(network);
  const create = `
  ${doc(null, "The network with the weights that are in this module.")}
  static async create()${type(`: Promise<${self}>`)} {
    return ${self}.load(weights);
  }
`;
  const text = `${weights ? create : ""}
  ${doc(null, "The network with the weights of a safetensors file.\n@throws where the bytes are no such file, or not for this network.")}
  static async load(bytes${type(": Uint8Array")})${type(`: Promise<${self}>`)} {
    const session = ${open("0")};
    loadWeights(session, bytes);
    return new ${self}(session);
  }
${predictMethod(network, type)}`;
  return { text, runtime: ["loadWeights", "predict", "Session", "Batch"] };
}

function fullClass(
  network: Network,
  { weights }: ClassOptions,
  open: Open,
  type: Type,
  floats: string,
): ClassText {
  const { name } = network;
  const self = classNameOf(network);
  const ports = "[...plan.inputs, ...plan.targets]";
  const asBatch = type(" as unknown as Batch");
  const seed = "options.seed ?? plan.training.recipe.seed";
  const gradientsType = `{ losses: ${name}Losses; gradients: Record<${name}Parameter, ${floats}> }`;
  const created = weights ? "with the weights that are in this module" : "with initial weights";
  const text = `
  ${doc(null, `The network ${created}; the seed decides about them, the order of samples, and noise.`)}
  static async create(options${type(": { readonly seed?: number }")} = {})${type(`: Promise<${self}>`)} {
    const session = trainingSession(${open(seed)});
${weights ? "    load(session, weights, false);\n" : ""}    return new ${self}(session);
  }

  ${doc(null, "The network with the weights of a safetensors file: the best, or the averaged ones, where training kept such.\nWith `resume`, training goes on as if it had never stopped.\n@throws where the bytes are no such file, or not for this network.")}
  static async load(bytes${type(": Uint8Array")}, options${type(": { readonly resume?: boolean; readonly seed?: number }")} = {})${type(`: Promise<${self}>`)} {
    const session = trainingSession(${open(seed)});
    load(session, bytes, options.resume ?? false);
    return new ${self}(session);
  }
${predictMethod(network, type)}
  ${doc(null, "Losses and metrics over all samples, without noise.")}
  evaluate(batch${type(`: ${name}Batch`)})${type(`: ${name}Results`)} {
    const feed = feedOf(${ports}, batch${asBatch});
    return evaluate(this.#session, feed)${type(` as unknown as ${name}Results`)};
  }

  ${doc(null, "Trains over a data set as the `train` block says, or the options otherwise.\n@throws {NonFiniteLoss} where a loss is NaN or infinite.")}
  fit(
    batch${type(`: ${name}Batch`)},
    options${type(`: FitOptions<${name}Batch, ${name}Losses, ${name}Results>`)} = {},
  )${type(`: Promise<History<${name}Losses, ${name}Results>>`)} {
    return fit(this.#session, batch${asBatch}, options${type(" as unknown as FitOptions")})${type(` as unknown as Promise<History<${name}Losses, ${name}Results>>`)};
  }

  ${doc(null, "One step of the optimizer; gives the losses before it.\n@throws {NonFiniteLoss} where a loss is NaN or infinite.")}
  step(batch${type(`: ${name}Batch`)})${type(`: ${name}Losses`)} {
    takeOver(this.#session);
    return trainStep(this.#session, feedOf(${ports}, batch${asBatch}))${type(` as unknown as ${name}Losses`)};
  }

  ${doc(null, "Losses, and the gradients of the named one (else of their sum) by parameter, row-major. They have the noise of the\ncoming step, unless `training` is false. Nothing is changed.")}
  gradients(
    batch${type(`: ${name}Batch`)},
    options${type(`: { readonly loss?: keyof ${name}Losses; readonly training?: boolean }`)} = {},
  )${type(`: ${gradientsType}`)} {
    const feed = feedOf(${ports}, batch${asBatch});
    return gradients(this.#session, feed, options.loss ?? "loss", options.training ?? true)${type(` as unknown as ${gradientsType}`)};
  }

  ${doc(null, "Names and shapes of the parameters; `get` and `set` copy their numbers, row-major.")}
  get parameters()${type(`: Parameters<${floats}>`)} {
    return parametersOf(this.#session)${type(` as Parameters<${floats}>`)};
  }

  ${doc(null, "Steps of the optimizer done so far.")}
  get steps()${type(": number")} {
    return this.#session.step;
  }

  ${doc(null, "Weights, and all that training needs to go on, as a safetensors file.")}
  save()${type(": Uint8Array")} {
    return save(this.#session);
  }

  ${doc(null, "The first parameter, or section of the last gradients, that holds NaN or an infinity.")}
  firstNonFinite()${type(": string | null")} {
    return firstNonFinite(this.#session, plan.capacity);
  }
`;
  const runtime = [
    ...[
      "trainingSession",
      "TrainingSession",
      "load",
      "save",
      "predict",
      "evaluate",
      "feedOf",
      "Batch",
      "fit",
    ],
    ...["takeOver", "FitOptions", "History", "EpochReport", "StepReport", "trainStep", "gradients"],
    ...["parametersOf", "Parameters", "firstNonFinite"],
  ];
  return { text, runtime };
}
