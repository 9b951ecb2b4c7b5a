/** Owns `nnc/rspack`: the plugin for `rspack.config`. */
import type { RspackPluginInstance } from "@rspack/core";
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

export default function nnc(options?: PluginOptions): RspackPluginInstance {
  return plugin.rspack(options) as RspackPluginInstance;
}
