/** Owns `nnc/bun`: the plugin for `Bun.build`, and for Bun itself by `preload` in `bunfig.toml`. */
import { programPattern, writeDeclarations } from "./imported.ts";
import type { PluginOptions } from "./options.ts";
import { plugin } from "./plugin.ts";
import { moduleToRun } from "./running.ts";

export type { CompileOptions, PluginOptions } from "./options.ts";

/** What Bun takes as a plugin. */
export interface BunPlugin {
  readonly name: string;
  // Bun's own types declare it with types that exist within Bun only.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  setup(build: any): void | Promise<void>;
}

/** What of Bun's builder is used where there is no bundle. */
interface Running {
  readonly config?: object;
  onLoad(
    filter: { readonly filter: RegExp },
    load: (file: { readonly path: string }) => Promise<{ readonly contents: string; readonly loader: "js" }>,
  ): void;
}

export default function nnc(options: PluginOptions = {}): BunPlugin {
  const bundling = plugin.bun(options) as unknown as BunPlugin;
  return {
    name: bundling.name,
    // Bun that runs a program, rather than bundling it, gives no configuration and wants an answer for each file it asks about.
    setup: (build: Running) => (build.config === undefined ? running(build, options) : bundling.setup(build)),
  };
}

function running(build: Running, given: PluginOptions): void {
  build.onLoad({ filter: programPattern }, async ({ path }) => {
    const { module, options } = await moduleToRun(path, given);
    if (options.types !== false) await writeDeclarations(path, module.declarations);
    return { contents: module.code, loader: "js" };
  });
}
