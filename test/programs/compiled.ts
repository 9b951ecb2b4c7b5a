/** Owns running whole programs: their compiled classes, with all methods that a program's entries add. */
import { readFileSync } from "node:fs";
import { type CompileRequest, compile } from "../../src/compile.ts";
import type { Numbers } from "../../src/runtime/samples.ts";
import type { Batch, Model } from "../support/machine.ts";

export type Called = Numbers | Readonly<Record<string, Numbers>>;

/** A model with its entries. */
export type WithEntries = Model & Readonly<Record<string, (...given: readonly unknown[]) => Called>>;

export interface Compiled {
  create(options?: { readonly seed?: number }): Promise<WithEntries>;
  load(bytes: Uint8Array, options?: { readonly resume?: boolean }): Promise<WithEntries>;
}

export type Options = Partial<Omit<CompileRequest, "entry" | "sources">>;

export function programText(name: string): string {
  return readFileSync(new URL(`${name}.nn`, import.meta.url), "utf8");
}

export function moduleText(text: string, options: Options = {}): string {
  const source = { name: "program.nn", text };
  const { module, diagnostics } = compile({
    entry: source.name,
    sources: new Map([[source.name, source]]),
    language: "javascript",
    kernels: "auto",
    inference: false,
    ...options,
  });
  if (module === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return module.text;
}

/** The class of the program's one model. */
export async function compiled(text: string, options: Options = {}): Promise<Compiled> {
  const name = /^model (\w+)/m.exec(text)![1]!;
  const javascript = moduleText(text, options);
  const found = (await import(`data:text/javascript,${encodeURIComponent(javascript)}`)) as Record<
    string,
    Compiled
  >;
  return found[name]!;
}

/** Numbers between -1 and 1 that depend on the seed alone. */
export function noise(seed: number, count: number): Float64Array {
  let state = (seed * 2654435761 + 1) >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export type { Batch };
