/** Owns `nnc check`: every mistake of every file, told to people, as JSON or as SARIF. */
import { diagnose } from "../../compile.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import { renderJson, renderSarif } from "../../report/render.ts";
import { Problem } from "../problem.ts";
import { requestOf } from "../program.ts";
import { showDiagnostics } from "./diagnostics.ts";
import { type Output, report } from "./output.ts";

export interface CheckFlags {
  readonly format: "pretty" | "json" | "sarif";
}

export async function runCheck(output: Output, paths: readonly string[], flags: CheckFlags): Promise<number> {
  const found: Diagnostic[] = [];
  let unreadable = false;
  for (const path of paths) {
    try {
      found.push(...diagnose(await requestOf(path, {})).diagnostics);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      report(error, output);
      unreadable = true;
    }
  }
  const diagnostics = once(found);
  switch (flags.format) {
    case "pretty":
      showDiagnostics(diagnostics, output);
      break;
    case "json":
      output.line(JSON.stringify(renderJson(diagnostics), null, 2));
      break;
    case "sarif":
      output.line(JSON.stringify(renderSarif(diagnostics), null, 2));
      break;
  }
  if (unreadable) return 2;
  return diagnostics.some(({ severity }) => severity === "error") ? 1 : 0;
}

/** A file that two of the programs import has its mistakes told once. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, message, span }) => {
    const key = JSON.stringify([code, message, span.source.name, span.start, span.end]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
