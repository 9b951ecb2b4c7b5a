/** Owns `nnc/rollup`: the plugin for `rollup.config`. */
import type { Plugin } from "rollup";
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

export default function nnc(options?: PluginOptions): Plugin {
  return plugin.rollup(options) as Plugin;
}
