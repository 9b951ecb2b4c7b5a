/** Owns the plugin that lets bundlers import `.nn` files, one for all of them. */
import { createUnplugin, type UnpluginFactory } from "unplugin";
import { findConfig, readConfig } from "../config/config.ts";
import { failureOf, failureText, plainFrame, ProgramError, told, warningText } from "./failure.ts";
import { hotModule, hotPath, hotQuery } from "./hot-module.ts";
import { importProgram, programPattern, writeDeclarations } from "./imported.ts";
import type { PluginOptions } from "./options.ts";

const factory: UnpluginFactory<PluginOptions | undefined, false> = (given = {}, meta) => {
  let serving = false;
  const takesPlaces = meta.framework !== "webpack" && meta.framework !== "rspack";
  const showsFrames = takesPlaces && meta.framework !== "esbuild" && meta.framework !== "bun";
  return {
    name: "nnc",
    enforce: "pre",
    load: {
      filter: { id: [programPattern, hotQuery] },
      async handler(id) {
        const path = id.replace(hotQuery, "");
        const options = { ...(await readConfig(process.cwd()).catch(told)), ...given };
        const { diagnostics, files, module } = await importProgram(path, options).catch(told);
        const config = await findConfig(process.cwd());
        for (const file of config === null ? files : [...files, config]) this.addWatchFile(file);
        for (const diagnostic of diagnostics)
          if (diagnostic.severity === "warning") this.warn(warningText(diagnostic));
        if (module === null) {
          const failure = failureOf(path, diagnostics);
          if (!takesPlaces) throw new ProgramError(failureText(failure));
          const placed = { ...failure, frame: plainFrame(failure.frame) };
          if (showsFrames) this.error(placed);
          else this.error({ ...failure, message: `${failure.message}\n\n${failure.frame}` });
          return "";
        }
        if (options.types !== false) await writeDeclarations(path, module.declarations);
        if (serving && path === id) return hotModule(path, module);
        return { code: module.code, map: module.map };
      },
    },
    vite: {
      config: (_, { command, isPreview }) => {
        serving = command === "serve" && isPreview !== true;
      },
      resolveId: (id) => (id === "nnc/hot" ? hotPath() : null),
    },
  };
};

export const plugin = createUnplugin(factory);
