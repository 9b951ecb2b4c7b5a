/** Owns `nnc/config`: the form of `nnc.config`, and a function that gives it completion and checks in editors. */
import type { PluginOptions } from "../plugins/options.ts";

export type { CompileOptions, PluginOptions } from "../plugins/options.ts";

/** Defaults for `nnc compile`, for the plugins and for Node's loader; what is said there goes before. */
export interface Config extends PluginOptions {
  /** What `nnc compile` takes where no file is named. */
  readonly programs?: readonly string[];
  /** The language of compiled modules. */
  readonly target?: "typescript" | "javascript";
  /** `module`: WebAssembly as a file of its own that the module imports. */
  readonly wasm?: "inline" | "module";
  /** Also writes the wrapper that runs the network in a worker. */
  readonly worker?: boolean;
  /** Also writes a source map. */
  readonly sourceMap?: boolean;
}

/** Gives back what it takes. */
export function defineConfig(config: Config): Config {
  return config;
}
