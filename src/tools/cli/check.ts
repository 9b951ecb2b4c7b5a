/** Owns `nnc check`: every mistake of every file, told to people, as JSON or as SARIF. */
import { diagnose } from "../../compile.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import { renderJson, renderSarif } from "../../report/render.ts";
import { writeWhole } from "../files/write.ts";
import { applyFixes } from "../fixes.ts";
import { Problem } from "../problem.ts";
import { requestOf } from "../program.ts";
import { showDiagnostics } from "./diagnostics.ts";
import { type Output, report } from "./output.ts";

export interface CheckFlags {
  readonly format: "pretty" | "json" | "sarif";
  /** Puts the fixes that are certain into the files, before what is left is told. */
  readonly fix: boolean;
}

/** A fix may bring another mistake to light. */
const mostRounds = 10;

export async function runCheck(output: Output, paths: readonly string[], flags: CheckFlags): Promise<number> {
  const found: Diagnostic[] = [];
  let unreadable = false;
  for (const path of paths) {
    try {
      if (flags.fix) await fixFile(output, path);
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

async function fixFile(output: Output, path: string): Promise<void> {
  const fixes = new Map<string, number>();
  for (let round = 0; round < mostRounds; round += 1) {
    const request = await requestOf(path, {});
    const files = applyFixes(diagnose(request).diagnostics).filter(({ name }) => request.sources.has(name));
    for (const { name, text, fixes: count } of files) {
      await writeWhole(name, text);
      fixes.set(name, (fixes.get(name) ?? 0) + count);
    }
    if (files.length === 0) break;
  }
  for (const [name, count] of fixes) output.note(`${name}: ${count} ${count === 1 ? "fix" : "fixes"}`);
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
