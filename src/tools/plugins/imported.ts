/** Owns a program as an import: what JavaScript, map and declarations stand for it, and what the import depends on. */
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { sourceMap, traced, type SourceMap } from "../../backends/typescript/origins.ts";
import { compile, imports } from "../../compile.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import { parseOnce } from "../../syntax/parse.ts";
import { readClosed } from "../files/read.ts";
import { writeChanged } from "../files/write.ts";
import type { CompileOptions, PluginOptions } from "./options.ts";

export interface ImportedProgram {
  readonly diagnostics: readonly Diagnostic[];
  /** The program and all that it imports. */
  readonly files: readonly string[];
  /** Null where errors were found. */
  readonly module: ImportedModule | null;
}

export interface ImportedModule {
  /** The class that it exports. */
  readonly name: string;
  readonly code: string;
  readonly map: SourceMap;
  readonly declarations: string;
}

/** Whether an import names a program; with a query it is somebody else's. */
export const programPattern = /\.nn$/;

/** @throws {Problem} where the program cannot be read. */
export async function importProgram(path: string, options: PluginOptions): Promise<ImportedProgram> {
  const { model, recipe, set, kernels = "auto", inference = false } = choicesFor(path, options);
  const read = parseOnce();
  const sources = await readClosed(path, (source) => imports(source, read));
  const { diagnostics, network, module } = compile({
    entry: path,
    sources,
    read,
    language: "javascript",
    kernels,
    inference,
    ...(model === undefined ? {} : { model }),
    ...(recipe === undefined ? {} : { recipe }),
    set: Object.fromEntries(Object.entries(set ?? {}).map(([name, value]) => [name, String(value)])),
  });
  const files = [...sources.keys()];
  if (network === null || module === null) return { diagnostics, files, module: null };
  const text = traced(module.marked);
  const map = sourceMap(text, basename(path), sources, (name) => relative(dirname(path), name));
  const { declarations } = module;
  return { diagnostics, files, module: { name: network.name, code: text.text, map, declarations } };
}

/** What is chosen for one file: its own choices before those for all. */
export function choicesFor(path: string, { files = {}, ...options }: PluginOptions): CompileOptions {
  const own = Object.entries(files).find(([name]) => resolve(name) === resolve(path));
  return { ...options, ...own?.[1] };
}

/** Where TypeScript looks for the types of `./digits.nn` under `allowArbitraryExtensions`: `digits.d.nn.ts`. */
export function declarationsPath(path: string): string {
  return join(dirname(path), `${basename(path, extname(path))}.d.nn.ts`);
}

/** Writes the exact types beside the program, where they are not there already. */
export async function writeDeclarations(path: string, declarations: string): Promise<void> {
  await writeChanged(declarationsPath(path), declarations);
}
