/** Owns `nnc compile`: a program to its standalone module, or one stage on the way there. */
import { gzipSync } from "node:zlib";
import { type CompileRequest, compile } from "../../compile.ts";
import { emitStage } from "../../stages.ts";
import { readBytes } from "../files/read.ts";
import { assertWritable, writeWhole } from "../files/write.ts";
import { Problem } from "../problem.ts";
import { prettyModule } from "../pretty.ts";
import { type Choice, beside, requestOf } from "../program.ts";
import { bytesText, grouped } from "../terminal/numbers.ts";
import { importModule } from "../training/module.ts";
import { loadWeights, weightsForUse } from "../training/weights.ts";
import { compileOrReport, showDiagnostics } from "./diagnostics.ts";
import type { Output } from "./output.ts";

export interface CompileFlags extends Choice {
  readonly out?: string;
  readonly target: "typescript" | "javascript";
  readonly kernels: "auto" | "scalar" | "simd";
  readonly inference: boolean;
  readonly weights?: string;
  readonly emit?: string;
  readonly of?: string;
}

export async function runCompile(output: Output, path: string, flags: CompileFlags): Promise<number> {
  const request = {
    ...(await requestOf(path, flags)),
    language: flags.target,
    kernels: flags.kernels,
    inference: flags.inference,
  };
  if (flags.emit !== undefined) {
    const stage = emitStage(request, flags.emit, flags.of ?? null);
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
  const out = flags.out ?? beside(path, flags.target === "typescript" ? ".ts" : ".js");
  await assertWritable(out);
  const plain = compileOrReport(request, output);
  if (plain === null) return 1;
  const weights = flags.weights === undefined ? null : await checkedWeights(request, flags.weights);
  const compiled = weights === null ? plain : { ...plain, ...compile({ ...request, weights }) };
  if (compiled.module === null) return 1;
  const text = await prettyModule(compiled.module.text, flags.target);
  await writeWhole(out, text);
  output.line(moduleLine(out, text, compiled.module));
  return 0;
}

/** What goes into the module, once a trial has shown that it fits the network. */
async function checkedWeights(request: CompileRequest, path: string): Promise<Uint8Array> {
  const trial = compile({ ...request, language: "javascript", kernels: "scalar", inference: true });
  const { text } = trial.module!;
  await loadWeights(await importModule(text, trial.network!.name), path, { resume: false });
  return weightsForUse(await readBytes(path));
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
