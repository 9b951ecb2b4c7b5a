/** Owns how commands show what the compiler has to say about a program, and how they go on from a sound one. */
import { type CompileRequest, type CompileResult, compile, diagnose } from "../../compile.ts";
import type { Network } from "../../ir/network.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import { renderPretty } from "../../report/render.ts";
import type { Output } from "./output.ts";

/** On standard error, with a closing count. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], output: Output): void {
  const text = renderPretty(diagnostics, { color: output.errorColors.isColorSupported });
  if (text !== "") output.note(text.trimEnd());
}

export type Compiled = CompileResult & {
  readonly network: Network;
  readonly module: NonNullable<CompileResult["module"]>;
};

/** The compiled module; null where errors were found, which are then shown. */
export function compileOrReport(request: CompileRequest, output: Output): Compiled | null {
  const result = compile(request);
  showDiagnostics(result.diagnostics, output);
  const { network, module } = result;
  return network === null || module === null ? null : { ...result, network, module };
}

/** The network alone; null where errors were found, which are then shown. */
export function networkOrReport(request: CompileRequest, output: Output): Network | null {
  const { diagnostics, network } = diagnose(request);
  showDiagnostics(diagnostics, output);
  return network;
}
