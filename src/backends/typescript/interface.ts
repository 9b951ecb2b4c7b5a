/** Owns what a caller of the module sees: types with exact names and shapes, the class, and both as declarations. */
import { declaredSymbols, variesBySample } from "../../ir/dimension.ts";
import type { Network, Port } from "../../ir/network.ts";
import { printShape, type TensorType } from "../../ir/type.ts";
import type { LoweredProgram } from "../../lower/program.ts";
import { entryMethods, entryTypes, seenPorts } from "./entries.ts";
import {
  fullMethods,
  inferenceMethods,
  threaded,
  type Method,
  type Methods,
  type Varying,
} from "./methods.ts";
import { endMark, mark } from "./origins.ts";
import { type Language, printDeclaredRuntime, runtimeNames } from "./runtime.ts";

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
  "EntryOptions",
  "DrawOptions",
  "Sequences",
  "ThreadOptions",
]);

export interface ClassText {
  readonly text: string;
  /** Declarations of the runtime it calls or names. */
  readonly runtime: readonly string[];
}

export function doc(text: string | null, more: string): string {
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
  return [`${kind}, \`${printShape(shape)}\``, ...lengthTexts(shape)].join("; ") + ".";
}

/** As `` `time` is 5 to 256 ``. */
function lengthTexts(shape: TensorType["shape"]): readonly string[] {
  const lengths = new Set(shape.flatMap(declaredSymbols).filter(({ kind }) => kind === "length"));
  return [...lengths].map(({ name, minimum, maximum }) => `\`${name}\` is ${minimum} to ${maximum}`);
}

function isVarying({ shape }: TensorType): boolean {
  return shape.some(variesBySample);
}

function samplesType(rank: number): string {
  const nested = Array.from({ length: rank }).reduce<string[]>(
    (types) => [...types, types.length === 0 ? "readonly Numbers[]" : `readonly (${types.at(-1)!})[]`],
    [],
  );
  return ["Numbers", ...nested].join(" | ");
}

function portText({ name, doc: text, type }: Port): string {
  const row = samplesType(type.shape.length - 1);
  return `${doc(text, typeText(type))}\nreadonly ${name}: ${isVarying(type) ? `${row} | Sequences` : row};`;
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
  const arrayOf = arrayTypes(floats);
  const outputText = ({ name: output, doc: text, type }: Network["outputs"][number]) =>
    `${doc(text, typeText(type))}\nreadonly ${output}: ${arrayOf(type)};`;
  const types = [
    interfaceText(
      `What \`predict\` takes; a sample has the shape without \`batch\`.`,
      `${name}Inputs`,
      seenPorts(network.inputs).map(portText),
    ),
    interfaceText(
      "What `predict` gives, row-major.",
      `${name}Outputs`,
      network.outputs.filter(({ length }) => length !== true).map(outputText),
    ),
  ];
  types.push(
    ...entryTypes(name, network.entries, {
      interfaceOf: interfaceText,
      portOf: portText,
      outputOf: outputText,
    }),
  );
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
      seenPorts(network.targets).map(portText),
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
  return `${doc(null, text)}\nexport interface ${head} {\n${fields.map(indented).join("\n")}\n}`;
}

/** The array that holds numbers of a type. */
function arrayTypes(floats: string): (type: TensorType) => string {
  return (type) => {
    const array = type.element.kind === "index" ? "Int32Array" : floats;
    return isVarying(type) ? `readonly ${array}[]` : array;
  };
}

function floatsOf(precision: LoweredProgram["precision"]): string {
  return precision === "double" ? "Float64Array" : "Float32Array";
}

