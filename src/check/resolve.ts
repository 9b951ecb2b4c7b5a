/** Owns names in bodies that nothing elaborates: layers that nobody calls. Unknown callables are reported there too. */
import type { Diagnostic } from "../report/diagnostic.ts";
import type { Program } from "./program.ts";

export function resolveNames(_program: Program, _diagnostics: Diagnostic[]): void {}
