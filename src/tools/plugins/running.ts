/** Owns a program as it is imported where nothing is bundled: by Node's loader and by Bun. */
import { writeSync } from "node:fs";
import { readConfig } from "../config/config.ts";
import { failureOf, failureText, ProgramError, told, warningText } from "./failure.ts";
import { type ImportedModule, importProgram } from "./imported.ts";
import type { PluginOptions } from "./options.ts";

/** With its warnings on standard error. @throws {ProgramError} that shows the program's mistakes and no stack. */
export async function moduleToRun(
  path: string,
  given: PluginOptions = {},
): Promise<{ readonly module: ImportedModule; readonly options: PluginOptions }> {
  const options = { ...(await readConfig(process.cwd()).catch(told)), ...given };
  const { diagnostics, module } = await importProgram(path, options).catch(told);
  for (const diagnostic of diagnostics)
    if (diagnostic.severity === "warning") writeSync(2, `${warningText(diagnostic)}\n`);
  if (module === null) throw new ProgramError(failureText(failureOf(path, diagnostics)));
  return { module, options };
}
