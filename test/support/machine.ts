/** Owns the way from a program's text to a running network, through the whole compiler. */
import { type CompileRequest, compile } from "../../src/compile.ts";
import type { Diagnostic } from "../../src/report/diagnostic.ts";
import type { Numbers, Samples } from "../../src/runtime/samples.ts";
import type { StepReport } from "../../src/runtime/fit.ts";
import type { Parameters } from "../../src/runtime/parameters.ts";
import type { Floats } from "../../src/runtime/plan.ts";

/** What kernels a module is compiled with. */
export interface Machine {
  readonly name: string;
  readonly kernels: "scalar" | "simd";
  readonly precision: "single" | "double";
  /** Whether scalar code is written out as straight lines. */
  readonly writtenOut: "always" | "never";
}

export const machines: readonly Machine[] = [
  { name: "scalar", kernels: "scalar", precision: "single", writtenOut: "never" },
  { name: "simd", kernels: "simd", precision: "single", writtenOut: "never" },
  { name: "written out", kernels: "scalar", precision: "single", writtenOut: "always" },
  { name: "double", kernels: "scalar", precision: "double", writtenOut: "never" },
];

export type Batch = Readonly<Record<string, Samples>>;

/** What tests ask of a network. */
export interface Model {
  readonly parameters: Parameters;
  predict(inputs: Batch): Readonly<Record<string, Numbers>>;
  evaluate(batch: Batch): Readonly<Record<string, number>>;
  gradients(
    batch: Batch,
    options?: { readonly loss?: string; readonly training?: boolean },
  ): {
    readonly losses: Readonly<Record<string, number>>;
    readonly gradients: Readonly<Record<string, Floats>>;
  };
  step(batch: Batch): Readonly<Record<string, number>>;
  fit(
    batch: Batch,
    options: {
      readonly steps?: number;
      readonly seed?: number;
      readonly onStep?: (report: StepReport) => void;
    },
  ): Promise<unknown>;
  save(): Uint8Array;
}

export interface ModelClass {
  create(options?: { readonly seed?: number }): Promise<Model>;
  load(bytes: Uint8Array, options?: { readonly resume?: boolean }): Promise<Model>;
}

/** The program says something that this version of the language does not have. */
export class NotSupported extends Error {}

/** The class of the model `name` that a program compiles to; `set` are its hyper-parameters. */
export async function classOf(
  text: string,
  name: string,
  machine: Machine,
  set: Readonly<Record<string, string>> = {},
): Promise<ModelClass> {
  const request: CompileRequest = {
    entry: "probe.nn",
    sources: new Map([["probe.nn", { name: "probe.nn", text }]]),
    set,
    language: "javascript",
    kernels: machine.kernels,
    precision: machine.precision,
    writtenOut: machine.writtenOut,
    inference: false,
  };
  const { diagnostics, module } = compile(request);
  if (module === null) throw refusal(text, diagnostics);
  const url = `data:text/javascript;base64,${Buffer.from(module.text).toString("base64")}`;
  const exported = (await import(/* @vite-ignore */ url)) as Readonly<Record<string, ModelClass | undefined>>;
  const found = exported[name];
  if (found === undefined) throw new Error(`the module has no class ${name}`);
  return found;
}

function refusal(text: string, diagnostics: readonly Diagnostic[]): Error {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const messages = errors.map(({ code, message }) => `${code}: ${message}`);
  return new Error(`the program does not compile:\n${messages.join("\n")}\n${text}`);
}
