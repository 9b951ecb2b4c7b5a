/** Owns the loader that takes types off for webpack, which knows none. */
import ts from "typescript";

export default function withoutTypes(code) {
  return ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  }).outputText;
}
