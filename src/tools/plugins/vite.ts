/** Owns `nnc/vite`: the plugin for `vite.config`, with hot reloading of networks. */
import type { Plugin } from "vite";
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

export default function nnc(options?: PluginOptions): Plugin {
  return plugin.vite(options) as Plugin;
}
