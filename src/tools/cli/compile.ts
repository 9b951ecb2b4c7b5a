/** Owns `nnc compile`: a program to its standalone module, or one stage on the way there. */
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type CompileRequest, compile } from "../../compile.ts";
import { decidedLengthGiven, emitOnnx, functionsInUse, lengthNotExported } from "../../backends/onnx/emit.ts";
import { decodeTensors } from "../../runtime/safetensors.ts";
import { emitStage } from "../../stages.ts";
import { type Config, findConfig, programsOf, readConfig } from "../config/config.ts";
import { readBytes } from "../files/read.ts";
import { assertWritable, holds, writeChanged, writeWhole } from "../files/write.ts";
import { outputsOf } from "../outputs.ts";
import { choicesFor } from "../plugins/imported.ts";
import { Problem } from "../problem.ts";
import { type Choice, beside, requestOf } from "../program.ts";
import { bytesText, grouped } from "../terminal/numbers.ts";
import { importModule } from "../training/module.ts";
import { loadWeights, weightsForUse } from "../training/weights.ts";
import { showDiagnostics } from "./diagnostics.ts";
import { type Output, report } from "./output.ts";
import { repeatOnChange } from "./watch.ts";

/** What is not given, `nnc.config` decides. */
export interface CompileFlags extends Choice {
  readonly out?: string;
  readonly target?: "typescript" | "javascript" | "onnx";
  readonly kernels?: "auto" | "scalar" | "simd";
  readonly inference?: boolean;
  readonly threads?: boolean;
  readonly weights?: string;
  readonly wasm?: "inline" | "module";
  readonly worker?: boolean;
  readonly sourceMap?: boolean;
  readonly types?: boolean;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly emit?: string;
  readonly of?: string;
}

export async function runCompile(
  output: Output,
  named: readonly string[],
  flags: CompileFlags,
): Promise<number> {
  const config = await readConfig(process.cwd());
  const paths = named.length > 0 ? named : await programsOf(config);
  if (paths.length === 0)
    throw new Problem("no program is named", {
      help: "`nnc compile digits.nn`, or `programs` in nnc.config",
    });
  if (flags.emit !== undefined) {
    if (paths.length > 1) throw new Problem("--emit prints a stage of one program");
    return printStage(output, paths[0]!, config, flags, flags.emit);
  }
  if (flags.out !== undefined && paths.length > 1 && !(await isFolder(flags.out)))
    throw new Problem(`--out ${flags.out}: several programs need a folder that exists`);
  if (flags.target === "onnx") return runOnnx(output, paths, config, flags);
  if (flags.watch === true) return watchPrograms(output, paths, flags);
  let exitCode = 0;
  for (const path of paths) {
    const made = await makeProgram(output, path, config, flags);
    exitCode = Math.max(exitCode, made.exitCode);
  }
  return exitCode;
}

/** Until it is interrupted; a mistake is told and waited out. What the configuration says counts from when it says so. */
async function watchPrograms(output: Output, paths: readonly string[], flags: CompileFlags): Promise<number> {
  const folder = process.cwd();
  const interruption = new AbortController();
  process.once("SIGINT", () => interruption.abort());
  process.once("SIGTERM", () => interruption.abort());
  const one = async (path: string) => {
    let sources: readonly string[] = [path];
    const make = async () => {
      try {
        ({ sources } = await makeProgram(output, path, await readConfig(folder), flags));
      } catch (error) {
        report(error, output);
      }
      const config = await findConfig(folder);
      return config === null ? sources : [...sources, config];
    };
    await repeatOnChange(make, sources, interruption.signal);
  };
  await Promise.all(paths.map(one));
  return 0;
}

interface Made {
  readonly exitCode: number;
  /** All files that were read. */
  readonly sources: readonly string[];
}

/** Writes what has changed; with `--check` tells it only. */
async function makeProgram(output: Output, path: string, config: Config, flags: CompileFlags): Promise<Made> {
  const request = await chosenRequest(path, config, flags);
  const sources = [...request.sources.keys()];
  const out = await outPath(path, request.language, flags.out);
  const check = flags.check === true;
  if (!check) await assertWritable(out);
  const choice = {
    out,
    wasm: flags.wasm ?? config.wasm ?? "inline",
    worker: flags.worker ?? config.worker ?? false,
    sourceMap: flags.sourceMap ?? config.sourceMap ?? false,
    types: flags.types ?? false,
  };
  const plain = await outputsOf(request, choice);
  showDiagnostics(plain.diagnostics, output);
  if (plain.module === null) {
    if (plain.diagnostics.some(({ severity }) => severity === "error")) return { exitCode: 1, sources };
    output.line(`${path}: holds no model, so there is nothing to write`);
    return { exitCode: 0, sources };
  }
  const weights = flags.weights === undefined ? null : await checkedWeights(request, flags.weights);
  const { files, module } = weights === null ? plain : await outputsOf({ ...request, ...weights }, choice);
  if (module === null) return { exitCode: 1, sources };
  let stale = false;
  for (const { path: place, content } of files) {
    if (check) {
      if (await holds(place, content)) continue;
      stale = true;
      output.line(`${place} is stale`);
    } else {
      const changed = await writeChanged(place, content);
      const text = place === out ? moduleLine(out, content as string, module) : sizeLine(place, content);
      output.line(changed ? text : `${place}: unchanged`);
    }
  }
  return { exitCode: stale ? 1 : 0, sources };
}

