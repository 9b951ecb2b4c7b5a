/** Owns `nnc/esbuild`: the plugin for esbuild's `plugins`. */
import type { Plugin } from "esbuild";
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

export default function nnc(options?: PluginOptions): Plugin {
  return plugin.esbuild(options) as Plugin;
}
