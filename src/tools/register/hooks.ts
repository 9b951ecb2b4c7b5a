/** Owns what Node's loader asks: a program's module in the place of its text. Runs on the loader's own thread. */
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { programPattern } from "../plugins/imported.ts";
import { moduleToRun } from "../plugins/running.ts";

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
  const { module } = await moduleToRun(fileURLToPath(url));
  const map = Buffer.from(JSON.stringify(module.map)).toString("base64");
  const source = `${module.code}\n//# sourceMappingURL=data:application/json;base64,${map}\n`;
  return { format: "module", source, shortCircuit: true };
};
