/** Owns what a caller sees of a model's entries: a method each, with exact types of what it takes and gives. */
import type { Entry, Port } from "../../ir/network.ts";
import type { TensorType } from "../../ir/type.ts";
import type { Method, Methods, Parameter, Varying } from "./methods.ts";
import { pascal } from "./names.ts";

/** How types are written. */
export interface TypeTexts {
  /** An interface's text from its documentation, its name and its fields. */
  readonly interfaceOf: (doc: string, head: string, fields: readonly string[]) => string;
  readonly portOf: (port: Entry["inputs"][number]) => string;
  readonly outputOf: (output: Entry["outputs"][number]) => string;
}

/** `VaeEncodeInputs` and, of an entry with several results, `VaeEncodeOutputs`. */
export function entryTypes(model: string, entries: readonly Entry[], texts: TypeTexts): readonly string[] {
  return entries.flatMap((entry) => [
    ...(!takes(entry)
      ? []
      : [
          texts.interfaceOf(`What \`${entry.name}\` takes.`, inputsName(model, entry), [
            ...seenPorts(entry.inputs).map(texts.portOf),
            ...entry.numbers.map(numberText),
          ]),
        ]),
    ...(entry.bare
      ? []
      : [
          texts.interfaceOf(
            `What \`${entry.name}\` gives, row-major.`,
            outputsName(model, entry),
            entry.outputs.filter(({ length }) => length !== true).map(texts.outputOf),
          ),
        ]),
  ]);
}

/** Those that callers give: not the ones that hold lengths. */
export function seenPorts(ports: readonly Port[]): readonly Port[] {
  return ports.filter(({ length }) => length === undefined);
}

function takes({ inputs, numbers }: Entry): boolean {
  return inputs.length + numbers.length > 0;
}

function numberText({ name, fallback, bound }: Entry["numbers"][number]): string {
  const said = [
    ...(bound === null ? [] : [`${bound.operator} ${bound.limit}`]),
    ...(fallback === null ? [] : [`${fallback} where nothing is said`]),
  ];
  const doc =
    said.length === 0 ? "A number for all samples." : `A number for all samples, ${said.join("; ")}.`;
  return `/** ${doc} */\nreadonly ${name}${fallback === null ? "" : "?"}: number;`;
}

function inputsName(model: string, { name }: Entry): string {
  return `${model}${pascal(name)}Inputs`;
}

function outputsName(model: string, { name }: Entry): string {
  return `${model}${pascal(name)}Outputs`;
}

export function entryMethods(
  model: string,
  entries: readonly Entry[],
  arrayOf: (type: TensorType) => string,
  { entries: varying }: Varying,
): Methods {
  const methods = entries.map((entry) => entryMethod(model, entry, arrayOf, varying.has(entry.name)));
  const options = entries.map(({ inputs }) => (inputs.length === 0 ? "DrawOptions" : "EntryOptions"));
  const callers = entries.map(({ name }) => callerOf(varying.has(name)));
  return {
    methods,
    runtime: entries.length === 0 ? [] : [...new Set([...callers, "EntryInputs", ...options])],
  };
}

function callerOf(varies: boolean): string {
  return varies ? "callWithLengths" : "callEntry";
}

function entryMethod(
  model: string,
  entry: Entry,
  arrayOf: (type: TensorType) => string,
  varies: boolean,
): Method {
  const { name, doc, inputs, outputs, bare } = entry;
  const options: Parameter = {
    name: "options",
    type: inputs.length > 0 ? "EntryOptions" : "DrawOptions",
    byDefault: "{}",
  };
  const result = bare ? arrayOf(outputs[0]!.type) : outputsName(model, entry);
  return {
    doc: doc ?? `The entry \`${name}\`, for any number of samples, row-major.`,
    modifiers: [],
    name,
    parameters: takes(entry) ? [givenTo(model, entry), options] : [options],
    result,
    body: ({ as }) => {
      const call = `${callerOf(varies)}(this.#session, ${JSON.stringify(name)}, ${takes(entry) ? `inputs${as("EntryInputs")}` : "{}"}, options)`;
      return [
        bare
          ? `return ${call}[${JSON.stringify(outputs[0]!.name)}]${as(result)};`
          : `return ${call}${as(result)};`,
      ];
    },
  };
}

/** Where each of its inputs has a fallback, none need be given. */
function givenTo(model: string, entry: Entry): Parameter {
  const type = inputsName(model, entry);
  const free = entry.inputs.length === 0 && entry.numbers.every(({ fallback }) => fallback !== null);
  return { name: "inputs", type, ...(free ? { byDefault: "{}" } : {}) };
}