/** Models of every program for other runtimes. */
async function runOnnx(
  output: Output,
  paths: readonly string[],
  config: Config,
  flags: CompileFlags,
): Promise<number> {
  const { weights } = flags;
  assertForOnnx(flags);
  if (weights === undefined)
    throw new Problem("an ONNX model carries its weights: say which", {
      help: "`--weights digits.safetensors`, as `nnc train` writes them",
    });
  if (paths.length > 1) throw new Problem("--weights are those of one program");
  const path = paths[0]!;
  const request = await chosenRequest(path, config, flags);
  const { diagnostics, network } = compile({ ...request, inference: true });
  showDiagnostics(diagnostics, output);
  if (network === null) {
    if (diagnostics.some(({ severity }) => severity === "error")) return 1;
    output.line(`${path}: holds no model, so there is nothing to write`);
    return 0;
  }
  const usual = beside(path, ".onnx");
  const given = flags.out ?? usual;
  const out = (await isFolder(given)) ? join(given, basename(usual)) : given;
  await assertWritable(out);
  const checked = await checkedWeights(request, weights);
  const { tensors } = decodeTensors(checked.weights!);
  const parts = functionsInUse(network);
  if (parts.length === 0) throw new Problem(`${path}: ${network.name} has neither outputs nor entries`);
  for (const { fn, name } of parts) {
    if (decidedLengthGiven(fn) !== null)
      throw new Problem(
        `${path}: ${name} gives a text that ends where its numbers say, which cannot be exported`,
        {
          help: "leave `until` out of it, and end the text where it is read",
        },
      );
    const length = lengthNotExported(fn);
    if (length !== null)
      throw new Problem(`${path}: an axis of ${length} places cannot be exported in this version`, {
        help: "its length is made of one that is itself a quotient; with a stride of 1, or a fixed length, it can",
      });
  }
  for (const part of parts) {
    const place = part.entry === null ? out : beside(out, `.${part.entry}.onnx`);
    const bytes = emitOnnx({ ...part, weights: tensors });
    const changed = await writeChanged(place, bytes);
    output.line(changed ? sizeLine(place, bytes) : `${place}: unchanged`);
  }
  return 0;
}

/** What is said of modules means nothing here, and is not passed over in silence. */
function assertForOnnx(flags: CompileFlags): void {
  const { kernels, threads, wasm, worker, sourceMap, types, check, watch } = flags;
  const foreign = Object.entries({ kernels, threads, wasm, worker, sourceMap, types, check, watch }).find(
    ([, value]) => value !== undefined && value !== false,
  );
  if (foreign === undefined) return;
  const flag = foreign[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new Problem(`--${flag} is about a module, and --target onnx writes none`);
}

async function chosenRequest(path: string, config: Config, flags: CompileFlags): Promise<CompileRequest> {
  const { kernels, inference, model, recipe, set = {} } = choicesFor(path, config);
  const request = await requestOf(path, {
    ...(model === undefined ? {} : { model }),
    ...(recipe === undefined ? {} : { recipe }),
    ...flags,
    set: [...Object.entries(set).map(([name, value]) => `${name}=${String(value)}`), ...(flags.set ?? [])],
  });
  return {
    ...request,
    language: (flags.target === "onnx" ? undefined : flags.target) ?? config.target ?? "typescript",
    kernels: flags.kernels ?? kernels ?? "auto",
    inference: flags.inference ?? inference ?? false,
    threads: threadsFor(flags.threads ?? false, flags.kernels ?? kernels ?? "auto"),
  };
}

function threadsFor(threads: boolean, kernels: CompileRequest["kernels"]): boolean {
  if (threads && kernels === "scalar")
    throw new Problem("--threads needs SIMD kernels", { help: "leave out `--kernels scalar`" });
  return threads;
}

async function printStage(
  output: Output,
  path: string,
  config: Config,
  flags: CompileFlags,
  name: string,
): Promise<number> {
  const stage = emitStage(await chosenRequest(path, config, flags), name, flags.of ?? null);
  if ("unknown" in stage) throw new Problem(stage.unknown);
  if ("diagnostics" in stage) {
    showDiagnostics(stage.diagnostics, output);
    return 1;
  }
  const text = stage.text.endsWith("\n") ? stage.text : `${stage.text}\n`;
  if (flags.out === undefined) output.text(text);
  else await writeWhole(flags.out, text);
  return 0;
}

async function outPath(
  path: string,
  language: CompileRequest["language"],
  given: string | undefined,
): Promise<string> {
  const usual = beside(path, language === "typescript" ? ".ts" : ".js");
  if (given === undefined) return usual;
  return (await isFolder(given)) ? join(given, basename(usual)) : given;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** What goes into the module, once a trial has shown that it fits the network. */
async function checkedWeights(
  request: CompileRequest,
  path: string,
): Promise<Pick<CompileRequest, "weights" | "labels">> {
  const trial = compile({ ...request, language: "javascript", kernels: "scalar", inference: true });
  const { text } = trial.module!;
  const { labels } = await loadWeights(await importModule(text, trial.network!.name), path, {
    resume: false,
  });
  const weights = weightsForUse(await readBytes(path));
  return Object.keys(labels).length === 0 ? { weights } : { weights, labels };
}

/** As `digits.ts: 41,203 bytes (11,020 gzip), 4,810 parameters, arena 61,952 bytes`. */
export function moduleLine(
  out: string,
  text: string,
  { parameters, arenaBytes }: { readonly parameters: number; readonly arenaBytes: number },
): string {
  const size = Buffer.byteLength(text);
  const packed = gzipSync(text, { level: 9 }).length;
  const arena = `arena ${grouped(arenaBytes)} bytes${arenaBytes < 1 << 20 ? "" : ` (${bytesText(arenaBytes)})`}`;
  return `${out}: ${grouped(size)} bytes (${grouped(packed)} gzip), ${grouped(parameters)} parameters, ${arena}`;
}

function sizeLine(path: string, content: string | Uint8Array): string {
  return `${path}: ${grouped(Buffer.byteLength(content))} bytes`;
}
