/** Owns how each bundler makes a script of the project: the smallest configuration a user would write. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin as VitePlugin } from "vite";
import type { Plugin as RollupPlugin } from "rollup";
import type { Plugin as RolldownPlugin } from "rolldown";
import type { Plugin as EsbuildPlugin } from "esbuild";
import type { WebpackPluginInstance as WebpackPlugin } from "webpack";
import type { RspackPluginInstance as RspackPlugin } from "@rspack/core";
import ts from "typescript";
import type { PluginOptions } from "../../src/tools/plugins/options.ts";
import { root } from "../cli/command.ts";

export interface Bundler {
  readonly name: string;
  /** Bundles `main.ts` of the folder into `out/main.js`. */
  bundle(folder: string, out: string, options: PluginOptions): Promise<void>;
}

/** The plugin as it is published. */
async function published<Plugin>(name: string): Promise<(options?: PluginOptions) => Plugin> {
  const { default: plugin } = (await import(pathToFileURL(join(root, `dist/${name}.js`)).href)) as {
    default: (options?: PluginOptions) => Plugin;
  };
  return plugin;
}

export function withoutTypes(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

const vite: Bundler = {
  name: "Vite",
  async bundle(folder, out, options) {
    const { build } = await import("vite");
    const nnc = await published<VitePlugin>("vite");
    await build({
      root: folder,
      configFile: false,
      logLevel: "warn",
      plugins: [nnc(options)],
      build: {
        outDir: out,
        emptyOutDir: true,
        sourcemap: true,
        rollupOptions: { output: { entryFileNames: "main.js" } },
      },
    });
  },
};

const rollup: Bundler = {
  name: "Rollup",
  async bundle(folder, out, options) {
    const { rollup: open } = await import("rollup");
    const nnc = await published<RollupPlugin>("rollup");
    const typescript = {
      name: "typescript",
      transform: (code: string, id: string) =>
        id.endsWith(".ts") ? { code: withoutTypes(code), map: null } : null,
    };
    const bundle = await open({ input: join(folder, "main.ts"), plugins: [nnc(options), typescript] });
    await bundle.write({ file: join(out, "main.js"), format: "es", sourcemap: true });
    await bundle.close();
  },
};

const rolldown: Bundler = {
  name: "Rolldown",
  async bundle(folder, out, options) {
    const { rolldown: open } = await import("rolldown");
    const nnc = await published<RolldownPlugin>("rolldown");
    const bundle = await open({ input: join(folder, "main.ts"), plugins: [nnc(options)] });
    await bundle.write({ file: join(out, "main.js"), format: "es", sourcemap: true });
    await bundle.close();
  },
};

const esbuild: Bundler = {
  name: "esbuild",
  async bundle(folder, out, options) {
    const { build } = await import("esbuild");
    const nnc = await published<EsbuildPlugin>("esbuild");
    await build({
      entryPoints: [join(folder, "main.ts")],
      bundle: true,
      format: "esm",
      sourcemap: true,
      outdir: out,
      logLevel: "silent",
      plugins: [nnc(options)],
    });
  },
};

const loader = join(import.meta.dirname, "typescript-loader.mjs");

/** What webpack and Rspack have in common. */
interface Compiler {
  run(done: (error: Error | null, stats?: Stats) => void): void;
  close(done: () => void): void;
}

interface Stats {
  hasErrors(): boolean;
  hasWarnings(): boolean;
  toString(options: object): string;
}

function runCompiler(compiler: Compiler): Promise<void> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      compiler.close(() => {
        if (error !== null) reject(error);
        else if (stats!.hasErrors() || stats!.hasWarnings())
          reject(new Error(stats!.toString({ all: false, errors: true, warnings: true, colors: false })));
        else resolve();
      });
    });
  });
}

const webpack: Bundler = {
  name: "webpack",
  async bundle(folder, out, options) {
    const { default: open } = await import("webpack");
    const nnc = await published<WebpackPlugin>("webpack");
    const compiler = open({
      mode: "production",
      context: folder,
      entry: "./main.ts",
      output: { path: out, filename: "main.js" },
      devtool: "source-map",
      performance: false,
      module: { rules: [{ test: /\.ts$/, loader }] },
      plugins: [nnc(options)],
    });
    await runCompiler(compiler as unknown as Compiler);
  },
};

const rspack: Bundler = {
  name: "Rspack",
  async bundle(folder, out, options) {
    const { rspack: open } = await import("@rspack/core");
    const nnc = await published<RspackPlugin>("rspack");
    const compiler = open({
      mode: "production",
      context: folder,
      entry: "./main.ts",
      output: { path: out, filename: "main.js" },
      devtool: "source-map",
      performance: false,
      module: {
        rules: [
          {
            test: /\.ts$/,
            loader: "builtin:swc-loader",
            options: { jsc: { parser: { syntax: "typescript" }, target: "es2022" } },
            type: "javascript/auto",
          },
        ],
      },
      plugins: [nnc(options)],
    });
    await runCompiler(compiler as unknown as Compiler);
  },
};

export const bundlers: readonly Bundler[] = [vite, rollup, rolldown, webpack, rspack, esbuild];
