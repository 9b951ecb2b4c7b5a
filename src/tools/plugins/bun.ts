/** Owns `nnc/bun`: the plugin for `Bun.build`, and for Bun itself by `preload` in `bunfig.toml`. */
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

/** What Bun takes as a plugin. */
export interface BunPlugin {
  readonly name: string;
  // Bun's own types declare it with types that exist within Bun only.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  setup(build: any): void | Promise<void>;
}

export default function nnc(options?: PluginOptions): BunPlugin {
  return plugin.bun(options) as unknown as BunPlugin;
}
