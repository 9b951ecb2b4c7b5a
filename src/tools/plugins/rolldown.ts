/** Owns `nnc/rolldown`: the plugin for `rolldown.config`. */
import type { Plugin } from "rolldown";
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

export default function nnc(options?: PluginOptions): Plugin {
  return plugin.rolldown(options) as Plugin;
}
