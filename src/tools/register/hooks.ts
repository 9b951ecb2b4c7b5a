/** Owns what Node's loader asks: a program's module in the place of its text. Runs on the loader's own thread. */
import { writeSync } from "node:fs";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { failureOf, failureText, ProgramError, told, warningText } from "../plugins/failure.ts";
import { importProgram, programPattern } from "../plugins/imported.ts";
import { readConfig } from "../config/config.ts";

function isProgram(url: string): boolean {
  return url.startsWith("file:") && programPattern.test(new URL(url).pathname);
}

/** Takes off import attributes, which Node knows for its own types only. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  return isProgram(resolved.url) ? { ...resolved, format: "module", importAttributes: {} } : resolved;
};

export const load: LoadHook = async (url, context, next) => {
  if (!isProgram(url)) return next(url, context);
  const config = await readConfig(process.cwd()).catch(told);
  const { diagnostics, module } = await importProgram(fileURLToPath(url), config).catch(told);
  for (const diagnostic of diagnostics)
    if (diagnostic.severity === "warning") writeSync(2, `${warningText(diagnostic)}\n`);
  if (module === null) throw new ProgramError(failureText(failureOf(fileURLToPath(url), diagnostics)));
  const map = Buffer.from(JSON.stringify(module.map)).toString("base64");
  const source = `${module.code}\n//# sourceMappingURL=data:application/json;base64,${map}\n`;
  return { format: "module", source, shortCircuit: true };
};
