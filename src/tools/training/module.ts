/** Owns the way from a module's text to its class: compiled in memory, imported, and driven through its public face. */
import type { EpochReport, FitOptions, History, StepReport } from "../../runtime/fit.ts";
import type { Column } from "../data/dataset.ts";

export type { EpochReport, History, StepReport };

export type Batch = Readonly<Record<string, Column>>;

/** What the tools ask of a generated class. */
export interface Model {
  predict(inputs: Batch): Readonly<Record<string, ArrayLike<number>>>;
  evaluate(batch: Batch): Readonly<Record<string, number>>;
  fit(batch: Batch, options: FitOptions<Batch>): Promise<History>;
  save(): Uint8Array;
}

export interface ModelClass {
  create(options?: { readonly seed?: number; readonly threads?: number }): Promise<Model>;
  load(bytes: Uint8Array, options?: { readonly resume?: boolean; readonly threads?: number }): Promise<Model>;
}

/** Imports JavaScript that stands nowhere on disk; `name` is that of the model. */
export async function importModule(text: string, name: string): Promise<ModelClass> {
  const url = `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
  const exported = (await import(url)) as Readonly<Record<string, ModelClass | undefined>>;
  const found = exported[name];
  if (found === undefined) throw new Error(`the generated module has no class ${name}`);
  return found;
}
