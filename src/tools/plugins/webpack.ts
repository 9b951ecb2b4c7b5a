/** Owns `nnc/webpack`: the plugin for `webpack.config`. */
import type { WebpackPluginInstance } from "webpack";
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

export default function nnc(options?: PluginOptions): WebpackPluginInstance {
  return plugin.webpack(options) as WebpackPluginInstance;
}
