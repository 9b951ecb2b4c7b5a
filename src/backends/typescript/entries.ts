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
    ...(entry.inputs.length === 0
      ? []
      : [
          texts.interfaceOf(
            `What \`${entry.name}\` takes.`,
            inputsName(model, entry),
            seenPorts(entry.inputs).map(texts.portOf),
          ),
        ]),
    ...(entry.bare
      ? []
      : [
          texts.interfaceOf(
            `What \`${entry.name}\` gives, row-major.`,
            outputsName(model, entry),
            entry.outputs.map(texts.outputOf),
          ),
        ]),
  ]);
}

/** Those that callers give: not the ones that hold lengths. */
export function seenPorts(ports: readonly Port[]): readonly Port[] {
  return ports.filter(({ length }) => length === undefined);
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
  return { methods, runtime: entries.length === 0 ? [] : [...new Set([...callers, "Batch", ...options])] };
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
  const takes = inputs.length > 0;
  const options: Parameter = {
    name: "options",
    type: takes ? "EntryOptions" : "DrawOptions",
    byDefault: "{}",
  };
  const result = bare ? arrayOf(outputs[0]!.type) : outputsName(model, entry);
  return {
    doc: doc ?? `The entry \`${name}\`, for any number of samples, row-major.`,
    modifiers: [],
    name,
    parameters: takes ? [{ name: "inputs", type: inputsName(model, entry) }, options] : [options],
    result,
    body: ({ as }) => {
      const call = `${callerOf(varies)}(this.#session, ${JSON.stringify(name)}, ${takes ? `inputs${as("Batch")}` : "{}"}, options)`;
      return [
        bare
          ? `return ${call}[${JSON.stringify(outputs[0]!.name)}]${as(result)};`
          : `return ${call}${as(result)};`,
      ];
    },
  };
}
