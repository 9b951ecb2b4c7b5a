/** Owns running a generated module inside a test. */
import { build, transform } from "esbuild";
import { gzipSync } from "node:zlib";
import { traced } from "../../src/backends/typescript/origins.ts";
import { emitModule, type ModuleOptions } from "../../src/backends/typescript/module.ts";
import type { LoweredProgram } from "../../src/lower/program.ts";

const plain: ModuleOptions = {
  language: "javascript",
  inference: false,
  weights: null,
  wasm: null,
  source: "linear.nn",
};

export function emit(program: LoweredProgram, options: Partial<ModuleOptions> = {}): string {
  return traced(emitModule(program, { ...plain, ...options })).text;
}

/** Imports the module's text. */
export async function importText<Exports>(text: string): Promise<Exports> {
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as Exports;
}

export async function withoutTypes(text: string): Promise<string> {
  return (await transform(text, { loader: "ts", target: "es2022" })).code;
}

/** Bytes of the module, bundled, minified and gzipped. */
export async function bundledSize(text: string): Promise<number> {
  const stdin = { contents: text, loader: "ts" as const };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: "esm", write: false });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}
