/** Owns how commands show what the compiler has to say about a program, and how they go on from a sound one. */
import { type CompileRequest, type CompileResult, compile } from "../../compile.ts";
import type { Network } from "../../ir/network.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import { renderPretty } from "../../report/pretty.ts";
import type { Output } from "./output.ts";

/** Messages on standard error, with a closing count where there are several. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], output: Output): void {
  const colors = output.errorColors.isColorSupported;
  for (const diagnostic of diagnostics) output.note(renderPretty(diagnostic, { colors }));
  const { errors, warnings } = countDiagnostics(diagnostics);
  if (errors + warnings > 1) output.note(countText(errors, warnings));
}

export function countDiagnostics(diagnostics: readonly Diagnostic[]): {
  readonly errors: number;
  readonly warnings: number;
} {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: diagnostics.length - errors };
}

/** As `2 errors, 1 warning`. */
export function countText(errors: number, warnings: number): string {
  const part = (count: number, word: string) =>
    count === 0 ? [] : [`${count} ${word}${count === 1 ? "" : "s"}`];
  return [...part(errors, "error"), ...part(warnings, "warning")].join(", ");
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
  const result = compile(request);
  showDiagnostics(result.diagnostics, output);
  return result.network;
}
