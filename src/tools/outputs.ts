/** Owns what `nnc compile` makes of a program: the files that belong beside it, and their contents. */
import { basename, dirname, extname, join, relative } from "node:path";
import { sourceMap, traced } from "../backends/typescript/origins.ts";
import { type CompiledModule, type CompileRequest, compile } from "../compile.ts";
import type { Network } from "../ir/network.ts";
import type { Diagnostic } from "../report/diagnostic.ts";
import { declarationsPath } from "./plugins/imported.ts";
import { prettyModule } from "./pretty.ts";

/** What is asked for besides the module. */
export interface OutputChoice {
  /** Where the module goes. */
  readonly out: string;
  readonly wasm: "inline" | "module";
  readonly worker: boolean;
  readonly sourceMap: boolean;
  /** The exact types of `import … from "./digits.nn"` instead of a module. */
  readonly types: boolean;
}

export interface OutputFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface Outputs {
  readonly diagnostics: readonly Diagnostic[];
  readonly network: Network | null;
  readonly module: CompiledModule | null;
  /** The module first; none where errors were found. */
  readonly files: readonly OutputFile[];
}

export async function outputsOf(request: CompileRequest, choice: OutputChoice): Promise<Outputs> {
  const { out } = choice;
  const [stem, extension] = [basename(out, extname(out)), extname(out)];
  const beside = (name: string) => join(dirname(out), name);
  const wasmName = `${stem}.wasm`;
  const threadName = `${stem}.thread${extension}`;
  const { diagnostics, network, module } = compile({
    ...request,
    ...(choice.wasm === "module" ? { wasmFrom: `./${wasmName}` } : {}),
    ...(choice.worker ? { worker: `./${threadName}` } : {}),
  });
  if (module === null) return { diagnostics, network, module, files: [] };
  if (choice.types) {
    const types = { path: declarationsPath(request.entry), content: module.declarations };
    return { diagnostics, network, module, files: [types] };
  }
  const printed = async (path: string, marked: string): Promise<readonly OutputFile[]> => {
    const text = traced(await prettyModule(marked, request.language));
    if (!choice.sourceMap) return [{ path, content: text.text }];
    const map = sourceMap(text, basename(path), request.sources, (name) => relative(dirname(path), name));
    return [
      { path, content: `${text.text}//# sourceMappingURL=${basename(path)}.map\n` },
      { path: `${path}.map`, content: `${JSON.stringify(map)}\n` },
    ];
  };
  const { marked, wasm, worker } = module;
  const files = [
    ...(await printed(out, marked)),
    ...(wasm === null ? [] : [{ path: beside(wasmName), content: wasm }]),
    ...(worker === null ? [] : await printed(beside(`${stem}.worker${extension}`), worker.face)),
    ...(worker === null ? [] : await printed(beside(threadName), worker.thread)),
  ];
  return { diagnostics, network, module, files };
}
