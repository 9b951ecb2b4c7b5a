/** Owns what can be chosen for programs that are imported: by a bundler's plugin, by Node's loader, or in `nnc.config`. */

export interface CompileOptions {
  /** `auto`: straight-line scalar code for tiny networks, WebAssembly with SIMD for all others. */
  readonly kernels?: "auto" | "scalar" | "simd";
  /** Without training. */
  readonly inference?: boolean;
  /** Which model, where a file holds several. */
  readonly model?: string;
  /** Which recipe, where a model has several. */
  readonly recipe?: string;
  /** Hyper-parameters, as `{ hidden: 16 }`. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
}

export interface PluginOptions extends CompileOptions {
  /** Writes `digits.d.nn.ts` beside `digits.nn`, so that TypeScript knows its exact types; by default true. */
  readonly types?: boolean;
  /** Other choices for some files, by their path from the working directory, as `{ "src/gan.nn": { model: "Generator" } }`. */
  readonly files?: Readonly<Record<string, CompileOptions>>;
}