/** How a session is opened. */
export interface ClassOptions {
  readonly language: Language;
  readonly inference: boolean;
  /** Whether trained weights are in the module. */
  readonly weights: boolean;
  readonly arena: "plainArena" | "sharedArena";
  /** The expression that opens a session of several threads; null where there is one. */
  readonly crew: string | null;
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

/** The class by its own name, exported by the model's. */
function exportedClass(network: Network, head: string, body: readonly string[]): string {
  const self = classNameOf(network);
  const same = self === network.name;
  return [
    `${same ? "export " : ""}${head} ${self} {`,
    ...body,
    "}",
    ...(same ? [] : ["", `export { ${self} as ${network.name} };`]),
  ].join("\n");
}

export function methodsOf(
  { network, precision, threads }: LoweredProgram,
  { inference, weights }: Pick<ClassOptions, "inference" | "weights">,
): Methods {
  const names = { model: network.name, self: classNameOf(network) };
  const floats = floatsOf(precision);
  const varying = varyingOf(network);
  const own = inference
    ? inferenceMethods(names, weights, varying)
    : fullMethods(names, weights, floats, varying);
  const entries = entryMethods(network.name, network.entries, arrayTypes(floats), varying);
  const plain = [...own.methods, ...entries.methods];
  const all = { methods: plain, runtime: [...own.runtime, ...entries.runtime] };
  return threads === null ? all : threaded(all);
}

function varyingOf({ inputs, targets, outputs, entries }: Network): Varying {
  const varies = ({ type }: { readonly type: TensorType }): boolean => isVarying(type);
  return {
    inputs: [...inputs, ...outputs].some(varies),
    batch: [...inputs, ...targets].some(varies),
    entries: new Set(
      entries
        .filter(
          (entry) =>
            [...entry.inputs, ...entry.outputs].some(varies) ||
            entry.numbers.some(({ length }) => length !== null),
        )
        .map(({ name }) => name),
    ),
  };
}

export function printClass(program: LoweredProgram, options: ClassOptions): ClassText {
  const { network } = program;
  const { language, arena, inference, crew } = options;
  const { methods, runtime } = methodsOf(program, options);
  const session = inference ? "Session" : "TrainingSession";
  const open = (seed: string) =>
    crew === null
      ? `openSession(plan, ${arena}(plan), engine, hosts, ${seed})`
      : `await openCrew(plan, ${crew}, hosts, ${seed}, options)`;
  const lines = [
    ...(language === "typescript"
      ? [`readonly #session: ${session};`, "", `private constructor(session: ${session}) {`]
      : ["#session;", "", "constructor(session) {"]),
    "this.#session = session;",
    "}",
    ...methods.flatMap((method) => ["", printMethod(method, language, open)]),
  ];
  const whole = exportedClass(network, "class", lines);
  const text = [mark(network.span), doc(network.doc, ""), whole, endMark].join("\n");
  return { text, runtime: [...(crew === null ? ["openSession", arena] : ["openCrew"]), session, ...runtime] };
}

function printMethod(method: Method, language: Language, open: (seed: string) => string): string {
  const typed = language === "typescript";
  const parameters = method.parameters.map(({ name, type, byDefault }) =>
    [name, typed ? `: ${type}` : "", byDefault === undefined ? "" : ` = ${byDefault}`].join(""),
  );
  const modifiers = method.modifiers.map((modifier) => `${modifier} `).join("");
  const head = `${modifiers}${method.name}(${parameters.join(", ")})${typed ? `: ${method.result}` : ""} {`;
  const body = method.body({ open, as: (type) => (typed ? ` as unknown as ${type}` : "") });
  return [doc(null, method.doc), head, ...body, "}"].join("\n");
}

/** The module's face as declarations: what a `.d.ts` beside it holds. */
export function printDeclarations(
  program: LoweredProgram,
  options: { readonly inference: boolean; readonly weights: boolean; readonly source: string },
): string {
  const { network } = program;
  const { methods, runtime } = methodsOf(program, options);
  const members = methods.map((method) => {
    const parameters = method.parameters.map(
      ({ name, type, byDefault }) => `${name}${byDefault === undefined ? "" : "?"}: ${type}`,
    );
    const modifiers = method.modifiers.filter((modifier) => modifier !== "async").map((one) => `${one} `);
    const head = `${modifiers.join("")}${method.name}(${parameters.join(", ")}): ${method.result};`;
    return indented([doc(null, method.doc), head].join("\n"));
  });
  const parts = [
    `// Generated by nnc from ${options.source.split("/").at(-1)!}; do not edit.`,
    printTypes(program, options.inference, "typescript"),
    [
      doc(network.doc, ""),
      exportedClass(network, "declare class", [
        [indented("private constructor();"), ...members].join("\n\n"),
      ]),
    ].join("\n"),
    printDeclaredRuntime(["Numbers", ...runtime], exportedNames),
    "export {};",
  ];
  return `${parts.join("\n\n")}\n`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
